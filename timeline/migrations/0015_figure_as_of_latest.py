"""The last day of a figure's as-of date, by which a figure without a source becomes known."""

from django.db import migrations, models

from timeline import dates


def derive(apps, _schema_editor):
    figure = apps.get_model("timeline", "figure")
    dated = list(figure.objects.exclude(as_of="").only("pk", "as_of"))
    for each in dated:
        each.as_of_latest = dates.parse(each.as_of).latest
    figure.objects.bulk_update(dated, ["as_of_latest"], batch_size=300)


class Migration(migrations.Migration):
    dependencies = [("timeline", "0014_derive_verification_steps")]

    operations = [
        migrations.AddField(
            model_name="figure",
            name="as_of_latest",
            field=models.DateField(editable=False, null=True),
        ),
        migrations.RunPython(derive, migrations.RunPython.noop),
    ]
