"""How to cite an event, a selection or a release: four styles and the address to cite.

Plain functions of the record, the site's name and the day of reading. The words of a style are
fixed English forms of that style and are not translated.
"""

import hashlib
import re
from dataclasses import dataclass
from datetime import date

from timeline import dates
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
    day = dates.words(dates.parse(record.date), "en")
    revised = (record.revised_at or record.published_at) if record.published_at else None
    updated = revised.date() if revised else read_on
    version = f", version {record.version}" if record.version else ""
    full = f"{_MONTHS[updated.month - 1]} {updated.day}, {updated.year}"
    apa = f"{updated.year}, {_MONTHS[updated.month - 1]} {updated.day}"
    mla = f"{updated.day} {_MLA_MONTHS[updated.month - 1]} {updated.year}"
    read = f"{read_on.day} {_MLA_MONTHS[read_on.month - 1]} {read_on.year}"
    title = record.title
    bibtex = _bibtex(
        f"{_key(site)}-{record.public_id}",
        title,
        site,
        updated.year,
        f"Event dated {day}{version}",
        address,
        read_on,
    )
    return (
        Style(
            "Chicago", f"{site}. “{_stop(title)}” {day}{version}. Last modified {full}. {address}."
        ),
        Style("APA", f"{site}. ({apa}). {_stop(title)} ({day}{version}). {address}"),
        Style("MLA", f"“{_stop(title)}” {site}, {mla}, {address}. Accessed {read}."),
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
    return "1 event" if total == 1 else f"{total:,} events"


def selection_citations(
    words: str, total: int, site: str, address: str, read_on: date
) -> tuple[Style, ...]:
    """A list that changes, as it was on the day of reading: its words, the number of its events
    and its absolute address."""
    count = _counted(total)
    # The words of a selection begin with its number.
    extent = "" if count in words else f" {count}."
    day = f"{_MONTHS[read_on.month - 1]} {read_on.day}, {read_on.year}"
    read = f"{read_on.day} {_MLA_MONTHS[read_on.month - 1]} {read_on.year}"
    # The same selection has the same key; no part of it needs to be readable.
    mark = hashlib.blake2b(address.encode(), digest_size=4).hexdigest()
    return (
        Style("Chicago", f"{site}. “{_stop(words)}”{extent} Accessed {day}. {address}."),
        Style(
            "APA",
            f"{site}. (n.d.). {words} [Timeline, {count}]. Retrieved {day}, from {address}",
        ),
        Style(
            "MLA",
            f"“{_stop(words)}” {site},{extent[:-1]}{',' if extent else ''} {address}. "
            f"Accessed {read}.",
        ),
        Style(
            "BibTeX",
            _bibtex(
                f"{_key(site)}-{mark}", words, site, None, f"Timeline, {count}", address, read_on
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
    told = f", version {version}" if version else ""
    full = f"{_MONTHS[updated.month - 1]} {updated.day}, {updated.year}"
    apa = f"{updated.year}, {_MONTHS[updated.month - 1]} {updated.day}"
    mla = f"{updated.day} {_MLA_MONTHS[updated.month - 1]} {updated.year}"
    read = f"{read_on.day} {_MLA_MONTHS[read_on.month - 1]} {read_on.year}"
    by = _stop(byline or site)
    within = f"{site}{told}" if byline else f"Story{told}"
    return (
        Style("Chicago", f"{by} “{_stop(title)}” {within}. {full}. {address}."),
        Style("APA", f"{by} ({apa}). {_stop(title)} {within}. {address}"),
        Style("MLA", f"{by} “{_stop(title)}” {within}, {mla}, {address}. Accessed {read}."),
        Style(
            "BibTeX",
            _bibtex(
                f"{_key(site)}-story-{slug}",
                title,
                byline or site,
                updated.year,
                f"Story{told}",
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
    title, version = f"{site}: events and sources", f"Release {number}"
    count = _counted(total)
    full = f"{_MONTHS[released.month - 1]} {released.day}, {released.year}"
    mla = f"{released.day} {_MLA_MONTHS[released.month - 1]} {released.year}"
    read = f"{read_on.day} {_MLA_MONTHS[read_on.month - 1]} {read_on.year}"
    return (
        Style("Chicago", f"{site}. {title}. {version}, {full}. Data set, {count}. {address}."),
        Style("APA", f"{site}. ({released.year}). {title} ({version}) [Data set]. {address}"),
        Style("MLA", f"{site}. {title}. {version}, {mla}, {address}. Accessed {read}."),
        Style(
            "BibTeX",
            _bibtex(
                f"{_key(site)}-release-{number}",
                title,
                site,
                released.year,
                f"{version}, data set, {count}",
                address,
                read_on,
            ),
            verbatim=True,
        ),
    )
