"""An event's own page: everything its card leaves out.

Made from the public record, the claims of the same count elsewhere and the neighbours in time;
knows no database. The template ``event.html`` writes it down.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext

from timeline import archives
from timeline.models.tongue import tongue
from timeline.record import (
    CitationRecord,
    EventBrief,
    EventRecord,
    ParticipationRecord,
    SourceRecord,
)
from timeline.record.known import known_from
from timeline.verification import Label, Outcome
from timeline.web import claims, wording
from timeline.web.addresses import address
from timeline.web.cards import Mark, Name, event_href, foreign, mark
from timeline.web.presentation import page
from timeline.web.verifying import sentence
from timeline.web.when import When, when

_AS_IT_IS: Mapping[str, str] = {}
DESCRIPTION = 180
"""Letters of a page's description at most."""


@dataclass(frozen=True)
class Part:
    """An actor's part in the event, in words."""

    name: str
    href: str
    roles: str
    alleged: bool


@dataclass(frozen=True)
class Cited:
    """A source with everything that is known of it."""

    anchor: str
    href: str
    page: str
    title: str
    title_language: str
    quoted: bool
    publisher: str
    publisher_href: str
    publisher_language: str
    agency: str
    agency_href: str
    agency_language: str
    authors: str
    reference: str
    published: When | None
    accessed: str
    language: str
    language_word: str
    foreign: bool
    kind: str
    stances: tuple["Stance", ...]
    supports: str
    archive: str
    archived: str
    link: str
    dead: bool
    wayback: str
    """Where to look for a copy of a page that is gone and has none in the record."""


@dataclass(frozen=True)
class Stance:
    """How a source stands to the event, in whose voice, with the passage."""

    code: str
    word: str
    mark: str
    speaker: str
    speaker_href: str
    quote: str
    locator: str
    note: str

    @property
    def plain(self) -> bool:
        """Whether one word says it all."""
        return not (self.mark or self.speaker or self.quote or self.locator or self.note)


@dataclass(frozen=True)
class Related:
    """Another event and what it is to this one."""

    word: str
    against: bool
    title: str
    href: str
    when: When


@dataclass(frozen=True)
class Article:
    """The page. ``original`` is the event's own title where the page shows a translation, which
    is ``outdated`` when the event's words have changed since."""

    public_id: str
    href: str
    title: str
    original: str
    original_language: str
    outdated: bool
    summary: str
    dateline: str
    when: When
    date_remarks: tuple[str, ...]
    time: str
    key: bool
    category: Mark | None
    year_href: str
    year: int
    verification: str
    verification_word: str
    why: str
    set_by_hand: str
    parts: tuple[Part, ...]
    place: str
    place_href: str
    place_within: str
    place_remark: str
    topics: tuple[Name, ...]
    figures: tuple[claims.FigureGroup, ...]
    figure_count: int
    plots: tuple[claims.Plot, ...]
    sources: tuple[Cited, ...]
    source_note: str
    relations: tuple[Related, ...]
    earlier: Related | None
    later: Related | None
    published: str
    revised: str
    version: int | None


def _stance(citation: CitationRecord) -> Stance:
    speaker = citation.speaker
    return Stance(
        code=citation.stance,
        word=wording.stance_word(citation.stance),
        mark=wording.STANCE_MARKS.get(citation.stance, ""),
        speaker=speaker.name if speaker else "",
        speaker_href=address("actor", slug=speaker.slug) if speaker else "",
        quote=citation.quote,
        locator=citation.locator,
        note=citation.note,
    )


def cited_source(
    source: SourceRecord, citations: Sequence[CitationRecord], page_language: str = ""
) -> Cited:
    """A source with the stances that ``citations`` give it; none where it stands for itself."""
    supports = dict.fromkeys(part for citation in citations for part in citation.supports)
    agency = source.agency
    own_title = bool(source.title) and not source.title_is_description
    language = foreign(source.language, page_language)
    dead = bool(source.url) and source.link_state == "dead"
    return Cited(
        anchor=f"s-{source.public_id}",
        href=source.url,
        page=address("source", public_id=source.public_id),
        title=source.title or source.reference or source.url,
        title_language=language if own_title else "",
        quoted=own_title,
        publisher=source.publisher.name,
        publisher_href=address("publisher", slug=source.publisher.slug),
        publisher_language=source.publisher.language,
        agency=agency.name if agency else "",
        agency_href=address("publisher", slug=agency.slug) if agency else "",
        agency_language=agency.language if agency else "",
        authors=source.authors,
        reference=source.reference if source.title else "",
        published=when(source.published) if source.published else None,
        accessed=date_format(source.accessed_on) if source.accessed_on else "",
        language=source.language,
        language_word=wording.language_word(source.language) if source.language else "",
        foreign=bool(language),
        kind=wording.source_kind_word(source.kind) if source.kind != "news" else "",
        stances=tuple(_stance(citation) for citation in citations),
        supports=", ".join(str(wording.SUPPORT_WORDS.get(part, part)) for part in supports),
        archive=source.archive_url,
        archived=date_format(source.archived_at) if source.archived_at else "",
        link=str(wording.LINK_WORDS.get(source.link_state, "")) if source.url else "",
        dead=dead,
        wayback=archives.nearest(source.url, known_from(source))
        if dead and not source.archive_url
        else "",
    )


def cited(citations: Sequence[CitationRecord], page_language: str = "") -> tuple[Cited, ...]:
    """Each source once, in the order of its first citation, with all its stances."""
    grouped: dict[str, list[CitationRecord]] = {}
    for citation in citations:
        grouped.setdefault(citation.source.public_id, []).append(citation)
    return tuple(
        cited_source(members[0].source, members, page_language) for members in grouped.values()
    )


