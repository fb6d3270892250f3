from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import regulars.web.customers.models.customer
import regulars.web.customers.models.ends


def index_names(apps: Any, schema_editor: Any) -> None:
    """PostgreSQL orders names by its language and needs an index of its own for what they begin with."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            "CREATE INDEX customers_by_name_start ON customers_customer (name_key varchar_pattern_ops)"
        )


def drop_index(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP INDEX customers_by_name_start")


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Tag",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=40, unique=True, verbose_name="tag")),
            ],
            options={
                "verbose_name": "tag",
                "verbose_name_plural": "tags",
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="Customer",
            fields=[
                ("version", models.PositiveIntegerField(default=0, editable=False)),
                (
                    "id",
                    models.BigIntegerField(
                        default=regulars.web.customers.models.customer.random_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("person", "Person"), ("organisation", "Organisation")],
                        default="person",
                        max_length=12,
                        verbose_name="kind",
                    ),
                ),
                ("name", models.CharField(max_length=200, verbose_name="name")),
                ("name_key", models.CharField(editable=False, max_length=200)),
                (
                    "partner",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("agent", "Agent"),
                            ("distributor", "Distributor"),
                            ("supplier", "Supplier"),
                            ("other", "Other partner"),
                        ],
                        max_length=12,
                        verbose_name="partner as",
                    ),
                ),
                (
                    "nature",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("government", "Government or non-profit"),
                            ("company", "Company"),
                            ("special", "Special company, such as a supplier"),
                            ("individual", "Individual"),
                        ],
                        max_length=12,
                        verbose_name="nature",
                    ),
                ),
                (
                    "seniority",
                    models.CharField(
                        choices=[("prospective", "Prospective"), ("new", "New"), ("established", "Established")],
                        default="prospective",
                        max_length=12,
                        verbose_name="customer since",
                    ),
                ),
                (
                    "dealing",
                    models.CharField(
                        blank=True,
                        choices=[("past", "Past deals"), ("current", "Deals now"), ("upcoming", "Deals ahead")],
                        max_length=8,
                        verbose_name="business",
                    ),
                ),
                (
                    "stage",
                    models.CharField(
                        choices=[
                            ("establish", "Getting to know"),
                            ("develop", "Growing"),
                            ("maintain", "Stable"),
                            ("break", "Ending"),
                        ],
                        default="establish",
                        max_length=9,
                        verbose_name="stage",
                    ),
                ),
                ("stage_since", models.DateField(blank=True, null=True, verbose_name="in this stage since")),
                (
                    "source_channel",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("questionnaire", "Questionnaire"),
                            ("phone_interview", "Interview by phone"),
                            ("field_interview", "Interview on site"),
                            ("exhibition", "Card from an exhibition"),
                            ("referral", "Introduced by classmates, family or friends"),
                            ("walk_in", "Came in or called"),
                            ("resale", "Sold to again"),
                            ("public_record", "Public records of authorities and associations"),
                            ("broker", "Commercial broker"),
                            ("media", "Answer to an advertisement"),
                            ("distributor", "Distributor or agent of the trade"),
                            ("partner", "Partner's channel"),
                            ("imported", "Came with imported data"),
                        ],
                        max_length=16,
                        verbose_name="source",
                    ),
                ),
                ("source_detail", models.CharField(blank=True, max_length=200, verbose_name="source in detail")),
                ("acquired_on", models.DateField(blank=True, null=True, verbose_name="known since")),
                ("region", models.CharField(blank=True, max_length=60, verbose_name="region")),
                ("store", models.CharField(blank=True, max_length=60, verbose_name="store")),
                (
                    "preferred_channel",
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
                        verbose_name="preferred channel",
                    ),
                ),
                ("preferred_time", models.CharField(blank=True, max_length=80, verbose_name="best time")),
                ("preferences", models.TextField(blank=True, max_length=2000, verbose_name="likes")),
                ("habits", models.TextField(blank=True, max_length=2000, verbose_name="habits")),
                ("needs", models.TextField(blank=True, max_length=2000, verbose_name="needs")),
                ("birthday", models.DateField(blank=True, null=True, verbose_name="birthday")),
                (
                    "gender",
                    models.CharField(
                        blank=True,
                        choices=[("female", "Female"), ("male", "Male"), ("other", "Other")],
                        max_length=6,
                        verbose_name="gender",
                    ),
                ),
                ("id_number", models.CharField(blank=True, max_length=40, verbose_name="identity number")),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="owner",
                    ),
                ),
                ("owner_since", models.DateField(blank=True, editable=False, null=True)),
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
                (
                    "merged_into",
                    models.ForeignKey(
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="merged_from",
                        to="customers.customer",
                    ),
                ),
                ("archived_at", models.DateTimeField(editable=False, null=True)),
                ("erased_at", models.DateTimeField(editable=False, null=True)),
                (
                    "created_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("changed_at", models.DateTimeField(auto_now=True)),
                (
                    "tags",
                    models.ManyToManyField(
                        blank=True, related_name="customers", to="customers.tag", verbose_name="tags"
                    ),
                ),
            ],
            options={
                "verbose_name": "customer",
                "verbose_name_plural": "customers",
                "indexes": [
                    models.Index(fields=["name_key", "id"], name="customers_by_name"),
                    models.Index(fields=["changed_at"], name="customers_by_change"),
                    models.Index(fields=["-created_at", "id"], name="customers_by_newest"),
                    models.Index(fields=["stage", "id"], name="customers_by_stage"),
                    models.Index(
                        condition=models.Q(("merged_into__isnull", False)),
                        fields=["merged_into"],
                        name="customers_merged",
                    ),
                    models.Index(
                        condition=models.Q(("archived_at__isnull", False)),
                        fields=["archived_at"],
                        name="customers_archived",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("id__gt", 0)), name="customers_id_is_positive"),
                    models.CheckConstraint(
                        condition=models.Q(("merged_into", models.F("id")), _negated=True),
                        name="customers_not_merged_into_itself",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Contact",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=0, editable=False)),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="contacts", to="customers.customer"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="customers.customer",
                        verbose_name="is also the customer",
                    ),
                ),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("position", models.CharField(blank=True, max_length=80, verbose_name="position")),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="note")),
                ("first", models.BooleanField(default=False, verbose_name="ask for first")),
                ("left_on", models.DateField(blank=True, null=True, verbose_name="left on")),
            ],
            options={
                "verbose_name": "contact",
                "verbose_name_plural": "contacts",
                "ordering": [models.OrderBy(models.F("left_on"), nulls_first=True), "-first", "id"],
            },
        ),
        migrations.CreateModel(
            name="ContactPoint",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="points", to="customers.customer"
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="points",
                        to="customers.contact",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("mobile", "Mobile"),
                            ("phone", "Landline"),
                            ("email", "E-mail"),
                            ("wechat", "WeChat"),
                            ("address", "Address"),
                        ],
                        max_length=8,
                        verbose_name="kind",
                    ),
                ),
                ("value", models.CharField(max_length=300, verbose_name="number or address")),
                ("key", models.CharField(editable=False, max_length=200)),
                (
                    "end",
                    regulars.web.customers.models.ends.EndField(default="", editable=False, max_length=20, of="key"),
                ),
                ("note", models.CharField(blank=True, max_length=80, verbose_name="note")),
            ],
            options={
                "verbose_name": "number or address",
                "verbose_name_plural": "numbers and addresses",
                "ordering": ["id"],
                "indexes": [
                    models.Index(fields=["key", "customer"], name="customers_point_by_key"),
                    models.Index(fields=["end"], name="customers_point_by_end", opclasses=["varchar_pattern_ops"]),
                ],
            },
        ),
        migrations.CreateModel(
            name="Card",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="cards", to="customers.customer"
                    ),
                ),
                ("number", models.CharField(max_length=60, verbose_name="card number")),
                ("key", models.CharField(editable=False, max_length=60, unique=True)),
                (
                    "end",
                    regulars.web.customers.models.ends.EndField(default="", editable=False, max_length=60, of="key"),
                ),
            ],
            options={
                "verbose_name": "card",
                "verbose_name_plural": "cards",
                "ordering": ["id"],
                "indexes": [
                    models.Index(fields=["end"], name="customers_card_by_end", opclasses=["varchar_pattern_ops"])
                ],
            },
        ),
        migrations.CreateModel(
            name="Consent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="consents", to="customers.customer"
                    ),
                ),
                (
                    "purpose",
                    models.CharField(
                        choices=[
                            ("service", "Orders and service"),
                            ("marketing", "Offers"),
                            ("survey", "Surveys"),
                            ("profiling", "Reckoning a value"),
                        ],
                        max_length=9,
                        verbose_name="purpose",
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
                (
                    "state",
                    models.CharField(
                        choices=[("granted", "Agreed"), ("refused", "Refused"), ("withdrawn", "Withdrawn")],
                        max_length=9,
                        verbose_name="said",
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="when")),
                ("evidence", models.CharField(max_length=300, verbose_name="how we know")),
                (
                    "recorded_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("recorded_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "verbose_name": "consent",
                "verbose_name_plural": "consents",
                "ordering": ["-at", "-id"],
                "indexes": [
                    models.Index(fields=["customer", "purpose", "channel", "-at"], name="customers_consent_latest")
                ],
            },
        ),
        migrations.CreateModel(
            name="Change",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="changes", to="customers.customer"
                    ),
                ),
                ("at", models.DateTimeField(auto_now_add=True)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("verb", models.CharField(max_length=20)),
                ("fields", models.JSONField(default=dict)),
                ("note", models.CharField(blank=True, max_length=500)),
            ],
            options={
                "ordering": ["-at", "-id"],
                "indexes": [models.Index(fields=["customer", "-at", "-id"], name="customers_change_newest")],
            },
        ),
        migrations.CreateModel(
            name="Classified",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("valuation_id", models.BigIntegerField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("pk", 1)), name="customers_classified_one_row")
                ],
            },
        ),
        migrations.CreateModel(
            name="ExternalIdentity",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("source", models.CharField(max_length=60)),
                ("external_id", models.CharField(max_length=200)),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="identities", to="customers.customer"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("source", "external_id"), name="customers_identity_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Suppression",
            fields=[
                ("digest", models.CharField(max_length=64, primary_key=True, serialize=False)),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="customers.customer"
                    ),
                ),
                ("at", models.DateTimeField(auto_now_add=True)),
            ],
        ),
        migrations.CreateModel(
            name="TeamMember",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="members", to="customers.customer"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="colleague",
                    ),
                ),
                (
                    "part",
                    models.CharField(
                        choices=[
                            ("lead", "Leads"),
                            ("needs", "Finds out what is needed"),
                            ("solution", "Works out the solution"),
                            ("contract", "Negotiates the contract"),
                            ("service", "Looks after them"),
                        ],
                        max_length=8,
                        verbose_name="does what",
                    ),
                ),
            ],
            options={
                "verbose_name": "member of the account's team",
                "verbose_name_plural": "account team",
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(fields=("customer", "user"), name="customers_once_in_the_team")
                ],
            },
        ),
        migrations.RunPython(index_names, drop_index),
    ]
