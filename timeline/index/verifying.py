"""Whether two indexes hold the same, by keys and names, since their numbers and codes differ.

Used to hold an index that followed many edits against one that was just built.
"""

from collections.abc import Iterator, Mapping
from zlib import crc32

import numpy as np

from timeline.index.arrays import TABLES, Array, numbers
from timeline.index.documents import DIMENSIONS, PAIR, Documents

_KIND_OF = {
    **dict.fromkeys(("actor", "actor_all", "part", "speaker", "speaker_all"), "actor"),
    **dict.fromkeys(("stance_speaker", "attributed"), "actor"),
    **dict.fromkeys(("place", "place_all"), "place"),
    **dict.fromkeys(("publisher", "stance_publisher"), "publisher"),
    **{name: name for name in ("category", "topic", "metric")},
}
_PAIRED = frozenset({"part", "stance_publisher", "stance_speaker", "stance_language"})
_CODES = {
    **dict.fromkeys(("speaker", "attributed", "actor"), "actor"),
    **dict.fromkeys(("publisher", "agency"), "publisher"),
    **{name: name for name in ("topic", "metric")},
}
"""The columns of tables that hold codes of things, and whose."""
_NONE: frozenset[int] = frozenset()


def differences(first: Documents, second: Documents) -> Iterator[str]:
    """A sentence for each set that holds other events in one index than in the other, and for
    each table with other rows."""
    keys, others = _keys(first), _keys(second)
    if set(keys.values()) != set(others.values()):
        yield "They hold different events."
        return
    for dimension in DIMENSIONS:
        ours, theirs = _sets(first, dimension, keys), _sets(second, dimension, others)
        for value in sorted(ours.keys() | theirs.keys(), key=str):
            if ours.get(value, _NONE) != theirs.get(value, _NONE):
                yield f"{dimension} {value}: the events differ."
    for table in TABLES:
        ours_of, theirs_of = _rows(first, table), _rows(second, table)
        if not np.array_equal(ours_of, theirs_of):
            yield f"{table}: the rows differ{_where(ours_of, theirs_of)}."


def _rows(documents: Documents, table: str) -> Array:
    """The rows of a table by keys of events and things, in one order."""
    docs = numbers(documents.live)
    of, columns = documents.gather(table, docs)
    keys = documents.take("key", docs)[np.searchsorted(docs, of)]
    made = [_plain(documents, name, columns[name]) for name in TABLES[table]]
    order = np.lexsort([*reversed(made), keys])
    return np.stack([keys, *made], axis=1)[order]


def _plain(documents: Documents, name: str, codes: Array) -> Array:
    if name == "language":
        return np.array([crc32(tag.encode()) for tag in documents.languages], np.int64)[codes]
    if name not in _CODES:
        return codes.astype(np.int64)
    # One more, for the code -1 of none.
    pks = np.array([*documents.things[_CODES[name]].pks, -1], np.int64)
    return pks[codes]


def _where(ours: Array, theirs: Array) -> str:
    if len(ours) != len(theirs):
        return f", {len(ours):,} and {len(theirs):,}"
    return f", first at event {int(ours[(ours != theirs).any(axis=1)][0, 0])}"


def _keys(documents: Documents) -> dict[int, int]:
    docs = numbers(documents.live)
    return dict(zip(docs.tolist(), documents.take("key", docs).tolist(), strict=True))


def _sets(
    documents: Documents, dimension: str, keys: Mapping[int, int]
) -> dict[object, frozenset[int]]:
    """The sets of a dimension by names that don't depend on codes, with keys of events."""
    return {
        _name(documents, dimension, code): frozenset(keys[doc] for doc in docs)
        for code, docs in documents.sets[dimension].items()
        if docs
    }


def _name(documents: Documents, dimension: str, code: int) -> object:
    thing, rest = divmod(code, PAIR) if dimension in _PAIRED else (code, 0)
    if dimension in ("language", "stance_language"):
        return (documents.languages.tag(thing), rest)
    if dimension == "country":
        return documents.countries.tag(thing)
    kind = _KIND_OF.get(dimension)
    return (documents.things[kind].pks[thing], rest) if kind else code
