"""The public parameters, declared once: names, limits, and the sentence for each wrong value.

:class:`EventFilter` is never asked for its ``qs``: on wrong input that would be every event.
Its form is asked ``is_valid``, and what it cleaned becomes the Selection.
"""

import datetime as dt
import re
from collections.abc import Iterable
from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from timeline import dates, text
from timeline.browse.values import CLOSED, KNOWN
from timeline.index import FACETS, Choice, Cursor, CursorError
from timeline.models import Event

MAX_VALUES = 10
MAX_QUERY = 200
MAX_PAGE_SIZE = 200
SHOWN = 40


def shown(value: str) -> str:
    """A wrong value as a sentence may repeat it: one clean line, cut when long."""
    clean = text.clean_line(value[: 4 * SHOWN])
    return clean if len(clean) <= SHOWN else f"{clean[:SHOWN]}…"


class _Repeated(forms.MultipleHiddenInput):
    """Reads a key that may be repeated."""


class ChoiceField(forms.Field):
    """Repeated values of one facet; ``!value`` excludes. Cleans to (Choice, names)."""

    widget = _Repeated

    def __init__(self, *, facet: str, **kwargs: Any) -> None:
        self.facet = facet
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> list[str]:
        return list(dict.fromkeys(each for each in (value or []) if each))

    def clean(self, value: Any) -> tuple[Choice, dict[str, str]]:
        values = self.to_python(value)
        if len(values) > MAX_VALUES:
            raise ValidationError(
                _("At most %(most)s values can be chosen; these are %(count)s. Leave some out.")
                % {"most": MAX_VALUES, "count": len(values)},
                params={"value": str(len(values))},
            )
        wanted = [each.removeprefix("!") for each in values]
        clean = [each for each in wanted if re.fullmatch(r"[\w-]{1,80}", each, re.ASCII)]
        # Most parameters are absent; even a query that finds nothing takes time to write.
        known = KNOWN[self.facet](clean) if clean else {}
        for each in wanted:
            if each not in known:
                raise ValidationError(self._unknown(each), params={"value": each})
        names = dict(known.values())
        include = {known[each][0] for each in values if not each.startswith("!")}
        exclude = {known[each[1:]][0] for each in values if each.startswith("!")}
        if both := include & exclude:
            raise ValidationError(
                _("“%(value)s” is both chosen and excluded. Keep one of the two.")
                % {"value": shown(min(both))},
                params={"value": min(both)},
            )
        return Choice(tuple(sorted(include)), tuple(sorted(exclude))), names

    def _unknown(self, value: str) -> str:
        if self.facet == "year":
            return _("“%(value)s” is not a year. Write four digits, such as 2024.") % {
                "value": shown(value)
            }
        if self.facet in CLOSED:
            return _("“%(value)s” is none of the values. Choose among %(choices)s.") % {
                "value": shown(value),
                "choices": ", ".join(CLOSED[self.facet]),
            }
        return _("“%(value)s” is not in the record. Choose one from the list.") % {
            "value": shown(value)
        }


class DayField(forms.CharField):
    """A single date of any precision, in EDTF or words. Cleans to a FuzzyDate or None."""

    def clean(self, value: Any) -> dates.FuzzyDate | None:
        written = text.clean_line(str(value or ""))
        if not written:
            return None
        try:
            return dates.single(written)
        except dates.DateError as error:
            raise ValidationError(str(error), params={"value": written}) from error


class KnownByField(forms.CharField):
    """One past day, in EDTF or words. Cleans to a date; to None for today and later, since no
    more can be known than today's record holds."""

    def clean(self, value: Any) -> dt.date | None:
        written = text.clean_line(str(value or ""))
        if not written:
            return None
        try:
            found = dates.single(written)
        except dates.DateError:
            found = None
        if found is None or found.edtf != found.earliest.isoformat():
            raise ValidationError(
                _("“%(value)s” is not a day. Write one such as 2024-11-01.")
                % {"value": shown(written)},
                params={"value": written},
            )
        return found.earliest if found.earliest < timezone.localdate() else None


class SwitchField(forms.CharField):
    """``1`` for on; empty or ``0`` for off."""

    def clean(self, value: Any) -> bool:
        if value in (None, "", "0"):
            return False
        if value == "1":
            return True
        raise ValidationError(
            _("“%(value)s” is neither 1 nor empty. Write 1 to switch it on.")
            % {"value": shown(str(value))},
            params={"value": value},
        )


