"""Why a customer's value to come is what it is, when the next order is due, and what would change it.

A part of the customer's page that comes after the page: it reckons with the valuation's models, read from its card.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from regulars.report.formats import amount, chance, integer, number, percent
from regulars.web.core.access import page
from regulars.web.core.request import Request
from regulars.web.core.words import current_lang
from regulars.web.customers import selectors as customers
from regulars.web.facts.selectors import Place, standing
from regulars.web.valuations.pages.figures import Shown
from regulars.web.valuations.pages.known import Known, known
from regulars.web.valuations.pages.views import whose

if TYPE_CHECKING:
    from regulars.measure.lifetime import NormalNormal, Spend
    from regulars.measure.lifetime.scenarios import Scenarios
    from regulars.valuation.stored import Stored

WAITS = 4, 8, 13
"""Weeks without an order that are looked at."""
WINDOW, LATE = (0.25, 0.75), 0.9
"""Points of the predicted gap: the middle half of it is when an order is due; beyond the last they are late."""
LONGEST = 366
"""Days after the last purchase beyond which no day is named."""
AGREE = 0.01
"""A card's model speaks of a customer only where it gives the P(alive) that the valuation gave."""


def section(request: Request, customer: Any) -> SafeString | None:
    """Return the place where the part will stand; nothing for who has no value to come."""
    found = known(request, customer)
    if found.row is None or found.row["future_value"] is None:
        return None
    return render_to_string("valuations/customer/why_later.html", {"customer": customer}, request)


@page(permission="customers.read", kind="read")
def why(request: Request, customer_id: int) -> HttpResponse:
    """Show the part: alone where a page asks for it, else as a page."""
    customer = get_object_or_404(customers.visible(request.actor), pk=customer_id)
    context = {"customer": customer, "part": _part(known(request, customer))}
    return render(request, f"valuations/customer/{'why' if request.htmx else 'why_page'}.html", context)


@dataclass(frozen=True, slots=True)
class Factor:
    """One factor of value to come: what it is, this customer's, the middle customer's, and where it comes from."""

    name: str
    value: str
    middle: str
    beside: str
    source: str


def _part(found: Known) -> dict[str, Any] | None:
    """Return what is said; None where there is no value to come or its model is not known."""
    from regulars.measure.lifetime.scenarios import scenarios  # brings SciPy along: pages start without it
    from regulars.valuation.stored import stored

    row, valuation = found.row, found.valuation
    if row is None or valuation is None or row["future_value"] is None:
        return None
    fitted = stored(valuation.card)
    if fitted is None:
        return None
    weeks = [7 / fitted.days * wait for wait in WAITS]
    x, t_x, age = _history(row, fitted)
    then = scenarios(fitted.common, x, t_x, age, waits=weeks, horizon=fitted.horizon, delta=fitted.delta)
    if abs(float(then.p_alive[0]) - row["p_alive"]) > AGREE:
        return None
    shown = Shown(found.actor, valuation)
    return {
        "factors": list(_factors(found, fitted, then)),
        "value": row["future_value"],
        "currency": found.currency,
        "whose": whose(shown),
        "horizon": round(fitted.horizon * fitted.days / 7),
        "window": _window(row, fitted),
        "then": _then(row, then),
        "changes": _changes(row, then, found.currency),
        "as_of": valuation.as_of,
    }


def _history(row: Mapping[str, Any], fitted: Stored) -> tuple[float, float, float]:
    """Return x, t_x and T of a row, whose times are weeks, in the model's unit."""
    unit = 7 / fitted.days
    return float(row["x"]), float(row["t_x"]) * unit, float(row["T"]) * unit


def _factors(found: Known, fitted: Stored, then: Scenarios) -> Iterator[Factor]:
    from regulars.measure.lifetime import GammaGamma

    row, lang, currency = found.row, current_lang(), found.currency
    assert row is not None
    assert found.valuation is not None
    places = standing(found.actor, row, valuation=found.valuation.pk)

    def factor(key: str, name: str, write: Any, source: str) -> Factor:
        place = places.get(key)
        middle, beside = (write(place.middle), _beside(place)) if place else ("", "")
        return Factor(name, write(values[key]), middle, beside, source)

    expected = float(then.given_alive[0])
    values = {"p_alive": row["p_alive"], "given_alive": expected, "expected_spend": row["expected_spend"]}
    yield factor("p_alive", _("Chance that they still buy"), chance, _seen(row))
    yield factor("given_alive", _("Purchases if they do"), lambda v: number(v, 1), _rate(row))
    worth, each = fitted.worth, _worth(row, then)
    if not isinstance(worth.spend, GammaGamma):
        source, everybody = _profit(row, worth.spend, each, currency), amount(worth.spend.mu_, currency)[lang]
        yield Factor(_("Profit each"), amount(each, currency)[lang], everybody, "", source)
    else:
        source = _spend(row, worth.spend.spend, currency)
        yield factor("expected_spend", _("Spend each"), lambda v: str(amount(v, currency)[lang]), source)
        spend = float(row["expected_spend"])
        if worth.margins is not None and each is not None and spend > 0:
            margin, everybody = percent(each / spend, 0), percent(worth.margins.rate, 0)
            yield Factor(_("Left of it after costs"), margin, everybody, "", _left(row))
    if fitted.delta > 0 and expected > 0:
        share = float(then.discounted[0] / (then.p_alive[0] * expected))
        why = _("What comes later counts for less: the discount rate of the valuation.")
        yield Factor(_("Worth today"), percent(share, 0), "", "", why)


