"""Each filter by example: what it finds, and what it means beside another."""

import pytest
from django.http import QueryDict

from tests.loaded import kept
from tests.make import (
    cite,
    count_figure,
    make_actor,
    make_category,
    make_event,
    make_metric,
    make_place,
    make_publisher,
    make_source,
    make_topic,
    noted,
    take_part,
)
from timeline.browse import read
from timeline.editing import events
from timeline.editing.versions import Release
from timeline.index import Choice, Selection, answer
from timeline.models import ActorName, Event
from timeline.models.choices import VersionKind

pytestmark = pytest.mark.django_db


def found(query, within=None):
    """The titles that a query string finds."""
    reading = read(QueryDict(query), within)
    assert reading.errors == ()
    titles = dict(Event.objects.values_list("pk", "title"))
    page = answer(reading.selection)
    assert page.total == len(page.ids)
    return {titles[pk] for pk in page.ids}


def counts(query, facet, within=None):
    page = answer(read(QueryDict(query), within).selection)
    return {each.value: each.count for each in page.facets[facet].values}


@pytest.fixture
@kept
def states():
    land = make_actor("North Korea")
    army = make_actor("KPA", parent=land)
    corps = make_actor("Storm Corps", parent=army)
    russia = make_actor("Russia")
    make_event(title="army", actors=[army])
    make_event(title="corps", actors=[corps])
    make_event(title="both", actors=[(land, "initiator"), (russia, "target")])
    make_event(title="russia", actors=[(russia, "initiator")])
    make_event(title="nobody")


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("", {"army", "corps", "both", "russia", "nobody"}),
        ("actor=north-korea", {"army", "corps", "both"}),
        ("actor=kpa", {"army", "corps"}),
        ("actor=north-korea&exact=1", {"both"}),
        ("actor=kpa&exact=1", {"army"}),
        ("actor=kpa&actor=russia", {"army", "corps", "both", "russia"}),
        ("actor=kpa&actor=russia&actors=any", {"army", "corps", "both", "russia"}),
        ("actor=north-korea&actor=russia&actors=all", {"both"}),
        ("actor=kpa&actor=russia&actors=all", set()),
        ("actor=!russia", {"army", "corps", "nobody"}),
        ("actor=!north-korea", {"russia", "nobody"}),
        ("actor=!north-korea&exact=1", {"army", "corps", "russia", "nobody"}),
        ("actor=north-korea&actor=!kpa", {"both"}),
        ("role=initiator", {"both", "russia"}),
        ("role=!initiator", {"army", "corps", "nobody"}),
        ("role=initiator&role=target", {"both", "russia"}),
    ],
)
@pytest.mark.usefixtures("states")
def test_actors(query, titles):
    assert found(query) == titles


@pytest.mark.usefixtures("states")
def test_a_role_beside_an_actor_is_that_actors_role():
    assert found("actor=russia&role=initiator") == {"russia"}
    assert found("actor=russia&role=target") == {"both"}
    assert found("actor=kpa&role=initiator") == set()
    assert found("actor=north-korea&actor=russia&role=initiator") == {"both", "russia"}
    assert found("actor=north-korea&actor=russia&actors=all&role=initiator") == set()


@pytest.mark.usefixtures("states")
def test_a_subordinate_actor_in_the_role_counts():
    take_part(Event.objects.get(title="nobody"), make_actor("Unit", parent_id=None), "host")
    take_part(Event.objects.get(title="corps"), make_actor("Band"), "host")
    assert found("actor=north-korea&role=participant") == {"army", "corps"}
    assert found("actor=north-korea&role=participant&exact=1") == set()
    assert found("actor=north-korea&role=host") == set()


@pytest.mark.usefixtures("states")
def test_an_excluded_actor_is_excluded_whatever_the_role():
    assert found("role=initiator&actor=!north-korea") == {"russia"}
    assert found("actor=russia&role=initiator&actor=!north-korea") == {"russia"}


@pytest.mark.usefixtures("states")
def test_on_an_actors_page_role_and_exact_speak_of_that_actor():
    page = Selection(actor=Choice(("north-korea",)))
    assert found("", page) == {"army", "corps", "both"}
    assert found("exact=1", page) == {"both"}
    assert found("role=initiator", page) == {"both"}
    assert found("role=target", page) == set()
    assert found("actor=russia", page) == {"both"}
    # With another actor beside it, each has the role.
    assert found("actor=russia&role=initiator", page) == set()
    assert counts("", "role", page) == {"initiator": 1, "participant": 2}


@pytest.mark.usefixtures("states")
def test_actor_counts_include_subordinates_and_follow_the_role():
    assert counts("", "actor") == {"north-korea": 3, "kpa": 2, "storm-corps": 1, "russia": 2}
    assert counts("exact=1", "actor") == {"north-korea": 1, "kpa": 1, "storm-corps": 1, "russia": 2}
    assert counts("role=target", "actor") == {"russia": 1}
    # What is chosen doesn't narrow its own facet; with "all" it does.
    assert counts("actor=kpa", "actor")["russia"] == 2
    everyone = "actor=north-korea&actor=russia&actors=all"
    assert counts(everyone, "actor") == {"north-korea": 1, "russia": 1}


@pytest.mark.usefixtures("states")
def test_an_excluded_value_is_counted_as_its_link_would():
    page = answer(read(QueryDict("actor=!russia")).selection)
    states = {each.value: (each.count, each.state) for each in page.facets["actor"].values}
    assert states == {
        "russia": (2, "excluded"),
        "north-korea": (2, "off"),
        "kpa": (2, "off"),
        "storm-corps": (1, "off"),
    }


