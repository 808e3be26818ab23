"""The codebook: every field that goes out, its type, its meaning and the values that it may have.

Tables of the package say their columns themselves; the objects of JSON are the public record's own
classes, whose fields are explained by the model's help texts and the sentences below. Values come
from the enumerations of the record. What is added there without being explained here fails a test.
"""

import datetime as dt
import types
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cache
from typing import Any, get_args, get_origin, get_type_hints

from django.db.models import Model, TextChoices
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from timeline import models, record, verification
from timeline.dates import Precision
from timeline.formats import sheets, table
from timeline.models import choices
from timeline.record import things

Words = str | Promise


@dataclass(frozen=True, slots=True)
class Value:
    """A value that a field may have, and what it means."""

    value: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Field:
    """``type`` is a word of table.Column, or of JSON for a field of an object; ``values`` is empty
    where anything may stand."""

    name: str
    type: str
    meaning: str
    values: tuple[Value, ...] = ()


@dataclass(frozen=True, slots=True)
class Book:
    """A table of CSV, ``file`` naming it, or a kind of object in JSON, whose ``file`` is empty."""

    name: str
    title: str
    fields: tuple[Field, ...]
    file: str = ""


def codebook() -> tuple[Book, ...]:
    """Every table, then every object of JSON, in the language that is spoken."""
    return _in_language(get_language())


@cache
def _in_language(_spoken: str | None) -> tuple[Book, ...]:
    """Nothing but the language changes what a book says."""
    return (*map(_table, table.TABLES), *(_object(each) for each in _OBJECTS))


# --- Values ---------------------------------------------------------------------------------

_MEANINGS: Mapping[type[TextChoices] | type[StrEnum], Mapping[str, Words]] = {
    Precision: {
        "day": _("one day"),
        "span": _("from one day to another, or ongoing; both ends included"),
        "one_of": _("one day among several; which is not known"),
        "month": _("a month; the day is not known"),
        "season": _(
            "a season: spring from March, summer from June, autumn from September, "
            "winter from December to February"
        ),
        "quarter": _("a quarter of a year"),
        "third": _("early, mid or late in a year: a third of it"),
        "half": _("half a year"),
        "year": _("a year"),
        "decade": _("ten years, such as the 2020s"),
        "century": _("a hundred years, from 1900 to 1999 for 19XX"),
    },
    choices.DateBasis: {
        "occurred": _("the day is that of the event itself"),
        "announced": _("the day is that on which it was announced"),
        "first_reported": _("the day is that of the first report"),
        "recorded": _("the day is that on which it was recorded"),
    },
    choices.Importance: {
        "key": _("one of the events that a short history would name"),
        "normal": _("any other event"),
        "minor": _("of interest only in detail"),
    },
    choices.VerificationLabel: {
        "confirmed": _(
            "an official document, a party to the event or two independent speakers confirm it"
        ),
        "reported": _("two or more independent origins report it"),
        "single_source": _("one origin reports it"),
        "claimed": _("it is the claim of one party, however many carry it"),
        "disputed": _("a party denies or disputes it and has not taken that back"),
        "disproved": _("shown to be wrong; set by hand, with a public note"),
        "unverified": _("no source carries it"),
    },
    choices.Role: {
        "initiator": _("begins it"),
        "participant": _("takes part"),
        "target": _("it is directed at them"),
        "host": _("it takes place at theirs"),
        "mediator": _("mediates"),
        "signatory": _("signs"),
        "speaker": _("says it, where the event is a statement"),
        "claimant": _("the event as recorded rests on their word"),
        "supplier": _("supplies"),
        "recipient": _("receives"),
        "perpetrator": _("does harm"),
        "victim": _("suffers harm"),
        "observer": _("looks on"),
    },
    choices.Stance: {
        "reports": _("says that it happened so"),
        "confirms": _("says so in the voice of a party or an authority"),
        "denies": _("says that it did not happen"),
        "disputes": _("says that it happened otherwise"),
        "analyses": _("discusses it; carries no weight for its verification"),
        "corrects": _("corrects an earlier report"),
        "retracts": _("takes an earlier report back"),
        "background": _("gives context; carries no weight for its verification"),
    },
    choices.Support: {
        "date": _("when it happened"),
        "place": _("where it happened"),
        "actors": _("who took part"),
        "figures": _("its figures"),
        "outcome": _("how it ended"),
    },
    choices.PlacePrecision: {
        "exact": _("this very place"),
        "near": _("near this place"),
        "settlement": _("somewhere in this settlement"),
        "district": _("somewhere in this district"),
        "province": _("somewhere in this province"),
        "region": _("somewhere in this region or along this line"),
        "country": _("somewhere in this country"),
        "waters_or_air": _("in these waters or the air above"),
        "unknown": _("how exactly is not known"),
    },
    choices.SourceKind: {
        "news": _("a news report"),
        "official_document": _("a document of an authority, which speaks for itself"),
        "statement": _("a press release, speech or statement"),
        "analysis": _("an analysis or opinion"),
        "reference": _("an encyclopedia or handbook"),
        "dataset": _("a dataset"),
        "imagery": _("a photograph or satellite image"),
        "video": _("a video"),
        "social_post": _("a post on a social network"),
        "book": _("a book"),
        "broadcast": _("a broadcast"),
    },
    choices.LinkState: {
        "unknown": _("never checked"),
        "ok": _("the address answered"),
        "redirected": _("the address leads elsewhere"),
        "paywalled": _("the address asks for payment or a login"),
        "dead": _("the address no longer answers"),
    },
    choices.Qualifier: {
        "exact": _("this number"),
        "about": _("roughly this number"),
        "at_least": _("this number or more"),
        "more_than": _("more than this number"),
        "up_to": _("this number or fewer"),
        "less_than": _("fewer than this number"),
    },
    choices.Basis: {
        "this_event": _("counts this event alone"),
        "cumulative": _("a running total up to the date that it stands for"),
        "in_period": _("counts the period from its first day to the date that it stands for"),
    },
    choices.FigureState: {
        "current": _("stands"),
        "superseded": _("a newer figure stands in its place"),
        "retracted": _("its source took it back"),
    },
    choices.RelationKind: {
        "part_of": _("the event is part of the other"),
        "follows": _("the event follows from the other"),
        "response_to": _("the event answers the other"),
        "contradicts": _("not both can be true as recorded"),
        "same_series": _("both belong to one series"),
    },
}
"""What each value means; enumerations whose labels say it all are not in it."""

