"""How sure a difference between two forecasts is: the same customers drawn again and again, for both at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from regulars.prove.accuracy import Floats
from regulars.words import T

DRAWS = 400
ROWS = 8_192
"""Rows drawn at a time."""


BY = T(zh="均方根误差相差 {d}（90% 区间 {low} 至 {high}）", en="RMSE {d}, 90% interval {low} to {high}")
SAID = {
    "closer": T(zh="{mine}比 {base} 准：{by}，不是偶然。", en="{mine} came closer than {base}, beyond chance: {by}."),
    "even": T(
        zh="{mine}与 {base} 分不出高下：{by}，在偶然范围之内。",
        en="{mine} and {base} came equally close, but for chance: {by}.",
    ),
    "farther": T(zh="{mine}不如 {base} 准：{by}，不是偶然。", en="{mine} did worse than {base}, beyond chance: {by}."),
}


NONE = "0.0000"


def signed(value: float) -> str:
    """Return a difference to four decimals with its sign; none has none."""
    text = f"{value:+.4f}".replace("-", "−")
    return NONE if text[1:] == NONE else text


def even(value: float, low: float, high: float) -> bool:
    """Return whether chance alone makes such a difference, or none is left to four decimals, however sure it is."""
    return low <= 0 <= high or signed(value) == NONE


@dataclass(frozen=True, slots=True)
class Difference:
    """RMSE of one forecast less that of another, with its central interval over resampled customers."""

    value: float
    low: float
    high: float

    def said(self, mine: T, base: str) -> T:
        """Return in words whether `mine` came closer than the model `base`, or chance alone does as much."""
        d, low, high = (signed(value) for value in (self.value, self.low, self.high))
        kind = "even" if even(self.value, self.low, self.high) else "closer" if self.high < 0 else "farther"
        return SAID[kind].format(mine=mine, base=base, by=BY.format(d=d, low=low, high=high))

    def as_dict(self, against: str, customers: int) -> dict[str, Any]:
        """Return the difference as the card carries it: from which model, on how many customers."""
        return {
            "model": against, "value": self.value, "low": self.low, "high": self.high, "customers": customers
        }  # fmt: skip


def rmse_differences(
    forecasts: Mapping[str, Floats],
    actual: Floats,
    count: Floats,
    *,
    against: str,
    seed: int,
    level: float = 0.9,
    draws: int = DRAWS,
) -> dict[str, Difference]:
    """Return each forecast's RMSE less that of `against`, with an interval by a paired bootstrap over customers.

    Parameters
    ----------
    forecasts
        What each expects, one element a row of equal customers.
    actual, count
        What happened, and how many customers each row stands for.

    Notes
    -----
    A row of n customers is drawn Poisson(n) times, which is drawing each of its customers Poisson(1) times: the
    Poisson bootstrap. Every forecast is judged on the same draws.

    References
    ----------
    Hanley & MacGibbon (2006), Creating non-parametric bootstrap samples using Poisson frequencies.
    """
    squares = np.stack([(expected - actual) ** 2 for expected in forecasts.values()], axis=1)
    drawn = np.sqrt(_resampled(squares, count, np.random.default_rng(seed), draws))
    here = np.sqrt(np.sum(squares * count[:, None], axis=0) / count.sum())
    names = list(forecasts)
    base = names.index(against)
    tails = [0.5 * (1 - level), 0.5 * (1 + level)]
    out = {}
    for at, name in enumerate(names):
        low, high = np.quantile(drawn[:, at] - drawn[:, base], tails)
        out[name] = Difference(float(here[at] - here[base]), float(low), float(high))
    del out[against]
    return out


def _resampled(squares: Floats, count: Floats, rng: np.random.Generator, draws: int) -> Floats:
    """Return mean squares of resampled customers, one row a draw."""
    sums, sizes = np.zeros((draws, squares.shape[1])), np.zeros(draws)
    for start in range(0, count.size, ROWS):
        part = slice(start, start + ROWS)
        times = rng.poisson(count[part], size=(draws, count[part].size)).astype(np.float64)
        # einsum, not BLAS: sums in one order, whatever the threads
        sums += np.einsum("dr,rf->df", times, squares[part], optimize=False)
        sizes += times.sum(axis=1)
    means: Floats = sums / np.maximum(sizes, 1.0)[:, None]
    return means
