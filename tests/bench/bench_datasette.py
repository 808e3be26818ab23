"""The site against Datasette, the usual way to publish a table with facets: both over HTTP.

    make bench
    BENCH_DATA=/somewhere pytest tests/bench/bench_datasette.py -s

Datasette, pinned and with its default limits, gets a flat table of the same public events, indexed
and with full text, and is installed outside the project. Both are asked for the same pages of 50
with the same facets, in turns, each page for the first time. What Datasette can't say (any of
several in a list, a stance with its speaker, who stands in which role, the next page by our cursor)
is left out and counted. Ours answers with a whole page of HTML and the sources of every event, and
with JSON of the same fields and facets; Datasette with JSON of the table's columns. It is also
asked with six facets only and without its suggestions, to its advantage. Totals must agree where no
words are searched: words are split otherwise there, and ours are looked for in names and sources
too.
"""

import gzip
import json
import os
import sqlite3
import statistics
import subprocess
import sys
import time
from urllib.parse import parse_qsl, urlencode

import pytest

from tests.bench import stand

VERSION = "0.65.5"
COLUMNS = ("year", "category", "country", "verification", "importance")
LISTS = {
    "actor": "SELECT event_id, actor_id FROM record.timeline_participation",
    "topic": "SELECT event_id, topic_id FROM record.timeline_event_topics",
    "place": "SELECT id, place_id FROM record.timeline_event WHERE place_id IS NOT NULL",
    "speaker": "SELECT event_id, speaker_id FROM record.timeline_citation "
    "WHERE speaker_id IS NOT NULL",
    "publisher": "SELECT event_id, publisher_id FROM record.timeline_citation c "
    "JOIN record.timeline_source s ON s.id = c.source_id "
    "UNION SELECT event_id, agency_id FROM record.timeline_citation c "
    "JOIN record.timeline_source s ON s.id = c.source_id WHERE agency_id IS NOT NULL",
    "metric": "SELECT event_id, metric_id FROM record.timeline_figure",
}
"""Facets of several values an event, as pairs of the keys of an event and a thing."""
PLAIN_LISTS = {
    "role": "SELECT event_id, role FROM record.timeline_participation",
    "stance": "SELECT event_id, stance FROM record.timeline_citation",
    "language": "SELECT event_id, language FROM record.timeline_citation c "
    "JOIN record.timeline_source s ON s.id = c.source_id",
    "has": "SELECT event_id, 'figures' FROM record.timeline_figure "
    "UNION SELECT id, 'place' FROM record.timeline_event WHERE place_id IS NOT NULL "
    "UNION SELECT event_id, 'archive' FROM record.timeline_citation c "
    "JOIN record.timeline_source s ON s.id = c.source_id WHERE archive_url > ''",
}
TREES = ("actor", "speaker", "place")
NAMES = {**{name: (name, "slug") for name in LISTS}, "speaker": ("actor", "slug")}
NAMES["metric"] = ("metric", "code")
FEW = ("year", "category", "country", "actor", "topic", "publisher")


def test_datasette(data, tmp_path):
    program = tmp_path / "venv" / "bin" / "datasette"
    subprocess.run([sys.executable, "-m", "venv", tmp_path / "venv"], check=True)
    wanted = f"datasette=={VERSION}"
    install = [program.with_name("pip"), "install", "--quiet", wanted]
    done = subprocess.run(install, check=False, capture_output=True, text=True)
    if done.returncode:
        pytest.skip(f"not measured: {wanted} can't be installed: {done.stderr[-200:]}")
    flat = tmp_path / "flat.db"
    _, took = stand.milliseconds(flatten, data / "dateline.sqlite3", flat)
    print(f"\nflat table for Datasette made in {took / 1000:.1f} s, {flat.stat().st_size:,} bytes")
    port = stand.PORT + 2
    command = [program, "serve", "-i", flat, "-h", "127.0.0.1", "-p", str(port)]
    with (
        stand.running(command, port, tmp_path, path="/-/versions.json"),
        stand.serving(data),
    ):
        stand.run(data, "tests.bench.bench_datasette", str(port))


# --- The table -------------------------------------------------------------------------------


