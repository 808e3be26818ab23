"""The addresses of a page's events as files, and the menu that offers them.

A file's address is that of its page without the last slash, and the form of
:mod:`timeline.formats.registry` behind it; the timeline's is called ``/events``.
"""

from dataclasses import dataclass

from timeline.formats.registry import OFFERED, STORY_FORMS
from timeline.web.addresses import href, path_of


@dataclass(frozen=True)
class Offered:
    """A form of the menu, and where the same events are in it."""

    label: str
    note: str
    href: str


def offered(page: str, query: str) -> tuple[Offered, ...]:
    """Every form of the events of a page, under the query of its selection without its page."""
    return tuple(
        Offered(str(form.label), str(form.note), href(path_of(page, form.suffix), query))
        for form in OFFERED
    )


def story_files(page: str) -> tuple[Offered, ...]:
    """The forms of a story."""
    return tuple(
        Offered(str(form.label), str(form.note), path_of(page, form.suffix))
        for form in STORY_FORMS.values()
    )
