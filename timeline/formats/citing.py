"""How to cite an event, a selection or a release: four styles and the address to cite.

Plain functions of the record, the site's name and the day of reading. In English the words are
the fixed forms of each style; in another language they are its own, with days as it writes them.
"""

import hashlib
import re
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from timeline import dates
from timeline.models.tongue import tongue
from timeline.record import EventRecord

_MONTHS = (
    "January February March April May June July August September October November December"
).split()
_MLA_MONTHS = "Jan. Feb. Mar. Apr. May June July Aug. Sept. Oct. Nov. Dec.".split()
# BibTeX counts braces whatever stands before them, so a single one may not stand as such.
_BIBTEX = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "{": r"\textbraceleft{}",
        "}": r"\textbraceright{}",
        "&": r"\&",
        "%": r"\%",
        "$": r"\$",
        "#": r"\#",
        "_": r"\_",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
    }
)


@dataclass(frozen=True)
class Style:
    """A citation in one style; ``verbatim`` keeps line breaks."""

    name: str
    text: str
    verbatim: bool = False


def _stop(title: str) -> str:
    return title if title.endswith(("?", "!", ".")) else title + "."


def citations(record: EventRecord, site: str, address: str, read_on: date) -> tuple[Style, ...]:
    """Chicago, APA, MLA and BibTeX, in this order; ``address`` is absolute."""
    day = dates.words(dates.parse(record.date), tongue())
    revised = (record.revised_at or record.published_at) if record.published_at else None
    updated = revised.date() if revised else read_on
    if record.version:
        day = _("%(day)s, version %(number)s") % {"day": day, "number": record.version}
    title = record.title
    said = {
        "site": site,
        "title": _stop(title),
        "day": day,
        "updated": _us(updated),
        "apa": _apa(updated),
        "mla": _mla(updated),
        "read": _mla(read_on),
        "address": address,
    }
    bibtex = _bibtex(
        f"{_key(site)}-{record.public_id}",
        title,
        site,
        updated.year,
        _("Event dated %(day)s") % {"day": day},
        address,
        read_on,
    )
    return (
        Style(
            "Chicago",
            _("%(site)s. “%(title)s” %(day)s. Last modified %(updated)s. %(address)s.") % said,
        ),
        Style("APA", _("%(site)s. (%(apa)s). %(title)s (%(day)s). %(address)s") % said),
        Style("MLA", _("“%(title)s” %(site)s, %(mla)s, %(address)s. Accessed %(read)s.") % said),
        Style("BibTeX", bibtex, verbatim=True),
    )


def _key(site: str) -> str:
    return re.sub(r"[^a-z0-9]", "", site.lower()) or "timeline"


def _bibtex(
    key: str, title: str, site: str, year: int | None, note: str, address: str, read_on: date
) -> str:
    """An entry of BibTeX; a selection, which changes, has no ``year``."""
    dated = (f"  year = {{{year}}},",) if year else ()
    return "\n".join(
        (
            f"@misc{{{key},",
            f"  title = {{{{{title.translate(_BIBTEX)}}}}},",
            f"  author = {{{{{site.translate(_BIBTEX)}}}}},",
            *dated,
            f"  note = {{{note.translate(_BIBTEX)}}},",
            f"  url = {{{address}}},",
            f"  urldate = {{{read_on.isoformat()}}}",
            "}",
        )
    )


def _counted(total: int) -> str:
    return ngettext("%(count)s event", "%(count)s events", total) % {"count": f"{total:,}"}


def _us(day: date) -> str:
    if tongue() != "en":
        return dates.day(day, tongue())
    return f"{_MONTHS[day.month - 1]} {day.day}, {day.year}"


def _apa(day: date) -> str:
    if tongue() != "en":
        return dates.day(day, tongue())
    return f"{day.year}, {_MONTHS[day.month - 1]} {day.day}"


def _mla(day: date) -> str:
    if tongue() != "en":
        return dates.day(day, tongue())
    return f"{day.day} {_MLA_MONTHS[day.month - 1]} {day.year}"


