"""What a reader makes of a file: drafts of records, and what is wrong, row by row.

A draft holds what the file says, cleaned by nobody yet: names instead of keys, dates as EDTF.
Things are referred to by what the file gives: a slug or public id where it has one, else a name
in any language and script. The pipeline finds them in the record or makes them.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, where, and what to do about it.

    ``row`` counts as a person does who opens the file: the header is row 1 of a table, the first
    event 1 of a JSON document; 0 is the file as a whole. ``column`` is the header or JSON name,
    ``value`` what stands there, short enough to be shown. A problem that isn't ``fatal`` is a
    warning: the row can be imported as the sentence says.
    """

    row: int
    column: str
    value: str
    sentence: str
    fatal: bool = True


@dataclass(frozen=True, slots=True)
class NameDraft:
    name: str
    language: str = ""
    kind: str = "alias"


@dataclass(frozen=True, slots=True)
class ActorDraft:
    """An actor, found by ``slug``, else by any of its names. Empty ``kind`` is unknown."""

    name: str
    slug: str = ""
    kind: str = ""
    country: str = ""
    description: str = ""
    wikidata_id: str = ""
    names: tuple[NameDraft, ...] = ()
    parent: "ActorDraft | None" = None


@dataclass(frozen=True, slots=True)
class PlaceDraft:
    """A place, found by ``slug``, else by its name among the places inside ``parent``."""

    name: str
    slug: str = ""
    kind: str = ""
    country: str = ""
    latitude: Decimal | None = None
    longitude: Decimal | None = None
    dateline: str = ""
    parent: "PlaceDraft | None" = None
    geonames_id: int | None = None


@dataclass(frozen=True, slots=True)
class CategoryDraft:
    """A category or topic, found by ``slug``, else by name."""

    name: str
    slug: str = ""
    description: str = ""
    order: int = 0
    shape: str = ""
    family: str = ""
    default_role: str = ""


@dataclass(frozen=True, slots=True)
class MetricDraft:
    code: str
    label: str = ""
    unit: str = ""
    adds_up_to: str = ""
    order: int = 0
    headline: bool = False


@dataclass(frozen=True, slots=True)
class PublisherDraft:
    """A publisher, found by ``slug``, else by any of its names, else by the source's domain."""

    name: str
    slug: str = ""
    kind: str = ""
    country: str = ""
    language: str = ""
    note: str = ""
    controlled_by: ActorDraft | None = None
    names: tuple[NameDraft, ...] = ()
    domains: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SourceDraft:
    """A source, found by ``public_id``, else by its link, else by reference and publisher.

    Without a link it needs a ``reference``. ``published`` is EDTF. Without a publisher the link's
    domain decides.
    """

    url: str = ""
    reference: str = ""
    title: str = ""
    title_is_description: bool = False
    publisher: PublisherDraft | None = None
    agency: PublisherDraft | None = None
    authors: str = ""
    published: str = ""
    accessed_on: dt.date | None = None
    language: str = ""
    kind: str = ""
    archive_url: str = ""
    archived_at: dt.datetime | None = None
    link_state: str = ""
    public_id: str = ""


@dataclass(frozen=True, slots=True)
class ParticipationDraft:
    actor: ActorDraft
    role: str = ""
    """Empty for the category's default role."""
    alleged: bool = False


@dataclass(frozen=True, slots=True)
class CitationDraft:
    source: SourceDraft
    stance: str = "reports"
    speaker: ActorDraft | None = None
    locator: str = ""
    quote: str = ""
    supports: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class FigureDraft:
    """``citation`` is the place of the cited source in the draft's citations, from 0;
    ``superseded_by`` that of another figure of the same event."""

    metric: MetricDraft
    subject: str = ""
    low: Decimal | None = None
    best: Decimal | None = None
    high: Decimal | None = None
    text_value: str = ""
    qualifier: str = "exact"
    basis: str = "this_event"
    period_start: str = ""
    as_of: str = ""
    attributed_to: ActorDraft | None = None
    citation: int | None = None
    state: str = "current"
    superseded_by: int | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class RelationDraft:
    """``to`` is the other event's public id, or ``system:value`` of its external id."""

    kind: str
    to: str


@dataclass(frozen=True, slots=True)
class ExternalDraft:
    """How another system calls the event: what makes a second import find it again."""

    system: str
    value: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class TranslationDraft:
    """Title, summary and short label in a further language; ``outdated`` when the event's
    own words have changed since."""

    language: str
    title: str
    summary: str = ""
    outdated: bool = False
    label: str = ""


@dataclass(frozen=True, slots=True)
class TermDraft:
    """What a text of the record is in a further language."""

    kind: str
    original: str
    language: str
    words: str


@dataclass(frozen=True, slots=True)
class EventDraft:
    """An event as a file tells it. ``row`` is where it stands there; ``date`` is EDTF.

    ``published_at`` and ``version`` come only from a file of this project's own kind, whose
    events keep their identity; ``address`` is where it stands on the other site.
    """

    row: int
    title: str
    date: str
    summary: str = ""
    label: str = ""
    date_basis: str = ""
    time: dt.time | None = None
    time_zone: str = ""
    day_order: int = 0
    date_note: str = ""
    category: CategoryDraft | None = None
    topics: tuple[CategoryDraft, ...] = ()
    place: PlaceDraft | None = None
    place_precision: str = ""
    importance: str = ""
    verification_override: str = ""
    verification_note: str = ""
    participations: tuple[ParticipationDraft, ...] = ()
    citations: tuple[CitationDraft, ...] = ()
    figures: tuple[FigureDraft, ...] = ()
    relations: tuple[RelationDraft, ...] = ()
    external: tuple[ExternalDraft, ...] = ()
    translations: tuple[TranslationDraft, ...] = ()
    internal_note: str = ""
    public_id: str = ""
    published_at: dt.datetime | None = None
    revised_at: dt.datetime | None = None
    version: int | None = None
    address: str = ""


@dataclass
class Read:
    """What a reader found: the drafts in the order of the file, and the problems.

    A row with a fatal problem has no draft. Every row of the file is counted in ``rows``, so that
    drafts, refused rows and ``skipped`` ones (a title slide, an era) add up. ``terms`` are those of
    a file of this project's own kind.
    """

    format: str
    drafts: list[EventDraft] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    rows: int = 0
    skipped: int = 0
    terms: list[TermDraft] = field(default_factory=list)

    def fatal(self) -> Iterator[Problem]:
        """The problems that keep a row, or the file, out."""
        return (each for each in self.problems if each.fatal)