def flatten(record, flat):
    """One row an event: its columns, and lists as JSON, with ancestors as ours count them."""
    lists = (*LISTS, *PLAIN_LISTS)
    with sqlite3.connect(flat) as database:
        run = database.execute
        run("ATTACH ? AS record", [f"{record}"])
        run("PRAGMA synchronous = OFF")
        columns = ", ".join(f'"{name}" TEXT' for name in (*COLUMNS[1:], *lists))
        run(
            "CREATE TABLE events (id INTEGER PRIMARY KEY, public_id TEXT, title TEXT, "
            f"summary TEXT, sort_date TEXT, earliest TEXT, latest TEXT, year INTEGER, {columns})"
        )
        run(
            "INSERT INTO events (id, public_id, title, summary, sort_date, earliest, latest, year, "
            "category, country, verification, importance) "
            "SELECT e.id, e.public_id, e.title, e.summary, e.sort_date, e.earliest, e.latest, "
            "CAST(substr(e.sort_date, 1, 4) AS INTEGER), c.slug, p.country, e.verification, "
            "e.importance FROM record.timeline_event e "
            "LEFT JOIN record.timeline_category c ON c.id = e.category_id "
            "LEFT JOIN record.timeline_place p ON p.id = e.place_id WHERE e.status = 'published'"
        )
        for name in lists:
            run("CREATE TEMP TABLE pairs (event INTEGER, value TEXT)")
            run(f"INSERT INTO pairs {_pairs(name)}")
            run("CREATE INDEX temp.by_event ON pairs (event)")
            run(
                f'UPDATE events SET "{name}" = (SELECT json_group_array(value) FROM '
                "(SELECT DISTINCT value FROM pairs WHERE event = events.id))"
            )
            run("DROP TABLE pairs")
        for name in ("sort_date", "earliest", "latest", *COLUMNS):
            run(f'CREATE INDEX "by_{name}" ON events ("{name}")')
        run(
            "CREATE VIRTUAL TABLE events_fts USING fts5("
            "title, summary, content='events', content_rowid='id')"
        )
        run("INSERT INTO events_fts (events_fts) VALUES ('rebuild')")
        database.commit()
        run("ANALYZE")
    database.close()


def _pairs(name):
    if name in PLAIN_LISTS:
        return PLAIN_LISTS[name]
    table, column = NAMES[name]
    things = f"record.timeline_{table}"
    # Without a tree a thing is only below itself.
    above = "UNION SELECT below, parent_id FROM up JOIN {0} t ON t.id = above WHERE parent_id > 0"
    return (
        f"WITH RECURSIVE up(below, above) AS (SELECT id, id FROM {things} "
        f"{above.format(things) if name in TREES else ''}), p(event, thing) AS ({LISTS[name]}) "
        f"SELECT event, {column} FROM p JOIN up ON below = thing JOIN {things} t ON t.id = above"
    )


# --- The questions ---------------------------------------------------------------------------


def theirs(selection, *, few):
    """The address of a selection's page at Datasette; None where it can't be asked."""
    asked = _filters(selection)
    if asked is None:
        return None
    facets = FEW if few else (*COLUMNS, *LISTS, *PLAIN_LISTS)
    for name in facets:
        asked.append(("_facet" if name in COLUMNS else "_facet_array", name))
    asked += [("_facet_size", "20"), ("_size", "50")]
    asked.append(("_sort" if selection.sort == "date" else "_sort_desc", "sort_date"))
    if few:
        asked.append(("_nosuggest", "1"))
    return f"/flat/events.json?{urlencode(asked)}"


def _filters(selection):
    if selection.cursor or selection.sort == "-updated" or selection.exact:
        return None
    asked = [("_search", selection.q)] if selection.q else []
    for level in selection.levels():
        cited = [each for each in ("speaker", "publisher", "language") if level.chosen(each)]
        if (level.stance and cited) or level.role or level.year.exclude or len(cited) > 1:
            return None
        if len(level.year.include) > 1 or level.source:
            return None
        first = level.from_.earliest if level.from_ else None
        last = level.to.latest if level.to else None
        for year in level.year.include:
            asked += _between(f"{year}-01-01", f"{year}-12-31", certainly=selection.certainly)
        asked += _between(first, last, certainly=selection.certainly)
        for name in COLUMNS[1:]:
            if values := level.chosen(name).include:
                asked.append((f"{name}__in", ",".join(values)))
            if values := level.chosen(name).exclude:
                asked.append((f"{name}__notin", ",".join(values)))
        for name in (*LISTS, *PLAIN_LISTS):
            choice = level.chosen(name)
            every = name == "actor" and level.actors_all
            if len(choice.include) > 1 and not every:
                return None
            asked += [(f"{name}__arraycontains", value) for value in choice.include]
            asked += [(f"{name}__arraynotcontains", value) for value in choice.exclude]
    return asked


