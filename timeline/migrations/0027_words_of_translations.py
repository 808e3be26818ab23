"""The full-text index of translations, which were looked at one by one before."""

from django.db import migrations

from timeline.index import words

TABLES = ("timeline_eventtranslation",)


def make_words(_apps, schema_editor):
    words.install(schema_editor.connection, TABLES)


def remove_words(_apps, schema_editor):
    words.remove(schema_editor.connection, TABLES)


class Migration(migrations.Migration):
    dependencies = [("timeline", "0026_story_copies")]

    operations = [migrations.RunPython(make_words, remove_words)]
