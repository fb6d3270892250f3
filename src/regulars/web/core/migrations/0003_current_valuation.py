# Which valuation the pages show.

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0002_pulse_and_ticks"),
    ]

    operations = [
        migrations.AddField(
            model_name="workspace",
            name="current_valuation_id",
            field=models.BigIntegerField(editable=False, null=True),
        ),
    ]
