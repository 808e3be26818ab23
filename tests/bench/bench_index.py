"""The index against the plain ORM: the same answers, and how long each takes.

    make bench
    DATA_DIR=/somewhere SECRET_KEY=... BENCH_SECONDS=600 python -m tests.bench.bench_index

Both are asked the selections of the mix in turns, the order rotated, and every field of every
answer is compared; a wrong one fails the run. The ORM is asked until its seconds are spent (none
with BENCH_SECONDS=0), then the index alone. The index is asked in four states: the same question
again; a new question whose words were searched before; a new question with new words; and as the
first question after an edit. Then it is asked all of them as known on a past day: each on a day
that wasn't asked for before, and all on one day.
"""

import dataclasses
import datetime as dt
import gc
import os
import random
import statistics
import time

from tests.bench import stand

CHANCE = random.Random(1)


def nothing(_index):
    """Everything is as the same question left it."""


def findings(index):
    index.resolver._kept.clear()


def findings_and_words(index):
    findings(index)
    index.words._kept.clear()


def as_after_an_edit(index):
    """An event is read and taken in anew, as after an edit of it."""
    documents = index.documents
    doc = CHANCE.randrange(documents.core.length)
    index._follow_events([int(documents.core.array("key")[doc])])
    index.resolver.forget(1, documents.touched())


FORGETTING = {
    "same question again": nothing,
    "new question, known words": findings,
    "new question, new words": findings_and_words,
    "first question after an edit": as_after_an_edit,
}
ORM = "plain ORM"
AGAINST = "new question, known words"


def test_index(data):
    stand.run(data, "tests.bench.bench_index")


def differing(page, plain):
    """Names of the fields in which two answers differ."""
    for field in dataclasses.fields(plain):
        if getattr(page, field.name) != getattr(plain, field.name):
            yield field.name


def measure():
    from tests.bench.mix import mix
    from timeline.index import live, oracle

    selections = mix()
    live.state()
    index = live._index
    assert index is not None, live.trouble
    for selection in selections:
        index.answer(selection)
    took = {name: {} for name in (*FORGETTING, ORM)}
    until = time.monotonic() + stand.SECONDS
    for at, selection in enumerate(selections):
        answers = {}
        turns = [*took]
        for name in turns[at % len(turns) :] + turns[: at % len(turns)]:
            if name == ORM:
                if time.monotonic() < until:
                    answers[name], took[name][at] = stand.milliseconds(oracle.answer, selection)
                    gc.collect()  # what the ORM left behind is not the index's to clear away
                continue
            index.answer(selection)
            FORGETTING[name](index)
            answers[name], took[name][at] = stand.milliseconds(index.answer, selection)
        first = answers.pop(AGAINST)
        for name, answer in answers.items():
            wrong = list(differing(first, answer))
            assert not wrong, f"{name} answers {selection} otherwise: {wrong}"
    return len(index.documents.live), selections, took


def measure_days(selections):
    """How long the selections take as known on a past day, new each time and always the same."""
    from timeline.index import live

    index, chance = live._index, random.Random(1)
    took = {"a past day, new": {}, "a past day, asked before": {}}
    for name, times in took.items():
        for at, selection in enumerate(selections):
            day = dt.date(2026, 11, 1) - dt.timedelta(days=int(chance.expovariate(1 / 8_000)))
            if name == "a past day, new":
                index._then.clear()
            else:
                day = dt.date(2010, 1, 1)
            then = selection._replace(cursor=None, known_by=day)
            _page, times[at] = stand.milliseconds(index.answer, then)
    return took


def ratios(took):
    """How many times longer the ORM takes, over the selections that it was asked."""
    both = [(took[AGAINST][at], plain) for at, plain in took[ORM].items()]
    ours, plain = (stand.figures(times) for times in zip(*both, strict=True))
    return {
        "median_of_ratios": round(statistics.median(slow / fast for fast, slow in both), 1),
        "p95_to_p95": round(plain["p95"] / ours["p95"], 1),
        "n": len(both),
    }


def main():
    stand.set_up()
    events, selections, took = measure()
    print(f"\nIndex and plain ORM, {events:,} public events, milliseconds")
    took |= measure_days(selections)
    rows = {name: stand.figures(times.values()) for name, times in took.items() if times}
    for name, row in rows.items():
        stand.show(name, row)
    found = {"events": events, "ms": rows, "cores": os.cpu_count()}
    if took[ORM]:
        found["orm_to_index"] = ratios(took)
        stand.show("ORM / index", found["orm_to_index"])
    slowest = sorted(took[AGAINST], key=lambda at: -took[AGAINST][at])[:3]
    from timeline.browse.links import query_of

    for at in slowest:
        print(f"  slowest: {took[AGAINST][at]:.1f} ms  {query_of(selections[at])[:110]}")
    stand.keep(f"index-{events}", found)


if __name__ == "__main__":
    main()
