"""`manage.py check_links` as cron runs it, against a web of its own."""

import datetime as dt
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from tests.changes import noted
from tests.intake import stand_in
from tests.intake.stand_in import answer
from tests.make import make_event, make_source
from timeline.editing import things
from timeline.intake import checking, fetching
from timeline.management.commands import check_links
from timeline.models import Event, Source, Version

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def web(monkeypatch, tmp_path, settings):
    settings.DATA_DIR = tmp_path
    settings.FETCH_LINKS = True
    monkeypatch.setattr(checking.time, "sleep", lambda _seconds: None)
    monkeypatch.setattr(checking, "PAUSE", 0.0)
    with stand_in.web() as stand:
        monkeypatch.setattr(fetching, "PUBLIC_NET", stand.net())
        yield stand


def run(**options):
    out = StringIO()
    call_command("check_links", stdout=out, **options)
    return out.getvalue()


def sources(count):
    return [make_source(url=f"http://paper{n}.example/{n}") for n in range(count)]


def test_links_are_checked_and_no_event_is_published_anew(web):
    source = make_source(url="http://paper.example/gone")
    event = make_event(sources=[source])
    web.pages["/gone"] = answer(404)
    before = Event.objects.get(pk=event.pk).version, Version.objects.count()
    with noted():
        assert "1 unclear" in run()
    yesterday = timezone.now() - dt.timedelta(days=2)
    Source.objects.filter(pk=source.pk).update(checked_at=yesterday, missed_since=yesterday.date())
    with noted():
        assert "Gone: http://paper.example/gone" in run()
    source.refresh_from_db()
    assert (source.link_state, source.missed) == ("dead", 2)
    assert (Event.objects.get(pk=event.pk).version, Version.objects.count()) == before
    assert (
        run() == "Checked 0 of 0 links: 0 work, 0 moved, 0 behind a paywall, 0 gone, 0 unclear.\n"
    )


def test_it_goes_on_where_it_stopped(web, monkeypatch):
    monkeypatch.setattr(check_links, "AT_ONCE", 3)
    made = sources(8)
    real, asked = fetching.ask, []

    def ask(url, **options):
        if len(asked) == 5:
            raise KeyboardInterrupt
        asked.append(url)
        return real(url, **options)

    monkeypatch.setattr(fetching, "ask", ask)
    with pytest.raises(KeyboardInterrupt):
        run()
    assert Source.objects.filter(checked_at__isnull=False).count() == 5
    monkeypatch.setattr(fetching, "ask", real)
    assert "Checked 3 of 3 links: 3 work" in run()
    assert len(web.requests) == len(made)


def test_the_oldest_come_first_and_few_when_asked(web):
    made = sources(4)
    now = timezone.now()
    for source, days in zip(made, (40, None, 90, 5), strict=True):
        if days is not None:
            checked = now - dt.timedelta(days=days)
            Source.objects.filter(pk=source.pk).update(checked_at=checked)
    run(limit=2)
    assert sorted(each.split(" ")[1] for each in web.requests) == ["/1", "/2"]
    web.requests.clear()
    run()
    assert [each.split(" ")[1] for each in web.requests] == ["/0"]
    web.requests.clear()
    run(older_than=3)
    assert [each.split(" ")[1] for each in web.requests] == ["/3"]


def test_one_site_only(web):
    for host in ("paper.example", "www.paper.example", "news.paper.example", "notpaper.example"):
        make_source(url=f"http://{host}/{host}")
    assert "Checked 3 of 3" in run(host="paper.example")
    assert not any("Host: notpaper" in each for each in web.requests)


def test_a_link_that_was_changed_meanwhile_is_left(web):
    source = make_source(url="http://paper.example/a")

    def change(connection):
        Source.objects.filter(pk=source.pk).update(url="http://paper.example/b")
        connection.sendall(answer())

    found = checking.due(timezone.now(), older_than=dt.timedelta(0))
    Source.objects.filter(pk=source.pk).update(url="http://paper.example/b")
    check_links._write([checking.look(each, today=timezone.localdate()) for each in found])
    source.refresh_from_db()
    assert source.checked_at is None
    assert len(web.requests) == 1


@pytest.mark.usefixtures("web")
def test_another_address_is_not_checked_yet():
    source = make_source(url="http://paper.example/a")
    run()
    source.refresh_from_db()
    assert source.link_state == "ok"
    source.url = "http://paper.example/b"
    things.store(source)
    source.refresh_from_db()
    assert (source.link_state, source.checked_at, source.missed) == ("unknown", None, 0)


def test_it_can_be_turned_off_and_runs_once_at_a_time(web, settings):
    with check_links._alone(), pytest.raises(CommandError, match="already"):
        run()
    settings.FETCH_LINKS = False
    with pytest.raises(CommandError, match="FETCH_LINKS"):
        run()
    assert web.requests == []
