import datetime

import django.core.validators
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("campaigns", "0001_initial"),
        ("customers", "0002_point_failing"),
    ]

    operations = [
        migrations.CreateModel(
            name="Letter",
            fields=[
                (
                    "campaign",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="letter",
                        serialize=False,
                        to="campaigns.campaign",
                    ),
                ),
                ("subject_zh", models.CharField(blank=True, max_length=150, verbose_name="subject in Chinese")),
                ("body_zh", models.TextField(blank=True, max_length=10000, verbose_name="text in Chinese")),
                ("subject_en", models.CharField(blank=True, max_length=150, verbose_name="subject in English")),
                ("body_en", models.TextField(blank=True, max_length=10000, verbose_name="text in English")),
                ("paused_at", models.DateTimeField(editable=False, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Suppressed",
            fields=[
                ("digest", models.CharField(max_length=64, primary_key=True, serialize=False)),
                (
                    "why",
                    models.CharField(
                        choices=[("unsubscribed", "Unsubscribed"), ("bounced", "No longer works")],
                        max_length=12,
                        verbose_name="why",
                    ),
                ),
                ("at", models.DateTimeField(auto_now_add=True)),
            ],
        ),
        migrations.CreateModel(
            name="MailSetting",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=0, editable=False)),
                ("sender_name", models.CharField(blank=True, max_length=80, verbose_name="sender's name")),
                ("sender", models.EmailField(blank=True, max_length=254, verbose_name="sender's address")),
                ("reply_to", models.EmailField(blank=True, max_length=254, verbose_name="replies go to")),
                (
                    "imprint",
                    models.CharField(
                        blank=True, max_length=300, verbose_name="who writes, at the foot of each message"
                    ),
                ),
                ("quiet_from", models.TimeField(default=datetime.time(20, 0), verbose_name="no e-mails from")),
                ("quiet_to", models.TimeField(default=datetime.time(8, 0), verbose_name="until")),
                (
                    "most",
                    models.PositiveSmallIntegerField(
                        default=2,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(100),
                        ],
                        verbose_name="e-mails for one customer at most",
                    ),
                ),
                (
                    "within_days",
                    models.PositiveSmallIntegerField(
                        default=7,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(366),
                        ],
                        verbose_name="within days",
                    ),
                ),
                (
                    "a_minute",
                    models.PositiveIntegerField(
                        default=0,
                        validators=[django.core.validators.MaxValueValidator(100000)],
                        verbose_name="e-mails a minute at most",
                    ),
                ),
                ("trouble", models.JSONField(default=dict)),
                ("failures", models.PositiveSmallIntegerField(default=0, editable=False)),
                ("retry_at", models.DateTimeField(editable=False, null=True)),
            ],
            options={
                "constraints": [models.CheckConstraint(condition=models.Q(("pk", 1)), name="mail_setting_one_row")],
            },
        ),
        migrations.CreateModel(
            name="Outgoing",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("step", models.PositiveSmallIntegerField(db_default=1, default=1)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "Waiting"),
                            ("retry", "Tried again later"),
                            ("sending", "Being sent"),
                            ("sent", "Sent"),
                            ("refused", "Not sent"),
                            ("failed", "Failed"),
                            ("uncertain", "In doubt"),
                        ],
                        db_default="queued",
                        default="queued",
                        max_length=9,
                        verbose_name="state",
                    ),
                ),
                (
                    "why",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("stopped", "The rest was given up"),
                            ("ended", "The campaign had ended"),
                            ("archived", "Archived, erased or merged since the launch"),
                            ("held_out", "Left alone as control"),
                            ("refused", "Refused offers, or took their consent back"),
                            ("silent", "Never said whether they want offers by e-mail"),
                            ("unreachable", "No e-mail address"),
                            ("suppressed", "Their address unsubscribed or no longer works"),
                            ("capped", "Has had as many e-mails as allowed"),
                            ("address", "The server says that this address does not exist"),
                            ("rejected", "The server refused the message"),
                            ("tired", "The server put it off too often"),
                        ],
                        db_default="",
                        default="",
                        max_length=11,
                        verbose_name="why",
                    ),
                ),
                ("said", models.CharField(blank=True, db_default="", default="", max_length=40)),
                ("tries", models.PositiveSmallIntegerField(db_default=0, default=0)),
                ("not_before", models.DateTimeField(null=True)),
                ("claim", models.CharField(blank=True, db_default="", default="", max_length=40)),
                ("subject", models.CharField(blank=True, db_default="", default="", max_length=200)),
                ("digest", models.CharField(blank=True, db_default="", default="", max_length=64)),
                ("gone_at", models.DateTimeField(null=True)),
                (
                    "campaign",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="campaigns.campaign",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="customers.customer",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["campaign", "state", "id"], name="mail_by_state"),
                    models.Index(
                        condition=models.Q(("gone_at__isnull", False)),
                        fields=["customer", "-gone_at"],
                        name="mail_gone",
                    ),
                    models.Index(
                        condition=models.Q(("gone_at__isnull", False)), fields=["gone_at"], name="mail_lately"
                    ),
                ],
                "constraints": [models.UniqueConstraint(fields=("campaign", "customer", "step"), name="mail_once")],
            },
        ),
    ]
