"""Movements between two valuations: how many went from which class to which, and who."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from regulars.report.formats import integer
from regulars.segment import MATRIX_CLASSES, TIER_NAMES, TIERS, VISIT_CLASSES, matrix_name
from regulars.web.core.access import page
from regulars.web.core.request import Request
from regulars.web.core.words import current_lang
from regulars.web.facts.selectors import Moves
from regulars.web.valuations import selectors
from regulars.web.valuations.models import Valuation
from regulars.web.valuations.pages.figures import Shown
from regulars.web.valuations.pages.views import READ, frame, none_yet

SCHEMES: dict[str, tuple[str | Promise, Sequence[str]]] = {
    "matrix": (gettext_lazy("Value matrix"), MATRIX_CLASSES),
    "tier": (gettext_lazy("Tier"), TIERS),
    "visit_class": (gettext_lazy("Visit class"), VISIT_CLASSES),
}
"""Scheme → its name, its classes best first."""
MOST = 200
"""Customers of one cell that are listed, the largest change of value first."""
NONE = "none"
"""Stands in an address for who has no class, or was not there."""


class Choice(forms.Form):
    """Which two valuations, by which scheme."""

    earlier = forms.TypedChoiceField(label=gettext_lazy("From"), coerce=int, required=False)
    later = forms.TypedChoiceField(label=gettext_lazy("To"), coerce=int, required=False)
    scheme = forms.ChoiceField(
        label=pgettext_lazy("scheme of classes", "By"),
        required=False,
        choices=[(key, name) for key, (name, _keys) in SCHEMES.items()],
    )

    def __init__(self, given: Any, runs: Sequence[Valuation]) -> None:
        super().__init__(given)
        days = [(run.pk, date_format(run.as_of, "DATE_FORMAT") if run.as_of else str(run.pk)) for run in runs]
        for name in ("earlier", "later"):
            field: Any = self.fields[name]
            field.choices = days


@dataclass(frozen=True, slots=True)
class Compared:
    """Two runs and the scheme that a page compares them by."""

    earlier: Valuation
    later: Valuation
    scheme: str


def chosen(request: Request) -> tuple[Choice, Compared | None]:
    """Return the form and what it says: the newest two runs where nothing is said; None where there are not two."""
    runs = list(selectors.published(request.actor)[:50])
    by_number = {run.pk: run for run in runs}
    current = selectors.current()
    later = by_number.get(_number(request, "later") or (current.pk if current else 0))
    if later is None or len(runs) < 2:
        return Choice({}, runs), None
    before = next((run for run in runs if run.pk < later.pk), runs[-1])
    earlier = by_number.get(_number(request, "earlier") or before.pk, before)
    asked = request.GET.get("scheme", "")
    scheme = asked if asked in SCHEMES else "matrix"
    form = Choice({"earlier": earlier.pk, "later": later.pk, "scheme": scheme}, runs)
    return form, None if earlier.pk == later.pk else Compared(earlier, later, scheme)


def _number(request: Request, name: str) -> int | None:
    text = request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else None


@page(permission=READ, kind="read")
def movements(request: Request) -> HttpResponse:
    """Show how many moved from which class to which between two valuations."""
    valuation = selectors.current()
    if valuation is None:
        return none_yet(request)
    shown, (form, compared) = Shown(request.actor, valuation), chosen(request)
    context: dict[str, Any] = {**frame(shown), "form": form, "compared": compared}
    if compared:
        found = selectors.compare(request.actor, compared.earlier, compared.later, scheme=compared.scheme)
        context |= _table(found, compared, opens=shown.opens)
    return render(request, "valuations/value/movements.html", context)


def _table(found: Sequence[Moves], compared: Compared, *, opens: bool) -> dict[str, Any]:
    """Return the table, the chart's cells and the finding."""
    _name, keys = SCHEMES[compared.scheme]
    moves = {(one.before, one.after): one for one in found}
    classes = [*keys, None]
    befores = [key for key in classes if any(one.before == key for one in found)]
    afters = [key for key in classes if any(one.after == key for one in found)]
    rows = [
        (class_name(before, compared.scheme, before=True),
         [_cell(moves.get((before, after)), before, after, keys, compared, opens) for after in afters])
        for before in befores
    ]  # fmt: skip
    heads = [class_name(after, compared.scheme, before=False) for after in afters]
    up, down = (_sum(found, keys, direction) for direction in ("up", "down"))
    cells = [
        [x, y, cell["n"], cell["way"], cell["url"]]
        for y, (_head, line) in enumerate(rows)
        for x, cell in enumerate(line)
        if cell["n"] is not None
    ]
    return {
        "heads": heads,
        "rows": rows,
        "finding": _finding(up, down),
        "chart": {"before": [name for name, _line in rows], "after": heads, "cells": cells,
                  "people": _("customers"), "x": _("After"), "y": _("Before")},
    }  # fmt: skip