class OneOfField(forms.CharField):
    """One word of a short list; empty for the default."""

    def __init__(self, *, words: Iterable[str], **kwargs: Any) -> None:
        self.words = tuple(words)
        super().__init__(**kwargs)

    def clean(self, value: Any) -> str:
        if value in (None, ""):
            return ""
        if value not in self.words:
            raise ValidationError(
                _("“%(value)s” is none of the values. Choose among %(choices)s.")
                % {"value": shown(str(value)), "choices": ", ".join(self.words)},
                params={"value": value},
            )
        return str(value)


class SearchField(forms.CharField):
    """Words to search for, at most 200 characters and 12 words."""

    def clean(self, value: Any) -> str:
        written = text.clean_line(str(value or ""))
        if len(written) > MAX_QUERY:
            raise ValidationError(
                _("The search is longer than %(most)s characters. Shorten it.")
                % {"most": MAX_QUERY},
                params={"value": written},
            )
        if len(written.split()) > text.MAX_WORDS:
            raise ValidationError(
                _("The search has more than %(most)s words. Leave some out.")
                % {"most": text.MAX_WORDS},
                params={"value": written},
            )
        if written and not text.query_tokens(written):
            raise ValidationError(
                _("“%(value)s” holds no letter or digit to search for. Write a word.")
                % {"value": shown(written)},
                params={"value": written},
            )
        return written


class SizeField(forms.CharField):
    """How many events a page holds: 1 to 200."""

    def clean(self, value: Any) -> int | None:
        if value in (None, ""):
            return None
        written = str(value)
        if re.fullmatch(r"\d{1,3}", written, re.ASCII) and 1 <= int(written) <= MAX_PAGE_SIZE:
            return int(written)
        raise ValidationError(
            _("“%(value)s” is not a page size. Write a number from 1 to %(most)s.")
            % {"value": shown(written), "most": MAX_PAGE_SIZE},
            params={"value": written},
        )


class CursorField(forms.CharField):
    """A place in the list, as a link of this site gave it."""

    def clean(self, value: Any) -> Cursor | None:
        if value in (None, ""):
            return None
        try:
            return Cursor.decode(str(value))
        except CursorError as error:
            raise ValidationError(
                _("“%(value)s” is not a place in this list. Go back to its first page.")
                % {"value": shown(str(value))},
                params={"value": value},
            ) from error


class _Declared(django_filters.Filter):  # type: ignore[misc]  # ships no types
    """A parameter whose field holds all there is to it."""

    def __init__(self, field: type[forms.Field], **kwargs: Any) -> None:
        self.field_class = field
        super().__init__(**kwargs)


class EventFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Every parameter of the timeline, in canonical order."""

    q = _Declared(SearchField)
    actor = _Declared(ChoiceField, facet="actor")
    actors = _Declared(OneOfField, words=("any", "all"))
    exact = _Declared(SwitchField)
    role = _Declared(ChoiceField, facet="role")
    year = _Declared(ChoiceField, facet="year")
    # "from" is a word of Python, so it is added below.
    to = _Declared(DayField)
    certainly = _Declared(SwitchField)
    category = _Declared(ChoiceField, facet="category")
    topic = _Declared(ChoiceField, facet="topic")
    country = _Declared(ChoiceField, facet="country")
    place = _Declared(ChoiceField, facet="place")
    publisher = _Declared(ChoiceField, facet="publisher")
    language = _Declared(ChoiceField, facet="language")
    stance = _Declared(ChoiceField, facet="stance")
    speaker = _Declared(ChoiceField, facet="speaker")
    verification = _Declared(ChoiceField, facet="verification")
    has = _Declared(ChoiceField, facet="has")
    metric = _Declared(ChoiceField, facet="metric")
    importance = _Declared(ChoiceField, facet="importance")
    known_by = _Declared(KnownByField)
    sort = _Declared(OneOfField, words=("date", "-date", "-updated"))
    cursor = _Declared(CursorField)
    page_size = _Declared(SizeField)
    view = _Declared(OneOfField, words=("compact", "full"))

    class Meta:
        model = Event
        fields: list[str] = []


EventFilter.base_filters["from"] = _Declared(DayField, field_name="from")

PARAMETERS = (
    "q",
    "actor",
    "actors",
    "exact",
    "role",
    "year",
    "from",
    "to",
    "certainly",
    *FACETS[3:],
    "known_by",
    "sort",
    "cursor",
    "page_size",
    "view",
)
"""The names of all parameters, in canonical order."""
