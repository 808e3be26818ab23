"""Stories with their steps and versions, periods; and who may write them."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import timeline.models.events
import timeline.models.fields
from timeline.editing.permissions import write_groups


def make_groups(apps, schema_editor):
    write_groups(apps, schema_editor.connection.alias)


class Migration(migrations.Migration):
    dependencies = [
        ("timeline", "0021_releases_at_the_desk"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Story",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("public_id", timeline.models.fields.PublicIdField(verbose_name="public id")),
                ("title", timeline.models.fields.LineField(max_length=140, verbose_name="title")),
                (
                    "folded",
                    timeline.models.fields.FoldedField(default="", editable=False, max_length=200),
                ),
                (
                    "slug",
                    models.SlugField(
                        blank=True,
                        help_text="The last part of its address. Left empty, it is made from the title.",
                        max_length=80,
                        unique=True,
                        verbose_name="address",
                    ),
                ),
                (
                    "description",
                    timeline.models.fields.LineField(
                        blank=True,
                        default="",
                        help_text="What the story tells, for the list of stories and for who shares it.",
                        max_length=300,
                        verbose_name="in a sentence",
                    ),
                ),
                (
                    "introduction",
                    timeline.models.fields.ParagraphField(
                        blank=True,
                        default="",
                        help_text="Two to four sentences before the first step. Markdown.",
                        max_length=4000,
                        verbose_name="introduction",
                    ),
                ),
                (
                    "byline",
                    timeline.models.fields.LineField(
                        blank=True,
                        default="",
                        help_text="Who wrote it, as readers should see it. Left empty, nobody is named.",
                        max_length=200,
                        verbose_name="by",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("in_review", "In review"),
                            ("published", "Published"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="draft",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                (
                    "published_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="published"),
                ),
                (
                    "revised_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="revised"),
                ),
                (
                    "version",
                    models.PositiveIntegerField(editable=False, null=True, verbose_name="version"),
                ),
                (
                    "withdrawn_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="withdrawn"),
                ),
                (
                    "withdrawal_reason",
                    timeline.models.fields.ParagraphField(
                        blank=True,
                        default="",
                        max_length=300,
                        verbose_name="reason of the withdrawal",
                    ),
                ),
                ("lock", timeline.models.events.LockField(default=0, editable=False)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                (
                    "compared",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Drawn at the end: what its events give, over time, by who said it.",
                        related_name="stories",
                        to="timeline.metric",
                        verbose_name="figures to compare",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "updated_by",
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
                "verbose_name": "story",
                "verbose_name_plural": "stories",
                "ordering": ["-published_at", "-pk"],
                "permissions": [
                    ("change_any_story", "Can change drafts of others"),
                    ("publish_story", "Can publish, withdraw and change published stories"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Step",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("order", models.PositiveSmallIntegerField(default=0, verbose_name="number")),
                (
                    "heading",
                    timeline.models.fields.LineField(
                        blank=True,
                        default="",
                        help_text="A heading here begins a section of the story with this step.",
                        max_length=80,
                        verbose_name="begins the section",
                    ),
                ),
                (
                    "opening",
                    timeline.models.fields.ParagraphField(
                        blank=True,
                        default="",
                        help_text="A sentence or two below the heading.",
                        max_length=600,
                        verbose_name="what the section tells",
                    ),
                ),
                (
                    "note",
                    timeline.models.fields.ParagraphField(
                        blank=True,
                        default="",
                        help_text="What this event adds to the story. One to three sentences, Markdown.",
                        max_length=1200,
                        verbose_name="note",
                    ),
                ),
                (
                    "event",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="timeline.event",
                        verbose_name="event",
                    ),
                ),
                (
                    "story",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="steps",
                        to="timeline.story",
                    ),
                ),
            ],
            options={
                "verbose_name": "step",
                "verbose_name_plural": "steps",
                "ordering": ["order", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Period",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("title", timeline.models.fields.LineField(max_length=60, verbose_name="title")),
                (
                    "date",
                    timeline.models.fields.EDTFField(
                        help_text="As exactly as it is known: 2018 to 2019, June 2024 to September 2024.",
                        max_length=60,
                        verbose_name="from and to",
                    ),
                ),
                ("earliest", models.DateField(editable=False)),
                ("latest", models.DateField(editable=False)),
                (
                    "note",
                    timeline.models.fields.ParagraphField(
                        blank=True,
                        default="",
                        help_text="Why it begins and ends there. Readers see it.",
                        max_length=300,
                        verbose_name="note",
                    ),
                ),
                (
                    "family",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("military", "Military"),
                            ("intelligence", "Intelligence"),
                            ("statements", "Statements"),
                            ("diplomacy", "Diplomacy"),
                            ("measures", "Sanctions and domestic"),
                        ],
                        default="",
                        help_text="The colour of a family of categories, or none.",
                        max_length=20,
                        verbose_name="colour",
                    ),
                ),
                (
                    "shown",
                    models.BooleanField(
                        default=True,
                        help_text="A story’s own periods are shown with the story.",
                        verbose_name="shown to readers",
                    ),
                ),
                ("order", models.PositiveSmallIntegerField(default=0, verbose_name="order")),
                (
                    "story",
                    models.ForeignKey(
                        blank=True,
                        help_text="Empty: shown on every chart that it touches.",
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="periods",
                        to="timeline.story",
                        verbose_name="of the story",
                    ),
                ),
            ],
            options={
                "verbose_name": "period",
                "verbose_name_plural": "periods",
                "ordering": ["earliest", "order", "pk"],
            },
        ),
        migrations.CreateModel(
            name="StoryVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField(editable=False, verbose_name="version")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("first", "First publication"),
                            ("update", "Update"),
                            ("correction", "Correction"),
                            ("clarification", "Clarification"),
                            ("minor", "Minor change"),
                            ("restored", "Restored"),
                            ("withdrawn", "Withdrawn"),
                            ("merged", "Merged"),
                        ],
                        editable=False,
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                (
                    "public_note",
                    timeline.models.fields.ParagraphField(
                        blank=True,
                        default="",
                        editable=False,
                        max_length=500,
                        verbose_name="what changed, in a sentence",
                    ),
                ),
                ("record", models.TextField(editable=False, verbose_name="record")),
                ("sha256", models.CharField(editable=False, max_length=64)),
                ("at", models.DateTimeField(editable=False, verbose_name="published")),
                (
                    "author",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="author",
                    ),
                ),
                (
                    "story",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="versions",
                        to="timeline.story",
                    ),
                ),
            ],
            options={
                "verbose_name": "version of a story",
                "verbose_name_plural": "versions of stories",
                "ordering": ["pk"],
                "default_permissions": (),
            },
        ),
        migrations.AddConstraint(
            model_name="story",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "published"), _negated=True),
                    ("published_at__isnull", False),
                    _connector="OR",
                ),
                name="story_published_has_published_at",
            ),
        ),
        migrations.AddConstraint(
            model_name="story",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "withdrawn"), _negated=True),
                    models.Q(("withdrawal_reason", ""), _negated=True),
                    _connector="OR",
                ),
                name="story_withdrawn_has_reason",
                violation_error_message="Say why it is withdrawn; readers will see the reason.",
            ),
        ),
        migrations.AddConstraint(
            model_name="period",
            constraint=models.CheckConstraint(
                condition=models.Q(("earliest__lte", models.F("latest"))),
                name="period_dates_in_order",
            ),
        ),
        migrations.AddConstraint(
            model_name="storyversion",
            constraint=models.UniqueConstraint(
                fields=("story", "number"), name="story_version_once"
            ),
        ),
        migrations.RunPython(make_groups, migrations.RunPython.noop),
    ]