def selection_citations(
    words: str, total: int, site: str, address: str, read_on: date
) -> tuple[Style, ...]:
    """A list that changes, as it was on the day of reading: its words, the number of its events
    and its absolute address."""
    count = _counted(total)
    said = {
        "site": site,
        "title": words,
        "stopped": _stop(words),
        "count": count,
        "day": _us(read_on),
        "read": _mla(read_on),
        "address": address,
    }
    # The words of a selection begin with its number.
    if count in words:
        chicago = _("%(site)s. “%(stopped)s” Accessed %(day)s. %(address)s.")
        mla = _("“%(stopped)s” %(site)s, %(address)s. Accessed %(read)s.")
    else:
        chicago = _("%(site)s. “%(stopped)s” %(count)s. Accessed %(day)s. %(address)s.")
        mla = _("“%(stopped)s” %(site)s, %(count)s, %(address)s. Accessed %(read)s.")
    apa = _(
        "%(site)s. (n.d.). %(title)s [Timeline, %(count)s]. Retrieved %(day)s, from %(address)s"
    )
    # The same selection has the same key; no part of it needs to be readable.
    mark = hashlib.blake2b(address.encode(), digest_size=4).hexdigest()
    return (
        Style("Chicago", chicago % said),
        Style("APA", apa % said),
        Style("MLA", mla % said),
        Style(
            "BibTeX",
            _bibtex(
                f"{_key(site)}-{mark}",
                words,
                site,
                None,
                _("Timeline, %(count)s") % said,
                address,
                read_on,
            ),
            verbatim=True,
        ),
    )


def story_citations(
    slug: str,
    title: str,
    byline: str,
    version: int | None,
    updated: date,
    site: str,
    address: str,
    read_on: date,
) -> tuple[Style, ...]:
    """A story in the version at the address; without a byline it is the site's own."""
    by = byline or site
    within = site if byline else _("Story")
    if version:
        within = _("%(work)s, version %(number)s") % {"work": within, "number": version}
    said = {
        "by": _stop(by),
        "title": _stop(title),
        "within": within,
        "day": _us(updated),
        "apa": _apa(updated),
        "mla": _mla(updated),
        "read": _mla(read_on),
        "address": address,
    }
    note = _("%(work)s, version %(number)s") % {"work": _("Story"), "number": version}
    return (
        Style("Chicago", _("%(by)s “%(title)s” %(within)s. %(day)s. %(address)s.") % said),
        Style("APA", _("%(by)s (%(apa)s). %(title)s %(within)s. %(address)s") % said),
        Style(
            "MLA",
            _("%(by)s “%(title)s” %(within)s, %(mla)s, %(address)s. Accessed %(read)s.") % said,
        ),
        Style(
            "BibTeX",
            _bibtex(
                f"{_key(site)}-story-{slug}",
                title,
                by,
                updated.year,
                note if version else _("Story"),
                address,
                read_on,
            ),
            verbatim=True,
        ),
    )


def release_citations(
    number: int, released: date, total: int, site: str, address: str, read_on: date
) -> tuple[Style, ...]:
    """A numbered release of the data, which never changes."""
    title = _("%(site)s: events and sources") % {"site": site}
    said = {
        "site": site,
        "title": title,
        "version": _("Release %(number)s") % {"number": number},
        "count": _counted(total),
        "year": released.year,
        "day": _us(released),
        "mla": _mla(released),
        "read": _mla(read_on),
        "address": address,
    }
    return (
        Style(
            "Chicago",
            _("%(site)s. %(title)s. %(version)s, %(day)s. Data set, %(count)s. %(address)s.")
            % said,
        ),
        Style(
            "APA", _("%(site)s. (%(year)s). %(title)s (%(version)s) [Data set]. %(address)s") % said
        ),
        Style(
            "MLA",
            _("%(site)s. %(title)s. %(version)s, %(mla)s, %(address)s. Accessed %(read)s.") % said,
        ),
        Style(
            "BibTeX",
            _bibtex(
                f"{_key(site)}-release-{number}",
                title,
                site,
                released.year,
                _("%(version)s, data set, %(count)s") % said,
                address,
                read_on,
            ),
            verbatim=True,
        ),
    )
