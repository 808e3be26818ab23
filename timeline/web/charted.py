"""The chart as a file, SVG or PNG: what its page draws, with title, sources and address inside.

Like any download it takes the page's query string and refuses names that it doesn't know.
"""

from dataclasses import dataclass
from urllib.parse import parse_qsl

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_safe

from timeline import browse, text
from timeline.index import Page, Selection, answer
from timeline.index.lanes import By
from timeline.index.page import AT_MOST
from timeline.index.selection import PAGE_SIZE
from timeline.record.stories import between
from timeline.web import axis, charting, errors, numbers, pictures, plate, raster
from timeline.web.addresses import address, href
from timeline.web.cached import answered
from timeline.web.downloads import OF_A_LIST
from timeline.web.site import site

PAGES: dict[By, str] = {
    "category": "chart",
    "actor": "chart_actor",
    "country": "chart_country",
    "side": "chart_side",
}
ZOOM = 2
"""Dots of the PNG for each pixel of the drawing."""
NAMED = 12
"""Publishers that are named at most."""
_TYPES = {"svg": "image/svg+xml", "png": "image/png"}


class DrawnConverter:
    """The forms in which the chart can be had."""

    regex = "svg|png"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


@dataclass(frozen=True)
class Files:
    """The addresses of a chart's files."""

    svg: str
    png: str


def files_of(by: By, selection: Selection) -> Files:
    """Where the chart of a selection is as a file."""
    query = browse.link(selection, page_size=PAGE_SIZE)
    svg, png = (href(address(f"{PAGES[by]}_file", form=form), query) for form in _TYPES)
    return Files(svg, png)


@require_safe
def chart_file(request: HttpRequest, form: str, by: By = "category") -> HttpResponse:
    """The chart of a selection as a file."""
    wrong = browse.unknown(request.GET, OF_A_LIST)
    reading = browse.read(request.GET)
    selection = reading.selection
    if wrong or selection is None:
        return _refused(*(wrong or reading.errors))

    def make() -> HttpResponse:
        found = answer(selection, AT_MOST)
        drawn = plate.draw(_plate(reading, selection, found, by))
        try:
            content = pictures.png(drawn, ZOOM) if form == "png" else drawn.encode()
        except raster.Busy:
            return errors.too_many_pictures()
        response = HttpResponse(content, content_type=_TYPES[form])
        chosen = (value.replace("!", "not ") for _name, value in parse_qsl(reading.canonical))
        name = text.slug(" ".join(("chart", *chosen)))[:80].strip("-")
        response.headers["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
        return response

    response = answered(request, make)
    # Anybody's page may show what everybody may see.
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def _refused(*problems: browse.ParameterError) -> HttpResponse:
    said = "\n".join(f"{each.name}: {each.sentence}" for each in problems)
    heading = gettext("A value can’t be used")
    response = HttpResponse(
        f"{heading}\n{said}\n", status=400, content_type="text/plain; charset=utf-8"
    )
    response.headers["Cache-Control"] = "no-store"
    return response


def _plate(reading: browse.Reading, selection: Selection, found: Page, by: By) -> plate.Plate:
    here = site()
    window = axis.window_of(found.density)
    page = address(PAGES[by])
    query = [reading.canonical] if reading.canonical else []
    chart = None
    words = browse.words(reading, found.total)
    said: tuple[str, ...] = ()
    if window is not None and found.total:
        said = (*(() if selection.filters else (words,)), charting.in_words(by, window))
        chart = charting.draw(
            selection,
            found,
            by,
            window,
            charting.Leading(
                # A ring leads to the list of its events, below the chart.
                ring=lambda ring: f"{href(page, '&'.join((*query, f'mark={ring}')))}#list",
                event=lambda _public_id, own: own,
            ),
            span_href=lambda _first, _last: page,
            periods=between(window.first, window.last),
        )
    licence = gettext("Text and data: %(licence)s.") % {"licence": here.licence}
    return plate.Plate(
        site=here.name,
        home=here.absolute(""),
        title=words if selection.filters else str(settings.SITE_HEADING),
        words=said,
        chart=chart,
        sources=_sources(selection, found),
        lines=(
            here.absolute(href(page, reading.canonical)),
            gettext("Drawn by %(site)s on %(day)s.")
            % {"site": here.name, "day": date_format(timezone.localdate())},
            *([licence] if here.licence else []),
        ),
    )


def _sources(selection: Selection, found: Page) -> str:
    """The publishers that most of the events rest on, with how many each."""
    facet = found.facets.get("publisher")
    if facet is None or not found.total:
        return ""
    chosen = [level.publisher for level in selection.levels()]
    included = {value for choice in chosen for value in choice.include}
    excluded = {value for choice in chosen for value in choice.exclude}
    values = [
        each
        for each in facet.values
        if each.count and each.value not in excluded and (not included or each.value in included)
    ]
    named = [
        gettext("%(name)s (%(count)s)") % {"name": each.label, "count": numbers.whole(each.count)}
        for each in values[:NAMED]
    ]
    if not named:
        return ""
    more = 0 if included else len(values) - len(named) + facet.more
    said = gettext("Sources, with the events that rest on each: %(publishers)s") % {
        "publishers": ", ".join(named)
    }
    if not more:
        return f"{said}."
    return ngettext(
        "%(said)s, and %(count)s more publisher.", "%(said)s, and %(count)s more publishers.", more
    ) % {"said": said, "count": numbers.whole(more)}
