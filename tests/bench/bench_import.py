"""How long many rows take on their way in: reading the file, checking it, writing all or nothing.

make bench
PROVE=1 pytest tests/bench/bench_import.py -s -o python_files="bench_*.py"
"""

import datetime as dt
import time
from itertools import pairwise

import pytest

from tests.faults.test_imports import sheet
from tests.figures import figure
from timeline.intake import pipeline, readers
from timeline.intake.collecting import without_collecting
from timeline.models import Event

ROWS = figure(5_000, 50_000)


@pytest.mark.django_db(transaction=True)
def test_many_rows(tmp_path):
    """The project's own CSV, each row with a source of its own."""
    content = sheet(tmp_path / "many.csv", ROWS).read_bytes()
    moments = [now()]
    with without_collecting():
        read = readers.named("dateline-csv").read(content)
        moments.append(now())
        plan = pipeline.plan(read, by=None, today=dt.date(2026, 11, 26))
        moments.append(now())
        pipeline.apply(plan, by=None)
        moments.append(now())
    assert Event.objects.count() == ROWS
    steps = [(later[0] - sooner[0], later[1] - sooner[1]) for sooner, later in pairwise(moments)]
    named = zip(("read", "checked", "written"), steps, strict=True)
    print(
        f"\n{ROWS:,} rows, by the clock (processor):",
        *(f"{name} {clock:.1f} ({busy:.1f}) s" for name, (clock, busy) in named),
    )


def now():
    """By the clock, and what of it the processor was at work for this program."""
    return time.perf_counter(), time.process_time()
