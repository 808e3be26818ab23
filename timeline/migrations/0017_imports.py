"""Imports and external ids; publishers may import, auditors look at past imports."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import timeline.models.fields
from timeline.editing.permissions import write_groups


def make_groups(apps, schema_editor):
    write_groups(apps, schema_editor.connection.alias)


class Migration(migrations.Migration):
    dependencies = [
        ("timeline", "0016_source_of_publisher"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="SavedMapping",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "name",
                    timeline.models.fields.LineField(
                        max_length=80, unique=True, verbose_name="name"
                    ),
                ),
                ("mapping", models.JSONField()),
            ],
            options={
                "verbose_name": "saved mapping",
                "verbose_name_plural": "saved mappings",
                "ordering": ["name"],
                "default_permissions": (),
            },
        ),
        migrations.AlterModelOptions(
            name="event",
            options={
                "ordering": ["-sort_date", "-latest", "-minute", "-day_order", "-public_id"],
                "permissions": [
                    ("change_any_event", "Can change drafts of others"),
                    ("publish_event", "Can publish, withdraw and change published events"),
                    ("merge_event", "Can merge events"),
                    ("import_event", "Can import events"),
                ],
                "verbose_name": "event",
                "verbose_name_plural": "events",
            },
        ),
        migrations.CreateModel(
            name="ImportBatch",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(auto_now_add=True, verbose_name="at")),
                ("format", models.CharField(max_length=40, verbose_name="format")),
                (
                    "name",
                    timeline.models.fields.LineField(
                        blank=True, default="", max_length=200, verbose_name="file"
                    ),
                ),
                ("sha256", models.CharField(blank=True, default="", max_length=64)),
                ("created", models.PositiveIntegerField(default=0, verbose_name="new")),
                ("updated", models.PositiveIntegerField(default=0, verbose_name="changed")),
                ("same", models.PositiveIntegerField(default=0, verbose_name="left as they are")),
                ("refused", models.PositiveIntegerField(default=0, verbose_name="left out")),
                ("decisions", models.JSONField(default=dict)),
                (
                    "by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
            ],
            options={
                "verbose_name": "import",
                "verbose_name_plural": "imports",
                "ordering": ["-pk"],
                "default_permissions": ("view",),
            },
        ),
        migrations.CreateModel(
            name="ImportedEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("lock", models.PositiveIntegerField()),
                ("fingerprint", models.CharField(max_length=64)),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="imported",
                        to="timeline.importbatch",
                    ),
                ),
                (
                    "event",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="imported",
                        to="timeline.event",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.AddField(
            model_name="importbatch",
            name="events",
            field=models.ManyToManyField(
                related_name="imports", through="timeline.ImportedEvent", to="timeline.event"
            ),
        ),
        migrations.CreateModel(
            name="ExternalId",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "system",
                    timeline.models.fields.LineField(
                        help_text="Such as acled.", max_length=60, verbose_name="system"
                    ),
                ),
                ("value", timeline.models.fields.LineField(max_length=200, verbose_name="id")),
                (
                    "url",
                    timeline.models.fields.LinkField(
                        blank=True, default="", max_length=2000, verbose_name="link"
                    ),
                ),
                (
                    "event",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="external_ids",
                        to="timeline.event",
                    ),
                ),
            ],
            options={
                "verbose_name": "external id",
                "verbose_name_plural": "external ids",
                "ordering": ["system", "value", "pk"],
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("system", "value"),
                        name="external_id_once",
                        violation_error_message="Another event has this external id.",
                    )
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="importedevent",
            constraint=models.UniqueConstraint(
                fields=("batch", "event"), name="imported_once_a_batch"
            ),
        ),
        migrations.RunPython(make_groups, migrations.RunPython.noop),
    ]
