"""A glossary of the record's words in further languages, and short labels of translations."""

import django.core.validators
from django.db import migrations, models

import timeline.models.fields
from timeline.editing.permissions import write_groups


def make_groups(apps, schema_editor):
    write_groups(apps, schema_editor.connection.alias)


class Migration(migrations.Migration):
    dependencies = [
        ("timeline", "0023_translations"),
    ]

    operations = [
        migrations.AddField(
            model_name="eventtranslation",
            name="label",
            field=timeline.models.fields.LineField(
                blank=True,
                default="",
                help_text="Empty: charts show the original.",
                max_length=24,
                verbose_name="short label",
            ),
        ),
        migrations.CreateModel(
            name="Term",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("category", "Category"),
                            ("topic", "Topic"),
                            ("place", "Place"),
                            ("metric", "Metric"),
                            ("unit", "Unit"),
                            ("figure", "Figure"),
                            ("period", "Period"),
                            ("note", "Note"),
                        ],
                        help_text="Names and descriptions belong to their thing; of figures what they count, values in words and notes; everything else is a note.",
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                (
                    "original",
                    timeline.models.fields.ParagraphField(
                        help_text="In the record’s language, exactly as it stands there.",
                        max_length=600,
                        verbose_name="original",
                    ),
                ),
                (
                    "language",
                    models.CharField(
                        max_length=12,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[a-z]{2,3}(-[a-z0-9]{2,8})*\\Z",
                                "Write a code such as ko or pt-br.",
                            )
                        ],
                        verbose_name="language",
                    ),
                ),
                (
                    "words",
                    timeline.models.fields.ParagraphField(
                        help_text="What readers of the language see instead.",
                        max_length=600,
                        verbose_name="words",
                    ),
                ),
                (
                    "folded",
                    timeline.models.fields.FoldedField(default="", editable=False, max_length=600),
                ),
                (
                    "folded_words",
                    timeline.models.fields.FoldedField(default="", editable=False, max_length=600),
                ),
            ],
            options={
                "verbose_name": "term",
                "verbose_name_plural": "terms",
                "ordering": ["kind", "folded", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("kind", "original", "language"),
                        name="term_once",
                        violation_error_message="This text is in the glossary in this language already.",
                    )
                ],
            },
        ),
        migrations.RunPython(make_groups, migrations.RunPython.noop),
    ]