def _cell(
    one: Moves | None, before: str | None, after: str | None, keys: Sequence[str], compared: Compared, opens: bool
) -> dict[str, Any]:
    if one is None:
        return {"n": None, "hidden": False, "way": "", "url": ""}
    asked: dict[str, str | int] = {
        "earlier": compared.earlier.pk, "later": compared.later.pk, "scheme": compared.scheme,
        "before": before or NONE, "after": after or NONE,
    }  # fmt: skip
    url = f"{reverse('value_moved')}?{urlencode(asked)}" if opens and not one.hidden else ""
    return {"n": one.n, "hidden": one.hidden, "way": way(before, after, keys), "url": url, "change": one.change}


def way(before: str | None, after: str | None, keys: Sequence[str]) -> str:
    """Return up, down or same; empty where either side has no class."""
    if before is None or after is None:
        return ""
    step = list(keys).index(before) - list(keys).index(after)
    return "up" if step > 0 else "down" if step < 0 else "same"


def _sum(found: Sequence[Moves], keys: Sequence[str], direction: str) -> tuple[int, Decimal]:
    chosen = [one for one in found if way(one.before, one.after, keys) == direction]
    return sum(one.n or 0 for one in chosen), sum((one.change or Decimal(0) for one in chosen), Decimal(0))


def _finding(up: tuple[int, Decimal], down: tuple[int, Decimal]) -> str:
    rose = ngettext("{n} customer rose", "{n} customers rose", up[0]).format(n=integer(up[0]))
    fell = ngettext("{n} fell", "{n} fell", down[0]).format(n=integer(down[0]))
    return _("{rose}, {fell}.").format(rose=rose, fell=fell)


def class_name(key: str | None, scheme: str, *, before: bool) -> str:
    """Return a class as people say it; who has none was not there, or had too little data."""
    if key is None:
        return _("none before") if before else _("none after")
    if scheme == "matrix":
        return matrix_name(key)[current_lang()]
    return TIER_NAMES[key][current_lang()] if scheme == "tier" else key


@page(permission=READ, kind="read")
def moved(request: Request) -> HttpResponse:
    """List who moved from one class to another and why, the largest change of value first."""
    request.actor.require("customers.read")
    _form, compared = chosen(request)
    if compared is None:
        return none_yet(request)
    _name, keys = SCHEMES[compared.scheme]
    before, after = (_class(request.GET.get(name, ""), keys) for name in ("before", "after"))
    found = selectors.who_moved(
        request.actor, compared.earlier, compared.later, scheme=compared.scheme, before=before, after=after, limit=MOST
    )
    shown, lang = Shown(request.actor, compared.later), current_lang()
    names = shown.names([one.customer_id for one in found])
    context = {
        **frame(shown),
        "compared": compared,
        "before": class_name(before, compared.scheme, before=True),
        "after": class_name(after, compared.scheme, before=False),
        "rows": [
            (one, names[one.customer_id], abs(one.change), one.why[lang]) for one in found if one.customer_id in names
        ],
        "most": MOST if len(found) == MOST else None,
    }
    return render(request, "valuations/value/moved.html", context)


def _class(text: str, keys: Sequence[str]) -> str | None:
    return text if text in keys else None
