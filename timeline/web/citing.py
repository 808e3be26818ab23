"""How to cite an event: four styles and the address to cite.

Plain functions of the record, the site's name and the day of reading. The words of a style are
fixed English forms of that style and are not translated.
"""

import re
from dataclasses import dataclass
from datetime import date

from timeline import dates
from timeline.record import EventRecord

_MONTHS = (
    "January February March April May June July August September October November December"
).split()
_MLA_MONTHS = "Jan. Feb. Mar. Apr. May June July Aug. Sept. Oct. Nov. Dec.".split()
_BIBTEX = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "{": r"\{",
        "}": r"\}",
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
    key = re.sub(r"[^a-z0-9]", "", site.lower()) or "event"
    bibtex = "\n".join(
        (
            f"@misc{{{key}-{record.public_id},",
            f"  title = {{{{{title.translate(_BIBTEX)}}}}},",
            f"  author = {{{{{site.translate(_BIBTEX)}}}}},",
            f"  year = {{{updated.year}}},",
            f"  note = {{Event dated {day}{version}}},",
            f"  url = {{{address}}},",
            f"  urldate = {{{read_on.isoformat()}}}",
            "}",
        )
    )
    return (
        Style(
            "Chicago", f"{site}. “{_stop(title)}” {day}{version}. Last modified {full}. {address}."
        ),
        Style("APA", f"{site}. ({apa}). {_stop(title)} ({day}{version}). {address}"),
        Style("MLA", f"“{_stop(title)}” {site}, {mla}, {address}. Accessed {read}."),
        Style("BibTeX", bibtex, verbatim=True),
    )
