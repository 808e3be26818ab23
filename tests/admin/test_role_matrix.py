"""Every role against every address of the desk and every action, generated from the one table.

A new address, kind of record or action without an expectation here fails the last tests.
"""

from datetime import timedelta

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.utils import timezone

from tests.admin.conftest import event_data, signed_in
from tests.admin.sending import sent
from tests.make import (
    cite,
    make_actor,
    make_category,
    make_draft,
    make_event,
    make_metric,
    make_period,
    make_place,
    make_publisher,
    make_source,
    make_term,
    make_topic,
)
from timeline.admin import bulk
from timeline.editing import copies, events, releases, schedule
from timeline.editing.permissions import TABLE
from timeline.formats.releases import whole as packed
from timeline.models import Change, DatasetRelease, Event, SiteText, Version

# What a role may do is asked of Django alone; on one database, since the matrix is large.
pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
LIST = "/admin/timeline/event/"

MAKERS = {
    "actor": (make_actor, "name"),
    "category": (make_category, "name"),
    "metric": (make_metric, "label"),
    "period": (make_period, "title"),
    "place": (make_place, "name"),
    "publisher": (make_publisher, "name"),
    "source": (make_source, "title"),
    "term": (make_term, "words"),
    "topic": (make_topic, "name"),
    "sitetext": (
        lambda: SiteText.objects.create(key="about", language="en", markdown="Words."),
        "markdown",
    ),
}
"""Shared records and the field that a forged post changes."""
READ_ONLY = {"change": lambda: Change.objects.create(kind="changed", model="x", object_id=1)}
EVENTS = {"event"}
STORIES = {"story"}
"""In test_stories.py."""
RELEASES = {"datasetrelease"}
ACCOUNTS = {"user", "group"}
OPEN = {"index", "login", "logout", "password_change", "password_change_done", "jsi18n"}
"""Addresses that everybody who is signed in may open."""
OTHERS = {
    *("autocomplete", "app_list", "view_on_site", "worklists"),
    *("timeline_event_read_date", "timeline_event_similar", "timeline_event_versions"),
    "auth_user_password_change",
    # In test_glossary.py.
    "timeline_term_missing",
    # In test_links.py.
    *("timeline_event_read_link", "timeline_event_from_links", "timeline_event_from_link"),
    *("timeline_story_edition", "timeline_story_withdraw"),  # in test_stories.py
    # In test_imports.py.
    *("imports", "import_new", "import", "import_columns", "import_check", "import_decide"),
    *("import_apply", "import_drop", "import_past", "import_problems"),
}
"""Addresses with a test of their own below, or in the stock admin."""


def may(role, codename):
    return f"timeline.{codename}" in TABLE[role]


def cells(kinds):
    return [(role, kind) for role in TABLE for kind in kinds]


@pytest.mark.parametrize(("role", "kind"), cells(MAKERS))
def test_shared_records(role, kind):
    make, field = MAKERS[kind]
    thing = make()
    root, client = signed_in(), signed_in(role)
    base = f"/admin/timeline/{kind}/"
    page = f"{base}{thing.pk}/change/"
    view, add, change, delete = (
        may(role, f"{verb}_{kind}") for verb in ("view", "add", "change", "delete")
    )
    assert (client.get(base).status_code == 200) is (view or change)
    own, empty = client.get(page), client.get(f"{base}add/")
    assert (own.status_code == 200) is (view or change)
    assert (client.get(f"{base}{thing.pk}/history/").status_code == 200) is (view or change)
    assert (empty.status_code == 200) is add
    # Who is given no form forges that of somebody who is.
    data = sent(own if change else root.get(page))
    client.post(page, data | {field: "Forged words", "_save": "Save"})
    changed = type(thing).objects.get(pk=thing.pk)
    assert (getattr(changed, field) == "Forged words") is change
    before = type(thing).objects.count()
    fresh = sent(empty if add else root.get(f"{base}add/")) | {field: "Made up", "_save": "Save"}
    fresh |= {
        "actor": {"kind": "state"},
        "period": {"date": "2024"},
        "source": {"url": "https://example.org/made-up"},
    }.get(kind, {})
    fresh |= {
        "metric": {"code": "made-up"},
        "sitetext": {"key": "licence"},
        "term": {"kind": "topic", "original": "Other", "language": "ko"},
    }.get(kind, {})
    if kind == "source":
        fresh["publisher"] = thing.publisher_id
    client.post(f"{base}add/", fresh)
    assert (type(thing).objects.count() == before + 1) is add
    client.post(f"{base}{thing.pk}/delete/", {"post": "yes"})
    assert type(thing).objects.filter(pk=thing.pk).exists() is not delete


@pytest.mark.parametrize(("role", "kind"), cells(READ_ONLY))
def test_what_is_only_read(role, kind):
    thing = READ_ONLY[kind]()
    client = signed_in(role)
    base = f"/admin/timeline/{kind}/"
    view = may(role, f"view_{kind}")
    assert (client.get(base).status_code == 200) is view
    assert (client.get(f"{base}{thing.pk}/change/").status_code == 200) is view
    assert client.get(f"{base}add/").status_code == 403
    client.post(f"{base}{thing.pk}/change/", {"name": "Forged", "_save": "Save"})
    client.post(f"{base}{thing.pk}/delete/", {"post": "yes"})
    assert type(thing).objects.get(pk=thing.pk).name == ""


