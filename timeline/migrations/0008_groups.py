"""The groups of staff once more: administrators and auditors read the log."""

from django.db import migrations

from timeline.editing.permissions import write_groups


def make_groups(apps, schema_editor):
    write_groups(apps, schema_editor.connection.alias)


class Migration(migrations.Migration):
    dependencies = [("timeline", "0007_audit")]

    operations = [migrations.RunPython(make_groups, migrations.RunPython.noop)]
