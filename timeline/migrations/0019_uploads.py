"""Files on their way into the record, and the rows that their check found."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import timeline.models.fields


class Migration(migrations.Migration):
    dependencies = [
        ("timeline", "0018_releases"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Upload",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(auto_now_add=True, verbose_name="at")),
                ("name", timeline.models.fields.LineField(max_length=200, verbose_name="file")),
                ("size", models.PositiveIntegerField(verbose_name="bytes")),
                ("sha256", models.CharField(max_length=64)),
                ("packed", models.BinaryField(null=True)),
                (
                    "format",
                    models.CharField(blank=True, default="", max_length=40, verbose_name="format"),
                ),
                ("options", models.JSONField(default=dict)),
                ("mapping", models.JSONField(null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("new", "not checked yet"),
                            ("checking", "being checked"),
                            ("checked", "checked"),
                            ("applying", "being imported"),
                            ("applied", "imported"),
                        ],
                        default="new",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("host", models.CharField(blank=True, default="", max_length=255)),
                ("started_at", models.DateTimeField(null=True)),
                ("said", models.TextField(blank=True, default="")),
                ("counts", models.JSONField(default=dict)),
                (
                    "batch",
                    models.OneToOneField(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="upload",
                        to="timeline.importbatch",
                    ),
                ),
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
                (
                    "importer",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "upload",
                "verbose_name_plural": "uploads",
                "ordering": ["-pk"],
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="UploadRow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("row", models.PositiveIntegerField(verbose_name="row")),
                (
                    "verdict",
                    models.CharField(
                        choices=[
                            ("created", "new"),
                            ("updated", "changes an event"),
                            ("same", "nothing to change"),
                            ("duplicate", "possible duplicate"),
                            ("refused", "refused"),
                        ],
                        max_length=10,
                        verbose_name="verdict",
                    ),
                ),
                ("title", models.TextField(blank=True, default="")),
                ("date", models.CharField(blank=True, default="", max_length=200)),
                ("why", models.CharField(blank=True, default="", max_length=200)),
                ("twin", models.PositiveBigIntegerField(null=True)),
                ("told", models.JSONField(default=dict)),
                ("problems", models.JSONField(default=list)),
                (
                    "decision",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("skip", "leave out"),
                            ("import", "import as new"),
                            ("update", "update the event"),
                        ],
                        default="",
                        max_length=10,
                    ),
                ),
                (
                    "upload",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rows",
                        to="timeline.upload",
                    ),
                ),
            ],
            options={
                "verbose_name": "row of an upload",
                "verbose_name_plural": "rows of uploads",
                "ordering": ["row", "pk"],
                "default_permissions": (),
                "indexes": [
                    models.Index(fields=["upload", "verdict", "row"], name="upload_row_verdict")
                ],
            },
        ),
    ]
