"""How regularly customers buy, before any model: by their last two gaps, and what a model of regular buyers needs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import narwhals as nw
import numpy as np

from regulars.engine import days_between, frame, to_arrow
from regulars.errors import NotEnoughData
from regulars.periods import unit_days
from regulars.words import T

CLEARLY = 1.645
"""Standard errors from 1 beyond which buying counts as not random."""


@dataclass(frozen=True, slots=True)
class Regularity:
    """The regularity of a base's buying: 1 is random, more is regular, less comes in bursts.

    `k` is Wheat & Morrison's estimate with its `standard_error`, from `customers` with two gaps or more. `log_gaps` is
    Σ ln gap over all `gaps` in the unit asked for: what `ModifiedBetaGeoCNBD.fit_grouped` chooses its k by.
    """

    k: float
    standard_error: float
    customers: int
    log_gaps: float
    gaps: int

    @property
    def words(self) -> T:
        """The regularity in a sentence."""
        away = (self.k - 1.0) / self.standard_error
        if abs(away) < CLEARLY:
            said = T(zh="购买间隔看起来是随机的", en="purchases come at random")
        elif away > 0:
            said = T(zh="购买比随机更有规律", en="purchases come more regularly than at random")
        else:
            said = T(zh="购买比随机更扎堆", en="purchases come in bursts, less regularly than at random")
        return T(
            zh="{said}（规律性 k = {k}，标准误 {e}；1 为随机；{n} 位客户）",
            en="{said} (regularity k = {k}, standard error {e}; 1 is random; {n} customers)",
        ).format(said=said, k=f"{self.k:.2f}", e=f"{self.standard_error:.2f}", n=self.customers)


def regularity(occasions: Any, *, as_of: date, unit: str = "week") -> Regularity:
    """Measure how regularly customers buy, up to `as_of`.

    Parameters
    ----------
    occasions
        One row a customer-day: ``customer_id, occasion_date``, such as `purchase_occasions` returns.
    unit
        The unit of `Regularity.log_gaps`.

    Raises
    ------
    NotEnoughData
        With fewer than ten customers who have two gaps.

    Notes
    -----
    A customer's last gap but one over the sum of the last two is Beta(k, k) where gaps are Gamma(k), whatever the
    customer's rate; from its variance v about ½, k = (1 − 4v) / (8v). Who stops or changes pace does not matter much:
    two neighbouring gaps are all that is used.

    References
    ----------
    Wheat & Morrison (1990), Estimating purchase regularity with two interpurchase times.
    """
    day = nw.col("occasion_date")
    seen = frame(occasions).filter(day <= nw.lit(as_of)).select("customer_id", "occasion_date")
    before = seen.with_columns(
        _before=day.shift(1).over("customer_id", order_by="occasion_date"),
        _earlier=day.shift(2).over("customer_id", order_by="occasion_date"),
        _last=day.max().over("customer_id"),
    ).filter(~nw.col("_before").is_null())
    gaps = days_between(days_between(before, "_before", "occasion_date", name="gap"), "_earlier", "_before", name="one")
    counted = gaps.with_columns(last=day == nw.col("_last")).group_by("gap", "one", "last").agg(n=nw.len())
    table = to_arrow(counted).sort_by([(c, "ascending") for c in ("gap", "one", "last")])
    gap, one, n = (table[c].to_numpy(zero_copy_only=False).astype(np.float64) for c in ("gap", "one", "n"))
    two = table["last"].to_numpy(zero_copy_only=False) & np.isfinite(one)
    square, count = (one[two] / (one[two] + gap[two]) - 0.5) ** 2, n[two]
    if count.sum() < 10 or not np.any(square > 0):
        raise NotEnoughData(
            T(zh="买过三次以上的客户不到 10 位，看不出规律性", en="fewer than ten customers have bought three times")
        )
    v = float(np.sum(count * square) / np.sum(count))
    spread = float(np.sum(count * (square - v) ** 2) / np.sum(count) ** 2) ** 0.5
    logs = float(np.sum(n * np.log(gap / unit_days(unit))))
    return Regularity((1.0 - 4.0 * v) / (8.0 * v), spread / (8.0 * v**2), int(count.sum()), logs, int(n.sum()))
