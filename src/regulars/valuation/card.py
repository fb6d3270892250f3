"""The model card: what was chosen, from what, how well it did, and what every choice was."""

from __future__ import annotations

from typing import Any

from regulars import __version__
from regulars.measure.lifetime.grouped import Grouped
from regulars.prove.candidates import plain_name
from regulars.valuation.assumed import ignored
from regulars.valuation.figures import given_figures
from regulars.valuation.figures.groups import groups_figures
from regulars.valuation.figures.weak import weaknesses
from regulars.valuation.future import Future
from regulars.valuation.gates import gates
from regulars.valuation.run import Valuation
from regulars.words import Ask, T


def model_card(v: Valuation) -> dict[str, Any]:
    """Return the card as JSON: run, data, model with parameters, choice, hold-out, gates, weaknesses."""
    return {
        "regulars": __version__,
        "run": _run(v),
        "data": _data(v),
        "relationship": v.kind.as_dict(),
        "model": _model(v),
        "given": given_figures(v),
        "choice": v.choice,
        "spend_choice": v.spend_choice,
        "groups": groups_figures(v),
        "holdout": v.holdout,
        "not_enough": v.not_enough.as_dict() if v.not_enough else None,
        "untested": v.untested.as_dict() if v.untested else None,
        "rules": _rules(v),
        "gates": [gate.as_dict() for gate in gates(v)],
        "asks": [note.as_dict() for note in v.orders.notes if isinstance(note, Ask)],
        "weak": [line.as_dict() for line in weaknesses(v)],
    }


def _run(v: Valuation) -> dict[str, Any]:
    s = v.settings
    return {
        "as_of": v.orders.as_of.isoformat(),
        "horizon_days": s.horizon_days,
        "discount_rate": s.discount_rate,
        "interval_level": s.level,
        "seed": s.seed,
        "basis": v.basis,
        "by": s.by,
        "margin": None
        if s.margin is None
        else {
            "overall": None if s.margin.overall is None else float(s.margin.overall),
            "by_category": {name: float(rate) for name, rate in s.margin.by_category.items()},
        },
    }


def _data(v: Valuation) -> dict[str, Any]:
    orders = v.orders
    return {
        "source": orders.source,
        "first_date": orders.first_date.isoformat(),
        "rows_read": orders.n_rows_read,
        "lines_used": orders.n_lines,
        "customers": v.n_customers,
        "currency": orders.currency,
        "own_costs": orders.has_cost,
        "mapping": orders.mapping,
        "left_out": [
            {"reason": e.reason, "rows": e.rows, "money": str(e.money), "overlaps": e.overlaps} for e in orders.left_out
        ],
    }


def _model(v: Valuation) -> dict[str, Any]:
    if v.future is None:
        return {"name": None}
    margins = v.future.worth.margins
    return {
        "name": v.future.name,
        "fitted_on": (v.given.as_of if v.given else v.orders.as_of).isoformat(),
        **v.future.model.kept(),
        "spend": v.future.worth.spend.kept(),
        "margin_rate": margins.rate if margins else None,
        "margin_purchase": margins.purchase if margins else None,
        "ignores": _ignored(v.future).as_dict(),
    }


def _ignored(future: Future) -> T:
    by = future.model.by if isinstance(future.model, Grouped) else None
    return ignored(plain_name(future.name), future.worth, k=getattr(future.model, "k_", None), by=by)


def _rules(v: Valuation) -> dict[str, Any]:
    rules = v.rules
    return {
        "matrix": {
            "quantile": rules.matrix.quantile,
            "current": rules.matrix.current,
            "future": rules.matrix.future,
            "known": rules.matrix.known,
        },
        "tiers": {
            "gold": rules.tiers.gold,
            "silver": rules.tiers.silver,
            "gold_share": rules.tiers.gold_share,
            "silver_share": rules.tiers.silver_share,
        },
        "rfm_edges": rules.rfm.as_dict(),
        "visit_month": rules.visits.month.isoformat(),
    }
