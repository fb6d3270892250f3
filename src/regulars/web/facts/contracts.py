"""What a run over contracts found, of the customers that a person reaches: curve, groups, sums, each customer's row."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import duckdb

from regulars.web.core.actor import Actor
from regulars.web.facts import values
from regulars.web.facts.access import CONTRACTS_FILE, HISTORIES_FILE, contracts_folder, reading
from regulars.web.facts.kept import kept
from regulars.web.facts.reach import CustomerOrId, reached, reached_numbers
from regulars.web.facts.totals import FEWEST

ORDERS = {
    "p_leaves_next": "p_leaves_next desc nulls last",
    "future_value": "future_value desc nulls last",
    "next_due": "next_due asc nulls last",
}
"""How the customers of a run can be sorted."""
MOST_LEVELS = 12
Z90 = 1.6448536269514722
"""Intervals of sums hold in nine of ten cases, as those of the card."""


def contract_figures(
    actor: Actor, run: int, *, features: Sequence[str], totals: dict[str, Any]
) -> dict[str, Any] | None:
    """Return counts, the curve as counted, groups and sums, of the customers that `actor` reaches.

    Who may read values but not open records gets everybody's, without groups of fewer than `FEWEST`.

    Parameters
    ----------
    features
        Columns of the run's files that groups are counted by.
    totals
        The card's sums, from which the parameters' part of an interval is taken.

    Returns
    -------
    dict or None
        ``customers, running, undecided, left, renewals_seen, refused, survival, groups, totals, leaving_next``. None
        where the run's files are gone.
    """
    actor.require("valuations.read")
    if not (contracts_folder(run) / CONTRACTS_FILE).exists():
        return None
    opens = actor.may("customers.read")
    found = kept(f"contracts:{run}", actor if opens else None, lambda n: _reckoned(run, n, features, totals))
    if opens:
        return found
    return {**found, "groups": {name: [g for g in rows if g["n"] >= FEWEST] for name, rows in found["groups"].items()}}


def contract_people(
    actor: Actor, run: int, *, order: str = "p_leaves_next", limit: int = 50, offset: int = 0
) -> list[dict[str, Any]]:
    """Return the running contracts of the customers that `actor` reaches, a row each.

    Raises
    ------
    ValueError
        When they cannot be sorted so.
    """
    actor.require("valuations.read")
    if order not in ORDERS:
        raise ValueError(f"{order!r} is no order: {', '.join(ORDERS)}")
    numbers = reached_numbers(actor)
    file = contracts_folder(run) / CONTRACTS_FILE
    if not file.exists():
        return []
    with reading() as connection:
        found = values.of_customers(connection, connection.read_parquet(str(file)), numbers)
        rows = found.filter("state <> 'left'").order(f"{ORDERS[order]}, customer_id, contract_id")
        people: list[dict[str, Any]] = rows.limit(limit, offset).to_arrow_table().to_pylist()
        return people


def contracts_of(actor: Actor, customer: CustomerOrId, run: int) -> list[dict[str, Any]]:
    """Return a customer's rows of a run: one, or one a contract; none where it does not know them."""
    actor.require("valuations.read")
    number, file = reached(actor, customer), contracts_folder(run) / CONTRACTS_FILE
    if not file.exists():
        return []
    with reading() as connection:
        found = values.of_customers(connection, connection.read_parquet(str(file)), [number])
        rows: list[dict[str, Any]] = found.order("contract_id").to_arrow_table().to_pylist()
        return rows


