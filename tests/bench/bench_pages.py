"""What the public pages weigh and cost, over the demo: sizes as sent, and times as ratios.

Times are quoted beside a bare view of the same run, because machines are shared; nothing is
asserted by wall clock. Run with `make bench`; prints a table and writes pages.json beside this
file.
"""

import gzip
import json
import re
import statistics
import time
from pathlib import Path

import pytest
from django.test import Client

from tests.figures import figure
from timeline.demo.load import load
from timeline.models import Event
from timeline.web.cached import kept

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parent.parent.parent
PAGES = {
    "list of 50": "/",
    "filtered list": "/?actor=north-korea&year=2024",
    "compact list": "/?view=compact",
    "chart": "/chart/",
    "map": "/map/",
    "map of its places": "/map/?actor=north-korea&year=2024&area=fit",
    "search": "/?q=kursk",
    "actor": "/actors/north-korea/",
    "sources": "/sources/",
    "about": "/about/",
    "refused": "/?year=0",
}


def times(client, address, rounds):
    """Median and p95 of one page in milliseconds."""
    took = []
    for _round in range(rounds):
        kept.forget()  # or the bytes of the first round would be sent again
        started = time.perf_counter()
        client.get(address)
        took.append((time.perf_counter() - started) * 1000)
    took.sort()
    return statistics.median(took), took[int(len(took) * 0.95)]


def test_pages():
    load()
    client = Client(headers={"accept-encoding": "gzip"})
    event = Event.objects.public().order_by("public_id")[0]
    rounds = figure(12, 60)
    times(client, "/robots.txt", rounds)
    bare, _p95 = times(client, "/robots.txt", rounds)
    rows = []
    for name, address in {**PAGES, "event": event.get_absolute_url()}.items():
        response = client.get(address)
        html = gzip.decompress(response.content).decode()
        median, p95 = times(client, address, rounds)
        rows.append(
            {
                "page": name,
                "html_kb": round(len(response.content) / 1024, 1),
                "elements": len(re.findall(r"<[a-zA-Z]", html)),
                "median_ms": round(median, 1),
                "p95_ms": round(p95, 1),
                "bare_views": round(median / bare),
            }
        )
    weights = {
        path.name: round(len(gzip.compress(path.read_bytes())) / 1024, 1)
        for path in (*ROOT.glob("static/css/*.css"), *ROOT.glob("static/js/*.mjs"))
    }
    print()
    for row in rows:
        print("  ".join(f"{key} {value}" for key, value in row.items()))
    print(weights)
    found = {"pages": rows, "gzip_kb": weights, "bare_view_ms": round(bare, 2)}
    Path(__file__).with_name("pages.json").write_text(json.dumps(found, indent=1))
