"""The full-text index of events and sources, from the one definition in timeline.index."""

from django.db import migrations

from timeline.index import words


def make_words(_apps, schema_editor):
    words.install(schema_editor.connection)


def remove_words(_apps, schema_editor):
    words.remove(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("timeline", "0002_groups")]

    operations = [migrations.RunPython(make_words, remove_words)]