@pytest.mark.parametrize("role", TABLE)
def test_releases(role, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    make_event()
    made = releases.make(packed, timezone.now())
    make_event()
    client = signed_in(role)
    base = "/admin/timeline/datasetrelease/"
    page = f"{base}{made.pk}/change/"
    view, add = may(role, "view_datasetrelease"), may(role, "add_datasetrelease")
    assert not add or view
    for address in (base, page, f"{base}{made.pk}/history/"):
        assert (client.get(address).status_code == 200) is view
    assert (client.get(f"{base}add/").status_code == 200) is add
    client.post(page, {"note": "Forged", "_save": "Save"})
    client.post(f"{base}{made.pk}/delete/", {"post": "yes"})
    client.post(base, {"action": "delete_selected", "_selected_action": [made.pk], "post": "yes"})
    assert DatasetRelease.objects.get(number=1).note == ""
    client.post(f"{base}add/", {"note": "Mine.", "after": "1"})
    assert list(DatasetRelease.objects.values_list("by__username", flat=True)) == (
        [role.lower(), None] if add else [None]
    )


@pytest.mark.parametrize("role", TABLE)
def test_accounts(role):
    client, eve = signed_in(role), User.objects.create_user("eve", "", "x")
    held = {verb for verb in ("view", "add", "change") if f"auth.{verb}_user" in TABLE[role]}
    page = f"/admin/auth/user/{eve.pk}/"
    assert (client.get("/admin/auth/user/").status_code == 200) is ("view" in held)
    assert (client.get("/admin/auth/user/add/").status_code == 200) is ("add" in held)
    assert (client.get("/admin/auth/group/").status_code == 200) is (
        "auth.view_group" in TABLE[role]
    )
    boss = Group.objects.get(name="Administrator")
    client.post(
        f"{page}change/",
        {"username": "eve", "groups": [boss.pk], "is_superuser": "on", "is_active": "on"},
    )
    new = {"password1": "a-long-word-of-mine-91", "password2": "a-long-word-of-mine-91"}
    client.post(f"{page}password/", {**new, "usable_password": "true"})
    client.post(f"{page}delete/", {"post": "yes"})
    for url in ("change", "delete"):
        client.post(f"/admin/auth/group/{boss.pk}/{url}/", {"post": "yes", "name": "Forged"})
    assert Group.objects.get(pk=boss.pk).name == "Administrator"
    eve = User.objects.get(pk=eve.pk)
    assert eve.groups.exists() is ("change" in held)
    assert eve.check_password("x") is ("change" not in held)
    assert not eve.is_superuser


# --- Events ----------------------------------------------------------------------------------


def whole(**changes):
    event = make_draft(**changes)
    cite(event)
    return event


def gone():
    event = make_event(title="A withdrawn event")
    return events.withdraw([event], by=None, reason="Wrong.")[0]


def merged():
    keep, other = make_event(), make_event(title="A merged event")
    events.merge(keep, other, by=None)
    return Event.objects.get(pk=other.pk)


STATES = {
    "own draft": lambda user: whole(created_by=user),
    "another's draft": lambda _user: whole(),
    "in review": lambda user: whole(created_by=user, status="in_review"),
    "published": lambda _user: make_event(),
    "copy": lambda _user: copies.begin(make_event(), by=None),
    "own copy": lambda user: copies.begin(make_event(), by=user),
    "withdrawn": lambda _user: gone(),
    "merged": lambda _user: merged(),
}


def public():
    """All that readers can know of, in one value."""
    rows = Event.objects.exclude(published_at=None).order_by("pk")
    return [
        *rows.values_list("pk", "status", "title", "version", "category", "merged_into"),
        *Event.topics.through.objects.filter(event__in=rows).values_list("event", "topic"),
        *Version.objects.order_by("pk").values_list("sha256", "redacted_at"),
    ]


def forgeries(event, root):
    """Every request that could change what readers see, as (address, data)."""
    page = f"{LIST}{event.pk}/change/"
    form = sent(root.get(page, follow=True))
    forged = {"title": "Forged words", "publish_kind": "update", "version": "9"}
    soon = (timezone.localtime() + timedelta(minutes=1)).strftime("%Y-%m-%d %H:%M")
    for status in ("published", "withdrawn", "merged", "draft", "nonsense"):
        yield page, form | forged | {"status": status, "withdrawal_reason": "x", "_save": "1"}
    for extra in (
        {"_publish_changes": "1"},
        {"_publish_changes": "1", "release_kind": "minor", "release_note": "x"},
        {"publish_at": soon, "status": "published", "_save": "1"},
        {"publish_at": soon, "publish_by": "1", "_publish_changes": "1"},
        {"publish_at": "2020-01-01 00:00", "status": "in_review", "_continue": "1"},
        {"revises": str(event.revises_id or event.pk), "_publish_changes": "1"},
        {"_resolve": str(event.lock), "status": "published", "opened": "", "_save": "1"},
    ):
        yield page, form | forged | extra
    category, topic = make_category(), make_topic()
    other = make_event(title="Another public event")
    chosen = {"_selected_action": [event.pk, other.pk], "_apply": "1"}
    locks = {f"lock-{each.pk}": each.lock for each in (event, other)}
    given = {"withdraw": "Forged.", "set_category": category.pk, "add_topic": topic.pk}
    for action in [*(each.__name__ for each in bulk.EVENT_ACTIONS), "delete_selected"]:
        # Which one stays is asked by one action alone.
        for keep in (event.pk, other.pk) if action == "merge_events" else (event.pk,):
            data = {"action": action, "given": given.get(action, ""), "keep": keep, "post": "yes"}
            yield LIST, chosen | locks | data
            yield LIST, data | locks | {"_selected_action": [event.pk], "_apply": "1"}
    yield f"{LIST}{event.pk}/delete/", {"post": "yes"}
    yield f"{LIST}{event.pk}/versions/", {"number": "1"}
    yield (
        f"{LIST}add/",
        event_data(
            {"link": "https://example.org/forged", "stance": "reports"},
            category=category.pk,
            status="published",
            publish_at=soon,
        ),
    )


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("role", [role for role in TABLE if not may(role, "publish_event")])
def test_who_may_not_publish_changes_nothing_that_readers_see(role, state):
    client, root = signed_in(role), signed_in(name="boss")
    event = STATES[state](client.user)
    sends = list(forgeries(event, root))
    before = public()
    for address, data in sends:
        response = client.post(address, data)
        assert response.status_code < 500
        assert public() == before, (address, data)
    schedule.publish_due(timezone.now() + timedelta(days=1))
    assert public() == before


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("role", TABLE)
def test_who_opens_and_saves_events(role, state):
    client, root = signed_in(role), signed_in(name="boss")
    event = STATES[state](client.user)
    own = "own" in state or state == "in review"
    everything = may(role, "change_any_event")
    sees = everything or not may(role, "change_event") or own or state == "published"
    page = f"{LIST}{event.pk}/change/"
    copy = state in ("copy", "own copy")
    response = client.get(page)
    assert (response.status_code == 200) is sees
    assert (f"/admin/timeline/event/{event.pk}/" in client.get(LIST).content.decode()) is sees
    form = sent(root.get(page))
    client.post(page, form | {"title": "Other words", "summary": "Other words", "_save": "1"})
    written = Event.objects.filter(title="Other words", status__in=["draft", "in_review"]).exists()
    draft = state in ("own draft", "another's draft", "in review") or copy
    if draft:
        wanted = may(role, "change_event") and (own or everything)
    else:
        wanted = state == "published" and everything
    assert written is wanted
    event.refresh_from_db()
    if state == "withdrawn":
        assert (event.title == "Other words") is may(role, "publish_event")
    elif not draft:
        assert event.title != "Other words"
    versions = client.get(f"{LIST}{event.pk}/versions/")
    assert (versions.status_code == 200) is sees
    for small in (f"{LIST}read-date/?q=2024", f"{LIST}similar/?title=Something&date=2024"):
        assert client.get(small).status_code == 200


@pytest.mark.parametrize("role", TABLE)
def test_what_is_for_everybody(role):
    client = signed_in(role)
    for address in ("/admin/", "/admin/worklists/", "/admin/password_change/", "/admin/jsi18n/"):
        assert client.get(address).status_code == 200
    signed_out = type(client)()
    hidden = ("/admin/", "/admin/worklists/", LIST, f"{LIST}1/versions/")
    for address in (*hidden, "/admin/timeline/change/"):
        assert "/admin/login/" in signed_out.get(address)["Location"]


# --- Nothing is left out ---------------------------------------------------------------------


def test_every_kind_of_record_has_its_row():
    kinds = {model._meta.model_name for model in admin.site._registry}
    assert kinds == {*MAKERS, *READ_ONLY, *EVENTS, *STORIES, *RELEASES, *ACCOUNTS}


def test_every_address_has_its_test():
    stock = {"changelist", "add", "history", "delete", "change"}
    left = set()
    for pattern in admin.site.get_urls():
        for each in getattr(pattern, "url_patterns", [pattern]):
            name = each.name
            if name and name not in OPEN | OTHERS and name.rsplit("_", 1)[-1] not in stock:
                left.add(name)
    assert left == set()


def test_every_action_is_tried():
    actions = {each.__name__ for each in bulk.EVENT_ACTIONS}
    assert actions == {
        *("publish", "send_to_review", "withdraw", "set_category", "add_topic", "merge_events")
    }


def test_every_permission_is_in_a_role_or_for_superusers_only():
    everything = frozenset().union(*TABLE.values())
    assert "timeline.change_version" not in everything
    assert "timeline.delete_change" not in everything
    assert {each for each in everything if each.endswith("_event")} == {
        f"timeline.{verb}_event"
        for verb in ("view", "add", "change", "delete", "change_any", "publish", "merge", "import")
    }
