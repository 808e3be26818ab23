"""Two people save one actor, source, place, publisher: the same guard as for events."""

import pytest

from tests.admin.conftest import signed_in
from tests.admin.sending import sent
from tests.make import (
    make_actor,
    make_category,
    make_event,
    make_place,
    make_publisher,
    make_source,
)
from timeline.models import Amendment

pytestmark = pytest.mark.django_db

MAKERS = {
    "actor": (make_actor, "name", "description"),
    "source": (make_source, "title", "authors"),
    "place": (make_place, "name", "dateline"),
    "publisher": (make_publisher, "name", "note"),
    "category": (make_category, "name", "description"),
}


@pytest.fixture(params=MAKERS)
def thing(request):
    make, one, other = MAKERS[request.param]
    made = make()
    return made, f"/admin/timeline/{request.param}/{made.pk}/change/", one, other


def save(client, address, data, **changes):
    return client.post(address, data | {"_save": "Save"} | changes)


def test_both_changed_a_field(thing):
    made, address, one, other = thing
    me, you = signed_in("Editor", "me"), signed_in("Editor", "you")
    mine, yours = sent(me.get(address)), sent(you.get(address))
    assert save(you, address, yours, **{one: "Theirs", other: "Their words"}).status_code == 302
    conflict = save(me, address, mine, **{one: "Mine"})
    assert conflict.status_code == 409
    text = conflict.content.decode()
    assert "you saved it at" in text
    assert "Mine" in text
    assert "Their words" in text
    made.refresh_from_db()
    assert getattr(made, one) == "Theirs"
    assert me.post(address, sent(conflict)).status_code == 302
    made.refresh_from_db()
    assert (getattr(made, one), getattr(made, other)) == ("Mine", "Their words")


def test_names_of_both_are_kept():
    actor = make_actor("Kim")
    address = f"/admin/timeline/actor/{actor.pk}/change/"
    me, you = signed_in("Editor", "me"), signed_in("Editor", "you")
    mine, yours = sent(me.get(address)), sent(you.get(address))

    def named(name):
        return {"names-TOTAL_FORMS": "1", "names-0-name": name, "names-0-kind": "alias"}

    save(you, address, yours, **named("Theirs"))
    conflict = save(me, address, mine, **named("Mine"))
    assert conflict.status_code == 409
    assert me.post(address, sent(conflict)).status_code == 302
    assert {each.name for each in actor.names.all()} == {"Mine", "Theirs"}


def test_nobody_else_saved(thing):
    _made, address, one, _other = thing
    me = signed_in("Editor", "me")
    assert save(me, address, sent(me.get(address)), **{one: "Mine"}).status_code == 302


def test_a_form_without_a_seal_overruns_nothing(thing):
    made, address, one, _other = thing
    me = signed_in("Editor", "me")
    data = sent(me.get(address))
    del data["opened"]
    assert save(me, address, data, **{one: "Mine"}).status_code == 409
    made.refresh_from_db()
    assert getattr(made, one) != "Mine"


def test_one_save_with_names_is_one_public_entry():
    actor = make_actor("Kim")
    make_event(actors=[actor])
    me = signed_in("Editor", "me")
    address = f"/admin/timeline/actor/{actor.pk}/change/"
    names = {"names-TOTAL_FORMS": "1", "names-0-name": "Kim Jong Un", "names-0-kind": "official"}
    save(me, address, sent(me.get(address)), name="Kim J.", **names)
    entry = Amendment.objects.get()
    assert entry.author == me.user
    assert entry.fields() == [
        ("name", "Kim", "Kim J."),
        ("names", [], [["Kim Jong Un", "", "official"]]),
    ]
