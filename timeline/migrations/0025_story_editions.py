"""The language of a story, and of which story it is an edition."""

import django.db.models.deletion
from django.db import migrations, models

import timeline.models.fields


class Migration(migrations.Migration):
    dependencies = [
        ("timeline", "0024_glossary"),
    ]

    operations = [
        migrations.AddField(
            model_name="story",
            name="language",
            field=timeline.models.fields.LanguageField(
                default="en",
                help_text="In which the story’s own words are written.",
                max_length=20,
                verbose_name="language",
            ),
        ),
        migrations.AddField(
            model_name="story",
            name="translation_of",
            field=models.ForeignKey(
                blank=True,
                help_text="The story that this one tells in another language. Empty for an original.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="editions",
                to="timeline.story",
                verbose_name="edition of",
            ),
        ),
        migrations.AddConstraint(
            model_name="story",
            constraint=models.UniqueConstraint(
                fields=("translation_of", "language"),
                name="story_edition_once",
                violation_error_message="There is an edition in this language already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="story",
            constraint=models.CheckConstraint(
                condition=models.Q(("translation_of", models.F("id")), _negated=True),
                name="story_edition_of_another",
            ),
        ),
    ]
