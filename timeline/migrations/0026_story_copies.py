"""Working copies of stories, which have the address and the language of the story that they revise."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("timeline", "0025_story_editions"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="story", name="story_edition_once"),
        migrations.AddField(
            model_name="story",
            name="revises",
            field=models.OneToOneField(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="working_copy",
                to="timeline.story",
                verbose_name="working copy of",
            ),
        ),
        migrations.AddField(
            model_name="story",
            name="revises_base",
            field=models.JSONField(default=dict, editable=False),
        ),
        migrations.AddField(
            model_name="story",
            name="revises_version",
            field=models.PositiveIntegerField(
                editable=False, null=True, verbose_name="begun from version"
            ),
        ),
        migrations.AlterField(
            model_name="story",
            name="slug",
            field=models.SlugField(
                blank=True,
                help_text="The last part of its address. Left empty, it is made from the title.",
                max_length=80,
                verbose_name="address",
            ),
        ),
        migrations.AlterField(
            model_name="storyversion",
            name="record",
            field=models.TextField(blank=True, editable=False, verbose_name="record"),
        ),
        migrations.AddConstraint(
            model_name="story",
            constraint=models.CheckConstraint(
                condition=models.Q(revises__isnull=True)
                | models.Q(
                    status__in=["draft", "in_review"],
                    published_at__isnull=True,
                    revises_version__isnull=False,
                ),
                name="story_copy_is_never_public",
            ),
        ),
        migrations.AddConstraint(
            model_name="story",
            constraint=models.CheckConstraint(
                condition=~models.Q(revises=models.F("id")), name="story_copies_another"
            ),
        ),
        migrations.AddConstraint(
            model_name="story",
            constraint=models.UniqueConstraint(
                condition=models.Q(revises__isnull=True),
                fields=("slug",),
                name="story_slug_once",
                violation_error_message="Another story has this address. Choose another one.",
            ),
        ),
        migrations.AddConstraint(
            model_name="story",
            constraint=models.UniqueConstraint(
                condition=models.Q(revises__isnull=True),
                fields=("translation_of", "language"),
                name="story_edition_once",
                violation_error_message="There is an edition in this language already.",
            ),
        ),
    ]
