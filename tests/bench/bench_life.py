"""What the index costs beside its answers: building, its file, memory, following edits.

    make bench
    DATA_DIR=/somewhere SECRET_KEY=... python -m tests.bench.bench_life build|load|edits

Each is measured in a fresh program. ``edits`` changes the record, so its test copies it first; the
edits are those of tests/index/edits.py, through the editing room. Only following them is timed.
"""

import gc
import itertools
import os
import random
import sqlite3
import sys
import tempfile
import time
from pathlib import Path

from tests.bench import stand
from tests.figures import figure

EDITS = figure(100, 300)
ASKED = 20


def test_life(data, tmp_path):
    stand.run(data, "tests.bench.bench_life", "build")
    stand.manage(data, "index", "--write", "--since=0")  # unless a server has written it
    stand.run(data, "tests.bench.bench_life", "load")
    with (
        sqlite3.connect(f"file:{data / 'dateline.sqlite3'}?mode=ro", uri=True) as record,
        sqlite3.connect(tmp_path / "dateline.sqlite3") as copy,
    ):
        record.backup(copy)
    record.close()
    copy.close()
    stand.run(tmp_path, "tests.bench.bench_life", "edits")


def build():
    """Building from the database, and writing the file."""
    from timeline.index import edits, store

    before = stand.private_mb()["private_mb"]
    index, took = stand.milliseconds(edits.build)
    gc.collect()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "index.dateline"
        mark = store.mark(index.number)
        _, writing = stand.milliseconds(store.write, file, index.documents, mark)
        size = file.stat().st_size / 1e6
    return {
        "build": {"seconds": round(took / 1000, 2), "before_mb": before, **stand.private_mb()},
        "write the file": {"seconds": round(writing / 1000, 3), "mb": round(size, 1)},
    }


def load():
    """Loading the file, and what a program holds that loaded it and answered the mix."""
    from tests.bench.mix import mix
    from timeline.index import edits, live, store
    from timeline.index.answering import file

    before = stand.private_mb()["private_mb"]
    (documents, number), took = stand.milliseconds(store.read, file())
    loaded = stand.private_mb()
    live._index = edits.Index(documents, number)
    for selection in mix():
        live._index.answer(selection)
    gc.collect()
    return {
        "load the file": {"seconds": round(took / 1000, 3), "before_mb": before, **loaded},
        "after answering the mix": stand.private_mb(),
    }


def follow():
    """Following edits, one at a time."""
    from tests.bench.mix import mix
    from timeline.index import edits, oracle

    index = edits.build()
    for selection in (asked := mix(deep=False)):
        index.answer(selection)  # so that there are kept words to patch
    editor = _editor(random.Random(1))
    took, nothing, first = {}, [], []
    wrong = 0
    for number in range(EDITS):
        name = editor.edit()
        _, following = stand.milliseconds(index.catch_up)
        took.setdefault(name, []).append(following)
        nothing.append(stand.milliseconds(index.catch_up)[1])
        first.append(stand.milliseconds(index.answer, asked[number % len(asked)])[1])
    started = time.monotonic()
    checked = 0
    for selection in random.Random(2).sample(asked, ASKED):
        if time.monotonic() - started < stand.SECONDS:
            wrong += index.answer(selection) != oracle.answer(selection)
            checked += 1
    assert not wrong, f"{wrong} of {checked} answers are wrong after {EDITS} edits"
    every = [each for times in took.values() for each in times]
    slow = sorted(took, key=lambda name: -max(took[name]))[:5]
    return {
        "follow an edit": stand.figures(every),
        "see that nothing changed": stand.figures(nothing),
        "first answer after an edit": stand.figures(first),
        **{f"  slowest kind: {name}": stand.figures(took[name]) for name in slow},
        "answers equal to the ORM's": {"n": checked},
    }


def _editor(chance):
    """The editor of the tests, who reads all rows to choose one, taught to look up a key."""
    from tests import make
    from tests.index.edits import Editor

    make._number = itertools.count(10**9)  # made-up sources have the addresses below

    class Quick(Editor):
        def any(self, model, **wanted):
            rows = model.objects.filter(**wanted).order_by("pk")
            last = model.objects.order_by("pk").values_list("pk", flat=True).last()
            return rows.filter(pk__gte=self.chance.randint(1, last)).first() or rows.first()

    return Quick(chance)


def main():
    stand.set_up()
    from timeline.models import Event

    events = Event.objects.public().count()
    part = sys.argv[1]
    found = {"build": build, "load": load, "edits": follow}[part]()
    print(f"\nIndex, {part}, {events:,} public events (milliseconds where no unit is named)")
    for name, row in found.items():
        stand.show(name, row)
    stand.keep(f"life-{part}-{events}", found | {"cores": os.cpu_count()})


if __name__ == "__main__":
    main()
