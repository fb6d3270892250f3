import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("customers", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Entry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=0, editable=False)),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="entries", to="customers.customer"
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="customers.contact",
                        verbose_name="with",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("call", "Call"),
                            ("visit", "Visit"),
                            ("message", "Message"),
                            ("email", "E-mail"),
                            ("meeting", "Meeting"),
                            ("promise", "Promise"),
                            ("complaint", "Complaint"),
                            ("market", "Market news"),
                            ("sample", "Samples and material"),
                            ("payment", "Payment"),
                            ("invoice", "Invoice"),
                            ("return", "Return or exchange"),
                            ("task", "Task done"),
                            ("note", "Note"),
                            ("correction", "Correction"),
                        ],
                        max_length=12,
                        verbose_name="kind",
                    ),
                ),
                (
                    "topic",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("price", "Price and terms"),
                            ("product", "Product"),
                            ("quality", "Quality"),
                            ("delivery", "Delivery"),
                            ("service", "Service"),
                            ("billing", "Billing"),
                            ("demand", "Demand"),
                            ("competitor", "Competitor"),
                            ("other", "Other"),
                        ],
                        max_length=12,
                        verbose_name="about",
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("phone", "Phone"),
                            ("sms", "Text message"),
                            ("wechat", "WeChat"),
                            ("email", "E-mail"),
                            ("post", "Post"),
                            ("visit", "Visit"),
                        ],
                        max_length=8,
                        verbose_name="channel",
                    ),
                ),
                ("occurred_at", models.DateTimeField(verbose_name="when")),
                ("minutes", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="minutes")),
                ("summary", models.CharField(max_length=200, verbose_name="in short")),
                ("event", models.TextField(blank=True, max_length=10000, verbose_name="what happened")),
                ("resolution", models.TextField(blank=True, max_length=10000, verbose_name="what was agreed or done")),
                (
                    "amount",
                    models.DecimalField(blank=True, decimal_places=4, max_digits=18, null=True, verbose_name="amount"),
                ),
                (
                    "representative",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="representative",
                    ),
                ),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        blank=True,
                        choices=[("open", "Open"), ("done", "Settled"), ("dropped", "Dropped")],
                        max_length=7,
                        verbose_name="state",
                    ),
                ),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="due on")),
                ("settled_at", models.DateTimeField(editable=False, null=True)),
                (
                    "settled_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("pinned", models.BooleanField(default=False)),
                (
                    "about",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="followers",
                        to="journal.entry",
                    ),
                ),
                ("origin", models.CharField(blank=True, editable=False, max_length=80)),
                ("recorded_at", models.DateTimeField(auto_now_add=True)),
                ("changed_at", models.DateTimeField(auto_now=True)),
                ("edited_at", models.DateTimeField(editable=False, null=True)),
            ],
            options={
                "verbose_name": "entry",
                "verbose_name_plural": "entries",
                "ordering": ["-occurred_at", "-id"],
                "indexes": [
                    models.Index(fields=["customer", "-occurred_at", "-id"], name="journal_newest_of_customer"),
                    models.Index(fields=["-occurred_at", "-id"], name="journal_newest"),
                    models.Index(fields=["changed_at", "id"], name="journal_by_change"),
                    models.Index(
                        condition=models.Q(("state", "open")), fields=["representative", "due_on"], name="journal_open"
                    ),
                    models.Index(
                        condition=models.Q(("pinned", True), ("state", "open"), _connector="OR"),
                        fields=["customer"],
                        name="journal_pinned",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("origin", ""), _negated=True),
                        fields=("origin",),
                        name="journal_origin_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state", ""), ("kind__in", ("promise", "complaint")), _connector="OR"),
                        name="journal_state_of_what",
                    ),
                ],
            },
        ),
    ]
