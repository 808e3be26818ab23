"""Records as old rows may hold them: any character in any field, every precision of a date.

Built straight from the classes of the record, past all that cleans a text on its way in.
"""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

from hypothesis import strategies as st

from timeline import dates
from timeline.formats.about import About
from timeline.models import choices
from timeline.record import (
    ActorRecord,
    CategoryRecord,
    CitationRecord,
    EventBrief,
    EventRecord,
    FigureRecord,
    MetricRecord,
    ParticipationRecord,
    PlaceRecord,
    PublisherRecord,
    RelationRecord,
    SourceRecord,
    TopicRecord,
)

CONTROLS = "".join(map(chr, [*range(0x20), *range(0x7F, 0xA0)]))
BIDI = "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u061c"
INVISIBLE = "\u200b\u2060\ufeff\u00ad\u2028\u2029\ufffe\uffff\U000e0041\U0001fffe"
MARKUP = "<>&\"'`]]>--;:,\\={}[]()|*_#%~^$@+/?!"
HOSTILE = CONTROLS + BIDI + INVISIBLE + MARKUP

_EVERY = (
    "0001-01-01 0001 0001-01 0001-01-01/0001-01-02 9999-12-31 9999-12 9999 9999-12-30/9999-12-31 "
    "2018-06-12 2018-06-12? 2018-06-12~ 2018-06-12% 2024-10 2024-10~ 2024 2024? 2024-21 2024-24 "
    "9999-23~ 2024-33 2024-36 2024-37 2024-39 2024-40 2024-41 202X 000X 999X 19XX 99XX "
    "2019-02-27/2019-02-28 2019-02-27~/2019-02-28 2024-10/2025-01 2024-21/2025-01-03 2024-10/.. "
    "2024-21/.. 9999-12-31/.. ../2019-03 ../0001-01-01 [2024-10-08..2024-10-13] [..2018] "
    "[2019-04..] [..0001-01-01] [9999-12-31..] 2024-02-29"
)
DATES = _EVERY.split()
"""Every precision, mark and edge."""

PRECISIONS = {dates.parse(each).precision for each in DATES}

ABOUT = About(
    words=f"3 events about “{HOSTILE}”",
    address="https://timeline.example.org/?q=%3C%26",
    own_address="https://timeline.example.org/events.json?q=%3C%26",
    site="The <Site> & Co.",
    site_address="https://timeline.example.org/",
    licence="https://creativecommons.org/licenses/by/4.0/",
    language="en",
    total=3,
    updated=dt.datetime(2024, 11, 2, 10, 0, tzinfo=dt.UTC),
)

texts = st.text(st.sampled_from(HOSTILE) | st.characters(exclude_categories=["Cs"]), max_size=40)
slugs = st.from_regex(r"\A[a-z0-9]{1,12}(-[a-z0-9]{1,8})?\Z")
ids = st.text("0123456789ABCDEFGHJKMNPQRSTVWXYZ", min_size=8, max_size=8)
moments = st.integers(631152000, 4102444800).map(
    lambda each: dt.datetime.fromtimestamp(each, dt.UTC)
)
decimals = st.decimals(-90, 90, places=6, allow_nan=False)
publishers = st.builds(
    PublisherRecord, slugs, texts, st.sampled_from(choices.PublisherKind.values), st.just("ko")
)
actors = st.builds(ActorRecord, slugs, texts, st.sampled_from(choices.ActorKind.values))
links = (
    st.just("") | st.just("https://example.org/a?b=1&c=<2>") | st.just("https://e.org/1") | texts
)
sources = st.builds(
    SourceRecord,
    public_id=ids,
    url=links,
    reference=texts,
    title=texts,
    title_is_description=st.booleans(),
    publisher=publishers,
    agency=st.none() | publishers,
    authors=texts,
    published=st.just("") | st.sampled_from(DATES),
    accessed_on=st.none() | st.dates(),
    language=st.sampled_from(["en", "ko", ""]),
    kind=st.sampled_from(choices.SourceKind.values),
    archive_url=links,
    archived_at=st.none() | moments,
    link_state=st.sampled_from(choices.LinkState.values),
)
citations = st.builds(
    CitationRecord,
    source=sources,
    stance=st.sampled_from(choices.Stance.values),
    speaker=st.none() | actors,
    locator=texts,
    quote=texts,
    supports=st.lists(st.sampled_from(choices.Support.values), unique=True).map(tuple),
    note=texts,
)
places = st.builds(
    PlaceRecord,
    slug=slugs,
    name=texts,
    kind=st.sampled_from(choices.PlaceKind.values),
    country=st.sampled_from(["", "KP"]),
    latitude=st.none() | decimals,
    longitude=st.none() | decimals,
    dateline=texts,
    within=st.lists(texts, max_size=2).map(tuple),
)
figures = st.builds(
    FigureRecord,
    metric=st.builds(MetricRecord, slugs, texts, texts, st.booleans()),
    subject=texts,
    low=st.none() | decimals,
    best=st.none() | decimals,
    high=st.none() | decimals,
    text_value=texts,
    qualifier=st.sampled_from(choices.Qualifier.values),
    basis=st.sampled_from(choices.Basis.values),
    period_start=st.just(""),
    as_of=st.just("") | st.sampled_from(DATES),
    attributed_to=st.none() | actors,
    source=st.none() | sources,
    state=st.sampled_from(choices.FigureState.values),
    note=texts,
)
categories = st.builds(CategoryRecord, slugs, texts, st.just("disc"), st.just("diplomacy"))
relations = st.builds(
    RelationRecord,
    st.sampled_from(choices.RelationKind.values),
    st.booleans(),
    st.builds(
        EventBrief, ids, slugs, texts, st.sampled_from(DATES), st.none(), st.just("confirmed")
    ),
)


