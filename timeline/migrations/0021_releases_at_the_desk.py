"""Publishers make releases of the data at the desk; auditors look at them."""

from django.db import migrations

from timeline.editing.permissions import write_groups


def make_groups(apps, schema_editor):
    write_groups(apps, schema_editor.connection.alias)


class Migration(migrations.Migration):
    dependencies = [("timeline", "0020_link_checks")]

    operations = [
        migrations.AlterModelOptions(
            name="datasetrelease",
            options={
                "default_permissions": ("add", "view"),
                "ordering": ["-number"],
                "verbose_name": "release of the data",
                "verbose_name_plural": "releases of the data",
            },
        ),
        migrations.RunPython(make_groups, migrations.RunPython.noop),
    ]
