"""What hinders publishing (hard), and what an editor should look at (soft).

Each rule is a sentence with a remedy. Forms ask the small functions while somebody types;
:mod:`timeline.editing.events` asks ``problems`` once more before it publishes, on every path.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.utils.translation import gettext as _

from timeline import dates, text
from timeline.models import Citation, Event, Figure
from timeline.models.choices import Stance

NEEDS_SPEAKER = frozenset({Stance.DENIES, Stance.DISPUTES, Stance.CONFIRMS})
PEOPLE = frozenset({"people", "persons", "soldiers", "troops"})
"""Units of metrics that count people; their figures need a subject."""
LONG_BEFORE = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Problem:
    """What hinders publishing: the field of the event form it concerns, and the sentence."""

    field: str
    sentence: str


class Hindered(Exception):
    """An event can't be published as it is. ``problems`` says why."""

    def __init__(self, event: Event, problems: list[Problem]) -> None:
        self.event = event
        self.problems = problems
        super().__init__(" ".join(problem.sentence for problem in problems))


def stance_problem(stance: str, *, has_speaker: bool, note: str) -> str | None:
    """A party that confirms, denies or disputes must be named."""
    if stance in NEEDS_SPEAKER and not has_speaker and not note:
        return _("Say who %(stance)s it: name the speaker, or explain in the note.") % {
            "stance": stance
        }
    return None


def figure_problem(*, unit: str, subject: str, has_source: bool, has_owner: bool) -> str | None:
    """Every number has an owner, and people are counted as somebody."""
    if not has_source and not has_owner:
        return _("Say who gives this number, or which source.")
    if unit in PEOPLE and not subject:
        return _("Say whom this number counts, such as “North Korean soldiers in Kursk”.")
    return None


def problems(event: Event) -> list[Problem]:
    """What hinders the saved event from being published; empty when nothing does."""
    found: list[Problem] = []
    if event.category_id is None:
        found.append(Problem("category", _("Choose a category.")))
    citations = list(event.citations.all())
    if not citations:
        found.append(Problem("citations", _("Add a source: a link, or the reference of a print.")))
    for citation in citations:
        sentence = stance_problem(
            citation.stance, has_speaker=citation.speaker_id is not None, note=citation.note
        )
        if sentence:
            found.append(Problem("citations", sentence))
    for figure in event.figures.select_related("metric"):
        sentence = figure_problem(
            unit=figure.metric.unit,
            subject=figure.subject,
            has_source=figure.citation_id is not None,
            has_owner=figure.attributed_to_id is not None,
        )
        if sentence:
            found.append(Problem("figures", sentence))
    return found


def warnings(event: Event) -> list[str]:
    """What is saved all the same but deserves a look. Reads only prefetchable children."""
    found = [
        _("“%(word)s” mixes Latin with Cyrillic or Greek letters.") % {"word": word}
        for word in text.mixed_scripts(f"{event.title} {event.summary}")
    ]
    for figure in event.figures.all():
        found += _figure_warnings(figure, event)
    for citation in event.citations.all():
        found += _citation_warnings(citation, event)
    return found


def _figure_warnings(figure: Figure, event: Event) -> list[str]:
    found = []
    bounds = [each for each in (figure.low, figure.best, figure.high) if each is not None]
    if bounds != sorted(bounds):
        found.append(
            _("A figure's low, best and high are not in order: %(figure)s.") % {"figure": figure}
        )
    if figure.as_of and dates.parse(figure.as_of).latest < event.earliest:
        found.append(
            _("A figure is as of a day before the event: %(figure)s.") % {"figure": figure}
        )
    return found


def _citation_warnings(citation: Citation, event: Event) -> list[str]:
    published = citation.source.published_latest
    early = published is not None and event.earliest.toordinal() > LONG_BEFORE.days
    if early and published is not None and published < event.earliest - LONG_BEFORE:
        return [
            _("A source is more than 30 days older than the event: %(source)s.")
            % {"source": citation.source}
        ]
    return []
