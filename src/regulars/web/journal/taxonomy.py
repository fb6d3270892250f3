"""How entries of the log are classified. Codes go to the lake as activities and stay; words may change."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Kind(models.TextChoices):
    """What happened."""

    CALL = "call", _("Call")
    VISIT = "visit", _("Visit")
    MESSAGE = "message", _("Message")
    EMAIL = "email", _("E-mail")
    MEETING = "meeting", _("Meeting")
    PROMISE = "promise", _("Promise")
    COMPLAINT = "complaint", _("Complaint")
    MARKET = "market", _("Market news")
    SAMPLE = "sample", _("Samples and material")
    PAYMENT = "payment", _("Payment")
    INVOICE = "invoice", _("Invoice")
    RETURN = "return", _("Return or exchange")
    TASK = "task", _("Task done")
    NOTE = "note", pgettext_lazy("entry", "Note")
    CORRECTION = "correction", _("Correction")


class Section(models.TextChoices):
    """The ledgers of the log: each entry stands in one of them."""

    DEALINGS = "dealings", _("Dealings")
    PROMISES = "promises", _("Promises")
    COMPLAINTS = "complaints", _("Complaints")
    ORDERS = "orders", _("Orders")
    RETURNS = "returns", _("Returns")
    MONEY = "money", _("Payments and invoices")
    SAMPLES = "samples", _("Samples")
    MARKET = "market", _("Market")
    TASKS = "tasks", _("Tasks")
    RECORD = "record", _("Record")


SECTION_OF: dict[str, Section] = {
    Kind.CALL: Section.DEALINGS,
    Kind.VISIT: Section.DEALINGS,
    Kind.MESSAGE: Section.DEALINGS,
    Kind.EMAIL: Section.DEALINGS,
    Kind.MEETING: Section.DEALINGS,
    Kind.NOTE: Section.DEALINGS,
    Kind.CORRECTION: Section.DEALINGS,
    Kind.PROMISE: Section.PROMISES,
    Kind.COMPLAINT: Section.COMPLAINTS,
    Kind.MARKET: Section.MARKET,
    Kind.SAMPLE: Section.SAMPLES,
    Kind.PAYMENT: Section.MONEY,
    Kind.INVOICE: Section.MONEY,
    Kind.RETURN: Section.RETURNS,
    Kind.TASK: Section.TASKS,
}


class Topic(models.TextChoices):
    """What it was about."""

    PRICE = "price", _("Price and terms")
    PRODUCT = "product", _("Product")
    QUALITY = "quality", _("Quality")
    DELIVERY = "delivery", _("Delivery")
    SERVICE = "service", pgettext_lazy("topic", "Service")
    BILLING = "billing", _("Billing")
    DEMAND = "demand", _("Demand")
    COMPETITOR = "competitor", _("Competitor")
    OTHER = "other", _("Other")


class State(models.TextChoices):
    """Where a promise or a complaint stands."""

    OPEN = "open", pgettext_lazy("promise", "Open")
    DONE = "done", _("Settled")
    DROPPED = "dropped", _("Dropped")


ICONS: dict[str, str] = {
    Kind.CALL: "phone",
    Kind.VISIT: "map-pin",
    Kind.MESSAGE: "message-circle",
    Kind.EMAIL: "mail",
    Kind.MEETING: "users",
    Kind.PROMISE: "flag",
    Kind.COMPLAINT: "alert-circle",
    Kind.MARKET: "speakerphone",
    Kind.SAMPLE: "gift",
    Kind.PAYMENT: "cash",
    Kind.INVOICE: "file-invoice",
    Kind.RETURN: "truck-return",
    Kind.TASK: "check",
    Kind.NOTE: "note",
    Kind.CORRECTION: "pencil",
}
"""The sign of each kind."""
