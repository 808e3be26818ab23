"""Find boxes: things by any of their names, in any script."""

import pytest

from tests.loaded import kept
from tests.make import (
    make_actor,
    make_draft,
    make_event,
    make_place,
    make_publisher,
    make_source,
    make_topic,
    noted,
    take_part,
)
from timeline.models import ActorName

pytestmark = pytest.mark.django_db


def suggested(client, things, written):
    response = client.get(f"/{things}/suggest", {"q": written})
    assert response.status_code == 200
    return [each["label"] for each in response.json()["things"]]


@pytest.fixture
@kept
def record():
    korea = make_actor("North Korea")
    ActorName.objects.create(actor=korea, name="조선민주주의인민공화국", language="ko")
    ActorName.objects.create(actor=korea, name="DPRK", language="en")
    noted(korea)
    north = make_actor("Northern fleet")
    make_event(actors=[korea, north], place=make_place("Kyïv"), topics=[make_topic("Arms")])
    make_event(actors=[korea], sources=[make_source(publisher=make_publisher("Yonhap"))])
    take_part(make_draft(), make_actor("North of nowhere"))


@pytest.mark.usefixtures("record")
@pytest.mark.parametrize(
    ("things", "written", "found"),
    [
        # Both begin so; the one in more events comes first. The third is in a draft only.
        ("actors", "north", ["North Korea", "Northern fleet"]),
        ("actors", "NORTHERN", ["Northern fleet"]),
        ("actors", "dprk", ["North Korea"]),
        ("actors", "인민공화", ["North Korea"]),
        ("actors", "fleet", ["Northern fleet"]),
        ("actors", "", []),
        ("actors", "%", []),
        ("actors", "nobody", []),
        ("places", "kyiv", ["Kyïv"]),
        ("topics", "arm", ["Arms"]),
        ("publishers", "yon", ["Yonhap"]),
    ],
)
def test_by_any_name(client, things, written, found):
    assert suggested(client, things, written) == found


@pytest.mark.usefixtures("record")
def test_too_much_is_refused_with_a_sentence(client):
    response = client.get("/actors/suggest", {"q": "x" * 201})
    assert response.status_code == 400
    assert response.json() == {"error": "Write at most 200 characters."}


def test_at_most_a_dozen(client):
    make_event(actors=[make_actor(f"Unit {number}") for number in range(30)])
    assert len(suggested(client, "actors", "unit")) == 12


def test_only_what_has_an_index_is_suggested(client):
    assert client.get("/users/suggest", {"q": "a"}).status_code == 404
