"""The glossary at the desk: what has no word in a language, names written beside their things."""

from urllib.parse import parse_qs, urlsplit

import pytest

from tests.admin.conftest import signed_in
from tests.admin.sending import sent
from tests.changes import noted as all_noted
from tests.make import (
    make_actor,
    make_category,
    make_event,
    make_metric,
    make_topic,
)
from timeline.editing.permissions import TABLE
from timeline.models import Category, Term
from timeline.record.lacking import lacking, nameless

pytestmark = pytest.mark.django_db
MISSING = "/admin/timeline/term/missing/ko/"


def words(kind="category"):
    return dict(Term.objects.filter(kind=kind, language="ko").values_list("original", "words"))


def test_what_has_no_word_is_listed_until_it_has_one():
    make_event(category=make_category("Arms transfer"), date_note="In local time.")
    for unit in ("shells", "people"):
        make_metric(unit=unit)
    lacked = dict(lacking("ko", 50))
    assert "Arms transfer" in lacked["category"]
    assert lacked["unit"] == ["shells"]  # people are counted without saying so
    assert "In local time." in lacked["note"]
    assert "In local time." not in dict(lacking("ko", 50, in_events=False)).get("note", ())
    Term.objects.create(kind="category", original="Arms transfer", language="ko", words="무기 이전")
    assert "Arms transfer" not in dict(lacking("ko", 50)).get("category", ())
    assert "Arms transfer" in dict(lacking("ja", 50))["category"]
    make_category("이미 한국어")
    assert "이미 한국어" not in dict(lacking("ko", 50)).get("category", ())
    assert [len(texts) for _kind, texts in lacking("ja", 1)] == [1] * len(dict(lacking("ja", 1)))


def test_actors_without_a_name_are_listed_and_drafts_tell_nothing():
    actor = make_actor("Nobody")
    ((_model, rows),) = nameless("ko", 50)
    assert rows == [(actor.pk, "Nobody")]
    actor.names.create(name="아무개", language="ko", kind="former")
    actor.names.create(name="Amugae", language="ko-Latn", kind="official")
    assert list(nameless("ko", 50))
    actor.names.create(name="무명", language="ko-KR", kind="official")
    assert list(nameless("ko", 50)) == []
    make_event(status="draft", date_note="Not yet said.")
    assert "note" not in dict(lacking("ko", 50))


@pytest.mark.parametrize("role", TABLE)
def test_who_may_look_and_where_it_leads(role):
    make_topic("Arms & troops")
    client = signed_in(role)
    page = client.get(MISSING)
    assert page.status_code == 200
    links = [line.href for _heading, lines in page.context["groups"] for line in lines]
    assert any(links) is ("timeline.add_term" in TABLE[role])
    if any(links):
        form = client.get(links[0]).context["adminform"].form
        given = {name: [form[name].value()] for name in ("kind", "original", "language")}
        assert given == parse_qs(urlsplit(links[0]).query)
        assert given["original"] == ["Arms & troops"]
    assert client.get("/admin/timeline/term/missing/fr/").status_code == 404
    assert MISSING in client.get("/admin/worklists/").content.decode()


def test_a_name_is_written_in_the_form_of_its_thing():
    category, client = make_category("Deployment"), signed_in("Editor")
    page = f"/admin/timeline/category/{category.pk}/change/"

    def save(**changes):
        with all_noted():
            answer = client.post(
                page, sent(client.get(page)) | changes | {"_save": ""}, follow=True
            )
        return answer.content.decode()

    assert "Name in Korean" in client.get(page).content.decode()
    assert "이름 (한국어)" in client.get(f"/ko{page}").content.decode()
    save(in_ko="파병")
    assert words() == {"Deployment": "파병"}
    save(in_ko="파견", description="Troops sent.")
    assert words() == {"Deployment": "파견"}
    # A renamed thing has no word until somebody says that it is the same.
    assert "파견" in save(name="Troops sent abroad")
    assert words() == {"Deployment": "파견"}
    assert client.get(page).context["adminform"].form["in_ko"].value() == ""
    save(name="Deployment")
    assert client.get(page).context["adminform"].form["in_ko"].value() == "파견"
    save(in_ko="")
    assert words() == {}


def test_who_may_not_change_terms_takes_none_away():
    Term.objects.create(kind="place", original="Pyongyang", language="ko", words="평양")
    writer = signed_in("Contributor")
    shown = writer.get("/admin/timeline/place/add/")
    assert "in_ko" not in shown.content.decode()
    writer.post("/admin/timeline/place/add/", sent(shown) | {"name": "Pyongyang", "_save": ""})
    assert words("place") == {"Pyongyang": "평양"}
    reader = signed_in("Auditor")
    category = Category.objects.create(name="Statement", slug="statement")
    assert reader.get(f"/admin/timeline/category/{category.pk}/change/").status_code == 200