def dated(record: EventRecord, date: str) -> EventRecord:
    """The record with another date and what follows from it."""
    when = dates.parse(date)
    return replace(
        record,
        date=when.edtf,
        earliest=when.earliest,
        latest=when.latest,
        sort_date=when.sort_date,
        precision=when.precision.value,
    )


def _few(each: st.SearchStrategy) -> st.SearchStrategy:
    return st.lists(each, max_size=2).map(tuple)


_undated = st.builds(
    EventRecord,
    public_id=ids,
    slug=st.just("") | slugs,
    title=texts,
    label=texts,
    summary=texts,
    date=st.just(""),
    earliest=st.none(),
    latest=st.none(),
    sort_date=st.none(),
    precision=st.none(),
    date_basis=st.sampled_from(choices.DateBasis.values),
    time=st.none() | st.times().map(lambda each: each.replace(second=0, microsecond=0)),
    time_zone=st.sampled_from(["", "Asia/Pyongyang"]),
    date_note=texts,
    category=st.none() | categories,
    topics=_few(st.builds(TopicRecord, slugs, texts)),
    place=st.none() | places,
    place_precision=st.sampled_from(["", *choices.PlacePrecision.values]),
    importance=st.sampled_from(choices.Importance.values),
    status=st.just("published"),
    verification=st.sampled_from(choices.VerificationLabel.values),
    verification_reasons=st.just(()),
    verification_override=st.just(""),
    verification_note=texts,
    participations=_few(
        st.builds(ParticipationRecord, actors, st.sampled_from(choices.Role.values), st.booleans())
    ),
    citations=_few(citations),
    figures=_few(figures),
    relations=_few(relations),
    published_at=moments,
    revised_at=st.none() | moments,
    version=st.none() | st.integers(1, 50),
    day_order=st.integers(0, 3),
)
hostile_records = st.builds(dated, _undated, st.sampled_from(DATES))


def _publisher(name: str) -> PublisherRecord:
    return PublisherRecord("yonhap", name, "wire", "ko")


def plain_record(date: str = "2018-06-12", text: str = "", **changes: object) -> EventRecord:
    """One ordinary record; a ``text`` stands in every field that an editor writes."""
    actor = ActorRecord("kim-jong-un", text or "Kim Jong Un", "person")
    source = SourceRecord(
        public_id="ABCDEFGH",
        url="https://example.org/1?a=b&c=d",
        reference=text,
        title=text or "They met",
        title_is_description=False,
        publisher=_publisher(text or "Yonhap"),
        agency=_publisher(text or "Reuters"),
        authors=text or "A. Writer",
        published="2018-06",
        accessed_on=dt.date(2024, 1, 2),
        language="en",
        kind="news",
        archive_url="https://archive.example.org/1",
        archived_at=None,
        link_state="ok",
    )
    record = EventRecord(
        public_id="A1B2C3D4",
        slug="summit-in-singapore",
        title=text or "Kim and Trump meet in Singapore",
        label=text,
        summary=text or "They shook hands.",
        date="",
        earliest=dt.date.min,
        latest=dt.date.min,
        sort_date=dt.date.min,
        precision="day",
        date_basis="occurred",
        time=dt.time(9, 4),
        time_zone=text or "Asia/Singapore",
        date_note=text,
        category=CategoryRecord("meetings", text or "Meetings", "disc", "diplomacy"),
        topics=(TopicRecord("talks", text or "Talks"),),
        place=PlaceRecord(
            "singapore",
            text or "Singapore",
            "city",
            "SG",
            Decimal("1.352100"),
            Decimal("103.819800"),
            text,
            (text or "Asia",),
        ),
        place_precision="settlement",
        importance="key",
        status="published",
        verification="confirmed",
        verification_reasons=(),
        verification_override="",
        verification_note=text,
        participations=(ParticipationRecord(actor, "participant", False),),
        citations=(
            CitationRecord(
                source=source,
                stance="confirms",
                speaker=actor,
                locator=text,
                quote=text,
                supports=("date",),
                note=text,
            ),
        ),
        figures=(),
        relations=(),
        published_at=dt.datetime(2024, 1, 2, 3, 4, 5, tzinfo=dt.UTC),
        revised_at=dt.datetime(2024, 11, 2, 10, 0, tzinfo=dt.UTC),
        version=3,
    )
    return replace(dated(record, date), **changes)
