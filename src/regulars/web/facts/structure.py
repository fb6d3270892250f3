"""How the customers whom a person reaches are built: the report's figures, reckoned over them alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import narwhals as nw
from duckdb import ColumnExpression, DuckDBPyConnection

from regulars import engine
from regulars.engine import Frame
from regulars.measure import purchase_occasions
from regulars.web.core.actor import Actor
from regulars.web.facts import values
from regulars.web.facts.access import reading
from regulars.web.facts.kept import kept
from regulars.web.facts.lines import lines_read
from regulars.web.facts.values import Run

NEEDED = (
    "customer_id", "first_purchase", "revenue", "net_profit", "lifetime_revenue", "future_value", "customer_value",
    "value_at_risk", "at_risk", "p_alive", "cost_to_provide", "cost_to_serve", "marketing_cost", "matrix", "tier",
    "r_score", "f_score",
)  # fmt: skip


def structure(actor: Actor, rules: Mapping[str, Any], *, valuation: int | None = None) -> dict[str, Any] | None:
    """Return the figures of the customers that `actor` reaches, as `regulars.valuation.figures` gives them of all.

    Parameters
    ----------
    rules
        Where the classes were cut, as the model card has them.

    Returns
    -------
    dict or None
        ``n, totals, concentration, pyramid, matrix, rfm, tiers, crosstab``; None without a valuation. Intervals
        of totals are not among them: they need the model, and it answers for all customers together.
    """
    actor.require("valuations.read")
    run = values.run_of(valuation)
    if run is None:
        return None
    return kept(f"structure:{run.valuation_id}", actor, lambda numbers: _structure(run, numbers, rules))


def sums(actor: Actor, *, valuation: int | None = None) -> dict[str, Any] | None:
    """Return the headline sums of the customers that `actor` reaches; None without a valuation."""
    actor.require("valuations.read")
    run = values.run_of(valuation)
    return None if run is None else kept(f"sums:{run.valuation_id}", actor, lambda numbers: _sums(run, numbers))


def cohorts(actor: Actor, *, valuation: int | None = None) -> dict[str, Any] | None:
    """Return retention by cohort of the customers that `actor` reaches; it alone reads their order lines."""
    actor.require("valuations.read")
    run = values.run_of(valuation)
    return None if run is None else kept(f"cohorts:{run.valuation_id}", actor, lambda numbers: _cohorts(run, numbers))


def values_at(
    actor: Actor, shares: Sequence[float], *, everyone: bool = False, valuation: int | None = None
) -> list[Decimal | None]:
    """Return the current value from which on a customer is among the best `shares` (0–1) of those whom `actor` reaches.

    Parameters
    ----------
    everyone
        Among all customers of the workspace.
    """
    actor.require("valuations.read")
    run = values.run_of(valuation)
    if run is None:
        return [None] * len(shares)
    what = f"values-at:{run.valuation_id}:{','.join(map(str, shares))}"
    return kept(what, None if everyone else actor, lambda numbers: _values_at(run, numbers, shares))


def _values_at(run: Run, numbers: Sequence[int] | None, shares: Sequence[float]) -> list[Decimal | None]:
    with reading() as connection:
        rows = values.of_customers(connection, values.open_file(connection, run), numbers)
        return _quantiles(rows.filter(ColumnExpression("current_value").isnotnull()), shares)


def _quantiles(rows: Any, shares: Sequence[float]) -> list[Decimal | None]:
    at = ", ".join(repr(round(1 - float(share), 6)) for share in shares)
    [(found,)] = rows.aggregate(f"quantile_disc(current_value, [{at}])").fetchall()
    return list(found) if found else [None] * len(shares)


def _customers(connection: DuckDBPyConnection, run: Run, numbers: Sequence[int] | None) -> Frame:
    """Return the few columns that figures need, of these customers alone."""
    found = values.of_customers(connection, values.open_file(connection, run), numbers)
    return engine.persist(engine.frame(found).select(*NEEDED))


def _basis(run: Run) -> str:
    return "net_profit" if run.basis == "net_profit" else "revenue"


def _sums(run: Run, numbers: Sequence[int] | None) -> dict[str, Any]:
    with reading() as connection:
        return _totals(_customers(connection, run, numbers), _basis(run))


def _structure(run: Run, numbers: Sequence[int] | None, rules: Mapping[str, Any]) -> dict[str, Any]:
    with reading() as connection:
        return _reckoned(_customers(connection, run, numbers), run, rules)


def _reckoned(customers: Frame, run: Run, rules: Mapping[str, Any]) -> dict[str, Any]:
    from regulars.valuation.figures import structure as drawn  # brings the models along: pages start without them

    basis = _basis(run)
    lines, edges = rules.get("matrix"), rules.get("rfm_edges") or {}
    return {
        "n": engine.n_rows(customers),
        "totals": _totals(customers, basis),
        "concentration": drawn.concentration_figures(customers, basis),
        "pyramid": drawn.pyramid_figures(customers, basis),
        "matrix": drawn.matrix_figures(customers, basis, dict(lines), _keys(customers, basis)) if lines else None,
        "rfm": drawn.rfm_figures(customers, edges),
        **drawn.tier_figures(customers, basis),
    }


def _totals(customers: Frame, basis: str) -> dict[str, Any]:
    late = nw.col("at_risk").fill_null(False)
    sums = customers.select(
        engine.money_sum(basis).alias("current"),
        engine.money_sum("future_value").alias("future"),
        nw.col("p_alive").sum().alias("still"),
        nw.col("future_value").count().alias("known"),
        nw.len().alias("n"),
    )
    risk = customers.filter(late).select(engine.money_sum("value_at_risk").alias("value"), nw.len().alias("n"))
    row, at_risk = (engine.to_arrow(one).to_pylist()[0] for one in (sums, risk))
    known = bool(row["known"])
    return {
        "n": int(row["n"]),
        "current_value": _float(row["current"]),
        "future_value": {"value": _float(row["future"])} if known else None,
        "still_buying": {"value": row["still"]} if known else None,
        "value_at_risk": {"value": _float(at_risk["value"]) or 0.0, "n": int(at_risk["n"])} if known else None,
    }


def _keys(customers: Frame, basis: str, n: int = 8) -> list[dict[str, Any]]:
    """Return the few most valuable customers as marks for the matrix."""
    placed = customers.filter(~nw.col("matrix").is_null())
    best = placed.sort("customer_value", "customer_id", descending=[True, False]).head(n)
    rows = engine.to_arrow(best.select("customer_id", "matrix", "future_value", nw.col(basis).alias("current")))
    return [
        {
            "customer_id": row["customer_id"], "current": _float(row["current"]),
            "future": _float(row["future_value"]), "key": row["matrix"],
        }
        for row in rows.to_pylist()
    ]  # fmt: skip


def _cohorts(run: Run, numbers: Sequence[int] | None) -> dict[str, Any]:
    """Return the cohorts from the lines that the valuation read; those of merged records count for the one kept."""
    from regulars.valuation.cohort import cohort_figures

    with reading() as connection:
        found = values.of_customers(connection, values.open_file(connection, run), numbers)
        customers = engine.persist(engine.frame(found).select("customer_id", "first_purchase"))
        occasions = engine.persist(purchase_occasions(lines_read(run, numbers)))
        return cohort_figures(customers, occasions, as_of=run.as_of)


def _float(value: Decimal | float | None) -> float | None:
    return None if value is None else float(value)
