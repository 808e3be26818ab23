"""An event as a card of the list: what a reader sees of it before opening its page.

Made from the public record alone, in outline (``timeline.record.outlines``); knows no database and
no request. The macro ``event_card`` in ``templates/pages/parts/card.html`` writes it down; what the
event's own page adds is in ``article``.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from django.urls import get_script_prefix

from timeline.models.tongue import tongue
from timeline.record import CategoryRecord, FigureRecord, SourceRecord, told_in
from timeline.record.outlines import Cited, Named, Outline
from timeline.web import numbers, wording
from timeline.web.addresses import located, way
from timeline.web.when import When, when

FIGURES_ON_A_CARD = 2
SOURCES_ON_A_CARD = 3
# A card names the source's headline for screen readers and print; the rest is behind the link.
HEADLINE_LENGTH = 60
# The record's order of strength: what speaks against an event is never hidden behind "4 more".
_FIRST = {"denies": 0, "disputes": 0, "retracts": 0, "confirms": 1, "corrects": 1}


class Name(NamedTuple):
    """A linked name with the language that it is written in, where it isn't the page's."""

    text: str
    href: str
    language: str = ""


class SourceLine(NamedTuple):
    """One source of a card. ``href`` is empty for print and broadcast, which have a reference."""

    href: str
    page: str
    publisher: str
    publisher_language: str
    headline: str
    headline_language: str
    language: str
    language_word: str
    published: When | None
    stance: str
    stance_word: str
    stance_mark: str
    speaker: str
    archive: str


class FigureLine(NamedTuple):
    """One number of a card with its owner and its date."""

    label: str
    subject: str
    qualifier: str
    value: str
    between: str
    unit: str
    owner: str
    as_of: str


class Mark(NamedTuple):
    """A category: its word, its shape and the colour class of its family."""

    word: str
    href: str
    shape: str
    family: str


@dataclass(frozen=True)
class Card:
    """An event of a list; ``outdated`` when its words are a translation of others than it has."""

    public_id: str
    href: str
    title: str
    summary: str
    dateline: str
    when: When
    key: bool
    category: Mark | None
    verification: str
    verification_word: str
    actors: tuple[Name, ...]
    figures: tuple[FigureLine, ...]
    more_figures: int
    sources: tuple[SourceLine, ...]
    more_sources: int
    source_count: int
    outdated: bool = False
    year: int = field(default=0)
    month: int = field(default=0)

    @property
    def carriers(self) -> str:
        """The first two publishers, as a few words say them."""
        names = list(dict.fromkeys(source.publisher for source in self.sources))
        more = len(names) > 2 or self.more_sources > 0
        return f"{', '.join(names[:2])} …" if more else ", ".join(names)


def event_href(public_id: str, slug: str, here: str = "") -> str:
    """The address of an event's page; without a slug it is the bare form."""
    here = here or get_script_prefix()
    if slug:
        return located(here, "event", public_id=public_id, slug=slug)
    return located(here, "event_bare", public_id=public_id)


def foreign(language: str, page_language: str = "") -> str:
    """The language of a passage where it isn't the page's own, else empty. Without
    ``page_language`` the page is in the language of the moment."""
    page_language = page_language or tongue()
    if not language or language.partition("-")[0] == page_language.partition("-")[0]:
        return ""
    return language


def carrier(source: SourceRecord) -> str:
    """Who published a source, with the agency whose text it carries."""
    if source.agency is None:
        return source.publisher.name
    return f"{source.publisher.name} ({source.agency.name})"


def shortened(text: str, length: int = HEADLINE_LENGTH) -> str:
    """A text cut at a word, with an ellipsis where something was cut."""
    if len(text) <= length:
        return text
    head = text[:length]
    return (head.rsplit(" ", 1)[0] if " " in head else head).rstrip(",;:. ") + "…"


def source_line(cited: Cited, page_language: str, here: str) -> SourceLine:
    """The short form of a citation."""
    language = foreign(cited.language, page_language)
    stance = "" if cited.stance == "reports" else cited.stance
    return SourceLine(
        href=cited.url,
        page=way(here, "source", "public_id")(cited.public_id),
        publisher=f"{cited.publisher} ({cited.agency})" if cited.agency else cited.publisher,
        publisher_language=cited.publisher_language,
        headline=shortened(cited.title),
        headline_language="" if cited.told else language,
        language=language,
        language_word=wording.language_word.said(page_language, language) if language else "",
        published=when(cited.published, page_language) if cited.published else None,
        stance=stance,
        stance_word=wording.stance_word.said(page_language, stance) if stance else "",
        stance_mark=wording.STANCE_MARKS.get(stance, ""),
        speaker=cited.speaker if stance else "",
        archive=cited.archive_url,
    )


def figure_line(figure: FigureRecord, publisher: str = "") -> FigureLine:
    """The short form of a figure; ``publisher`` is that of its source, where the figure itself
    doesn't say it."""
    stated = numbers.stated(figure)
    return FigureLine(
        label=figure.metric.label,
        subject=figure.subject,
        qualifier=stated.qualifier,
        value=stated.value,
        between=stated.between,
        unit=stated.unit,
        owner=numbers.owner(figure) or publisher,
        as_of=when(figure.as_of).short if figure.as_of else "",
    )


def actor_names(actors: Iterable[Named], here: str) -> tuple[Name, ...]:
    """Linked names, each actor once, in the order given."""
    seen = {actor.slug: actor for actor in actors}
    to = way(here, "actor", "slug")
    return tuple([Name(actor.name, to(actor.slug)) for actor in seen.values()])


def mark(category: CategoryRecord | None, here: str = "") -> Mark | None:
    """The category of an event, if it has one."""
    if category is None:
        return None
    return Mark(
        word=category.name,
        href=way(here or get_script_prefix(), "category", "slug")(category.slug),
        shape=category.shape,
        family=wording.FAMILY_CLASSES.get(category.family, "stm"),
    )


def card(event: Outline, page_language: str) -> Card:
    """The card of an event, in the language of the moment."""
    citations = sorted(event.citations, key=lambda cited: _FIRST.get(cited.stance, 2))
    # A source that is cited twice is one source; its stronger stance stands on the card.
    sources: dict[str, Cited] = {}
    for cited in citations:
        sources.setdefault(cited.public_id, cited)
    told = told_in(page_language, event.title, event.summary, event.translations)
    first = list(sources.values())[:SOURCES_ON_A_CARD]
    here = get_script_prefix()
    return Card(
        public_id=event.public_id,
        href=event_href(event.public_id, event.slug, here),
        title=told.title,
        summary=told.summary,
        outdated=told.outdated,
        dateline=event.dateline,
        when=when(event.date, page_language),
        key=event.importance == "key",
        category=mark(event.category, here),
        verification=event.verification,
        verification_word=wording.verification_word.said(page_language, event.verification),
        actors=actor_names(event.actors, here),
        figures=tuple(
            figure_line(counted.figure, counted.publisher)
            for counted in event.figures[:FIGURES_ON_A_CARD]
        ),
        more_figures=max(0, len(event.figures) - FIGURES_ON_A_CARD),
        sources=tuple(source_line(cited, page_language, here) for cited in first),
        more_sources=len(sources) - len(first),
        source_count=len(sources),
        year=event.sort_date.year,
        month=event.sort_date.month,
    )
