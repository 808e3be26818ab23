"""The form of a published thing, which writes its working copy: keys of rows change hands here.

A form that was opened on the public event or story names its rows; what is sent must name the
copy's. The same holds for a form whose copy was published or discarded meanwhile. Knows words and
keys only; revising.py decides what follows.
"""

import re
from collections.abc import Mapping

from django.http import QueryDict

from timeline.admin.conflict import Joined
from timeline.admin.snapshots import Snapshot, Words

Keys = Mapping[str, Mapping[str, int]]
"""For each kind of row, the keys of the thing's rows and of those that the copy made of them."""

_OWNER = {
    **dict.fromkeys(("citations", "participations", "figures", "translations"), "event"),
    **dict.fromkeys(("steps", "periods"), "story"),
    "relations": "from_event",
}
"""For each kind of row, the field that names the event or the story that it belongs to."""
_KEYED = re.compile(rf"({'|'.join(_OWNER)})-\d+-(\w+)")
_MEANS = {"citation": "citations", "superseded_by": "figures"}

Sent = list[tuple[str, bool, Words]]


def renamed_post(post: QueryDict, keys: Keys, copy: int) -> QueryDict:
    """What was sent for a thing's rows, as if it had been sent for its copy's.

    A row that the copy doesn't have loses its key, so that it stands as a new one.
    """
    data = post.copy()
    known = {name: set(map(str, held.values())) for name, held in keys.items()}
    for name in list(data):
        match = _KEYED.fullmatch(name)
        if match is None:
            continue
        prefix, field = match.groups()
        value = data[name]
        if field == _OWNER[prefix]:
            data[name] = str(copy)
            continue
        kind = prefix if field == "id" else _MEANS.get(field)
        if kind is None:
            continue
        if value and value not in known[kind]:
            data[name] = str(keys[kind].get(str(value), ""))
    return data


def renamed(snapshot: Snapshot, keys: Keys) -> Snapshot:
    """A snapshot of the thing's form with the copy's keys; rows that only the thing has stay."""

    def words(row: Words) -> Words:
        made = dict(row)
        for field, kind in _MEANS.items():
            if field in made:
                made[field] = [str(keys[kind].get(each, each)) for each in made[field]]
        return made

    rows = {
        prefix: {str(keys[prefix].get(key, key)): words(row) for key, row in held.items()}
        for prefix, held in snapshot.get("rows", {}).items()
    }
    return {"form": snapshot.get("form", {}), "rows": rows}


def own_rows(sent: Mapping[str, Sent], was: Snapshot, now: Snapshot) -> dict[str, Sent]:
    """Rows that only the copy has: nobody else can have changed them."""
    return {
        prefix: [
            row
            for row in rows
            if row[0]
            and row[0] not in was["rows"].get(prefix, {})
            and row[0] not in now["rows"].get(prefix, {})
        ]
        for prefix, rows in sent.items()
    }


def settle_rows(made: Joined, sent: Mapping[str, Sent], own: Mapping[str, Sent]) -> None:
    """Let the joined rows name the copy's rows, each of them once, and what is gone be removed."""
    for prefix, rows in made.rows.items():
        there = {key: words for key, _removed, words in sent[prefix] if key}
        kept: Sent = []
        for key, removed, words in rows:
            if key and key not in there:
                if not removed:
                    kept.append(("", False, words))  # added to the thing meanwhile
                continue
            kept.append((key, removed, words))
        kept += own[prefix]
        named = {key for key, _removed, _words in kept}
        for key, words in there.items():
            if key in named:
                continue
            as_new = ("", False, words)
            if as_new in kept:
                kept[kept.index(as_new)] = (key, False, words)
            else:
                kept.append((key, True, words))
        made.rows[prefix] = sorted(kept, key=lambda row: not row[0])