def _reckoned(run: int, numbers: Sequence[int] | None, features: Sequence[str], card: dict[str, Any]) -> dict[str, Any]:
    folder = contracts_folder(run)
    with reading() as connection:
        all_rows = connection.read_parquet(str(folder / CONTRACTS_FILE))
        histories = connection.read_parquet(str(folder / HISTORIES_FILE))
        rows = values.of_customers(connection, all_rows, numbers)
        past = values.of_customers(connection, histories, numbers)
        states = dict(rows.aggregate("state, count(*)").fetchall())
        seen = past.aggregate("sum(periods - entered), count(*) filter (ended)").fetchall()[0]
        return {
            "customers": sum(states.values()),
            "running": states.get("running", 0),
            "undecided": states.get("undecided", 0),
            "left": states.get("left", 0),
            "renewals_seen": int(seen[0] or 0),
            "refused": int(seen[1] or 0),
            "survival": _survival(past),
            "groups": {name: _groups(past, rows, name) for name in features},
            "totals": _totals(rows, all_rows, card),
            "leaving_next": rows.aggregate("sum(p_leaves_next)").fetchall()[0][0],
        }


def _survival(past: duckdb.DuckDBPyRelation) -> list[dict[str, Any]]:
    import numpy as np

    from regulars.measure.lifetime.survival import kaplan_meier  # brings SciPy along: pages start without it

    cells = past.aggregate("entered, periods, ended, count(*) as n").order("entered, periods, ended").fetchnumpy()
    if not len(cells["n"]):
        return []
    curve = kaplan_meier(
        np.asarray(cells["periods"]), np.asarray(cells["ended"], dtype=bool), np.asarray(cells["n"]),
        np.asarray(cells["entered"]),
    )  # fmt: skip
    return [
        {
            "renewal": int(curve.days[i]), "at_risk": int(curve.at_risk[i]), "refused": int(curve.events[i]),
            "survival": float(curve.share[i]), "low": float(curve.low[i]), "high": float(curve.high[i]),
        }
        for i in np.flatnonzero(curve.days > 0)
    ]  # fmt: skip


def _groups(past: duckdb.DuckDBPyRelation, rows: duckdb.DuckDBPyRelation, name: str) -> list[dict[str, Any]]:
    from regulars.prove.rate import Rate

    group = f'"{name}"'
    running = {
        value: (n, leaves)
        for value, n, leaves in rows.filter("state <> 'left'")
        .aggregate(f"{group}, count(*), avg(p_leaves_next)")
        .fetchall()
    }
    counted = past.aggregate(
        f"{group} as value, count(distinct customer_id) as n, sum(periods - entered) as came_up, "
        "count(*) filter (ended) as refused"
    ).order("came_up desc, value nulls last")
    found = []
    for value, n, came_up, refused in counted.fetchall():
        rate = Rate(int(came_up - refused), int(came_up)) if came_up else None
        here, leaving = running.get(value, (0, None))
        found.append(
            {
                "value": value, "n": n, "running": here, "renewals": int(came_up), "refused": refused,
                "retention": rate.share if rate else None, "low": rate.low if rate else None,
                "high": rate.high if rate else None, "leaving_next": leaving,
            }
        )  # fmt: skip
    return found[:MOST_LEVELS]


def _totals(
    rows: duckdb.DuckDBPyRelation, everybody: duckdb.DuckDBPyRelation, card: dict[str, Any]
) -> dict[str, dict[str, float]]:
    """Return sums with intervals: chance of those who count, and the parameters' part of all in proportion."""
    columns = {"renewals": ("expected_renewals", "renewals_variance"), "value": ("future_value", "value_variance")}
    found = {}
    for name, (mean, variance) in columns.items():
        whole = card.get(name)
        if not whole:
            continue
        sums = f"coalesce(sum({mean}), 0)::double, coalesce(sum({variance}), 0)::double"
        of, chance = rows.aggregate(sums).fetchall()[0]
        total, all_chance = everybody.aggregate(sums).fetchall()[0]
        parameter = max(((whole["high"] - whole["value"]) / Z90) ** 2 - all_chance, 0.0) ** 0.5
        half = Z90 * (chance + (parameter * of / total if total else 0.0) ** 2) ** 0.5
        found[name] = {"value": of, "low": max(of - half, 0.0), "high": of + half}
    return found