_QUALIFIERS: Mapping[str, Words] = {
    "exact": _("as precise as date_precision says"),
    "approximate": _("about then (~ in EDTF)"),
    "uncertain": _("the date is in doubt (? in EDTF)"),
    "both": _("in doubt and approximate (% in EDTF)"),
}

Enumeration = type[TextChoices] | type[StrEnum]

_OF_COLUMNS: Mapping[tuple[str, str], Enumeration | Mapping[str, Words]] = {
    ("events", "date_precision"): Precision,
    ("events", "date_qualifier"): _QUALIFIERS,
    ("events", "place_precision"): choices.PlacePrecision,
    ("events", "verification"): choices.VerificationLabel,
    **{
        ("events", f"source_{number}_stance"): choices.Stance
        for number in range(1, table.SOURCES + 1)
    },
    ("figures", "qualifier"): choices.Qualifier,
    ("figures", "basis"): choices.Basis,
    ("figures", "state"): choices.FigureState,
    ("sources", "kind"): choices.SourceKind,
    ("sources", "link_state"): choices.LinkState,
    ("sources", "stance"): choices.Stance,
    ("participations", "actor_kind"): choices.ActorKind,
    ("participations", "role"): choices.Role,
}


def _values(of: Enumeration | Mapping[str, Words] | None) -> tuple[Value, ...]:
    if of is None:
        return ()
    if isinstance(of, Mapping):
        return tuple(Value(value, str(meaning)) for value, meaning in of.items())
    meanings = _MEANINGS.get(of)
    if meanings is not None:
        return tuple(Value(each.value, str(meanings[each.value])) for each in of)
    if issubclass(of, TextChoices):
        return tuple(Value(value, str(label)) for value, label in of.choices)
    raise KeyError(f"{of.__name__} has neither labels nor meanings.")


