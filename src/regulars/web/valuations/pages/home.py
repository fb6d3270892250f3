"""Value on the first screen, of whom the person reaches: the figures, what is at risk, who moved."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _

from regulars.report.wording import CLASS_STYLE
from regulars.segment.reasons import days_ago
from regulars.web.core.actor import Actor
from regulars.web.core.words import current_lang
from regulars.web.facts.selectors import sums
from regulars.web.valuations import selectors
from regulars.web.valuations.models import CustomerFigure, Valuation
from regulars.web.valuations.pages.figures import Shown
from regulars.web.valuations.pages.headline import at_risk, current, still_buying, to_come
from regulars.web.valuations.pages.movements import SCHEMES, class_name, way
from regulars.web.valuations.pages.opening import address
from regulars.web.valuations.pages.views import whose

FEW = 5
RUNS = 12
"""Valuations that a trend shows at most."""


def figures(actor: Actor) -> Mapping[str, Any] | None:
    """Return the headline figures; None before the first valuation."""
    valuation = selectors.current()
    if valuation is None:
        return None
    shown = Shown(actor, valuation)
    totals = _totals(actor, valuation)
    return {"tiles": [tile(shown, totals) for tile in (current, to_come, still_buying, at_risk)], "whose": whose(shown)}


def risk(actor: Actor) -> Mapping[str, Any] | None:
    """Return the value at risk: its trend over valuations, and who it is mostly about; None where nothing is."""
    valuation = selectors.current()
    if valuation is None:
        return None
    shown = Shown(actor, valuation)
    total = (_totals(actor, valuation).get("value_at_risk") or {}).get("value")
    if total is None:
        return None
    series = _series(actor, valuation)
    return {
        "total": total,
        "as_of": valuation.as_of,
        "currency": valuation.currency,
        "series": [value for _day, value in series],
        "since": series[0][0] if len(series) > 1 else None,
        "before": series[-2] if len(series) > 1 else None,
        "change": (total - series[-2][1]) / series[-2][1] if len(series) > 1 and series[-2][1] else None,
        "largest": _largest(shown),
        "url": address(shown, at_risk=True, sort="value_at_risk"),
        "whose": whose(shown),
    }


def _totals(actor: Actor, valuation: Valuation) -> Mapping[str, Any]:
    """Return the headline sums of one valuation for one person."""
    if Shown(actor, valuation).of_all:
        found: Mapping[str, Any] = valuation.figures.get("totals") or {}
        return found
    return sums(actor, valuation=valuation.pk) or {}


def _series(actor: Actor, latest: Valuation) -> list[tuple[date, float]]:
    """Return the value at risk of the last valuations in one currency and basis, oldest first, one a day."""
    alike = selectors.published(actor).filter(currency=latest.currency, basis=latest.basis, pk__lte=latest.pk)
    by_day: dict[date, float] = {}
    for one in reversed(alike[:RUNS]):
        value = (_totals(actor, one).get("value_at_risk") or {}).get("value")
        if value is not None and one.as_of is not None and latest.as_of is not None and one.as_of <= latest.as_of:
            by_day[one.as_of] = value
    return sorted(by_day.items())


def _largest(shown: Shown) -> list[dict[str, Any]]:
    """Return the customers with most value at risk among those who are unusually late."""
    if not shown.opens:
        return []
    late = selectors.figures(shown.actor, shown.valuation).filter(
        at_risk=True, value_at_risk__gt=0, customer__archived_at=None, customer__erased_at=None
    )
    first = F("value_at_risk").desc(nulls_last=True), "customer_id"  # as the index has it
    found = list(late.select_related("customer").order_by(*first)[:FEW])
    return [{"figure": one, "style": CLASS_STYLE.get(one.matrix or ""), "why": _silence(one, shown)} for one in found]


def _silence(figure: CustomerFigure, shown: Shown) -> str:
    if figure.last_purchase is None or shown.valuation.as_of is None:
        return ""
    days = days_ago((shown.valuation.as_of - figure.last_purchase).days)[current_lang()]
    return _("last order {days}").format(days=days)


def movements(actor: Actor) -> Mapping[str, Any] | None:
    """Return who rose and who fell since the valuation before; None where there are not two, or nobody moved."""
    later = selectors.current()
    if later is None or later.as_of is None:
        return None
    runs = selectors.published(actor).filter(pk__lt=later.pk, as_of__lt=later.as_of)
    earlier = runs.first()
    if earlier is None:
        return None
    found = selectors.compare(actor, earlier, later)
    _name, keys = SCHEMES["matrix"]
    n, change = {"up": 0, "down": 0}, {"up": Decimal(0), "down": Decimal(0)}
    for one in found:
        direction = way(one.before, one.after, keys)
        if direction in n:
            n[direction] += one.n or 0
            change[direction] += one.change or Decimal(0)
    shown = Shown(actor, later)
    if not any(n.values()):
        return None
    return {
        "earlier": earlier,
        "later": later,
        "n": n,
        "change": change,
        "movers": _movers(shown, earlier),
        "whose": whose(shown),
    }


def _movers(shown: Shown, earlier: Valuation) -> list[dict[str, Any]]:
    if not shown.opens:
        return []
    found = selectors.moved_most(shown.actor, earlier, shown.valuation, limit=FEW)
    names = shown.names([one.customer_id for one in found])
    return [
        {
            "move": one,
            "size": abs(one.change),
            "name": names[one.customer_id],
            "from": class_name(one.before, "matrix", before=True),
            "to": class_name(one.after, "matrix", before=False),
            "why": one.why[current_lang()],
        }
        for one in found
        if one.customer_id in names
    ]
