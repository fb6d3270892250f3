"""Where one customer stands among those whom a person reaches: of each factor of value the middle, and who is below."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from regulars.web.core.actor import Actor
from regulars.web.facts import values
from regulars.web.facts.access import reading
from regulars.web.facts.kept import kept
from regulars.web.facts.values import Run

FACTORS = {
    "p_alive": "p_alive",
    "given_alive": "expected_purchases / nullif(p_alive, 0)",
    "expected_spend": "expected_spend::double",
}
"""What value to come is made of, as expressions over a valuation's rows."""
STEPS = 100


@dataclass(frozen=True, slots=True)
class Place:
    """One factor of one customer beside the others': the middle one's, and the share of them that have less (0–1)."""

    value: float
    middle: float
    below: float


def standing(actor: Actor, row: Mapping[str, Any], *, valuation: int) -> dict[str, Place]:
    """Return the place of one customer, by `FACTORS`, among the customers whom `actor` reaches; empty without a value.

    Parameters
    ----------
    row
        The customer's row of that valuation, as `value_row` gives it.
    """
    actor.require("valuations.read")
    run = values.run_of(valuation)
    if run is None or not row["p_alive"]:
        return {}
    own = {
        "p_alive": row["p_alive"],
        "given_alive": row["expected_purchases"] / row["p_alive"],
        "expected_spend": float(row["expected_spend"] or 0),
    }
    found = kept(f"standing:{run.valuation_id}", actor, lambda numbers: _percentiles(run, numbers))
    return {
        name: Place(own[name], curve[STEPS // 2], bisect_left(curve, own[name]) / len(curve))
        for name, curve in found.items()
        if curve
    }


def _percentiles(run: Run, numbers: Sequence[int] | None) -> dict[str, list[float]]:
    """Return the percentiles of each factor, 0 to 100; empty where nobody has it."""
    at = [i / STEPS for i in range(STEPS + 1)]
    with reading() as connection:
        rows = values.of_customers(connection, values.open_file(connection, run), numbers)
        [found] = rows.aggregate(", ".join(f"quantile_disc({text}, {at})" for text in FACTORS.values())).fetchall()
    return {name: list(curve or []) for name, curve in zip(FACTORS, found, strict=True)}
