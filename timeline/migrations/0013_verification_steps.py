"""The table of verification steps."""

import django.db.models.deletion
from django.db import migrations, models

from timeline.models.choices import VerificationLabel


class Migration(migrations.Migration):
    dependencies = [("timeline", "0010_source_of_kind")]

    operations = [
        migrations.CreateModel(
            name="VerificationStep",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField()),
                ("label", models.CharField(choices=VerificationLabel, max_length=20)),
                (
                    "event",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="verification_steps",
                        to="timeline.event",
                    ),
                ),
            ],
            options={
                "ordering": ["day"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("event", "day"), name="verification_step_once_a_day"
                    )
                ],
            },
        ),
    ]
