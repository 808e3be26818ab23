"""Who may do what: one table, from which a migration makes the five groups.

A contributor writes own drafts of events and stories; an editor all drafts, the shared records and
the periods; a publisher also publishes, withdraws, merges, imports and makes releases of the data;
an administrator also keeps users and the site's texts; an auditor reads everything and changes
nothing. Superusers stand outside the table and can't be made by an administrator.
"""

from typing import Any

SHARED = ("actor", "source", "publisher", "place", "category", "topic", "metric")
"""Records that several events use."""

_VIEW = tuple(
    f"timeline.view_{model}" for model in ("event", *SHARED, "story", "period", "sitetext")
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
        for model in (*SHARED, "period")
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
    group_model = apps.get_model("auth", "Group")
    permission_model = apps.get_model("auth", "Permission")
    type_model = apps.get_model("contenttypes", "ContentType")
    for name, allowed in TABLE.items():
        group, _made = group_model.objects.using(using).get_or_create(name=name)
        permissions = []
        for permission in sorted(allowed):
            app, codename = permission.split(".")
            model = codename.rsplit("_", 1)[1]
            kind, _made = type_model.objects.using(using).get_or_create(app_label=app, model=model)
            row, _made = permission_model.objects.using(using).get_or_create(
                content_type=kind,
                codename=codename,
                defaults={"name": f"Can {codename.replace('_', ' ')}"},
            )
            permissions.append(row)
        group.permissions.set(permissions)