# --- Tables ---------------------------------------------------------------------------------

_TITLES: Mapping[str, Words] = {
    "events": _("Events, one line each"),
    "figures": _("Figures of events, one line each"),
    "sources": _("Sources of events: one line for each use of a source"),
    "participations": _("Actors’ parts in events, one line each"),
}


def _table(given: table.Table) -> Book:
    return Book(
        name=given.name,
        title=str(_TITLES[given.name]),
        file=f"{given.name}.csv",
        fields=tuple(
            Field(
                column.name,
                column.type,
                str(column.meaning),
                _values(_OF_COLUMNS.get((given.name, column.name))),
            )
            for column in given.columns
        ),
    )


# --- Objects of JSON ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Object:
    """A class of the record, and the model whose fields explain its own."""

    of: type
    title: Words
    model: type[Model] | None
    sentences: Mapping[str, Words]


_SLUG = _("short name in addresses, unique among its kind")
_PUBLIC_ID = _("permanent identifier")
_PARENT = _("slug of the one that it is part of, which stands before it in the list; may be empty")

_OBJECTS = (
    _Object(
        record.EventRecord,
        _("An event"),
        models.Event,
        {
            "public_id": _PUBLIC_ID,
            "slug": _("the words in its address; not unique and not permanent"),
            "date": _("the date as exactly as it is known, EDTF (ISO 8601-2)"),
            "earliest": _("first day that the date allows; 0001-01-01 for an open start"),
            "latest": _("last day that the date allows; 9999-12-31 for an open end"),
            "sort_date": _("the day by which it stands in a list"),
            "precision": _("how exactly the date is known"),
            "category": _("its category"),
            "topics": _("its topics"),
            "place": _("where it happened"),
            "verification": _("what its sources add up to"),
            "verification_reasons": _("the grounds of its verification"),
            "participations": _("actors and their parts"),
            "citations": _("its sources and what they say of it, in the editors’ order"),
            "figures": _("its figures, in the editors’ order"),
            "relations": _("how it is related to other events"),
            "published_at": _("when it was first published"),
            "revised_at": _("when its current version was published"),
            "version": _("number of its current version"),
            "status": _("where it stands on its way to readers"),
            "title": _("what happened, as a sentence with a verb"),
            "summary": _("what happened, in a few sentences of plain text"),
            "date_basis": _("what the recorded day is the day of"),
            "time": _("local time of day, where one is known"),
            "place_precision": _("how exactly the place is known"),
            "importance": _("how much it matters among the events"),
            "verification_override": _("the verification, if an editor set it by hand"),
            "day_order": _("its place among events of one day without a time"),
            "external_ids": _("how other systems call it"),
            "translations": _("its title, summary and short label in further languages"),
        },
    ),
    _Object(
        record.TranslationRecord,
        _("An event’s words in a further language"),
        models.EventTranslation,
        {
            "language": _("the language, as a code"),
            "title": _("what happened"),
            "summary": _(
                "what happened, in a few sentences; empty if only the title is translated"
            ),
            "outdated": _("whether the event’s own words have changed since"),
            "label": _("its name in charts, in a word or two; empty if the original stands there"),
        },
    ),
    _Object(
        record.CitationRecord,
        _("An event’s use of a source"),
        models.Citation,
        {
            "source": _("the source"),
            "stance": _("its stance on the event as recorded"),
            "quote": _("the passage, word for word"),
            "supports": _("which parts of the event it supports; empty if not said"),
            "note": _("the editors’ note"),
        },
    ),
    _Object(
        record.SourceRecord,
        _("A source"),
        models.Source,
        {
            "public_id": _PUBLIC_ID,
            "publisher": _("who published it"),
            "url": _("its address"),
            "title": _("its title, or our words for it"),
            "kind": _("what kind of source it is"),
            "authors": _("its authors, as it names them"),
            "accessed_on": _("the day on which we read it"),
            "archive_url": _("address of an archived copy"),
            "archived_at": _("when that copy was made"),
            "link_state": _("what the last check of its address found"),
        },
    ),
    _Object(
        record.ParticipationRecord,
        _("An actor’s part in an event"),
        models.Participation,
        {
            "actor": _("who takes part"),
            "role": _("what it does in the event"),
            "alleged": _("whether only others say so"),
        },
    ),
    _Object(
        record.FigureRecord,
        _("A figure of an event"),
        models.Figure,
        {
            "metric": _("what it counts"),
            "low": _("lower bound, only where it is stated"),
            "best": _("the number itself, where one is stated"),
            "high": _("upper bound, only where it is stated"),
            "qualifier": _("how the source states it"),
            "basis": _("over which time it counts"),
            "as_of": _("the day or month that it stands for, EDTF"),
            "period_start": _("first day of the period, EDTF"),
            "state": _("whether it still stands"),
            "note": _("the editors’ note"),
            "source": _("the source that gives it"),
            "superseded_by": _("place, from 0, of the event’s figure that replaced it"),
        },
    ),
    _Object(
        record.RelationRecord,
        _("A relation to another event"),
        models.Relation,
        {
            "kind": _("how they are related"),
            "outgoing": _("whether the relation starts at this event"),
            "event": _("the other event"),
        },
    ),
    _Object(
        record.ExternalIdRecord,
        _("How another system calls an event"),
        models.ExternalId,
        {"value": _("its id there"), "url": _("its address there")},
    ),
    _Object(
        record.EventBrief,
        _("Another event, as a relation names it"),
        models.Event,
        {
            "public_id": _PUBLIC_ID,
            "slug": _("the words in its address"),
            "date": _("its date, EDTF"),
            "category": _("its category"),
            "verification": _("what its sources add up to"),
        },
    ),
    _Object(
        verification.Reason,
        _("A ground of a verification"),
        None,
        {
            "kind": _("document, confirmed, conceded, denied, disputed, claimed or carried"),
            "names": _("who says so"),
            "sources": _("how many citations say so; for carried, how many publishers"),
            "origins": _("for carried, how many independent origins; else 0"),
        },
    ),
    _Object(
        record.ActorRecord,
        _("An actor"),
        models.Actor,
        {
            "slug": _SLUG,
            "native": _("its name in its own language, on pages only"),
            "native_language": _("language of that name, BCP 47"),
        },
    ),
    _Object(record.PublisherRecord, _("A publisher"), models.Publisher, {"slug": _SLUG}),
    _Object(
        record.PlaceRecord,
        _("A place"),
        models.Place,
        {
            "slug": _SLUG,
            "within": _("names of the places around it, from the nearest outwards"),
            "latitude": _("degrees north, WGS 84, as a decimal text"),
            "longitude": _("degrees east, WGS 84, as a decimal text"),
        },
    ),
    _Object(
        record.CategoryRecord,
        _("A category"),
        models.Category,
        {"slug": _SLUG, "family": _("group of categories"), "shape": _("its mark in charts")},
    ),
    _Object(record.TopicRecord, _("A topic"), models.Topic, {"slug": _SLUG}),
    _Object(record.MetricRecord, _("What a figure counts"), models.Metric, {"code": _SLUG}),
    _Object(
        things.TermRecord,
        _("What a text is in a further language, in the list behind the events"),
        models.Term,
        {
            "kind": _("what the text is"),
            "original": _("the text as it stands in the record"),
            "language": _("the language, as a code"),
            "words": _("what it is in that language"),
        },
    ),
    _Object(
        things.CategoryInFull,
        _("A category, in the lists behind the events"),
        models.Category,
        {"slug": _SLUG, "family": _("group of categories"), "shape": _("its mark in charts")},
    ),
    _Object(
        things.MetricInFull,
        _("What figures count, in the lists behind the events"),
        models.Metric,
        {"code": _SLUG, "adds_up_to": _("code of another metric that includes it; may be empty")},
    ),
    _Object(
        things.PlaceInFull,
        _("A place, in the lists behind the events"),
        models.Place,
        {"slug": _SLUG, "parent": _PARENT},
    ),
    _Object(
        things.ActorInFull,
        _("An actor, in the lists behind the events"),
        models.Actor,
        {"slug": _SLUG, "parent": _PARENT, "names": _("its other names")},
    ),
    _Object(
        things.PublisherInFull,
        _("A publisher, in the lists behind the events"),
        models.Publisher,
        {"slug": _SLUG, "domains": _("domains of its addresses"), "names": _("its other names")},
    ),
    _Object(things.NameRecord, _("Another name of an actor or publisher"), models.ActorName, {}),
)


