"""Who may do what: one table, from which a migration makes the five groups.

A contributor writes own drafts of events and stories; an editor all drafts, the shared records,
their glossary and the periods; a publisher also publishes, withdraws, merges, imports and makes
releases of the data; an administrator also keeps users and the site's texts; an auditor reads
everything and changes nothing.
Superusers stand outside the table and can't be made by an administrator.
"""

from typing import Any

SHARED = ("actor", "source", "publisher", "place", "category", "topic", "metric")
"""Records that several events use."""

_VIEW = tuple(
    f"timeline.view_{model}" for model in ("event", *SHARED, "term", "story", "period", "sitetext")
)

CONTRIBUTOR = (
    *_VIEW,
    "timeline.add_event",
    "timeline.change_event",
    "timeline.delete_event",
    "timeline.add_actor",
    "timeline.add_source",
    "timeline.add_place",
    "timeline.add_publisher",
    "timeline.add_story",
    "timeline.change_story",
    "timeline.delete_story",
)
EDITOR = (
    *CONTRIBUTOR,
    "timeline.change_any_event",
    "timeline.change_any_story",
    *(
        f"timeline.{verb}_{model}"
        for model in (*SHARED, "term", "period")
        for verb in ("add", "change", "delete")
    ),
)
PUBLISHER = (
    *EDITOR,
    "timeline.publish_event",
    "timeline.publish_story",
    "timeline.merge_event",
    "timeline.merge_actor",
    "timeline.merge_source",
    "timeline.import_event",
    "timeline.view_importbatch",
    "timeline.add_datasetrelease",
    "timeline.view_datasetrelease",
)
ADMINISTRATOR = (
    *PUBLISHER,
    "timeline.add_sitetext",
    "timeline.change_sitetext",
    "timeline.delete_sitetext",
    "auth.view_user",
    "auth.add_user",
    "auth.change_user",
    "auth.view_group",
    "timeline.view_change",
)
AUDITOR = (
    *_VIEW,
    "auth.view_user",
    "auth.view_group",
    "timeline.view_change",
    "timeline.view_importbatch",
    "timeline.view_datasetrelease",
)

TABLE: dict[str, frozenset[str]] = {
    "Contributor": frozenset(CONTRIBUTOR),
    "Editor": frozenset(EDITOR),
    "Publisher": frozenset(PUBLISHER),
    "Administrator": frozenset(ADMINISTRATOR),
    "Auditor": frozenset(AUDITOR),
}


def write_groups(apps: Any, using: str) -> None:
    """Make the groups of ``TABLE`` and give each exactly its permissions.

    Called by a migration, where the permission rows may not exist yet: what is missing is made.
    """
    names = {}
    for permission in sorted(frozenset().union(*TABLE.values())):
        app, codename = permission.split(".")
        names[permission] = (app, codename.rsplit("_", 1)[1], codename)
    types = _kinds(apps, using, {(app, model) for app, model, _codename in names.values()})
    manager = apps.get_model("auth", "Permission").objects.using(using)
    known = {
        (row.content_type_id, row.codename): row
        for row in manager.filter(codename__in={codename for *_kind, codename in names.values()})
    }
    rows = {}
    for permission, (app, model, codename) in names.items():
        kind = types[app, model]
        rows[permission] = known.get((kind.pk, codename)) or manager.create(
            content_type=kind,
            codename=codename,
            name=f"Can {codename.replace('_', ' ')}",
        )
    groups = apps.get_model("auth", "Group").objects.using(using)
    for name, allowed in TABLE.items():
        group, _made = groups.get_or_create(name=name)
        group.permissions.set([rows[permission] for permission in sorted(allowed)])


def _kinds(apps: Any, using: str, wanted: set[tuple[str, str]]) -> dict[tuple[str, str], Any]:
    """The content type of each app and model."""
    manager = apps.get_model("contenttypes", "ContentType").objects.using(using)
    known = {(row.app_label, row.model): row for row in manager.all()}
    return {
        each: known.get(each) or manager.create(app_label=each[0], model=each[1])
        for each in sorted(wanted)
    }
