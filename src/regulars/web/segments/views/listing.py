"""The list of all customers: every state of it is an address, which charts, views and people pass on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from regulars.web.core.access import page
from regulars.web.core.actor import Actor
from regulars.web.core.request import Request
from regulars.web.customers.selectors import visible
from regulars.web.segments import selectors
from regulars.web.segments.cells import Cells
from regulars.web.segments.columns import Column, columns_of, open_columns
from regulars.web.segments.forms.filters import AT_HAND, FilterForm
from regulars.web.segments.selectors.narrowing import Finding
from regulars.web.segments.sorts import SORTS, Sort, sort_of
from regulars.web.segments.state import ListState
from regulars.web.segments.wording import said

if TYPE_CHECKING:
    from regulars.web.valuations.models import Valuation


@page(permission="customers.read", kind="read")
def customers(request: Request) -> HttpResponse:
    """Show the customers that the address asks for."""
    state = ListState.read(request.GET)
    found = selectors.finding(request.actor, state.conditions)
    context = listed(request, state, found)
    return render(request, "segments/customers.html", context)


def listed(request: Request, state: ListState, found: Finding) -> dict[str, Any]:
    """Return what a page with a list shows: head, rows, filters, count; the same for all customers and a segment."""
    actor, valuation = request.actor, found.valuation
    valued = valuation is not None
    sort = sort_of(state.sort, actor, valued=valued)
    columns = columns_of(state.columns, actor, valued=valued)
    rows = selectors.list_page(
        found, sort, after=request.GET.get("after"), before=request.GET.get("before"),
        with_tags=any(column.key == "tags" for column in columns),
    )  # fmt: skip
    currency = valuation.currency if valuation else request.workspace.currency
    cells = Cells(currency=currency, most=rows.most, today=found.today)
    return {
        "state": state,
        "rows": rows,
        "lines": [(row, [(column, cells(row, column)) for column in columns]) for row in rows.rows],
        "heads": [_head(column, sort, state) for column in columns],
        "sorts": _sorts(sort, valued=valued and actor.may("valuations.read")),
        "sort": sort,
        "columns": [(column, column in columns) for column in open_columns(actor, valued=valued)],
        "form": FilterForm(found.conditions, by=actor, valued=valued),
        "chips": _chips(found, state, actor),
        "sub": told(found.count() if rows.rows else selectors.Count(0), valuation),
        "valuation": valuation,
        "left_out": sorted(set(state.conditions.texts) - set(found.conditions.texts)),
        "anybody": bool(rows.rows) or visible(actor).exists(),
    }


def _head(column: Column, sort: Sort, state: ListState) -> dict[str, Any]:
    here = column.sort == sort.key and bool(column.sort)
    url = f"?{state.with_sort(column.sort).address()}" if column.sort and not here else ""
    return {"column": column, "here": here, "url": url, "rising": sort.key == "name"}


def _chips(found: Finding, state: ListState, actor: Actor) -> list[dict[str, Any]]:
    """Return the conditions that have no control at hand, each with the address of the list without it."""
    shown = [one for one in said(found.conditions, actor) if one.key not in AT_HAND]
    return [{"title": o.title, "text": o.text, "url": state.asking(o.rest).address()} for o in shown]


def told(count: selectors.Count, valuation: Valuation | None) -> str:
    """Return how many customers a list has and how old their values are, in one line."""
    many = ngettext("%(n)s customer", "%(n)s customers", count.n) % {"n": f"{count.n:,}"}
    said_so = _("more than %(many)s") % {"many": many} if count.more else many
    if valuation is None or valuation.as_of is None:
        return said_so
    day = date_format(valuation.as_of, "SHORT_DATE_FORMAT")
    return f"{said_so} · " + _("valued as of %(day)s") % {"day": day}


def _sorts(sort: Sort, *, valued: bool) -> list[tuple[Sort, bool]]:
    return [(one, one is sort) for one in SORTS.values() if valued or not one.of_value]
