"""What things are called in Korean, wherever they are named: pages, feeds, boxes, searches."""

import re
from urllib.parse import urlencode

import pytest
from django.http import QueryDict

from tests.make import (
    cite,
    count_figure,
    make_actor,
    make_category,
    make_event,
    make_metric,
    make_period,
    make_place,
    make_publisher,
    make_source,
    make_term,
    make_topic,
    noted,
)
from tests.web.test_languages import body
from timeline import browse
from timeline.editing import things
from timeline.index import Selection, answer, live, naming, oracle
from timeline.models import Term
from timeline.web.cached import kept

pytestmark = pytest.mark.django_db
TERMS = {
    "category": {"Arms transfer": "무기 이전", "Weapons sent.": "무기를 보냄."},
    "topic": {"Munitions": "탄약"},
    "place": {"Rason": "나선", "RASON": "나선발", "Northeast": "동북부"},
    "metric": {"Containers shipped": "보낸 컨테이너"},
    "unit": {"containers": "컨테이너"},
    "figure": {"From Rason": "나선에서 나간 것", "An estimate.": "추정치."},
    "period": {"The shipments": "수송의 시기"},
    "note": {"In local time.": "현지 시간.", "Names no ship.": "배 이름은 없음.", "p. 3": "3쪽"},
}
SAID = [words for kind in TERMS.values() for words in kind.values()]


def named(thing, name):
    thing.names.create(name=name, language="ko", kind="official")
    return noted(thing)


@pytest.fixture
def event():
    for kind, terms in TERMS.items():
        for original, words in terms.items():
            make_term(original, words, kind)
    seoul = named(make_actor("Seoul's service"), "국가정보원")
    wire = named(make_publisher("The Wire", language="en"), "더와이어")
    place = make_place("Rason", dateline="RASON", kind="city", longitude=130, latitude=42)
    place.parent = make_place("Northeast", kind="region")
    things.store(place)
    event = make_event(
        title="The service counts boxes",
        summary="They were many boxes.",
        category=make_category("Arms transfer", description="Weapons sent."),
        topics=[make_topic("Munitions")],
        place=place,
        actors=[seoul],
        sources=[source := make_source(publisher=wire, published="2024-05-02", language="en")],
        date_note="In local time.",
        importance="key",
        label="Counted",
    )
    citation = cite(
        event, source, stance="disputes", speaker=seoul, note="Names no ship.", locator="p. 3"
    )
    count_figure(
        event,
        metric=make_metric(label="Containers shipped", unit="containers"),
        subject="From Rason",
        note="An estimate.",
        attributed_to=seoul,
        citation=citation,
    )
    make_period(title="The shipments", date="2024")
    event.translations.create(
        language="ko", title="컨테이너를 세다", summary="많았다.", label="세다"
    )
    return noted(event)


def visible(page):
    """A page without its addresses and what no reader sees."""
    page = re.sub(r'<script.*?</script>|(?:href|action|value|src|data-\w+)="[^"]*"', "", page)
    return re.sub(r"https?://\S+", "", page)


ENGLISH = re.compile(
    "Arms transfer|Munitions|Rason|RASON|Northeast|Containers|containers|From Rason|estimate|"
    "shipments|local time|no ship|Seoul|Wire|Counted|boxes"
)


@pytest.mark.parametrize("known", [True, False], ids=["index", "plain"])
def test_pages_call_things_as_their_readers_do(client, event, monkeypatch, known):
    if not known:
        monkeypatch.setattr(live, "_begin", lambda: None)
        live.forget()
    path = event.get_absolute_url()
    pages = ("/", path, "/chart/by-actor/", "/map/", "/places/")
    if known:
        pages += ("/chart/", "/topics/", "/categories/", "/actors/", "/publishers/", "/sources/")
        pages += ("/figures/", "/compare/", f"/embed/events/{event.public_id}/")
        pages += (event.category.get_absolute_url(), event.topics.get().get_absolute_url())
        pages += (event.place.get_absolute_url(), event.place.parent.get_absolute_url())
        pages += (f"/?category={event.category.slug}&topic={event.topics.get().slug}&country=KP",)
    seen = ""
    for asked in pages:
        page = visible(body(client.get(f"/ko{asked}", follow=True)))
        plain = re.sub('<p class="native">.*?</p>|<p class="aka">.*?</p>', "", page)
        assert not ENGLISH.findall(plain), asked
        seen += page
    if known:
        assert [words for words in (*SAID, "국가정보원", "더와이어") if words not in seen] == []


