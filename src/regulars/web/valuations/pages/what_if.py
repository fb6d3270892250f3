"""What if: another horizon, another discount rate, customers who leave less; and what texts claim of it."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from io import StringIO
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from regulars.report.formats import amount, full, integer, known, number, percent, symbol
from regulars.web.core.access import page
from regulars.web.core.request import Request
from regulars.web.core.words import current_lang
from regulars.web.facts.selectors import what_if
from regulars.web.valuations import selectors
from regulars.web.valuations.models import Valuation
from regulars.web.valuations.pages.claims import claims
from regulars.web.valuations.pages.figures import Shown
from regulars.web.valuations.pages.views import READ, frame, none_yet

ALL = "all"
"""In addresses: the whole remaining relationship instead of a number of weeks."""
ENDLESS = "∞"
WEEKS = ("4", "13", "26", "52", "104", "156", ALL)

Point = Mapping[str, Any]


def weeks_said(weeks: float | None) -> str:
    """Return a horizon in words."""
    return _("to the end") if weeks is None else _("{n} weeks").format(n=integer(weeks))


class Asked(forms.Form):
    """What is asked; what is left out is as the valuation has it."""

    weeks = forms.ChoiceField(label=gettext_lazy("How far ahead"))
    rate = forms.FloatField(
        label=gettext_lazy("Discount rate in percent a year"), min_value=0, max_value=99,
        widget=forms.NumberInput(attrs={"step": "0.5"}),
    )  # fmt: skip
    lower = forms.FloatField(
        label=gettext_lazy("Customers leave less, by percent"), min_value=0, max_value=90,
        widget=forms.NumberInput(attrs={"step": "5"}),
    )  # fmt: skip
    claim_low = forms.FloatField(
        label=gettext_lazy("Your own claim: profit up by percent, from"), required=False, min_value=-1000,
        max_value=1000,
    )  # fmt: skip
    claim_high = forms.FloatField(label=gettext_lazy("to"), required=False, min_value=-1000, max_value=1000)

    def __init__(self, given: Mapping[str, Any], valuation: Valuation) -> None:
        run = valuation.card.get("run") or {}
        usual = f"{run.get('horizon_days', 364) / 7:g}"
        as_valued = {"weeks": usual, "rate": f"{100 * run.get('discount_rate', 0.1):g}", "lower": "0"}
        super().__init__({**as_valued, **{name: value for name, value in given.items() if value != ""}})
        choices: Any = self.fields["weeks"]
        named = sorted({*WEEKS, usual} - {ALL}, key=float)
        choices.choices = [(key, weeks_said(float(key))) for key in named] + [(ALL, weeks_said(None))]

    @property
    def question(self) -> dict[str, Any]:
        """Weeks (None: to the end), rate and share by which fewer leave, as `what_if` takes them."""
        said = self.cleaned_data
        weeks = None if said["weeks"] == ALL else float(said["weeks"])
        return {"weeks": weeks, "rate": said["rate"] / 100, "lower": said["lower"] / 100}


@page(permission=READ, kind="read")
def asked(request: Request) -> HttpResponse:
    """Show what value would be as asked, how it hangs on each of the three, and what texts claim."""
    valuation = selectors.current()
    if valuation is None:
        return none_yet(request)
    shown = Shown(request.actor, valuation)
    form = Asked(request.GET.dict(), valuation)
    context: dict[str, Any] = {**frame(shown), "form": form}
    if form.is_valid():
        context |= _answer(shown, form)
    return render(request, "valuations/value/what_if.html", context)


@page(permission=READ, kind="read")
def asked_table(request: Request) -> HttpResponse:
    """Hand out every point of the page as CSV."""
    valuation = selectors.current()
    form = Asked(request.GET.dict(), valuation) if valuation else None
    found = _found(Shown(request.actor, valuation), form) if valuation and form and form.is_valid() else None
    if found is None:
        return redirect("value_what_if")
    text = StringIO()
    writer = csv.writer(text)
    writer.writerow(
        [_("Weeks ahead"), _("Discount rate a year"), _("Leave less by"), _("Purchases"), _("Value to come")]
    )
    points = [found["as_valued"], found["asked"]]
    for name in ("by_horizon", "by_rate", "by_retention"):
        points += found[name]
    for point in points:
        weeks = _("to the end") if point["weeks"] is None else f"{point['weeks']:g}"
        writer.writerow([weeks, point["rate"], point["lower"], point["purchases"], point["value"]])
    answer = HttpResponse("\ufeff" + text.getvalue(), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = 'attachment; filename="what-if.csv"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _found(shown: Shown, form: Asked) -> dict[str, Any] | None:
    valuation = shown.valuation
    return what_if(shown.actor, valuation.card, **form.question, valuation=valuation.pk)


def _answer(shown: Shown, form: Asked) -> dict[str, Any]:
    from regulars.measure.whatif import ARITHMETIC, rate_help  # brings SciPy along: pages start without it

    found, lang = _found(shown, form), current_lang()
    told = claims(shown, form.cleaned_data)
    if found is None:
        return {"claims": told}
    question, ask = form.question, found["asked"]
    return {
        "answer": ask,
        "said": _said(found, shown.currency),
        "change": _change(ask, found["as_valued"]),
        "as_valued": found["as_valued"],
        "as_valued_weeks": weeks_said(found["as_valued"]["weeks"]),
        "pictures": list(_pictures(found, question, shown.currency)),
        "scaled": found["scaled"][lang] if found["scaled"] and question["lower"] else "",
        "can_scale": found["scaled"] is not None,
        "arithmetic": ARITHMETIC[lang],
        "rate_help": [line[lang] for line in rate_help(question["rate"])],
        "claims": told,
    }


def _said(found: Mapping[str, Any], currency: str) -> str:
    value, usual = (_money(found[name], currency, amount) for name in ("asked", "as_valued"))
    return _("{value} to come as asked; the valuation says {usual}.").format(value=value, usual=usual)


def _change(ask: Point, usual: Point) -> float | None:
    if not known(ask["value"]) or not usual["value"]:
        return None
    return float(ask["value"] / usual["value"] - 1)


def _pictures(found: Mapping[str, Any], question: Mapping[str, Any], currency: str) -> Iterator[dict[str, Any]]:
    """Return the three ways to look: each a finding, bars with what was asked marked, and a table."""
    horizon, rates, slower = found["by_horizon"], found["by_rate"], found["by_retention"]
    yield {
        **_bars("weeks", _("How far ahead"), horizon, question, weeks_said, currency),
        "say": _("From {first} over four weeks to {last} to the end.").format(**_ends(horizon, currency)),
        "meaning": _(
            "The shorter one looks, the less a customer is worth: a single purchase is worth its own income, and what "
            "repeat purchases and loyalty bring comes later. Beyond the years that the data have seen it is "
            "extrapolation."
        ),
    }
    yield {
        **_bars("rate", _("Discount rate a year"), rates, question, lambda rate: f"{100 * rate:.3g}%", currency),
        "say": _("From {first} without discount to {last} at the highest rate.").format(**_ends(rates, currency)),
        "meaning": _(
            "The higher the rate, the less what comes later is worth today; over a year it changes little, over a "
            "whole relationship much."
        ),
    }
    if not slower:
        return
    share = percent(slower[-1]["lower"], 0)
    said = _("From {first} as fitted to {last} where they leave {share} less.")
    yield {
        **_bars("lower", _("Customers leave less, by"), slower, question, lambda v: f"{100 * v:.3g}%", currency),
        "say": said.format(share=share, **_ends(slower, currency)),
        "meaning": _(
            "Within a year leaving less shows little: who stays longer buys more in later years. Look further ahead to "
            "see it."
        ),
    }


def _bars(
    key: str, title: str, points: Sequence[Point], question: Mapping[str, Any], write: Any, currency: str
) -> dict[str, Any]:
    """Return one way to look as bars and as a table; `key` is what the points differ in."""
    names = [write(point[key]) for point in points]
    at = next((i for i, point in enumerate(points) if point[key] == question[key]), None)
    rows = [
        [name, number(point["purchases"], 0) if known(point["purchases"]) else ENDLESS, _money(point, currency, full)]
        for name, point in zip(names, points, strict=True)
    ]
    return {
        "key": key,
        "title": title,
        "data": {"names": names, "values": [point["value"] for point in points], "at": at, "symbol": symbol(currency)},
        "table": {"head": [title, _("Purchases"), _("Value to come")], "rows": rows},
    }


def _ends(points: Sequence[Point], currency: str) -> dict[str, str]:
    return {"first": _money(points[0], currency, amount), "last": _money(points[-1], currency, amount)}


def _money(point: Point, currency: str, write: Any) -> str:
    if not known(point["value"]):
        return ENDLESS
    said = write(point["value"], currency)
    return said if isinstance(said, str) else str(said[current_lang()])
