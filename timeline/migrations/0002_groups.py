"""The five groups of staff, from the one table in timeline.editing.permissions."""

from django.db import migrations

from timeline.editing.permissions import write_groups


def make_groups(apps, schema_editor):
    write_groups(apps, schema_editor.connection.alias)


class Migration(migrations.Migration):
    dependencies = [
        ("timeline", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(make_groups, migrations.RunPython.noop)]
