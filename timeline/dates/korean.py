"""The forms in which Korean writes dates: those that :mod:`words` prints, turned into EDTF.

A closed list, as :mod:`newsroom` has for English: what isn't in it is refused, never guessed.
"""

import re

from timeline.dates.edtf import FuzzyDate, parse, parse_part

HANGUL = re.compile(r"[가-힣]")
RELATIVE = re.compile(r"어제|오늘|내일|모레|최근|지난|작년|올해|금년|내년|이번|다음")

_SEASONS = {"봄": 21, "여름": 22, "가을": 23, "겨울": 24}
_THIRDS = {"초": 37, "중반": 38, "말": 39}
_HALVES = {"상반기": 40, "하반기": 41}
_THIRDS_OF_MONTH = {
    "초순": (1, 10),
    "초": (1, 10),
    "중순": (11, 20),
    "하순": (21, 0),
    "말": (21, 0),
}

_PART = re.compile(
    r"(?P<year>\d{1,4})(?:-(?P<tail>\d{2,4}))?년(?: ?(?:"
    r"(?P<month>\d{1,2})월(?: ?(?P<day>\d{1,2})일)?"
    r"|(?P<season>봄|여름|가을|겨울)|(?P<quarter>[1-4])분기|(?P<half>상반기|하반기)"
    r"|(?P<third>초|중반|말)|(?P<decade>대)))?"
    r"|(?P<century>\d{1,2})세기",
    re.ASCII,
)
_MARKS = re.compile(r"(?P<date>.+?)(?P<about> ?(?:경|쯤|무렵))?(?P<doubt> ?\(?\?\)?)?")
_THIRD_OF_MONTH = re.compile(r"(?P<month>\d{1,4}년 ?\d{1,2}월) ?(?P<third>초순|중순|하순|초|말)")
_REST = re.compile(r"(?:(?P<month>\d{1,2})월)?(?: ?(?P<day>\d{1,2})일)?", re.ASCII)
_HEAD = re.compile(r"(?P<year>\d{1,4}년) ?(?P<month>\d{1,2}월)?", re.ASCII)
_DAY_UNKNOWN = " (정확한 날짜 미상)"
_OPEN = {"까지": "../{}", "부터": "{}/..", "이전": "[..{}]", "이후": "[{}..]"}


def read(text: str) -> FuzzyDate | None:
    """Read a Korean form; None for what is none. Raises ``DateError`` for an impossible date."""
    folded = re.sub(r"[\u2013\u2014~\u223c\uff5e]", "-", text)
    if folded.endswith(_DAY_UNKNOWN):
        when = read(folded.removesuffix(_DAY_UNKNOWN))
        if when is None or when.start is None or when.end is None:
            return None
        return parse(f"[{when.start.edtf}..{when.end.edtf}]")
    part = _part(folded)
    if part is not None:
        return parse(part)
    if match := _THIRD_OF_MONTH.fullmatch(folded):
        return _third_of_month(match["month"], *_THIRDS_OF_MONTH[match["third"]])
    for word, edtf in _OPEN.items():
        if folded.endswith(word) and "부터 " not in folded:
            end = _part(folded.removesuffix(word).rstrip())
            return parse(edtf.format(end)) if end else None
    return _span(folded)


def _part(text: str) -> str | None:
    """One date with its marks, as EDTF."""
    about = text.startswith("약 ")
    marked = _MARKS.fullmatch(text.removeprefix("약 "))
    match = _PART.fullmatch(marked["date"]) if marked else None
    if marked is None or match is None:
        return None
    doubt, about = bool(marked["doubt"]), about or bool(marked["about"])
    plain = _plain(match)
    return plain and plain + {(0, 1): "~", (1, 0): "?", (1, 1): "%"}.get((doubt, about), "")


def _plain(match: re.Match[str]) -> str | None:
    if match["century"]:
        return f"{int(match['century']) - 1:02}XX" if match["century"] != "0" else None
    year = match["year"].zfill(4)
    if match["tail"]:
        # "2024–25년 겨울" is how the winter of 2024 is printed.
        following = f"{(int(year) + 1) % 100:02}"
        return (
            f"{year}-24" if (match["season"], match["tail"][-2:]) == ("겨울", following) else None
        )
    if match["decade"]:
        return f"{year[:3]}X" if year.endswith("0") else None
    code = (
        _SEASONS.get(match["season"] or "")
        or _HALVES.get(match["half"] or "")
        or _THIRDS.get(match["third"] or "")
        or (32 + int(match["quarter"]) if match["quarter"] else 0)
    )
    if code:
        return f"{year}-{code}"
    return "-".join([year, *(each.zfill(2) for each in (match["month"], match["day"]) if each)])


def _third_of_month(month: str, first: int, last: int) -> FuzzyDate | None:
    written = _part(month)
    if written is None:
        return None
    days = parse_part(written).latest.day
    return parse(f"[{written}-{first:02}..{written}-{last or days:02}]")


def _span(text: str) -> FuzzyDate | None:
    """From one date to another, which leaves out what it has in common with the first."""
    split = re.fullmatch(r"(.+)부터 (.+)까지", text)
    pairs = (
        [split.groups()]
        if split
        else [
            (text[:at].rstrip(), text[at + 1 :].lstrip())
            for at, each in enumerate(text)
            if each == "-"
        ]
    )
    for left, right in pairs:
        start = _part(left)
        end = start and (_part(right) or _part(_filled(left, right)))
        if start and end:
            return parse(f"{start}/{end}")
    return None


def _filled(left: str, right: str) -> str:
    """``13일`` after ``2024년 10월 8일`` is ``2024년 10월 13일``."""
    rest, head = _REST.fullmatch(right), _HEAD.match(left)
    if rest is None or head is None:
        return right
    month = f"{rest['month']}월" if rest["month"] else head["month"]
    day = f"{rest['day']}일" if rest["day"] else ""
    return " ".join(each for each in (head["year"], month, day) if each)
