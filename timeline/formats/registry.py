"""The forms in which any selection of events goes out, each said once.

Addresses, the export menu, the page on data and the description of the API are made from this
table. A form that is not in it doesn't exist.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from timeline.formats import document, table
from timeline.formats.about import About
from timeline.record import EventRecord

Writer = Callable[[About, Iterable[EventRecord]], Iterator[str]]


@dataclass(frozen=True)
class Form:
    """``suffix`` ends the address, without its dot; ``note`` is a word or two for the menu and
    ``losses`` says what of the record the form has no place for.

    ``newest`` is how many events it holds at most, those that were updated last; 0 for all of
    them in the selection's order. What is ``inline`` is shown or subscribed to, not saved.
    ``options`` are parameters of its own, beside those of the selection.
    """

    suffix: str
    media_type: str
    write: Writer
    label: "str | Promise"
    note: "str | Promise"
    losses: "str | Promise"
    newest: int = 0
    inline: bool = False
    options: tuple[str, ...] = ()

    @property
    def is_json(self) -> bool:
        """Whether programs read its refusals too as JSON."""
        return "json" in self.media_type


FORMS: tuple[Form, ...] = (
    Form(
        "csv",
        table.TYPE,
        table.EVENTS.write,
        "CSV",
        _("spreadsheet"),
        _(
            "One line an event, with its first ten sources. Figures, quotes, relations and the "
            "rest of the sources are in the other tables of the data package, and in JSON."
        ),
        options=("bom",),
    ),
    Form(
        "json",
        document.TYPE,
        document.write,
        "JSON",
        _("everything"),
        _(
            "Nothing that readers may know of the present record is lost; another site can be "
            "filled from it. Earlier versions are not in it."
        ),
    ),
)
"""In the order of the menu."""

BY_SUFFIX = {form.suffix: form for form in FORMS}
