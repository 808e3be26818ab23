"""The pages that are a list with one filter preset: an actor's, a year's, a place's.

An address below ``/embed/`` or ``/share/`` is that of the page behind it, so the pair of kind and
slug is read here once for all of them. What such a page says of its thing is in ``things``.
"""

from dataclasses import dataclass
from typing import Any

from django.http import Http404

from timeline.index import Choice, Selection
from timeline.models import Actor, Category, Place, Publisher, Topic
from timeline.record import spoken
from timeline.web import doors
from timeline.web.addresses import address

KINDS: dict[str, tuple[str, type[Any]]] = {
    "actors": ("actor", Actor),
    "categories": ("category", Category),
    "topics": ("topic", Topic),
    "places": ("place", Place),
    "publishers": ("publisher", Publisher),
}
"""The folder of each kind of page, with the parameter that it presets and what it is about."""


@dataclass(frozen=True)
class Preset:
    """A page's thing: what it is called, where its page is, and the filter that it stands for."""

    name: str
    path: str
    within: Selection


def preset(kind: str, slug: str) -> Preset:
    """The preset of a page, by its folder and slug.

    Raises Moved for the old slug of a thing, Http404 for one that isn't public.
    """
    if kind == "years":
        if not (len(slug) == 4 and slug.isascii() and slug.isdigit() and slug != "0000"):
            raise Http404("Years go from 0001 to 9999.")
        within = Selection(year=Choice(include=(slug,)))
        return Preset(str(int(slug)), address("year", year=slug), within)
    parameter, model = KINDS[kind]
    found = doors.named(model, slug)
    changes: dict[str, Any] = {parameter: Choice(include=(slug,))}
    return Preset(spoken.thing(found).name, address(parameter, slug=slug), Selection(**changes))
