"""The demo's export in the real TimelineJS, taken from npm and cut off from the network.

Part of `make prove`: it needs npm and a package registry, so it is collected with PROVE=1 only.
In every run tests/formats/test_timelinejs.py checks the same output by TimelineJS's rules.
"""

import functools
import http.server
import subprocess
import tarfile
import threading

import pytest

from tests.formats.test_timelinejs import ABOUT
from tests.loaded import demo_record
from timeline.formats.timelinejs import write_csv, write_json
from timeline.models import Event
from timeline.record import records

PAGE = """<!doctype html><meta charset="utf-8"><title>x</title>
<link rel="stylesheet" href="package/dist/css/timeline.css">
<div id="here" style="width:100%;height:800px"></div>
<script src="package/dist/js/timeline.js"></script>
<script>
const from = path => new URL(path, location.href).href;
window.made = new TL.Timeline("here", from(location.search.slice(1)), {
  script_path: from("package/dist/js/"),
  start_at_slide: Number(location.hash.slice(1)),
});
</script>
"""

WHAT_IT_SHOWS = """() => ({
  events: made.config.events.map(each => [
    each.unique_id, each.text.headline, each.start_date.data.year, each.start_date.data.month || "",
    each.start_date.data.day || "", each.display_date || ""]),
  markers: document.querySelectorAll(".tl-timemarker").length,
  slides: document.querySelectorAll(".tl-slide").length,
  message: document.querySelector(".tl-message-content")?.textContent || "",
})"""


@pytest.fixture(scope="session")
def package(tmp_path_factory):
    folder = tmp_path_factory.mktemp("timelinejs")
    subprocess.run(
        ["npm", "pack", "--silent", "@knight-lab/timelinejs@3.9.11"],
        cwd=folder,
        check=True,
        capture_output=True,
    )
    with tarfile.open(next(folder.glob("*.tgz"))) as archive:
        archive.extractall(folder, filter="data")
    (folder / "page.html").write_text(PAGE)
    return folder


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *arguments):
        pass


@pytest.fixture
def served(package):
    handler = functools.partial(Quiet, directory=package)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def demo():
    demo_record()
    events = records(Event.objects.public().order_by(*Event._meta.ordering))
    assert len(events) == 153
    return events


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "write"), [("own.json", write_json), ("own.csv", write_csv)])
def test_every_event_of_the_demo_is_shown(browser, package, served, demo, name, write):
    (package / name).write_text("".join(write(ABOUT, demo)), encoding="utf-8", newline="")
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.route(lambda address: not address.startswith(served), lambda route: route.abort())
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(f"{served}/page.html?{name}")
    page.wait_for_selector(".tl-timemarker", state="attached")
    shown = page.evaluate(WHAT_IT_SHOWS)
    said = [each[5] for each in shown["events"]]
    uncertain = next(number for number, words in enumerate(said) if words)
    page.goto("about:blank")
    page.goto(f"{served}/page.html?{name}#{uncertain + 1}")
    page.wait_for_selector(f'.tl-slide .tl-headline-date:has-text("{said[uncertain]}")')
    page.screenshot(path=package / f"{name}.png")
    page.close()
    assert not errors
    assert not shown["message"]
    assert len(shown["events"]) == shown["markers"] == 153
    assert shown["slides"] == 154, "every event and the title"
    assert sorted(each[1] for each in shown["events"]) == sorted(
        event.title.replace("&", "&amp;").replace("'", "&#x27;").replace('"', "&quot;")
        for event in demo
    )
    if name == "own.json":
        assert {each[0] for each in shown["events"]} == {event.public_id for event in demo}
