from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="contactpoint",
            name="failing_since",
            field=models.DateTimeField(editable=False, null=True),
        ),
    ]
