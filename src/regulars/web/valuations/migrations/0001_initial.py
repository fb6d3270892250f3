# The runs, their schedule, and the figures of customers in a table of each database's own making.

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from regulars.web.valuations.partitions import drop_table, make_table


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("core", "0001_initial"),
        ("customers", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Valuation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("as_of", models.DateField(null=True, verbose_name="valuation date")),
                ("currency", models.CharField(blank=True, max_length=3, verbose_name="currency")),
                ("basis", models.CharField(blank=True, max_length=12)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "Waiting"),
                            ("running", "Running"),
                            ("published", "Published"),
                            ("failed", "Failed"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="queued",
                        max_length=10,
                    ),
                ),
                ("n_customers", models.PositiveIntegerField(default=0)),
                ("snapshot", models.JSONField(default=dict)),
                ("parameters", models.JSONField(default=dict)),
                ("card", models.JSONField(default=dict)),
                ("figures", models.JSONField(default=dict)),
                ("failure", models.JSONField(default=dict)),
                ("folder", models.CharField(blank=True, max_length=40)),
                ("started_at", models.DateTimeField(auto_now_add=True)),
                ("published_at", models.DateTimeField(null=True)),
                (
                    "job",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="core.job"
                    ),
                ),
                (
                    "predecessor",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="successors",
                        to="valuations.valuation",
                    ),
                ),
                (
                    "started_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "valuation",
                "verbose_name_plural": "valuations",
                "ordering": ["-id"],
            },
        ),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name="CustomerFigure",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "valuation", "customer", blank=True, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        (
                            "current_value",
                            models.DecimalField(
                                decimal_places=4, max_digits=18, null=True, verbose_name="current value"
                            ),
                        ),
                        (
                            "future_value",
                            models.DecimalField(
                                decimal_places=4, max_digits=18, null=True, verbose_name="future value"
                            ),
                        ),
                        ("future_low", models.DecimalField(decimal_places=4, max_digits=18, null=True)),
                        ("future_high", models.DecimalField(decimal_places=4, max_digits=18, null=True)),
                        (
                            "customer_value",
                            models.DecimalField(
                                decimal_places=4, max_digits=18, null=True, verbose_name="customer value"
                            ),
                        ),
                        (
                            "value_at_risk",
                            models.DecimalField(
                                decimal_places=4, max_digits=18, null=True, verbose_name="value at risk"
                            ),
                        ),
                        ("p_alive", models.FloatField(null=True, verbose_name="P(alive)")),
                        ("at_risk", models.BooleanField(null=True, verbose_name="at risk")),
                        ("matrix", models.CharField(max_length=3, null=True, verbose_name="value matrix")),
                        ("tier", models.CharField(max_length=8, null=True, verbose_name="tier")),
                        ("visit_class", models.CharField(max_length=1, null=True, verbose_name="visit class")),
                        (
                            "visit_change",
                            models.CharField(max_length=12, null=True, verbose_name="change of visit class"),
                        ),
                        ("rfm", models.CharField(max_length=3, null=True, verbose_name="RFM")),
                        ("n_purchases", models.PositiveIntegerField(null=True, verbose_name="purchases")),
                        ("last_purchase", models.DateField(null=True, verbose_name="last purchase")),
                        ("next_order_due", models.DateField(null=True, verbose_name="next order due")),
                        (
                            "customer",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="figures",
                                to="customers.customer",
                            ),
                        ),
                        (
                            "valuation",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="rows",
                                to="valuations.valuation",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "figures of a customer",
                        "verbose_name_plural": "figures of customers",
                    },
                ),
            ],
            database_operations=[migrations.RunPython(make_table, drop_table)],
        ),
        migrations.CreateModel(
            name="Schedule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "every",
                    models.CharField(
                        blank=True,
                        choices=[("", "Never"), ("day", "Every day"), ("week", "Every week")],
                        default="",
                        max_length=4,
                        verbose_name="run",
                    ),
                ),
                (
                    "weekday",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (0, "Monday"),
                            (1, "Tuesday"),
                            (2, "Wednesday"),
                            (3, "Thursday"),
                            (4, "Friday"),
                            (5, "Saturday"),
                            (6, "Sunday"),
                        ],
                        default=0,
                        verbose_name="on",
                    ),
                ),
                ("at", models.TimeField(default="04:00", verbose_name="at")),
                ("last_due", models.DateTimeField(null=True)),
                (
                    "started_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("pk", 1)), name="valuations_schedule_one_row")
                ],
            },
        ),
    ]