def _object(given: _Object) -> Book:
    hints = get_type_hints(given.of)
    of_model = {} if given.model is None else _of_model(given.model)
    before = (_ADDRESS,) if given.of is record.EventRecord else ()
    return Book(
        name=_called(given.of),
        title=str(given.title),
        fields=(
            *(Field(name, "string", str(meaning)) for name, meaning in before),
            *(
                Field(
                    field.name,
                    _type(hints[field.name]),
                    str(given.sentences.get(field.name) or of_model[field.name][0]),
                    _values(
                        _OF_FIELDS.get((given.of, field.name))
                        or of_model.get(field.name, ("", None))[1]
                    ),
                )
                for field in fields(given.of)
            ),
        ),
    )


def _of_model(model: type[Model]) -> dict[str, tuple[str, type[TextChoices] | None]]:
    """What the model says of each of its fields: its name with its help, and its enumeration."""
    found = {}
    for field in model._meta.fields:
        said = ". ".join(str(part) for part in (field.verbose_name, field.help_text) if part)
        values = {value for value, _label in field.flatchoices}
        kinds = [each for each in _ENUMERATIONS if values and set(each.values) == values]
        found[field.name] = (said, kinds[0] if kinds else None)
    return found


_ADDRESS = ("url", _("address of the event’s page"))
"""What :func:`timeline.record.outside.as_object` puts before the fields of the record."""

