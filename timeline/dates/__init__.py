"""How an uncertain date is written, read, bounded and worded. Pure Python, no Django.

One EDTF text (ISO 8601-2:2019) per date is the truth; everything else is derived from it here.
:mod:`edtf` reads the text, :mod:`newsroom` the forms that people write, :mod:`words` says a date
without ever printing more than is known.
"""

from timeline.dates.boxes import Boxes, boxes, says_all
from timeline.dates.edtf import (
    FIRST_DAY,
    LAST_DAY,
    DateError,
    FuzzyDate,
    Part,
    Precision,
    overlaps,
    parse,
    within,
)
from timeline.dates.newsroom import read, single
from timeline.dates.words import (
    column,
    day,
    full_words,
    iso,
    known,
    month,
    month_day,
    month_name,
    reading,
    ring,
    short,
    words,
    year,
)

__all__ = [
    "FIRST_DAY",
    "LAST_DAY",
    "Boxes",
    "DateError",
    "FuzzyDate",
    "Part",
    "Precision",
    "boxes",
    "column",
    "day",
    "full_words",
    "iso",
    "known",
    "month",
    "month_day",
    "month_name",
    "overlaps",
    "parse",
    "read",
    "reading",
    "ring",
    "says_all",
    "short",
    "single",
    "within",
    "words",
    "year",
]