def _beside(place: Place) -> str:
    return _("more than {share} of them").format(share=percent(place.below, 0))


def _seen(row: Mapping[str, Any]) -> str:
    silent = ngettext(
        "the last order was {n} day ago", "the last order was {n} days ago", row["days_since_last_purchase"]
    )
    silent = silent.format(n=integer(row["days_since_last_purchase"]))
    if not row["x"]:
        return _("From one purchase alone: {silent}.").format(silent=silent)
    gap = max(1, round(row["usual_gap_days"] or 1))
    between = ngettext("usually {n} day lies between two", "usually {n} days lie between two", gap).format(n=gap)
    return _("From their own rhythm: {silent}, {between}.").format(silent=silent, between=between)


def _rate(row: Mapping[str, Any]) -> str:
    if not row["x"]:
        return _("Bought once, so the rate of all customers stands in for their own.")
    said = ngettext(
        "From {n} more purchase in {weeks} weeks, drawn towards the rate of all customers.",
        "From {n} more purchases in {weeks} weeks, drawn towards the rate of all customers.",
        row["x"],
    )
    return said.format(n=integer(row["x"]), weeks=integer(row["T"]))


def _profit(row: Mapping[str, Any], spend: NormalNormal, each: float | None, currency: str) -> str:
    """Say how much of the expected profit is the customer's own: the weight of the normal-normal model's mean."""
    everybody = amount(spend.mu_, currency)[current_lang()]
    weight = float(spend.weight_at(row["n_purchases"])[0])
    said = _("Their own purchases, losses included, count for {weight}, the {all} of all customers for the rest.")
    if each is None or each == spend.mu_:
        return _("The costs of their own purchases are not known, so the mean of all customers stands in.")
    return said.format(weight=percent(weight, 0), all=everybody)


def _spend(row: Mapping[str, Any], spend: Spend, currency: str) -> str:
    """Say how much of the expected spend is the customer's own: the weight of the Gamma-Gamma model's mean."""
    lang = current_lang()
    x, mean = row["x"], float(row["mean_repeat_spend"] or 0)
    if not x or mean <= 0:
        return _("Too few purchases of their own, so the mean of all customers stands in.")
    own = amount(mean, currency)[lang]
    everybody = spend.population_mean()
    if spend.q <= 1:
        return _("Their own {own} on average, drawn towards that of all customers.").format(own=own)
    weight = spend.p * x / (spend.p * x + spend.q - 1)
    said = _("Their own {own} on average counts for {weight}, the {all} of all customers for the rest.")
    return said.format(own=own, weight=percent(weight, 0), all=amount(everybody, currency)[lang])


def _worth(row: Mapping[str, Any], then: Scenarios) -> float | None:
    """Return what a purchase leaves, as the valuation took it; None where none is expected."""
    bought = float(then.discounted[0])
    return float(row["future_value"]) / bought if bought > 0 else None


def _left(row: Mapping[str, Any]) -> str:
    revenue, profit = row["revenue"], row["net_profit"]
    if not revenue or revenue <= 0 or profit is None:
        return _("No purchase in twelve months, so the margin of all customers stands in.")
    said = _("Their own {own} of the last 12 months, drawn towards that of all customers.")
    return said.format(own=percent(float(profit / revenue), 0))


def _window(row: Mapping[str, Any], fitted: Stored) -> str:
    """Say from when to when the next order is due, and from when on they are unusually late."""
    x, t_x, _age = _history(row, fitted)
    days = [float(fitted.common.predictive_gap(x, t_x, level)) * fitted.days for level in (*WINDOW, LATE)]

    def day(after: float) -> str:
        return (
            date_format(row["last_purchase"] + timedelta(days=round(after)), "DATE_FORMAT") if after <= LONGEST else ""
        )

    first, last, late = (day(after) for after in days)
    silent = row["days_since_last_purchase"]
    if not last:
        return _("If they still buy, the next order may well take more than a year.")
    if silent <= days[1]:
        said = _("If they still buy, the next order is as likely between {first} and {last} as outside.")
    else:
        said = _("The next order was due between {first} and {last}.")
    said = said.format(first=first, last=last)
    if not late:
        return said
    after = (
        _("Since {late} they are unusually late.") if silent > days[2] else _("After {late} they are unusually late.")
    )
    return _("{one} {other}").format(one=said, other=after.format(late=late))


def _then(row: Mapping[str, Any], then: Scenarios) -> list[dict[str, Any]]:
    """Return what P(alive) and value would be: as things stand, after an order, after each wait."""
    names = [_("As things stand"), _("They order now")]
    names += [ngettext("Nothing for {n} more week", "Nothing for {n} more weeks", n).format(n=n) for n in WAITS]
    worth = float(row["future_value"])
    changes = [None, *(worth * (ratio - 1) for ratio in _ratios(then)[1:])]
    return [
        {
            "name": name,
            "p_alive": float(alive),
            "value": worth + (change or 0),
            "change": change,
            "size": abs(change or 0),
        }
        for name, alive, change in zip(names, then.p_alive, changes, strict=True)
    ]


def _ratios(then: Scenarios) -> Sequence[float]:
    return [float(ratio) for ratio in then.ratio]


def _changes(row: Mapping[str, Any], then: Scenarios, currency: str) -> str:
    lang, worth, ratios = current_lang(), float(row["future_value"]), _ratios(then)
    said = _("An order now would make it {up}; {n} more weeks of silence would make it {down}.")
    up, down = (amount(worth * ratio, currency)[lang] for ratio in (ratios[1], ratios[-1]))
    return said.format(up=up, n=WAITS[-1], down=down)
