"""The site over HTTP as `manage.py serve` serves it: one reader, many readers, nasty readers.

    make bench
    BENCH_DATA=/somewhere pytest tests/bench/bench_server.py -s

Every page of one reader, and of many, is asked for the first time, so none comes from the bytes
kept before; a repeat is asked with its ETag. Many readers are wrk's (Debian: apt install wrk), on
the same processors as the server. A bare Django view on the same server, in the same run, is what
throughput is measured against. Nothing is asserted by wall clock.
"""

import json
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from contextlib import ExitStack

import pytest

from tests.bench import stand
from tests.figures import figure
from timeline.management.commands.serve import GRANIAN

READERS = 16
HALF_OPEN = 300
DRAW = """
import json, sys
from tests.bench import stand
stand.set_up()
from tests.bench.mix import address, mix
print(json.dumps([address(each) for each in mix(int(sys.argv[1]), seed=int(sys.argv[2]))]))
"""
# One thread of wrk counts through the requests, so that none is sent twice before all were.
SCRIPT = """
local requests = {}
for line in io.lines("%s") do
  local path, tag = line:match("^(%%S+)%%s*(.*)$")
  local headers = {["Accept-Encoding"] = "gzip", ["Host"] = "127.0.0.1"}
  if tag ~= "" then headers["If-None-Match"] = tag end
  requests[#requests + 1] = wrk.format("GET", path, headers)
end
local at = 0
request = function()
  at = at %% #requests + 1
  return requests[at]
end
done = function(summary, latency)
  io.write(string.format("found %%d %%d %%d %%d %%d %%d\\n", summary.requests, summary.duration,
    latency:percentile(50), latency:percentile(99), summary.errors.status,
    summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout))
end
"""


def drawn(data, count, seed):
    """Different addresses of the mix of a record."""
    written = stand.output(data, "-c", DRAW, str(count), str(seed))
    return list(dict.fromkeys(json.loads(written)))


def one_reader(addresses):
    """Pages over one connection, each for the first time; by milliseconds and ETag."""
    took, tags = [], {}
    with stand.Client(stand.PORT) as client:
        for address in addresses:
            (status, headers, _body), spent = stand.milliseconds(client.get, address)
            assert status == 200, (status, address)
            took.append(spent)
            tags[address] = headers["ETag"]
    return took, tags


def many_readers(port, folder, lines, seconds):
    """Requests a second of wrk, and how long they took."""
    requests, script = folder / "requests", folder / "script.lua"
    requests.write_text("".join(f"{line}\n" for line in lines))
    script.write_text(SCRIPT % requests)
    wrk = [
        "wrk",
        "-t1",
        f"-c{READERS}",
        f"-d{seconds}s",
        "--timeout=60s",
        f"-s{script}",
        f"http://127.0.0.1:{port}",
    ]
    said = subprocess.run(wrk, capture_output=True, text=True, check=True).stdout
    counts = [int(each) for each in said.rpartition("found ")[2].split()]
    sent, microseconds, p50, p99, refused, failed = counts
    assert not refused + failed, said
    row = {"a_second": round(sent / microseconds * 1e6, 1), "requests": sent}
    return row | {"p50": p50 / 1000, "p99": p99 / 1000}


def granian(application):
    """The server alone, without what the command checks before it."""
    options = (*GRANIAN, "--host=127.0.0.1", f"--port={stand.PORT + 1}")
    return [sys.executable, "-m", "granian", *options, application]


def nasty_readers(addresses):
    """Two slow downloads and 300 connections that never finish asking, beside one reader."""
    with ExitStack() as stack:
        for _ in range(HALF_OPEN):
            half = stack.enter_context(socket.create_connection(("127.0.0.1", stand.PORT)))
            half.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n")
        stop = threading.Event()
        slow = [threading.Thread(target=sip, args=(stop,)) for _ in range(2)]
        for each in slow:
            each.start()
        try:
            took, _tags = one_reader(addresses)
        finally:
            stop.set()
            for each in slow:
                each.join()
    return took


def sip(stop):
    """Read the largest page a few bytes at a time, and don't finish."""
    with socket.socket() as reader:
        reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        reader.connect(("127.0.0.1", stand.PORT))
        reader.sendall(b"GET /?page_size=200 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        while not stop.wait(0.05):
            reader.recv(64)


def test_server(data, tmp_path):
    asked = drawn(data, 200, 1)
    seconds = figure(5, 15)
    # Others than one reader's, and more than can be sent.
    fresh = [each for each in drawn(data, 400 * seconds, 2) if each not in set(asked)]
    began = time.perf_counter()
    rows, memory = {}, {}
    with stand.serving(data) as pid:
        start = round(time.perf_counter() - began, 2)
        took, tags = one_reader(asked)
        rows["one reader, new pages (ms)"] = stand.figures(took)
        beside, fresh = fresh[:200], fresh[200:]
        rows["beside nasty readers (ms)"] = stand.figures(nasty_readers(beside))
        if shutil.which("wrk"):
            many = many_readers(stand.PORT, tmp_path, fresh, seconds)
            assert many["requests"] < len(fresh), "Draw more: some pages were asked for twice."
            rows["new pages"] = many
            with stand.Client(stand.PORT) as client:
                assert all(client.get(page, tag)[0] == 304 for page, tag in [*tags.items()][:9])
            repeats = [f"{address} {tag}" for address, tag in tags.items()]
            rows["repeats (304)"] = many_readers(stand.PORT, tmp_path, repeats, seconds)
        memory = {str(each): stand.private_mb(each) for each in stand.workers(pid)}
    began = time.perf_counter()
    with stand.running(granian("config.wsgi:application"), stand.PORT + 1, data, path="/"):
        workers = round(time.perf_counter() - began, 2)
    if shutil.which("wrk"):
        bare_site = granian("tests.bench.bare:application")
        with stand.running(bare_site, stand.PORT + 1, data, path="/"):
            bare = many_readers(stand.PORT + 1, tmp_path, ["/"], seconds)
        for name in ("new pages", "repeats (304)"):
            rows[name]["of_bare"] = round(rows[name]["a_second"] / bare["a_second"], 3)
        rows["bare Django view"] = bare
    print(f"\nThe site over HTTP, {data}, {len(asked)} pages of the mix, {READERS} readers")
    print(f"start of serve to first answer: {start} s; of workers to first page: {workers} s")
    for name, row in (rows | memory).items():
        stand.show(name, row)
    starts = {"start_seconds": start, "workers_start_seconds": workers}
    found = {"rows": rows, "workers": memory, **starts, "cores": os.cpu_count()}
    stand.keep("server", found)
    if not shutil.which("wrk"):
        pytest.skip("throughput not measured: wrk is not at hand (Debian: apt install wrk)")