@pytest.fixture
@kept
def sources():
    russia, seoul = make_actor("Russia"), make_actor("Seoul")
    wire = make_publisher("Wire")
    korean = make_source(publisher=make_publisher("Paper"), agency=wire, language="ko")
    english = make_source(publisher=make_publisher("Gazette"), language="en")
    event = make_event(title="denied", sources=[english])
    cite(event, korean, stance="denies", speaker=russia)
    event = make_event(title="confirmed", sources=[korean])
    cite(event, english, stance="confirms", speaker=seoul)
    event = make_event(title="crossed", sources=[make_source(language="fr")])
    cite(event, korean, stance="confirms", speaker=seoul)
    cite(event, english, stance="denies", speaker=russia)


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("stance=denies", {"denied", "crossed"}),
        ("stance=!denies", {"confirmed"}),
        ("stance=denies&stance=confirms", {"denied", "confirmed", "crossed"}),
        ("speaker=russia", {"denied", "crossed"}),
        ("speaker=!russia", {"confirmed"}),
        ("publisher=paper", {"denied", "confirmed", "crossed"}),
        ("publisher=wire", {"denied", "confirmed", "crossed"}),
        ("publisher=!gazette", set()),
        ("language=ko", {"denied", "confirmed", "crossed"}),
        # With a stance all of them speak of one citation ...
        ("stance=denies&language=ko", {"denied"}),
        ("stance=denies&publisher=wire", {"denied"}),
        ("stance=denies&publisher=gazette", {"crossed"}),
        ("stance=confirms&speaker=seoul", {"confirmed", "crossed"}),
        ("stance=confirms&speaker=russia", set()),
        ("stance=confirms&speaker=seoul&language=en", {"confirmed"}),
        # ... without one each stands for itself.
        ("speaker=russia&language=en", {"denied", "crossed"}),
        ("speaker=seoul&publisher=paper", {"confirmed", "crossed"}),
    ],
)
@pytest.mark.usefixtures("sources")
def test_citations(query, titles):
    assert found(query) == titles


@pytest.mark.usefixtures("sources")
def test_on_a_publishers_page_the_stance_is_of_its_own_sources():
    page = Selection(publisher=Choice(("wire",)))
    assert found("", page) == {"denied", "confirmed", "crossed"}
    assert found("stance=denies", page) == {"denied"}
    assert counts("", "stance", page) == {"reports": 1, "denies": 1, "confirms": 1}


def test_a_speaker_includes_its_bodies_unless_exact():
    russia = make_actor("Russia")
    ministry = make_actor("Ministry", parent=russia)
    cite(make_event(title="said"), speaker=ministry, stance="denies")
    assert found("speaker=russia") == found("speaker=russia&stance=denies") == {"said"}
    assert found("speaker=russia&exact=1") == set()
    assert found("speaker=!russia") == set()
    assert found("speaker=!russia&exact=1") == {"said"}


@pytest.mark.parametrize("exact", ["", "&exact=1"])
def test_a_place_includes_the_places_inside_it(exact):
    russia = make_place("Russia", kind="country", country="RU")
    kursk = make_place("Kursk", parent=russia, country="RU")
    make_event(title="in russia", place=russia)
    make_event(title="in kursk", place=kursk)
    make_event(title="in a building", place=make_place("Hall", parent=kursk, country="RU"))
    make_event(title="nowhere")
    assert found("place=kursk" + exact) == {"in kursk", "in a building"}
    assert found("place=!kursk" + exact) == {"in russia", "nowhere"}
    assert found("country=RU" + exact) == {"in russia", "in kursk", "in a building"}
    assert found("country=!RU" + exact) == {"nowhere"}
    assert counts(exact[1:], "place") == {"russia": 3, "kursk": 2, "hall": 1}


def test_own_values():
    talks, tests = make_category("Talks"), make_category("Tests")
    arms, food = make_topic("Arms"), make_topic("Food")
    killed = make_metric(code="killed")
    make_event(title="a", category=talks, topics=[arms], importance="key")
    make_event(title="b", category=tests, topics=[arms, food])
    event = make_event(title="c", category=tests, importance="minor", place=make_place())
    count_figure(event, metric=killed)
    archived = make_source(archive_url="https://archive.example.org/1")
    cite(event, archived)
    assert found("category=talks") == {"a"}
    assert found("category=talks&category=tests") == {"a", "b", "c"}
    assert found("category=!talks") == {"b", "c"}
    assert found("topic=arms") == {"a", "b"}
    assert found("topic=arms&topic=!food") == {"a"}
    assert found("topic=!arms") == {"c"}
    assert found("importance=key&importance=minor") == {"a", "c"}
    assert found("importance=!key") == {"b", "c"}
    assert found("metric=killed") == found("has=figures") == found("has=archive") == {"c"}
    assert found("metric=!killed") == found("has=!place") == {"a", "b"}
    assert found("has=place&has=archive&category=talks") == set()
    assert counts("", "has") == {"figures": 1, "archive": 1, "place": 1}
    first = Event.objects.get(title="a")
    told = Release(VersionKind.CORRECTION, "It was not so.")
    events.settle(first, by=None, before="published", release=told)
    assert found("has=correction") == {"a"}
    assert found("has=!correction") == {"b", "c"}
    Event.objects.filter(title="c").update(verification="disputed")
    noted(event)
    assert found("verification=single_source") == {"a", "b"}
    assert found("verification=!single_source") == {"c"}


def test_names_are_searched_in_every_script():
    actor = make_actor("North Korea")
    ActorName.objects.create(actor=actor, name="조선민주주의인민공화국", language="ko")
    make_event(title="with the actor", actors=[actor])
    make_event(title="without")
    assert found("q=인민공화국") == found("q=korea") == {"with the actor"}
