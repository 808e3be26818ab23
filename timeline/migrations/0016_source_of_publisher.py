"""An index that 0004 makes since it was changed after it had been released: make up for it."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("timeline", "0015_figure_as_of_latest")]

    operations = [
        migrations.RunSQL(
            "CREATE INDEX IF NOT EXISTS source_of_publisher ON timeline_source "
            "(publisher_id, published_latest DESC, id)",
            migrations.RunSQL.noop,
        )
    ]
