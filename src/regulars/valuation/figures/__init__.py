"""The figures of a valuation: one JSON-able dictionary that every document is drawn from."""

from __future__ import annotations

from typing import Any

from regulars import __version__
from regulars.segment.visits import partial_note
from regulars.valuation.figures.groups import groups_figures
from regulars.valuation.figures.people import contact_figures, key_customers, top_customers
from regulars.valuation.figures.structure import (
    concentration_figures,
    matrix_figures,
    pyramid_figures,
    rfm_figures,
    tier_figures,
    visit_figures,
)
from regulars.valuation.figures.totals import alive_histogram, totals
from regulars.valuation.figures.weak import weaknesses
from regulars.valuation.run import Valuation
from regulars.words import Ask


def figures(valuation: Valuation) -> dict[str, Any]:
    """Return all that reports show: sums, curves, grids, the first thousand customers.

    Money is float, dates are ISO text.

    Returns
    -------
    dict
        ``meta, totals, not_enough, contact, concentration, pyramid, matrix, rfm, cohort, p_alive, tracking, holdout,
        spend, given, groups, tiers, visits, crosstab, top, left_out, mapping, asks, notes, weak``. Parts that the data
        do not carry are None; texts are ``{"zh": …, "en": …}``; `asks` are what the reader has to decide before the
        numbers can be trusted.
    """
    v, orders = valuation, valuation.orders
    top = top_customers(v)
    sums = totals(v)
    contacts, contact_note = contact_figures(v, sums)
    rules = v.rules
    notes = [*orders.notes, *v.notes, *rules.rfm.notes]
    lines = {"quantile": rules.matrix.quantile, "current": rules.matrix.current, "future": rules.matrix.future}
    return {
        "meta": meta(v),
        "totals": sums,
        "not_enough": v.not_enough.as_dict() if v.not_enough else None,
        "contact": contacts,
        "contact_note": contact_note.as_dict() if contact_note else None,
        "concentration": concentration_figures(v.customers, v.basis),
        "pyramid": pyramid_figures(v.customers, v.basis),
        "matrix": matrix_figures(v.customers, v.basis, lines, key_customers(top)),
        "rfm": rfm_figures(v.customers, rules.rfm.as_dict()),
        "cohort": v.cohorts,
        "p_alive": alive_histogram(v),
        "tracking": v.card.tracking() if v.card else None,
        "holdout": v.holdout,
        "spend": v.spend_choice,
        "given": given_figures(v),
        "groups": groups_figures(v),
        "untested": v.untested.as_dict() if v.untested else None,
        **tier_figures(v.customers, v.basis),
        "visits": visit_figures(v.customers, rules.visits.month, partial_note(rules.visits, orders.as_of)),
        "top": top,
        "left_out": [
            {
                "reason": e.reason,
                "text": e.text.as_dict(),
                "rows": e.rows,
                "money": float(e.money or 0),
                "overlaps": e.overlaps,
            }
            for e in orders.left_out
        ],
        "mapping": orders.mapping,
        "asks": [note.as_dict() for note in notes if isinstance(note, Ask)],
        "notes": [note.as_dict() for note in notes if not isinstance(note, Ask)],
        "weak": [line.as_dict() for line in weaknesses(v)],
    }


def meta(v: Valuation) -> dict[str, Any]:
    """Return what was valued, when, and how."""
    orders, settings = v.orders, v.settings
    return {
        "source": orders.source,
        "as_of": orders.as_of.isoformat(),
        "first_date": orders.first_date.isoformat(),
        "last_date": orders.as_of.isoformat(),
        "currency": orders.currency,
        "basis": v.basis,
        "n_customers": v.n_customers,
        "n_lines": orders.n_lines,
        "horizon_days": settings.horizon_days,
        "discount_rate": settings.discount_rate,
        "version": __version__,
        "model": {name: v.choice.get(name) for name in ("name", "reason", "regularity")} if v.choice else None,
    }


def given_figures(v: Valuation) -> dict[str, Any] | None:
    """Return with the parameters of which day scores were made and whether a refit is due; None after a plain run."""
    earlier = v.given or v.renewed
    if earlier is None or v.said is None or v.refit is None:
        return None
    return {
        "as_of": earlier.as_of.isoformat(),
        "renewed": v.given is None,
        "refit": v.refit.as_dict(),
        "text": v.said.as_dict(),
    }
