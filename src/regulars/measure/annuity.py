"""The annuity view of customer value: a level yearly amount, a number of loyal years, a discount rate."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from regulars.errors import InputError
from regulars.words import T

Floats = npt.NDArray[np.float64]


def annuity_value(R: npt.ArrayLike, n: npt.ArrayLike, r: npt.ArrayLike) -> Floats:
    """Return a customer's value CV over `n` loyal years at `R` a year, paid at the end of each year.

    An expected lifespan put in for `n` overstates the value where lifespans vary: discount the expected purchases
    of a lifetime model instead (`discounted_purchases`).

    Parameters
    ----------
    R
        Yearly amount: net margin by default, revenue where costs are unknown. Negative amounts are allowed.
    n
        Loyal years, ≥ 0, whole or not.
    r
        Effective discount rate a year, ≥ 0.

    Returns
    -------
    ndarray
        R [1 − (1 + r)^−n] / r, and its limit R·n at r = 0, broadcast over the arguments.

    Raises
    ------
    InputError
        For a negative or non-finite n or r.

    Examples
    --------
    >>> round(float(annuity_value(10_000, 5, 0.10)), 4)
    37907.8677
    """
    R, n, rate = _checked(R, n, r)
    with np.errstate(invalid="ignore", divide="ignore"):
        value = -np.expm1(-n * np.log1p(rate)) / rate
    return np.asarray(R * np.where(rate == 0.0, n, value))


def annuity_derivative(R: npt.ArrayLike, n: npt.ArrayLike, r: npt.ArrayLike) -> Floats:
    """Return dCV/dr, never positive for R ≥ 0: what one unit of discount rate costs.

    R [(1 + n r / (1 + r)) / (r² (1 + r)^n) − 1 / r²], and its limit −R n (n + 1) / 2 at r = 0.

    Examples
    --------
    >>> round(float(annuity_derivative(10_000, 5, 0.10)), 4)
    -96841.7119
    """
    R, n, rate = _checked(R, n, r)
    growth = np.log1p(rate)
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        exact = (np.expm1(-n * growth) + n * rate * np.exp(-(n + 1.0) * growth)) / rate**2
    # the bracket cancels for small n·r: four terms of its series there
    series = -n * (n + 1) / 2 + n * (n + 1) * (n + 2) * rate / 3 - n * (n + 1) * (n + 2) * (n + 3) * rate**2 / 8
    small = rate * (n + 3.0) < 1e-5
    return np.asarray(R * np.where(small, series, exact))


def present_value(amount: npt.ArrayLike, years: npt.ArrayLike, r: npt.ArrayLike) -> Floats:
    """Return what `amount` in `years` years is worth today, amount / (1 + r)^years.

    Examples
    --------
    >>> round(float(present_value(100, 2, 0.10)), 4)
    82.6446
    """
    amount, years, rate = _checked(amount, years, r)
    return np.asarray(amount * np.exp(-years * np.log1p(rate)))


def compound_interest(amount: npt.ArrayLike, years: npt.ArrayLike, r: npt.ArrayLike) -> Floats:
    """Return the interest that `amount` earns in `years` years at rate `r`, amount · ((1 + r)^years − 1)."""
    amount, years, rate = _checked(amount, years, r)
    return np.asarray(amount * np.expm1(years * np.log1p(rate)))


NAMES = {
    "R": T(zh="每年金额 R", en="the yearly amount R"),
    "n": T(zh="年数 n", en="the number of years n"),
    "r": T(zh="折现率 r", en="the discount rate r"),
}


def _checked(R: npt.ArrayLike, n: npt.ArrayLike, r: npt.ArrayLike) -> tuple[Floats, Floats, Floats]:
    R_, n_, r_ = (np.asarray(v, dtype=np.float64) for v in np.broadcast_arrays(R, n, r))
    for name, values, good in (
        ("R", R_, np.isfinite(R_)),
        ("n", n_, np.isfinite(n_) & (n_ >= 0)),
        ("r", r_, np.isfinite(r_) & (r_ >= 0)),
    ):
        if not np.all(good):
            raise InputError(
                T(zh="{name} 不能是 {value}", en="{name} cannot be {value}").format(
                    name=NAMES[name], value=values[~good][0]
                ),
                remedy=T(zh="R 要是有限的数，n 与 r 要是 0 或正数。", en="R must be finite, n and r 0 or positive."),
            )
    return R_, n_, r_
