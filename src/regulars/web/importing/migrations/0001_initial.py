import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("core", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Import",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "holds",
                    models.CharField(
                        choices=[("customers", "Customers"), ("orders", "Orders"), ("contracts", "Contracts")],
                        max_length=10,
                        verbose_name="holds",
                    ),
                ),
                ("source", models.CharField(max_length=60, verbose_name="comes from")),
                ("file_name", models.CharField(max_length=200, verbose_name="file")),
                ("size", models.BigIntegerField(default=0)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("looking", "Being looked at"),
                            ("columns", "Waiting for its columns"),
                            ("checking", "Being checked"),
                            ("checked", "Checked, nothing written yet"),
                            ("writing", "Being imported"),
                            ("done", "Imported"),
                            ("failed", "Cannot be used"),
                            ("dropped", "Dropped"),
                        ],
                        default="looking",
                        max_length=10,
                    ),
                ),
                ("fingerprint", models.CharField(blank=True, max_length=64)),
                ("columns", models.JSONField(default=dict)),
                ("options", models.JSONField(default=dict)),
                ("look", models.JSONField(default=dict)),
                ("account", models.JSONField(default=dict)),
                ("result", models.JSONField(default=dict)),
                ("problem", models.JSONField(default=dict)),
                (
                    "job",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="core.job"
                    ),
                ),
                (
                    "started_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("started_at", models.DateTimeField(auto_now_add=True)),
                ("ended_at", models.DateTimeField(null=True)),
            ],
            options={
                "verbose_name": "import",
                "verbose_name_plural": "imports",
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="Remembered",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "holds",
                    models.CharField(
                        choices=[("customers", "Customers"), ("orders", "Orders"), ("contracts", "Contracts")],
                        max_length=10,
                    ),
                ),
                ("fingerprint", models.CharField(max_length=64)),
                ("source", models.CharField(max_length=60)),
                ("columns", models.JSONField(default=dict)),
                ("options", models.JSONField(default=dict)),
                (
                    "saved_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("saved_at", models.DateTimeField(auto_now=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("holds", "fingerprint"), name="importing_remembered_once")
                ],
            },
        ),
    ]
