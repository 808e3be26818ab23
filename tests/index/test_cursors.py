"""Walking a list by its cursors: everything once, both ways, whatever is added on the way."""

import base64
import random
from datetime import UTC, datetime, time, timedelta

import pytest

from tests.index.made import DATES
from tests.loaded import kept
from tests.make import make_event
from timeline.index import Cursor, CursorError, Selection, answer
from timeline.index.answering import keys
from timeline.index.selection import SORTS
from timeline.models import Event

pytestmark = pytest.mark.django_db
SIZE = 4


@pytest.fixture
@kept
def events():
    """Events that differ by no more than each part of the order, and some equal but for it."""
    chance = random.Random(3)
    for number in range(22):
        make_event(
            date=chance.choice([*DATES[:4], "2024-10-20", "2024-10-20"]),
            time=chance.choice([None, time(9), time(17, 30)]),
            time_zone="Asia/Seoul",
            day_order=chance.choice([0, 0, 1, -1]),
            title=f"Event {number}",
        )
    moment = datetime(2024, 1, 1, tzinfo=UTC)
    for number, event in enumerate(Event.objects.order_by("pk")):
        published = moment + timedelta(microseconds=number // 3)
        revised = [None, None, published + timedelta(days=1)][number % 3]
        Event.objects.filter(pk=event.pk).update(published_at=published, revised_at=revised)


def walk(selection, *, forwards=True):
    """The pages from one end of the list to the other."""
    pages, cursor = [], selection.cursor
    while True:
        page = answer(selection.changed(cursor=cursor))
        pages.append(page)
        cursor = page.next_cursor if forwards else page.previous_cursor
        if cursor is None:
            return pages
        assert len(pages) < 50
        cursor = Cursor.decode(cursor.encode())


def ids(pages):
    return [pk for page in pages for pk in page.ids]


def whole(sort):
    return list(answer(Selection(sort=sort, page_size=200)).ids)


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.usefixtures("events")
def test_everything_exactly_once_in_both_directions(sort):
    selection = Selection(sort=sort, page_size=SIZE)
    pages = walk(selection)
    assert ids(pages) == whole(sort)
    assert len(set(ids(pages))) == 22
    assert [len(page.ids) for page in pages] == [4, 4, 4, 4, 4, 2]
    assert pages[0].previous_cursor is None
    assert {page.total for page in pages} == {22}
    last = pages[-1]
    back = walk(selection.changed(cursor=last.previous_cursor), forwards=False)
    assert ids(reversed(back)) == ids(pages[:-1])
    assert back[-1].next_cursor is not None


@pytest.mark.usefixtures("events")
def test_the_orders_are_what_they_say():
    by_date = [(e.sort_date, e.latest, e.minute, e.day_order) for e in Event.objects.in_order()]
    assert by_date == sorted(by_date)
    assert whole("date") == [event.pk for event in Event.objects.in_order()]
    assert whole("-date") == whole("date")[::-1]
    events = {event.pk: event for event in Event.objects.all()}
    updated = [events[pk].revised_at or events[pk].published_at for pk in whole("-updated")]
    assert updated == sorted(updated, reverse=True)


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.usefixtures("events")
def test_what_is_added_on_the_way_moves_nothing(sort):
    """A place in the list stays: what was listed isn't listed again, nothing is left out."""
    before = whole(sort)
    selection = Selection(sort=sort, page_size=SIZE)
    page = answer(selection)
    seen = [*page.ids]
    number = 0
    while page.next_cursor is not None:
        for written in ("0001", "2024-10-20", "9999"):
            number += 1
            make_event(date=written, title=f"Added {number}")
        page = answer(selection.changed(cursor=page.next_cursor))
        seen += page.ids
        assert number < 200
        if number > 60:  # with the newest last, the end moves away as long as events are added
            break
    old = [pk for pk in seen if pk in before]
    assert old == before[: len(old)]
    assert len(set(seen)) == len(seen)
    assert len(old) == len(before)


@pytest.mark.usefixtures("events")
def test_a_cursor_outlives_its_event():
    page = answer(Selection(page_size=SIZE))
    rest = whole("-date")[SIZE:]
    Event.objects.filter(pk=page.ids[-1]).update(status="withdrawn")
    following = Selection(page_size=200, cursor=page.next_cursor)
    assert list(answer(following).ids) == rest


@pytest.mark.usefixtures("events")
def test_a_cursor_past_the_end_shows_nothing_and_no_further_page():
    key = (*Cursor.decode(answer(Selection(page_size=1)).next_cursor.encode()).key,)
    first_day = key[0].replace(year=1)
    page = answer(Selection(cursor=Cursor("-date", False, (first_day, first_day, *key[2:]))))
    assert (page.total, page.ids, page.next_cursor) == (22, (), None)


DAY = '["date",false,"2024-01-01","2024-01-01",1440,0,"ABCDEFGH"]'
MOMENT = '["-updated",true,"2024-01-01T00:00:00+00:00","ABCDEFGH"]'


def written(plain):
    return base64.urlsafe_b64encode(plain.encode()).decode().rstrip("=")


@pytest.mark.parametrize("plain", [DAY, MOMENT])
def test_a_cursor_reads_back(plain):
    assert Cursor.decode(written(plain)).encode() == written(plain)


@pytest.mark.parametrize(
    "plain",
    [
        *("null", "1", "[]", "{}", '"date"', "[1,2]", "[" * 90, "nothing", ""),
        DAY.replace("date", "-title"),
        DAY.replace("date", "-updated"),
        DAY.replace("false", "0"),
        DAY.replace("false", '"no"'),
        DAY.replace("1440", "1441"),
        DAY.replace("1440", "-1"),
        DAY.replace("1440", "1e3"),
        DAY.replace("1440", "true"),
        DAY.replace("1440", "1" + "0" * 40),
        DAY.replace(",0,", ",99999,"),
        DAY.replace("2024-01-01", "2024-02-30", 1),
        DAY.replace("2024-01-01", "20240101", 1),
        DAY.replace("2024-01-01", "0000-01-01", 1),
        DAY.replace("ABCDEFGH", "abcdefgh"),
        DAY.replace("ABCDEFGH", "ABCDEFGH\\u0000"),
        DAY.replace('"ABCDEFGH"', "[]"),
        DAY.replace(",", ", "),
        DAY[:-1] + ",1]",
        MOMENT.replace("+00:00", ""),
        MOMENT.replace("2024-01-01T00:00:00+00:00", "0001-01-01T00:00:00+14:00"),
        MOMENT.replace("+00:00", "-12:00"),
        MOMENT.replace("2024-01-01T", "2024-13-01T"),
    ],
)
def test_a_made_up_cursor_is_refused(plain):
    with pytest.raises(CursorError):
        Cursor.decode(written(plain))


@pytest.mark.parametrize("text", ["*", "A", "é", "a b", "A" * 201, written(DAY) + "=", "-" * 40])
def test_what_is_no_cursor_is_refused(text):
    with pytest.raises(CursorError):
        Cursor.decode(text)


@pytest.mark.parametrize("sort", SORTS)
def test_an_empty_record_has_an_order_too(sort):
    assert answer(Selection(sort=sort)).ids == ()
    assert list(keys(Selection(sort=sort))) == []
