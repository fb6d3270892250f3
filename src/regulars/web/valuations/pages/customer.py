"""The customer page's sections about value: what they are worth and why, their classes, their orders."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.template.loader import render_to_string
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from regulars.decide import strategy_line
from regulars.report.formats import full, symbol
from regulars.report.wording import CLASS_STYLE
from regulars.segment import TIER_NAMES
from regulars.segment.reasons import matrix_line, not_enough_line, rfm_line, tier_line, visit_line
from regulars.web.core.request import Request
from regulars.web.core.words import current_lang
from regulars.web.facts.selectors import Rhythm, Waterfall, aggregate, orders_of, products_of
from regulars.web.valuations.actions import RUN
from regulars.web.valuations.pages.known import Known, known
from regulars.web.valuations.pages.reasons import reasons
from regulars.web.valuations.pages.rules import Rules
from regulars.web.valuations.selectors import level_of
from regulars.words import T

FEW_ORDERS, FEW_PRODUCTS = 6, 6
YEARS_SHOWN = 2
HORIZON = 364


def value(request: Request, customer: Any) -> SafeString:
    """Return value now and to come with interval and reasons, or why there is none."""
    found = known(request, customer)
    context: dict[str, Any] = {"known": found, "may_run": request.actor.may(RUN)}
    if found.row and found.valuation:
        row, lang = found.row, current_lang()
        horizon = (found.valuation.card.get("run") or {}).get("horizon_days", HORIZON)
        low, high = row["future_value_low"], row["future_value_high"]
        context |= {
            "row": row,
            "horizon_weeks": round(horizon / 7),
            "level": level_of(found.valuation),
            "reasons": [
                (one.tone, one.words[lang])
                for one in reasons(row, horizon_days=horizon, currency=found.currency, level=level_of(found.valuation))
            ],
            "not_enough": (found.valuation.card.get("not_enough") or not_enough_line(row).as_dict())[lang],
            "least": min(Decimal(0), low) if low is not None else 0,
            "most": high * Decimal("1.2") if high else 1,
        }  # fmt: skip
    return render_to_string("valuations/customer/value.html", context, request)


def margin(request: Request, customer: Any) -> SafeString | None:
    """Return where the revenue of twelve months went; nothing for who is not valued."""
    found = known(request, customer)
    steps = found.waterfall
    if steps is None:
        return None
    context = {
        "waterfall": steps,
        "bought": any(step.amount for step in steps.steps),
        "chart": _waterfall_data(steps),
        "table": {
            "head": [_("Step"), _("Amount")],
            "rows": [
                [step.words[current_lang()], full(_float(step.amount), steps.currency, 2)] for step in steps.steps
            ],
        },
        "kept": _kept(steps),
        "costs_hidden": found.valuation is not None
        and found.valuation.basis == "net_profit"
        and not request.actor.sees("cost"),
    }
    return render_to_string("valuations/customer/margin.html", context, request)


def _waterfall_data(steps: Waterfall) -> dict[str, Any]:
    drawn = [step for step in steps.steps if step.amount is not None]
    return {
        "steps": [
            {"name": step.words.as_dict(), "v": float(step.amount or 0), "total": step.is_total,
             "last": step is drawn[-1]}
            for step in drawn
        ],
        "symbol": symbol(steps.currency),
        "t": {"step": _("Step")},
        "phone": {"lw": 58},
    }  # fmt: skip


def _kept(steps: Waterfall) -> str:
    """Return what is left of a hundred of revenue; empty where costs are not shown or nothing was sold."""
    by_key = {step.key: step.amount for step in steps.steps}
    revenue, profit = by_key.get("revenue"), by_key.get("net_profit")
    if not revenue or revenue <= 0 or profit is None:
        return ""
    hundred = f"{symbol(steps.currency)}100"
    kept = full(float(profit / revenue * 100), steps.currency, 1)
    return _("Of every {hundred} of revenue {kept} stays as net profit.").format(hundred=hundred, kept=kept)


def purchases(request: Request, customer: Any) -> SafeString | None:
    """Return the purchase rhythm and when the next order is due; nothing for who never bought."""
    found = known(request, customer)
    if found.rhythm is None:
        return None
    since = found.rhythm.until - timedelta(days=365 * YEARS_SHOWN)
    shown = [(day, spent) for day, spent in found.rhythm.purchases if day >= since] or [found.rhythm.purchases[-1]]
    context = {
        "rhythm": found.rhythm,
        "said": _rhythm_said(found.rhythm),
        "n": len(found.rhythm.purchases),
        "chart": _rhythm_data(found.rhythm, shown, found),
        "table": {
            "head": [_("Day"), _("Amount")],
            "rows": [
                [date_format(day, "DATE_FORMAT"), full(float(spent), found.currency, 2)]
                for day, spent in reversed(shown)
            ],
        },
    }
    return render_to_string("valuations/customer/rhythm.html", context, request)


def _rhythm_data(rhythm: Rhythm, shown: list[tuple[date, Decimal]], found: Known) -> dict[str, Any]:
    due = rhythm.next_order_due
    first, last = shown[0][0], max(rhythm.until, due or rhythm.until)
    margin = timedelta(days=max(7, (last - first).days // 30))
    return {
        "orders": [[day.isoformat(), float(spent)] for day, spent in shown],
        "from": (first - margin).isoformat(),
        "to": (last + margin).isoformat(),
        "today": rhythm.until.isoformat(),
        "due": due.isoformat() if due else None,
        "symbol": symbol(found.currency),
        "t": {"date": _("Day"), "today": _("Valued"), "due": _("Next order due")},
    }


def _rhythm_said(rhythm: Rhythm) -> str:
    if rhythm.usual_gap_days is None or len(rhythm.purchases) < 2:
        return _("Bought once: one purchase says nothing about a rhythm.")
    gap = max(1, round(rhythm.usual_gap_days))
    said = _("Usually one order in {n} days.").format(n=gap) if gap > 1 else _("Usually one order a day.")
    if rhythm.next_order_due is None:
        return said
    day = date_format(rhythm.next_order_due, "DATE_FORMAT")
    if rhythm.late_days:
        late = _("The next was due on {day}, {n} days before the valuation.").format(day=day, n=rhythm.late_days)
        return f"{said} {late}"
    return said + " " + _("The next is due about {day}.").format(day=day)


def classes(request: Request, customer: Any) -> SafeString | None:
    """Return the customer's classes, each with its reason, and where they stand among those the person reaches."""
    found = known(request, customer)
    if found.row is None or found.valuation is None:
        return None
    context = {
        "lines": _class_lines(found),
        "row": found.row,
        "crosstab": _crosstab(request, found.row),
        "strategy": strategy_line(found.row)[current_lang()],
        "tier_names": {key: name[current_lang()] for key, name in TIER_NAMES.items()},
    }
    return render_to_string("valuations/customer/classes.html", context, request)


