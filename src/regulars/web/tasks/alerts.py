"""What a valuation can call attention to: a condition on its figures, the task that follows, and why."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils.functional import Promise

from regulars.segment.visits import visit_rule
from regulars.web.tasks.kinds import ALERT_TITLES, AT_RISK, FIRST_ORDER, LAPSE, VISIT_DROP
from regulars.web.tasks.reasons import Reason
from regulars.web.tasks.suggestions import silence

if TYPE_CHECKING:
    from regulars.web.valuations.models import CustomerFigure

FIRST_ORDER_DAYS = 14
"""A first order is followed up while it is this young."""

FullRow = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Alert:
    """One kind of alert.

    Parameters
    ----------
    key
        Its name, and the kind of the task that it becomes.
    holds
        Which figures it picks, at the valuation's date.
    reason
        Why, from the published figures, the customer's full row (empty where it cannot be read) and the date.
    settled_by_purchase
        Whether an open task has nothing left to do once the customer has bought again.
    yields_to
        Alerts that say more of the same customer: where one of them is switched on and picks somebody, this one does
        not. Nobody is called twice about one silence, and who is control there is not called from here.
    """

    key: str
    title: str | Promise
    icon: str
    tone: str
    holds: Callable[[date], Q]
    reason: Callable[[CustomerFigure, FullRow, date], Reason]
    settled_by_purchase: bool = False
    yields_to: tuple[str, ...] = ()


def _dropped(as_of: date) -> Q:
    """Who stopped coming altogether (class D) is another alert's."""
    return Q(visit_change="down") & ~Q(visit_class="D")


def _why_dropped(figure: CustomerFigure, row: FullRow, as_of: date) -> Reason:
    month = visit_rule(as_of).month.isoformat()
    before = {"before": row["visit_class_before"]} if row.get("visit_class_before") else {}
    return Reason("visit_drop", {"now": figure.visit_class, "month": month, **before})


def _at_risk(as_of: date) -> Q:
    return Q(at_risk=True)


def _why_late(figure: CustomerFigure, row: FullRow, as_of: date) -> Reason:
    days, usual = row.get("days_since_last_purchase"), row.get("usual_gap_days")
    if days is None or usual is None:
        return silence(figure, as_of)
    return Reason("late", {"days": days, "usual": usual})


def _first_order(as_of: date) -> Q:
    return Q(n_purchases=1, last_purchase__gt=as_of - timedelta(days=FIRST_ORDER_DAYS))


def _why_first(figure: CustomerFigure, row: FullRow, as_of: date) -> Reason:
    return Reason("first_order", {"on": str(figure.last_purchase)})


def _lapsed(as_of: date) -> Q:
    return Q(visit_class="D")


def _why_lapsed(figure: CustomerFigure, row: FullRow, as_of: date) -> Reason:
    return Reason("lapse", {"month": visit_rule(as_of).month.isoformat(), "last": str(figure.last_purchase)})


ALERTS: dict[str, Alert] = {
    alert.key: alert
    for alert in (
        Alert(VISIT_DROP, ALERT_TITLES[VISIT_DROP], "trending-down", "bad", _dropped, _why_dropped),
        Alert(AT_RISK, ALERT_TITLES[AT_RISK], "alert-triangle", "bad", _at_risk, _why_late, True),
        Alert(FIRST_ORDER, ALERT_TITLES[FIRST_ORDER], "user-plus", "info", _first_order, _why_first),
        Alert(LAPSE, ALERT_TITLES[LAPSE], "user-question", "warn", _lapsed, _why_lapsed, True, (AT_RISK,)),
    )
}  # fmt: skip