_ENUMERATIONS = tuple(
    each
    for each in vars(choices).values()
    if isinstance(each, type) and issubclass(each, TextChoices) and each is not TextChoices
)
_OF_FIELDS: Mapping[tuple[type, str], Enumeration | Mapping[str, Words]] = {
    (record.EventRecord, "status"): {"published": _("public; nothing else goes out")},
    (record.EventRecord, "precision"): Precision,
    (record.CitationRecord, "supports"): choices.Support,
}


def _called(of: type) -> str:
    return of.__name__.removesuffix("Record")


_WORDS: Mapping[object, str] = {
    str: "string",
    int: "integer",
    bool: "boolean",
    Decimal: "decimal",
    dt.date: "date",
    dt.datetime: "datetime",
    dt.time: "time",
}


def _type(hint: Any) -> str:
    """A type in the words of JSON: ``integer or null``, ``list of Citation``."""
    if hint in _WORDS:
        return _WORDS[hint]
    if isinstance(hint, type) and is_dataclass(hint):
        return _called(hint)
    if get_origin(hint) is tuple:
        return f"list of {_type(get_args(hint)[0])}"
    if get_origin(hint) is types.UnionType:
        return " or ".join(
            "null" if each is types.NoneType else _type(each) for each in get_args(hint)
        )
    raise TypeError(f"{hint} has no word in the codebook.")


# --- As files -------------------------------------------------------------------------------


def as_csv(books: Sequence[Book]) -> Iterator[str]:
    """The codebook as a table: a line a field, and one for each of its values."""
    columns = ["table", "field", "type", "value", "meaning"]
    return sheets.lines(columns, (row for book in books for row in _rows(book)))


def _rows(book: Book) -> Iterable[Sequence[object]]:
    name = book.file or book.name
    for field in book.fields:
        yield [name, field.name, field.type, "", field.meaning]
        for value in field.values:
            yield [name, field.name, field.type, value.value, value.meaning]


def as_markdown(books: Sequence[Book]) -> Iterator[str]:
    """The codebook to be read, a section a table."""
    yield "# " + gettext("Codebook") + "\n"
    for book in books:
        yield f"\n## {book.file or book.name}\n\n{book.title}.\n\n"
        for field in book.fields:
            yield f"- `{field.name}` ({field.type}): {field.meaning}\n"
            for value in field.values:
                yield f"  - `{value.value}`: {value.meaning}\n"
