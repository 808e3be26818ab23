"""Rows of the database laid out as the arrays of a segment, documents in the order of time.

Knows the arrays and the codes of things, not the sets. Costs a few sorts of what is laid out.
One event on its own is laid out in plain numbers, in some tens of microseconds: arrays of one
entry each take five times as long. Both ways give the same rows, which the tests of edits hold.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import numpy as np

from timeline.index.arrays import COLUMNS, TABLES, Array, distinct, firsts
from timeline.index.reading import One, Rows
from timeline.index.things import Kind

_EPOCH = 719_163
"""The ordinal of 1 January 1970."""


def months(days: Array) -> Array:
    """The month of each ordinal day, counted from January of year 0."""
    dates = (days.astype(np.int64) - _EPOCH).astype("datetime64[D]")
    return dates.astype("datetime64[M]").astype(np.int64) + 1970 * 12


def laid_out(rows: Rows, things: Mapping[str, Kind]) -> dict[str, Array]:
    """The arrays of a segment of these rows, in the order of time."""
    events = rows.events
    order = np.lexsort(
        [events[name] for name in ("public_id", "day_order", "minute", "latest", "sort")]
    )
    made = {name: events[name][order] for name in events}
    for name in ("category", "place"):
        made[name] = things[name].coded(made[name])
    made["first_month"], made["last_month"] = months(made["earliest"]), months(made["latest"])
    count = len(order)
    sorter = np.argsort(made["key"])
    keys = made["key"][sorter]

    def placed(keyed: Mapping[str, Array]) -> tuple[Array, dict[str, Array]]:
        """Rows of the documents, by document."""
        events = keyed["event"]
        at = np.minimum(np.searchsorted(keys, events), max(count - 1, 0))
        known = keys[at] == events if count else np.zeros(len(events), bool)
        docs = sorter[at[known]] if count else np.empty(0, np.int64)
        by_doc = np.argsort(docs, kind="stable")
        kept = {name: values[known][by_doc] for name, values in keyed.items() if name != "event"}
        return docs[by_doc], kept

    def tabled(table: str, docs: Array, columns: Mapping[str, Array]) -> None:
        made[table] = np.concatenate(([0], np.cumsum(np.bincount(docs, minlength=count))))
        for name in TABLES[table]:
            made[f"{table}.{name}"] = columns[name]

    docs, parts = placed(rows.parts)
    parts["actor"] = things["actor"].coded(parts["actor"])
    tabled("part", docs, parts)
    docs, actors = distinct(docs, parts["actor"])
    tabled("actor", docs, {"actor": actors})

    docs, topics = placed(rows.topics)
    tabled("topic", docs, {"topic": things["topic"].coded(topics["topic"])})

    docs, cites = placed(rows.cites)
    cites["speaker"] = things["actor"].coded(cites["speaker"])
    for name in ("publisher", "agency"):
        cites[name] = things["publisher"].coded(cites[name])
    tabled("cite", docs, cites)
    archived = np.zeros(count, bool)
    archived[docs[cites["archived"] > 0]] = True
    both = np.concatenate((cites["publisher"], cites["agency"]))
    of, values, known = firsts(np.tile(docs, 2), both, np.tile(cites["known"], 2))
    tabled("publisher", of, {"publisher": values, "known": known})
    of, values, known = firsts(docs, cites["speaker"], cites["known"])
    tabled("speaker", of, {"speaker": values, "known": known})

    docs, steps = placed(rows.steps)
    in_turn = np.lexsort((steps["known"], docs))
    tabled("step", docs, {name: values[in_turn] for name, values in steps.items()})

    docs, figures = placed(rows.figures)
    figures["metric"] = things["metric"].coded(figures["metric"])
    figures["attributed"] = things["actor"].coded(figures["attributed"])
    tabled("figure", docs, figures)
    counted = np.zeros(count, bool)
    counted[docs] = True
    made["has"] = counted * 1 + archived * 2 + (made["place"] >= 0) * 4 + made["corrected"] * 8
    return {name: made[name].astype(dtype, copy=False) for name, dtype in _DTYPES.items()}


def laid_out_alone(one: One, things: Mapping[str, Kind]) -> dict[str, list[Any]]:
    """The columns of ``laid_out`` for one event, and the rows of its tables."""
    event = one.event
    actors, publishers = things["actor"], things["publisher"]
    made = {name: [event[name]] for name in _AS_READ}
    made["category"] = [things["category"].code(event["category"])]
    place = things["place"].code(event["place"])
    made["place"] = [place]
    made["first_month"], made["last_month"] = [_month(event["earliest"])], [_month(event["latest"])]

    parts = [(actors.code(actor), role) for actor, role in one.parts]
    topics = [things["topic"].code(topic) for (topic,) in one.topics]
    cites = [
        (stance, actors.code(speaker), publishers.code(publisher), publishers.code(agency), *rest)
        for stance, speaker, publisher, agency, *rest in one.cites
    ]
    carried = [(each[carrier], each[-1]) for carrier in (2, 3) for each in cites]
    spoken = [(each[1], each[-1]) for each in cites]
    figures = [
        (things["metric"].code(metric), actors.code(attributed), known)
        for metric, attributed, known in one.figures
    ]
    archived = any(each[-2] for each in cites)
    made["has"] = [bool(figures) + archived * 2 + (place >= 0) * 4 + event["corrected"] * 8]
    rows: dict[str, Iterable[tuple[int, ...]]] = {
        "part": parts,
        "actor": [(actor,) for actor in sorted({actor for actor, _role in parts})],
        "topic": [(topic,) for topic in topics],
        "cite": cites,
        "publisher": _firsts(carried),
        "speaker": _firsts(spoken),
        "figure": figures,
        "step": sorted(map(tuple, one.steps), key=lambda step: step[0]),
    }
    for table, listed in rows.items():
        columns = zip(*listed, strict=True)
        for name, values in zip(TABLES[table], columns, strict=False):
            made[f"{table}.{name}"] = list(values)
    return made


_AS_READ = [
    *("key", "sort", "earliest", "latest", "minute", "day_order", "public_id", "updated"),
    *("precision", "importance", "verification"),
]
"""The columns of a document that are as they were read."""


def _month(day: int) -> int:
    on = date.fromordinal(day)
    return on.year * 12 + on.month - 1


def _firsts(rows: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Each value once, with the first of its days; those below 0 left out."""
    found: dict[int, int] = {}
    for value, day in rows:
        if value >= 0:
            found[value] = min(day, found.get(value, day))
    return sorted(found.items())


_DTYPES = {
    **COLUMNS,
    **dict.fromkeys(TABLES, "u4"),
    **{
        f"{table}.{name}": dtype
        for table, columns in TABLES.items()
        for name, dtype in columns.items()
    },
}
"""The arrays of a segment: columns, offsets of tables, columns of tables."""
