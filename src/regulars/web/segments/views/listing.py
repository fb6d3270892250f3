"""The list of all customers: every state of it is an address, which charts, views and people pass on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from regulars.web.core.access import page
from regulars.web.core.actor import Actor
from regulars.web.core.request import Request
from regulars.web.core.words import short_day
from regulars.web.customers.selectors import visible
from regulars.web.segments import selectors
from regulars.web.segments.cells import Cells
from regulars.web.segments.columns import Column, columns_of, open_columns
from regulars.web.segments.forms.filters import AT_HAND, FilterForm
from regulars.web.segments.selectors.narrowing import Finding
from regulars.web.segments.sorts import SORTS, Sort, sort_of
from regulars.web.segments.state import ListState
from regulars.web.segments.wording import said
from regulars.web.segments.writing import MOST_ROWS

if TYPE_CHECKING:
    from regulars.web.segments.models import SavedView
    from regulars.web.valuations.models import Valuation

MOST_TABS = 30


@page(permission="customers.read", kind="read")
def customers(request: Request) -> HttpResponse:
    """Show the customers that the address asks for."""
    if not request.GET and (first := selectors.first_view(request.actor)):
        return redirect(address_of(first))
    state = ListState.read(request.GET)
    context = listed(request, state, selectors.finding(request.actor, state.conditions))
    return render(request, "segments/customers.html", context | _views(request, state))


def address_of(view: SavedView) -> str:
    """Return where a view is shown."""
    return f"{reverse('customer_list')}?{'&'.join(filter(None, [f'view={view.pk}', view.state.address()]))}"


def _views(request: Request, state: ListState) -> dict[str, Any]:
    """Return the tabs above the list: all customers, what everybody needs, what the person keeps."""
    actor, asked = request.actor, request.GET.get("view", "")
    kept = list(selectors.views(actor)[:MOST_TABS])
    view = next((one for one in kept if str(one.pk) == asked), None)
    usual = [(_("All customers"), "")]
    usual += [] if actor.scope == "own" else [(_("My customers"), "owner=me")]
    if actor.may("valuations.read"):
        usual += [(_("At risk"), "at_risk=1&sort=value_at_risk"), (_("Due within 7 days"), "due_within=7")]
    here = state.address()
    tabs = [
        {"title": title, "url": f"?{query or 'view=all'}", "here": not view and here == query} for title, query in usual
    ]
    tabs += [{"title": one.name, "url": address_of(one), "here": one == view} for one in kept]
    may_change = view is not None and (view.owner_id == actor.user_id or actor.may("segments.share"))
    return {"view_tabs": tabs, "view": view, "may_change_view": may_change}


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
    cells = Cells(currency=currency, most=rows.most, as_of=(valuation and valuation.as_of) or found.today)
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
        "asked": state.address(),
        "may_act": actor.may("tasks.assign"),
        "most_rows": MOST_ROWS,
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
    return f"{said_so} · " + _("valued as of %(day)s") % {"day": short_day(valuation.as_of)}


def _sorts(sort: Sort, *, valued: bool) -> list[tuple[Sort, bool]]:
    return [(one, one is sort) for one in SORTS.values() if valued or not one.of_value]
