"""What-ifs of a valuation: its customers and its model card as the outlook that `regulars.measure.whatif` asks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import narwhals as nw
import numpy as np

from regulars.engine import Frame, money_sum, to_arrow
from regulars.errors import InputError, NotEnoughData
from regulars.measure.whatif import (
    ARITHMETIC,
    CONFLICT,
    HORIZONS,
    LOWER,
    PRESETS,
    RATES,
    Base,
    Outlook,
    Preset,
    profit_effects,
    rate_help,
)
from regulars.valuation.by_spend import FINE
from regulars.valuation.columns import GROUP
from regulars.valuation.given import Given
from regulars.valuation.groups import membership
from regulars.words import T

READ = ("x", "t_x", "T", "n_purchases", "expected_spend", "revenue", "net_profit", "lifetime_profit")
EXAMPLE = T(zh="流失降低 {p}：{what}。", en="Dropout lower by {p}: {what}.")
NOBODY = T(zh="这些客户里没有一位有未来价值", en="none of these customers has a future value")


def outlook(customers: Frame, card: Mapping[str, Any]) -> Outlook:
    """Return customers of a valuation as its fitted model sees them, as of the valuation date.

    Parameters
    ----------
    customers
        Rows of `customer_value.parquet`: all, those that somebody reaches, or one; only sums leave the engine.
    card
        The model card of that run.

    Raises
    ------
    InputError
        When that run has no model.
    NotEnoughData
        When none of the customers has a future.
    """
    given = Given.of(card)
    groups = given.groups
    keys = ["x", "t_x", "T"] if groups is None else ["x", "t_x", "T", GROUP]
    known = customers.filter(~nw.col("p_alive").is_null()).select(*READ, *keys[3:])
    worth = given.models.worth.with_worth(known).with_columns(nw.col("_worth").round(9).cast(FINE))
    sums = worth.group_by(*keys).agg(nw.len().alias("count"), nw.col("_worth").sum().cast(nw.Float64).alias("worth"))
    found = to_arrow(sums).sort_by([(name, "ascending") for name in ("x", "T", "t_x", *keys[3:])])
    if not found.num_rows:
        raise NotEnoughData(NOBODY)
    x, t_x, age, n, money = (found[name].to_numpy().astype(np.float64) for name in (*READ[:3], "count", "worth"))
    member = None if groups is None else membership(given.settings.by or "", groups, found[GROUP].to_pylist())
    return Outlook(given.models.model, Base(x, t_x, age, n, money, member))


def whatif_figures(
    customers: Frame,
    card: Mapping[str, Any],
    *,
    weeks: float | None = None,
    rate: float | None = None,
    lower: Sequence[float] = (),
    presets: Sequence[Preset] = PRESETS,
) -> dict[str, Any]:
    """Return every what-if of these customers as one JSON-able dictionary.

    Parameters
    ----------
    customers, card
        As `outlook` takes them.
    weeks, rate
        Horizon and annual discount rate to compare with; those of the run where None.
    lower
        Shares by which dropout falls, beside the usual ones.
    presets
        The claims to set beside, on the current value of these customers.

    Returns
    -------
    dict
        ``as_of, currency, basis, customers, still_buying, current_value, weeks, rate, horizons, rates, retention``
        (None where the model has no dropout to scale; `scaled` says what is or why not), ``presets, words``.
    """
    run = card["run"]
    weeks, rate = weeks or run["horizon_days"] / 7, run["discount_rate"] if rate is None else rate
    seen, asked = outlook(customers, card), tuple(sorted({*LOWER, *lower}))
    try:
        example = lower[0] if lower else asked[-1]
        scaled = EXAMPLE.format(p=f"{100 * example:.4g} %", what=seen.scaled(example))
        retention = [point.as_dict() for point in seen.by_retention(asked, weeks=weeks, rate=rate)]
    except InputError as error:
        if any(not 0 < each <= 1 for each in asked):
            raise
        scaled, retention = T(zh=error.message("zh"), en=error.message("en")), None
    current = _current(customers, run["basis"])
    return {
        "as_of": run["as_of"],
        "currency": card["data"]["currency"],
        "basis": run["basis"],
        "customers": seen.customers,
        "still_buying": seen.still_buying,
        "current_value": current,
        "weeks": weeks,
        "rate": rate,
        "horizons": [point.as_dict() for point in seen.by_horizon(HORIZONS, rate=rate)],
        "rates": [
            point.as_dict() for point in seen.by_rate(tuple(sorted({*RATES, rate})), weeks=weeks, rate=rate)
        ],
        "retention": retention,
        "presets": [effect.as_dict() for effect in profit_effects(current, presets)],
        "words": {
            "scaled": scaled.as_dict(),
            "arithmetic": ARITHMETIC.as_dict(),
            "rate": [line.as_dict() for line in rate_help(rate)],
            "conflict": CONFLICT.as_dict(),
        },
    }  # fmt: skip


def _current(customers: Frame, basis: str) -> float:
    return float(to_arrow(customers.select(money_sum(basis).alias("value")))["value"][0].as_py() or 0)