def _between(first, last, *, certainly):
    if certainly:
        bounds = [("earliest__gte", first), ("latest__lte", last)]
    else:
        bounds = [("latest__gte", first), ("earliest__lte", last)]
    return [(name, str(day)) for name, day in bounds if day]


_FIELDS = (
    *("public_id", "title", "summary", "date", "sort_date", "earliest", "latest", "category"),
    *("topics", "place", "importance", "verification", "participations", "citations", "figures"),
)


def as_json(selection, facets):
    """The address of ours that answers with the table's columns and the facets, as JSON."""
    from tests.bench.mix import PRESETS
    from timeline.browse.links import query_of

    pairs = parse_qsl(query_of(selection))
    if selection.within:
        named = {name for name, _value in pairs}
        for name in (*PRESETS, "year"):
            values = selection.within.chosen(name).include
            if values and name in named:
                return None  # both would mean "or"
            pairs += [(name, value) for value in values]
    pairs += [("facets", ",".join(facets)), ("fields", ",".join(_FIELDS))]
    return f"/api/v1/events?{urlencode(pairs)}"


# --- The race --------------------------------------------------------------------------------


def measure(port):
    from tests.bench.mix import address, mix
    from timeline.index import FACETS, answer

    selections = list({address(each): each for each in mix()}.values())
    able = [each for each in selections if theirs(each, few=False)]
    took = {"ours": {}, "ours as JSON": {}, "Datasette": {}, "Datasette, six facets": {}}
    missing, lacking, refused, totals = 0, 0, 0, 0
    until = time.monotonic() + 2 * stand.SECONDS
    for at, selection in enumerate(able):
        if time.monotonic() > until:
            break
        turns = [
            ("ours", stand.PORT, address(selection)),
            ("ours as JSON", stand.PORT, as_json(selection, FACETS)),
            ("Datasette", port, theirs(selection, few=False)),
            ("Datasette, six facets", port, theirs(selection, few=True)),
        ]
        for name, at_port, path in turns[at % 4 :] + turns[: at % 4]:
            if path is None:
                continue
            # Datasette ends a connection that was quiet for five seconds.
            with stand.Client(at_port) as client:
                (status, headers, body), spent = stand.milliseconds(client.get, path)
            if at_port == stand.PORT:
                assert status == 200, (status, path)
                if name == "ours as JSON":
                    told = gzip.decompress(body) if headers["Content-Encoding"] else body
                    assert json.loads(told)["count"] == answer(selection).total, path
            elif status != 200:
                refused += 1
                continue
            took[name][at] = spent
            if name == "Datasette":
                found = json.loads(body)
                facets = len(COLUMNS) + len(LISTS) + len(PLAIN_LISTS)
                gone = facets - len(found["facet_results"])
                missing, lacking = missing + gone, lacking + bool(gone)
                count = found["filtered_table_rows_count"]
                if not selection.q and count is not None:
                    total = answer(selection).total
                    assert count == total, f"{count} there, {total} here: {path}"
                    totals += 1
    counts = {
        "asked": len(took["ours"]),
        "can't be asked": len(selections) - len(able),
        "refused by Datasette": refused,
        "facets missing": missing,
        "pages lacking a facet": lacking,
        "totals compared, all equal": totals,
    }
    return took, counts


def main():
    stand.set_up()
    took, counts = measure(int(sys.argv[1]))
    from timeline.models import Event

    events = Event.objects.public().count()
    print(f"\nThe site and Datasette {VERSION} over HTTP, {events:,} public events, milliseconds")
    rows = {name: stand.figures(times.values()) for name, times in took.items()}
    ratios = {
        f"{name} to {ours}": round(
            statistics.median(times[at] / took[ours][at] for at in times if at in took[ours]),
            1,
        )
        for name, times in took.items()
        for ours in ("ours", "ours as JSON")
        if name != ours and name != "ours"
    }
    for name, row in rows.items():
        stand.show(name, row)
    print(f"median ratios: {ratios}")
    print(counts)
    found = {"ms": rows, "median_ratio": ratios, "counts": counts, "cores": os.cpu_count()}
    stand.keep(f"datasette-{events}", found)


if __name__ == "__main__":
    main()