def _class_lines(found: Known) -> list[dict[str, str]]:
    """Return name, class and reason of each scheme."""
    assert found.row is not None
    assert found.valuation is not None
    row, lang, rules = found.row, current_lang(), Rules.of(found.valuation)
    lines: list[dict[str, str]] = []

    def add(scheme: str, shown: str, why: T, style: str = "") -> None:
        lines.append({"scheme": scheme, "shown": shown, "why": why[lang], "style": style})

    if rules.matrix:
        add(_("Value matrix"), row["matrix"] or "", matrix_line(row, rules.matrix, found.currency),
            CLASS_STYLE.get(row["matrix"] or "", ""))  # fmt: skip
    if rules.tiers:
        tier = TIER_NAMES[row["tier"]][lang] if row["tier"] else ""
        add(_("Tier"), tier, tier_line(row, rules.tiers, found.currency))
    if rules.visits:
        add(_("Visits"), row["visit_class"] or "", visit_line(_with_visits(found), rules.visits))
    add("RFM", "-".join(row["rfm"] or ""), rfm_line(row, found.currency))
    return lines


def _with_visits(found: Known) -> dict[str, Any]:
    """Return the row with the purchases of the months that visit classes judge."""
    assert found.row is not None
    assert found.valuation is not None
    rule = Rules.of(found.valuation).visits
    assert rule is not None
    days = [day for day, _spent in found.rhythm.purchases] if found.rhythm else []

    def bought_in(month: date | None) -> int:
        return sum((day.year, day.month) == (month.year, month.month) for day in days) if month else 0

    counted = {"visits_month": rule.month, "visits_before": rule.before, "visits_running": rule.running}
    return {**found.row, **{name: bought_in(month) for name, month in counted.items()}}


def _crosstab(request: Request, row: dict[str, Any]) -> list[dict[str, Any]]:
    """Return matrix × tier: how many of the customers that the person reaches are in each cell."""
    if row["matrix"] is None:
        return []
    counts = {cell.key: cell.n for cell in aggregate(request.actor, ["matrix", "tier"])}
    return [
        {
            "style": CLASS_STYLE[matrix],
            "cells": [
                {"n": counts.get((matrix, tier), 0), "here": (matrix, tier) == (row["matrix"], row["tier"])}
                for tier in TIER_NAMES
            ],
        }
        for matrix in CLASS_STYLE
    ]


def chips(request: Request, customer: Any) -> SafeString | None:
    """Return the customer's classes beside their name."""
    found = known(request, customer)
    if found.row is None:
        return None
    row, lang = found.row, current_lang()
    context = {
        "style": CLASS_STYLE.get(row["matrix"] or ""),
        "tier": TIER_NAMES[row["tier"]][lang] if row["tier"] else "",
        "visit_class": row["visit_class"] or "",
        "at_risk": row["at_risk"],
    }
    return render_to_string("valuations/customer/chips.html", context, request)


def orders(request: Request, customer: Any) -> SafeString | None:
    """Return the newest orders and returns with their products; nothing for who never bought."""
    found = orders_of(request.actor, customer, limit=FEW_ORDERS + 1)
    if not found:
        return None
    context = {"orders": found[:FEW_ORDERS], "more": len(found) > FEW_ORDERS, "customer": customer}
    return render_to_string("valuations/customer/orders.html", context, request)


def products(request: Request, customer: Any) -> SafeString | None:
    """Return what they buy most."""
    found = products_of(request.actor, customer, limit=FEW_PRODUCTS)
    if not found:
        return None
    context = {"products": found, "currency": known(request, customer).currency}
    return render_to_string("valuations/customer/products.html", context, request)


def _float(value: Decimal | None) -> float | None:
    return None if value is None else float(value)
