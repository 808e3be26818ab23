"""What things are called in a language: which of several names, and that a change is seen."""

import pytest
from django.db import transaction
from django.utils import translation

from tests.make import make_actor, make_publisher, make_term, noted
from timeline.editing import changes, things
from timeline.models import Event, called
from timeline.models.choices import ChangeKind

pytestmark = pytest.mark.django_db


def named(actor, *names):
    for name, language, kind in names:
        actor.names.create(name=name, language=language, kind=kind)
    return noted(actor)


def text(kind, original):
    return called.names().text(kind, original)


@pytest.fixture(autouse=True)
def korean():
    with translation.override("ko"):
        yield


@pytest.mark.parametrize(
    ("names", "shown"),
    [
        ([("국가정보원", "ko", "official"), ("국정원", "ko", "short")], "국정원"),
        ([("정보원", "ko", "transliteration"), ("국가정보원", "ko", "official")], "국가정보원"),
        ([("정보원", "ko", "transliteration")], "정보원"),
        ([("안기부", "ko", "former"), ("ㄱㅈㅇ", "ko", "acronym"), ("원", "ko", "alias")], "NIS"),
        ([("다른 이름", "ko-KP", "short"), ("국가정보원", "ko", "official")], "국가정보원"),
        ([("국가정보원", "ko-KR", "official")], "국가정보원"),
        ([("Gukjeongwon", "ko-Latn", "short")], "NIS"),
        ([("Разведка", "ru", "short")], "NIS"),
    ],
)
def test_one_of_several_names(names, shown):
    actor = named(make_actor("NIS"), *names)
    assert called.names().thing("actor", actor.slug, actor.name) == shown
    assert called.names().actor("NIS") == shown


def test_by_a_name_that_two_have_neither_is_called_otherwise():
    one = named(make_actor("Foreign Ministry"), ("러시아 외무부", "ko", "official"))
    other = named(make_actor("Foreign Ministry"), ("중국 외교부", "ko", "official"))
    said = called.names()
    assert said.actor("Foreign Ministry") == "Foreign Ministry"
    assert said.thing("actor", one.slug, one.name) == "러시아 외무부"
    assert said.thing("actor", other.slug, other.name) == "중국 외교부"


def test_a_voice_is_an_actor_or_a_publisher():
    named(make_actor("KCNA"), ("조선중앙통신", "ko", "official"))
    assert called.names().voice("KCNA") == "조선중앙통신"
    publisher = make_publisher("KCNA")
    publisher.names.create(name="다른 통신", language="ko", kind="official")
    noted(publisher)
    assert called.names().voice("KCNA") == "KCNA"


def test_a_change_is_seen_at_the_next_question():
    assert text("topic", "Arms") == "Arms"
    term = make_term("Arms", "무기", "topic")
    assert text("topic", "Arms") == "무기"
    assert text("category", "Arms") == "Arms"
    term.words = "군수품"
    things.store(term)
    assert text("topic", "Arms") == "군수품"
    things.remove(term)
    assert text("topic", "Arms") == "Arms"


def test_a_change_of_something_else_reads_nothing(django_assert_num_queries):
    make_term("Arms", "무기", "topic")
    called.names()
    with transaction.atomic():
        changes.note(ChangeKind.CHANGED, Event(pk=1))
    with django_assert_num_queries(2):  # the latest change, and whether it names anything
        held = called.names()
    with django_assert_num_queries(1):
        assert called.names() is held


def test_what_is_rolled_back_was_never_said():
    make_term("Arms", "무기", "topic")
    assert text("topic", "Arms") == "무기"

    with transaction.atomic():
        make_term("Troops", "병력", "topic")
        assert text("topic", "Troops") == "병력"
        transaction.set_rollback(True)
    assert text("topic", "Troops") == "Troops"


def test_in_the_records_own_language_nothing_is_asked(django_assert_num_queries):
    with translation.override("en"), django_assert_num_queries(0):
        assert called.names() is None


def test_two_processes_say_the_same_at_the_next_question():
    one, other = called._Held(), called._Held()

    def said():
        return [each.get("ko").text("topic", "Arms") for each in (one, other)]

    assert said() == ["Arms", "Arms"]
    term = make_term("Arms", "무기", "topic")
    assert said() == ["무기", "무기"]
    things.remove(term)
    assert other.get("ko").text("topic", "Arms") == "Arms"
    assert said() == ["Arms", "Arms"]