def _parts(participations: Sequence[ParticipationRecord]) -> tuple[Part, ...]:
    grouped: dict[str, list[ParticipationRecord]] = {}
    for part in participations:
        grouped.setdefault(part.actor.slug, []).append(part)
    return tuple(
        Part(
            name=members[0].actor.name,
            href=address("actor", slug=slug),
            roles=", ".join(wording.role_phrase(member.role) for member in members),
            alleged=all(member.alleged for member in members),
        )
        for slug, members in grouped.items()
    )


def _source_note(citations: Sequence[CitationRecord]) -> str:
    """ "6 from 6 publishers, one origin": origins are counted, not articles."""
    sources = {c.source.public_id for c in citations}
    publishers = {c.source.publisher.slug for c in citations}
    origins = {(c.source.agency or c.source.publisher).slug for c in citations}
    words = ngettext(
        "%(sources)s from %(count)s publisher",
        "%(sources)s from %(count)s publishers",
        len(publishers),
    ) % {"sources": len(sources), "count": len(publishers)}
    if len(origins) < len(publishers):
        words += ", " + ngettext("one origin", "%(num)s origins", len(origins)) % {
            "num": len(origins)
        }
    return words


def related(
    word: str, event: EventBrief, *, against: bool = False, called: Mapping[str, str] = _AS_IT_IS
) -> Related:
    """A link to another event; ``called`` has its title on this page where that is another."""
    href = event_href(event.public_id, event.slug)
    title = called.get(event.public_id, event.title)
    return Related(word, against, title, href, when(event.date))


def _why(record: EventRecord) -> str:
    # A label that was set by hand has its own note; the derived grounds would contradict it.
    if record.verification_override:
        return ""
    return sentence(Outcome(Label(record.verification), record.verification_reasons))


def article(
    record: EventRecord,
    claimed: Sequence[claims.Claim],
    earlier: EventBrief | None,
    later: EventBrief | None,
    called: Mapping[str, str] = _AS_IT_IS,
) -> Article:
    """The page of an event; ``claimed`` are all public claims of its counts, its own too;
    ``called`` has the titles of others, by their public ids, that are translated."""
    place = record.place
    date = when(record.date)
    remarks = [date.exactness]
    # "Exact day known" needs no second "exact day".
    if date.known not in date.exactness:
        remarks.append(date.known)
    if record.date_basis in wording.BASIS_WORDS:
        remarks.append(str(wording.BASIS_WORDS[record.date_basis]))
    if record.date_note:
        remarks.append(record.date_note)
    clock = ""
    if record.time is not None:
        clock = record.time.strftime("%H:%M")
        if record.time_zone:
            clock += f" ({record.time_zone.replace('_', ' ')})"
    coordinates = ""
    if place is not None and place.latitude is not None and place.longitude is not None:
        coordinates = f"{place.latitude:.2f}, {place.longitude:.2f}"
    precision = str(wording.PRECISION_WORDS.get(record.place_precision, ""))
    told = record.here(tongue())
    revised = record.revised_at if record.revised_at != record.published_at else None
    return Article(
        public_id=record.public_id,
        href=event_href(record.public_id, record.slug),
        title=told.title,
        original=record.title if told.language else "",
        original_language=settings.LANGUAGE_CODE if told.language else "",
        outdated=told.outdated,
        summary=told.summary,
        dateline=place.dateline if place else "",
        when=when(record.date),
        date_remarks=tuple(remark for remark in remarks if remark),
        time=clock,
        key=record.importance == "key",
        category=mark(record.category),
        year_href=address("year", year=str(record.sort_date.year)),
        year=record.sort_date.year,
        verification=record.verification,
        verification_word=wording.verification_word(record.verification),
        why=_why(record),
        set_by_hand=record.verification_note if record.verification_override else "",
        parts=_parts(record.participations),
        place=place.name if place else "",
        place_href=address("place", slug=place.slug) if place else "",
        place_within=", ".join(place.within) if place else "",
        place_remark="; ".join(part for part in (coordinates, precision) if part),
        topics=tuple(
            Name(topic.name, address("topic", slug=topic.slug)) for topic in record.topics
        ),
        figures=claims.groups(record.figures),
        figure_count=len(record.figures),
        plots=claims.plots(claimed),
        sources=cited(record.citations),
        source_note=_source_note(record.citations),
        relations=tuple(
            related(
                wording.relation_word(relation.kind, relation.outgoing),
                relation.event,
                against=relation.kind == "contradicts",
                called=called,
            )
            for relation in record.relations
        ),
        earlier=related(gettext("Earlier"), earlier, called=called) if earlier else None,
        later=related(gettext("Later"), later, called=called) if later else None,
        published=date_format(record.published_at) if record.published_at else "",
        revised=date_format(revised) if revised else "",
        version=record.version,
    )


def article_page(made: Article, **shown: Any) -> HttpResponse:
    """Answer with the page of an event; ``shown`` is what stands around the article: its
    neighbours in the record's past and present are left out where they aren't given."""
    around: dict[str, Any] = {
        "canonical": made.href,
        "home_href": address("home"),
        "then": None,
        "past": None,
        "ties": (),
        "history": (),
        "stories": (),
        "section": "home",
        "preview": False,
        "description": made.title,
        "structured": "",
        "styles": (),
        "short_href": "",
        "report": "",
        "files": (),
        "share": None,
        "picture": None,
        "published_at": "",
        "modified_at": "",
    }
    return page("event.html", around | {"event": made} | shown)
