"""What value to come would be under another horizon, discount rate or dropout, of those whom a person reaches."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from regulars.errors import InputError
from regulars.web.core.actor import Actor
from regulars.web.facts import values
from regulars.web.facts.access import reading
from regulars.web.facts.kept import kept
from regulars.web.facts.values import Run


def what_if(
    actor: Actor, card: Mapping[str, Any], *, weeks: float | None, rate: float, lower: float, valuation: int
) -> dict[str, Any] | None:
    """Return value to come as asked, and how it hangs on each of the three, by the models that the card keeps.

    Who may read values but not open records gets everybody's sums.

    Parameters
    ----------
    card
        The valuation's model card.
    weeks, rate, lower
        How far ahead (None: to the end), the effective annual rate, and by which share customers leave less.

    Returns
    -------
    dict or None
        ``customers, as_valued, asked``, ``by_horizon, by_rate, by_retention``: points as `regulars.measure.whatif` has
        them; ``scaled`` (what a lower dropout means, in both languages; None where the model has none). None
        without a valuation, a model that is known, or customers with a value to come.

    Raises
    ------
    InputError
        For a horizon, a rate or a share that cannot be.
    """
    actor.require("valuations.read")
    run = values.run_of(valuation)
    if run is None:
        return None
    of = actor if actor.may("customers.read") else None
    name = f"what-if:{run.valuation_id}:{weeks}:{rate}:{lower}"
    return kept(name, of, lambda numbers: _reckoned(run, numbers, card, weeks, rate, lower)) or None


def _reckoned(
    run: Run, numbers: Sequence[int] | None, card: Mapping[str, Any], weeks: float | None, rate: float, lower: float
) -> dict[str, Any]:
    from regulars.measure.whatif import LOWER, RATES, Base, Outlook  # brings SciPy along: pages start without it
    from regulars.valuation.stored import stored

    fitted = stored(card)
    rows = _histories(run, numbers)
    if fitted is None or not len(rows["x"]):
        return {}
    unit = 7 / fitted.days
    x, t_x, age = rows["x"], rows["t_x"] * unit, rows["T"] * unit
    bought = fitted.common.discounted_purchases_at(x, t_x, age, fitted.horizon, fitted.delta)
    worth = rows["value"] / bought.clip(1e-12)
    outlook = Outlook(fitted.common, Base(x, t_x, age, rows["n"], worth))
    run_said = card["run"]
    valued = {"weeks": run_said["horizon_days"] / 7, "rate": run_said["discount_rate"]}
    try:
        scaled: dict[str, str] | None = outlook.scaled(lower).as_dict()
        slower = outlook.by_retention(sorted({0.0, *LOWER, lower}), weeks=weeks, rate=rate)
    except InputError:
        scaled, slower, lower = None, [], 0.0
    return {
        "customers": outlook.customers,
        "as_valued": outlook.at(**valued).as_dict(),
        "asked": outlook.at(weeks, rate=rate, lower=lower).as_dict(),
        "by_horizon": [point.as_dict() for point in outlook.by_horizon(rate=rate)],
        "by_rate": [point.as_dict() for point in outlook.by_rate(sorted({*RATES, rate}), weeks=weeks, rate=rate)],
        "by_retention": [point.as_dict() for point in slower],
        "scaled": scaled,
    }


def _histories(run: Run, numbers: Sequence[int] | None) -> dict[str, Any]:
    """Return the distinct histories with their customers and the sum of their value to come."""
    with reading() as connection:
        rows = values.of_customers(connection, values.open_file(connection, run), numbers)
        known = rows.filter("future_value is not null")
        sums = "x::double as x, t_x, T, count(*)::double as n, sum(future_value)::double as value"
        found = known.aggregate(sums, "x, t_x, T").order("x, T, t_x")
        return dict(found.fetchnumpy())
