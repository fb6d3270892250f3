from decimal import Decimal

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import regulars.web.tasks.models.business_days


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
        ("customers", "0001_initial"),
        ("valuations", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="WorkingWeek",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "weekdays",
                    models.JSONField(
                        default=regulars.web.tasks.models.business_days.monday_to_friday, verbose_name="working days"
                    ),
                ),
            ],
            options={
                "constraints": [models.CheckConstraint(condition=models.Q(("pk", 1)), name="tasks_week_one_row")],
            },
        ),
        migrations.CreateModel(
            name="DayOff",
            fields=[
                ("day", models.DateField(primary_key=True, serialize=False, verbose_name="day")),
                ("works", models.BooleanField(default=False, verbose_name="worked all the same")),
            ],
            options={
                "verbose_name": "day off",
                "verbose_name_plural": "days off",
                "ordering": ["day"],
            },
        ),
        migrations.CreateModel(
            name="Holdout",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=0, editable=False)),
                ("experiment_id", models.CharField(max_length=40, unique=True)),
                (
                    "list_kind",
                    models.CharField(
                        choices=[
                            ("selection", "Selection"),
                            ("segment", "Segment"),
                            ("rule", "Alert rule"),
                            ("campaign", "Campaign"),
                            ("universal", "Universal hold-out"),
                        ],
                        max_length=10,
                        verbose_name="list",
                    ),
                ),
                ("subject", models.JSONField(default=dict)),
                ("action", models.CharField(max_length=20, verbose_name="what is done")),
                ("detail", models.CharField(blank=True, max_length=200)),
                ("seed", models.CharField(max_length=40)),
                ("share", models.DecimalField(decimal_places=4, max_digits=5, verbose_name="share of control")),
                ("strata", models.CharField(blank=True, default="matrix", max_length=20)),
                (
                    "started_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("started_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("withdrawn", models.BooleanField(default=False)),
            ],
            options={
                "verbose_name": "control group",
                "verbose_name_plural": "control groups",
                "ordering": ["-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("share__gt", 0), ("share__lte", "0.5")),
                        name="tasks_holdout_share_is_a_part",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Exposure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "holdout",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="exposures",
                        to="tasks.holdout",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="exposures",
                        to="customers.customer",
                    ),
                ),
                (
                    "arm",
                    models.CharField(
                        choices=[("treated", "Treated"), ("control", "Control")], max_length=8, verbose_name="group"
                    ),
                ),
                ("propensity", models.FloatField()),
                ("stratum", models.CharField(blank=True, max_length=20)),
                ("household", models.BigIntegerField(null=True)),
                ("assigned_at", models.DateTimeField()),
            ],
            options={
                "verbose_name": "exposure",
                "verbose_name_plural": "exposures",
                "indexes": [
                    models.Index(fields=["customer", "arm"], name="tasks_exposure_of_customer"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("holdout", "customer"), name="tasks_exposed_once"),
                    models.CheckConstraint(
                        condition=models.Q(("propensity__gt", 0), ("propensity__lte", 1)),
                        name="tasks_propensity_is_a_chance",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Rule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=0, editable=False)),
                ("alert", models.CharField(max_length=20, verbose_name="alert")),
                ("enabled", models.BooleanField(default=True, verbose_name="switched on")),
                (
                    "owner_rule",
                    models.CharField(
                        choices=[
                            ("owner", "Who looks after the customer"),
                            ("team", "The customer's team: whoever takes it"),
                            ("person", "One person"),
                        ],
                        default="owner",
                        max_length=6,
                        verbose_name="task for",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
                (
                    "due_days",
                    models.PositiveSmallIntegerField(
                        default=2,
                        validators=[django.core.validators.MaxValueValidator(60)],
                        verbose_name="business days to do it",
                    ),
                ),
                (
                    "least",
                    models.DecimalField(
                        blank=True,
                        decimal_places=4,
                        max_digits=18,
                        null=True,
                        verbose_name="only with at least this much at stake",
                    ),
                ),
                (
                    "at_most",
                    models.PositiveIntegerField(
                        default=100,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(5000),
                        ],
                        verbose_name="tasks a valuation, at most",
                    ),
                ),
                (
                    "quiet_days",
                    models.PositiveSmallIntegerField(
                        default=30,
                        validators=[django.core.validators.MaxValueValidator(366)],
                        verbose_name="days of quiet after it was done",
                    ),
                ),
                (
                    "share",
                    models.DecimalField(
                        decimal_places=4,
                        default=Decimal("0.10"),
                        max_digits=5,
                        validators=[
                            django.core.validators.MinValueValidator(Decimal("0")),
                            django.core.validators.MaxValueValidator(Decimal("0.5")),
                        ],
                        verbose_name="left alone as control",
                    ),
                ),
                (
                    "holdout",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="tasks.holdout",
                    ),
                ),
            ],
            options={
                "verbose_name": "alert rule",
                "verbose_name_plural": "alert rules",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="AlertRun",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "rule",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="runs", to="tasks.rule"
                    ),
                ),
                (
                    "valuation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="valuations.valuation"
                    ),
                ),
                ("at", models.DateTimeField(auto_now_add=True)),
                ("found", models.PositiveIntegerField(default=0)),
                ("made", models.PositiveIntegerField(default=0)),
                ("updated", models.PositiveIntegerField(default=0)),
                ("left_alone", models.PositiveIntegerField(default=0)),
                ("settled", models.PositiveIntegerField(default=0)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("rule", "valuation"), name="tasks_rule_sees_it_once")],
            },
        ),
        migrations.CreateModel(
            name="Task",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=0, editable=False)),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="tasks", to="customers.customer"
                    ),
                ),
                ("kind", models.CharField(max_length=20, verbose_name="what")),
                ("detail", models.CharField(blank=True, max_length=200, verbose_name="in your words")),
                ("reason", models.JSONField(default=dict)),
                ("once", models.BooleanField(default=False, editable=False)),
                ("at_stake", models.DecimalField(decimal_places=4, max_digits=18, null=True, verbose_name="at stake")),
                (
                    "stake",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("value_at_risk", "value at risk"),
                            ("future_value", "future value"),
                            ("current_value", "current value"),
                        ],
                        max_length=14,
                    ),
                ),
                ("currency", models.CharField(blank=True, max_length=3)),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="whose",
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.team",
                        verbose_name="team",
                    ),
                ),
                ("due_on", models.DateField(verbose_name="due")),
                ("snoozed_until", models.DateField(blank=True, null=True, verbose_name="put off until")),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "Open"), ("snoozed", "Put off"), ("done", "Done"), ("cancelled", "Dropped")],
                        default="open",
                        max_length=9,
                        verbose_name="state",
                    ),
                ),
                (
                    "rule",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="tasks", to="tasks.rule"
                    ),
                ),
                (
                    "valuation",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="valuations.valuation",
                    ),
                ),
                (
                    "holdout",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="tasks",
                        to="tasks.holdout",
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("will_order", "Will order"),
                            ("thinking", "Thinking it over"),
                            ("content", "All is well"),
                            ("unhappy", "Unhappy with us"),
                            ("no_need", "No need now"),
                            ("elsewhere", "Buys elsewhere"),
                            ("not_reached", "Not reached"),
                            ("done", "Done"),
                        ],
                        max_length=12,
                        verbose_name="what came of it",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("made_at", models.DateTimeField(auto_now_add=True)),
                (
                    "ended_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("ended_at", models.DateTimeField(null=True)),
            ],
            options={
                "verbose_name": "task",
                "verbose_name_plural": "tasks",
                "indexes": [
                    models.Index(fields=["owner", "state", "due_on"], name="tasks_queue_of_person"),
                    models.Index(fields=["team", "state", "due_on"], name="tasks_queue_of_team"),
                    models.Index(fields=["state", "due_on", "id"], name="tasks_by_due_day"),
                    models.Index(fields=["customer", "state"], name="tasks_of_customer"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("once", True), ("state__in", ("open", "snoozed"))),
                        fields=("customer", "kind"),
                        name="tasks_kind_open_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("ended_at__isnull", False), ("state", "done"), models.Q(("outcome", ""), _negated=True)
                            ),
                            models.Q(("ended_at__isnull", False), ("state", "cancelled")),
                            models.Q(("ended_at__isnull", True), ("state__in", ("open", "snoozed"))),
                            _connector="OR",
                        ),
                        name="tasks_done_has_an_outcome",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "snoozed"), _negated=True),
                            ("snoozed_until__isnull", False),
                            _connector="OR",
                        ),
                        name="tasks_snoozed_until_a_day",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Undo",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("at", models.DateTimeField()),
                ("verb", models.CharField(max_length=20)),
                ("before", models.JSONField(default=list)),
                (
                    "holdout",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="tasks.holdout"
                    ),
                ),
            ],
        ),
    ]