@pytest.mark.parametrize("known", [True, False], ids=["index", "plain"])
def test_a_country_that_the_record_does_not_name_has_its_usual_name(client, monkeypatch, known):
    if not known:
        monkeypatch.setattr(live, "_begin", lambda: None)
        live.forget()
    # An actor's name is no name of a place: filters and lanes would say another than the facet.
    state = make_actor("The Élysée", kind="state", country="FR")
    make_event(place=make_place("Paris", country="FR"), actors=[state])
    assert naming.countries(["FR"]) == {"FR": "France"}
    assert [each.label for each in answer(Selection()).facets["country"].values] == ["France"]
    for path, name in (("/?country=FR", "France"), ("/ko/?country=FR", "프랑스")):
        page = visible(body(client.get(path)))
        assert name in page
        assert "FR" not in re.sub(r"<input[^>]*>", "", page)
    make_place("The French Republic", country="FR", kind="country")
    make_event(place=make_place("Lyon", country="FR"))
    assert "France" in visible(body(client.get("/?country=FR")))


def test_feeds_and_calendars_speak_and_tables_keep_the_record(client, event):
    for form in ("atom", "ics", "timelinejs.json"):
        said = body(client.get(f"/ko/events.{form}"))
        unfolded = said.replace("\r\n ", "")
        assert "컨테이너를 세다" in unfolded, form
        assert "더와이어" in unfolded, form
        assert "The Wire" not in unfolded, form
    for form in ("csv", "json", "geojson", "jsonld"):
        korean, english = (body(client.get(f"{at}/events.{form}")) for at in ("/ko", ""))
        for name in ("무기 이전", "국가정보원", "더와이어"):
            # The names of an actor travel with it in both.
            assert korean.count(name) == english.count(name), form
        assert "The service counts boxes" in korean, form
    page = body(client.get(f"/ko{event.get_absolute_url()}"))
    structured = page.partition('<script type="application/ld+json">')[2].partition("<")[0]
    assert "무기 이전" in structured
    assert "컨테이너를 세다" in structured


@pytest.mark.parametrize(
    ("things_", "written", "label"),
    [
        ("actors", "국가", "국가정보원"),
        ("actors", "Seoul", "국가정보원"),
        ("topics", "탄약", "탄약"),
        ("topics", "Munit", "탄약"),
        ("places", "나선", "나선"),
        ("publishers", "wire", "더와이어"),
    ],
)
@pytest.mark.parametrize("known", [True, False], ids=["index", "plain"])
@pytest.mark.usefixtures("event")
def test_boxes_find_either_name_and_show_the_readers(
    client, monkeypatch, known, things_, written, label
):
    if not known:
        monkeypatch.setattr(live, "_begin", lambda: None)
        live.forget()
    found = client.get(f"/ko/{things_}/suggest", {"q": written}).json()["things"]
    assert [each["label"] for each in found] == [label]
    (english,) = client.get(f"/{things_}/suggest", {"q": written}).json()["things"]
    assert english["label"] != label


@pytest.mark.parametrize("asked", ["나선", "탄약", '"무기 이전"', "munitions 탄약", "-나선"])
def test_a_search_finds_what_is_told_as_the_oracle_does(event, asked):
    make_event(title="Another")
    selection = browse.read(QueryDict(urlencode({"q": asked}))).selection
    assert list(answer(selection).ids) == list(oracle.answer(selection).ids)
    assert (event.pk in answer(selection).ids) is not asked.startswith("-")


def test_a_changed_word_is_on_the_next_page(client, event):
    path = f"/ko{event.get_absolute_url()}"
    assert "탄약" in body(client.get(path))
    term = Term.objects.get(words="탄약")
    term.words = "포탄"
    things.store(term)
    assert "포탄" in body(client.get(path))
    assert event.pk in answer(browse.read(QueryDict("q=포탄")).selection).ids
    things.remove(term)
    page = body(client.get(path))
    # What has no word says that it is in the record's language.
    assert re.search(r'<a href="/ko/topics/munitions/" lang="en">Munitions</a>', page)
    assert event.pk not in answer(browse.read(QueryDict("q=포탄")).selection).ids


def test_english_pages_know_nothing_of_it(client, event):
    pages = ("/", event.get_absolute_url(), "/chart/", "/events.atom", "/topics/")
    before = [body(client.get(each)) for each in pages]
    Term.objects.all().delete()
    kept.forget()
    live.forget()
    assert [body(client.get(each)) for each in pages] == before


def test_counts_that_others_gave_stand_beside_an_events_own(client, event):
    """They are found by what the record says, and shown by what its readers do."""
    figure = event.figures.get()
    for number in (200, 300):
        other = make_event(title="Others counted", sources=[figure.citation.source])
        count_figure(
            other,
            metric=figure.metric,
            subject=figure.subject,
            best=number,
            attributed_to=figure.attributed_to,
        )
    page = body(client.get(f"/ko{event.get_absolute_url()}"))
    plot = page.partition('class="plot-g"')[2].partition("</ol>")[0]
    assert plot.count("국가정보원") == 3
    assert "나선에서 나간 것" in page
