import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Workspace",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(default="Regulars", max_length=120, verbose_name="name")),
                ("currency", models.CharField(default="CNY", max_length=3, verbose_name="currency")),
                ("zone", models.CharField(default="Asia/Shanghai", max_length=64, verbose_name="time zone")),
                (
                    "language",
                    models.CharField(
                        choices=[("zh-hans", "中文"), ("en", "English")],
                        default="zh-hans",
                        max_length=10,
                        verbose_name="language",
                    ),
                ),
                ("changed_at", models.DateTimeField(auto_now=True)),
                ("current_valuation_id", models.BigIntegerField(editable=False, null=True)),
            ],
            options={
                "verbose_name": "workspace",
                "verbose_name_plural": "workspace",
                "constraints": [models.CheckConstraint(condition=models.Q(("pk", 1)), name="core_workspace_one_row")],
            },
        ),
        migrations.CreateModel(
            name="Job",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=60)),
                ("parameters", models.JSONField(default=dict)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "Waiting"),
                            ("running", "Running"),
                            ("done", "Done"),
                            ("failed", "Failed"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="queued",
                        max_length=10,
                    ),
                ),
                ("progress", models.FloatField(default=0.0)),
                ("message", models.JSONField(default=dict)),
                ("result", models.JSONField(default=dict)),
                ("cancel_requested", models.BooleanField(default=False)),
                (
                    "started_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("began_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("seen_at", models.DateTimeField(null=True)),
            ],
            options={
                "ordering": ["-id"],
                "indexes": [models.Index(fields=["state", "kind"], name="core_job_state_kind")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("progress__range", (0, 1))), name="core_job_progress_is_a_share"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Pulse",
            fields=[
                ("worker", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("seen_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Tick",
            fields=[
                ("chore", models.CharField(max_length=80, primary_key=True, serialize=False)),
                ("next_at", models.DateTimeField()),
            ],
        ),
    ]
