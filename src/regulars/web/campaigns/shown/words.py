"""The words and marks that every experiment is shown with, and how its amounts per customer are written."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from regulars.report import formats
from regulars.segment.names import matrix_name
from regulars.web.campaigns.models.proof import Verdict
from regulars.web.core.words import current_lang
from regulars.web.customers.taxonomy import Kind

HEADLINES: dict[str, str | Promise] = {
    Verdict.PROVED: gettext_lazy("Proved: it made money, after its costs"),
    Verdict.LOST: gettext_lazy("Lost money: what it brought did not cover its costs"),
    Verdict.INCONCLUSIVE: gettext_lazy("Inconclusive: the difference may be chance"),
    Verdict.NOT_ENOUGH: gettext_lazy("Not enough data"),
    Verdict.WAITING: gettext_lazy("Not read yet"),
}
LOOKS = {
    Verdict.PROVED: ("", "ok", "circle-check"),
    Verdict.LOST: ("no", "bad", "circle-x"),
    Verdict.INCONCLUSIVE: ("maybe", "warn", "help-circle"),
    Verdict.NOT_ENOUGH: ("maybe", "info", "circle-dashed"),
    Verdict.WAITING: ("maybe", "info", "hourglass"),
}
ITEMS: dict[str, str | Promise] = {
    "contacts": gettext_lazy("Contacts made"),
    "offers": gettext_lazy("Offers taken: treated who bought"),
    "fixed": gettext_lazy("Other costs"),
    "campaigns": gettext_lazy("All campaigns in that time"),
}


def a_head(amount: float | None, currency: str, *beside: float | None) -> str:
    """Return an amount per customer, with decimals where it is small; `beside` are amounts written like it."""
    largest = max(abs(one) for one in (amount or 0, *(other or 0 for other in beside)))
    whole = not beside and (amount or 0) == round(amount or 0)
    return formats.full(amount, currency, 0 if largest >= 100 or whole else 1 if largest >= 10 else 2)


def between(low: float | None, high: float | None, currency: str) -> str:
    """Return an interval per customer, both ends written alike."""
    return f"{a_head(low, currency, high)} – {a_head(high, currency, low)}"


def segment_name(column: str, value: str) -> str:
    """Return what a segment is called."""
    if column == "stratum":
        return str(matrix_name(value)[current_lang()]) if value else _("Without a class")
    return str(Kind(value).label) if value in Kind.values else value
