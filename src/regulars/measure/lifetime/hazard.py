"""Who leaves at the next renewal: the chance by tenure and by what is known of a customer, in discrete time."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt

from regulars.errors import InputError, NotEnoughData
from regulars.measure.lifetime.quadrature import Floats
from regulars.words import T

type Texts = npt.NDArray[np.object_]
type Features = Mapping[str, Floats | Texts]
"""Columns by name: numbers (NaN where there is none) or texts (None where there is none)."""

KNOTS = (0.05, 0.275, 0.5, 0.725, 0.95)
RARE = 20
"""A text that fewer than so many customers have counts with the other rare ones."""
RIDGE = 1.0
MOST = 1_000_000
"""Customer-periods that a fit rests on at most; where there are more, every second, third, … customer counts."""


def restricted_spline(values: Floats, knots: Floats) -> Floats:
    """Return the columns of a restricted cubic spline, linear beyond the outer knots: (len(values), len(knots) − 1).

    References
    ----------
    Harrell (2015), Regression Modeling Strategies, 2.4.5.
    """
    cube = np.maximum(values[:, None] - knots, 0.0) ** 3
    scaled = (cube - cube[:, -1:]) / np.append(knots[-1] - knots[:-1], 1.0)
    return np.column_stack([values, scaled[:, :-2] - scaled[:, [-2]]])


@dataclass(frozen=True)
class _Number:
    """How a number enters: a spline on its own quantiles, the mean where it is missing, and whether it was."""

    knots: Floats
    instead: float
    lacking: bool

    @classmethod
    def of(cls, values: Floats) -> _Number:
        known = values[~np.isnan(values)]  # one of them at the least: a column without any does not vary
        return cls(np.unique(np.quantile(known, KNOTS)), float(known.mean()), len(known) < len(values))

    def columns(self, values: Floats) -> Floats:
        missing = np.isnan(values)
        filled = np.where(missing, self.instead, values)
        bent = restricted_spline(filled, self.knots) if len(self.knots) > 2 else filled[:, None]
        return np.column_stack([bent, missing]) if self.lacking else bent


@dataclass(frozen=True)
class _Level:
    """How a text enters: one column for each frequent value but the most frequent, one for all others."""

    levels: tuple[str | None, ...]

    @classmethod
    def of(cls, values: Texts) -> _Level:
        counts: dict[str | None, int] = {}
        for value in values:
            counts[value] = counts.get(value, 0) + 1
        often = sorted((v for v, n in counts.items() if n >= RARE), key=lambda v: (-counts[v], v is None, v or ""))
        return cls(tuple(often))

    def columns(self, values: Texts) -> Floats:
        one = np.column_stack([values == level for level in self.levels[1:]] or [np.zeros((len(values), 0))])
        rare = ~np.isin(values, np.array(self.levels, dtype=object))
        return np.column_stack([one, rare]).astype(np.float64)


class RenewalHazard:
    """The chance of leaving at the t-th renewal, of who is still there: logistic in tenure and features.

    ln(h / (1 − h)) is a sum of restricted cubic splines of ln t and of each number, and of a constant for each frequent
    text. A weak ridge (1 on standardised columns) keeps it finite where a text tells everything and where columns say
    the same. Beyond the longest tenure seen the chance is held. Not for causes: it says who leaves, not why.

    Attributes
    ----------
    log_likelihood_, n_periods_, last_
        Of the fit; customer-periods it rests on; the longest tenure seen.

    References
    ----------
    Singer & Willett (1993), It's about time: discrete-time survival analysis, Journal of Educational Statistics 18(2);
    Efron (1988), Logistic regression, survival analysis, and the Kaplan–Meier curve, JASA 83.
    """

    log_likelihood_: float
    n_periods_: int
    last_: int

    def fit(
        self, entered: npt.ArrayLike, periods: npt.ArrayLike, ended: npt.ArrayLike, features: Features | None = None
    ) -> Self:
        """Fit to stretches of relationships.

        Parameters
        ----------
        entered, periods
            One row a stretch: renewals made when it began to be seen and when it was last seen.
        ended
            Whether the last of these renewals was refused.
        features
            What was known during the stretch.

        Raises
        ------
        InputError
            For a feature that is the same for everybody.
        NotEnoughData
            Where nobody left, or nobody stayed.
        """
        start, stop = (np.asarray(v).astype(np.int64) for v in (entered, periods))
        gone = np.asarray(ended, dtype=bool)
        features = features or {}
        refuse_constant(features)
        row, t = _expanded(start, stop)
        left = gone[row] & (t == stop[row])
        if not left.any() or left.all():
            raise NotEnoughData(T(zh="没有人离开，或所有人都离开了", en="nobody left, or everybody did"))
        self.last_, self.n_periods_ = int(t.max()), len(t)
        self._time = _Number.of(np.log(t.astype(np.float64)))
        self._entries = {name: _entry(column) for name, column in features.items()}
        self._fit(self._columns(t, {name: column[row] for name, column in features.items()}), left.astype(np.float64))
        return self

    def leaving(self, t: npt.ArrayLike, features: Features | None = None) -> Floats:
        """Return the chance of refusing the `t`-th renewal, given that all before were made; one row a customer."""
        at = np.minimum(np.asarray(t, dtype=np.float64), self.last_)
        x = (self._columns(at, features or {}) - self._mean) / self._scale
        return np.asarray(1.0 / (1.0 + np.exp(-(self._weights[0] + x @ self._weights[1:]))))

    def log_probability(
        self, entered: npt.ArrayLike, periods: npt.ArrayLike, ended: npt.ArrayLike, features: Features | None = None
    ) -> Floats:
        """Return the log probability of each stretch, given that it came as far as `entered`."""
        start, stop = (np.asarray(v).astype(np.int64) for v in (entered, periods))
        row, t = _expanded(start, stop, np.inf)
        left = np.asarray(ended, dtype=bool)[row] & (t == stop[row])
        p = self.leaving(t, {name: column[row] for name, column in (features or {}).items()})
        return np.bincount(row, weights=np.where(left, np.log(p), np.log1p(-p)), minlength=len(start))

    def ahead(self, renewed: npt.ArrayLike, features: Features | None, periods: int) -> Floats:
        """Return the chances that each customer renews 1, 2, …, `periods` times more, (customers, periods)."""
        n = np.asarray(renewed, dtype=np.float64)
        stays = np.empty((len(n), periods))
        for k in range(periods):
            held = k > 0 and bool(np.all(n + k >= self.last_))
            stays[:, k] = stays[:, k - 1] if held else 1.0 - self.leaving(n + k + 1.0, features)
        return np.cumprod(stays, axis=1)

    def expected_renewals(
        self, renewed: npt.ArrayLike, features: Features | None, *, discount: float, due_now: bool = False
    ) -> Floats:
        """Return the discounted renewals to come without end (DERL): summed to the longest tenure seen, then geometric.

        Raises
        ------
        InputError
            For a discount that is not above 0.
        """
        if discount <= 0:
            raise InputError(T(zh="折现率须大于 0", en="the discount must be above 0"))
        n = np.asarray(renewed, dtype=np.float64)
        v = 1.0 / (1.0 + discount)
        steps = max(self.last_ - int(n.min(initial=self.last_)), 1)
        shares = self.ahead(n, features, steps) * v ** np.arange(1.0, steps + 1.0)
        held = (1.0 - self.leaving(np.full(len(n), self.last_), features)) * v
        total = shares.sum(axis=1) + shares[:, -1] * held / (1.0 - held)
        return np.asarray(total / v if due_now else total)

    def drawn(self, rng: np.random.Generator) -> RenewalHazard:
        """Return the same model with parameters drawn from their normal approximation."""
        other = copy(self)
        other._weights = self._weights + np.linalg.cholesky(self._covariance) @ rng.standard_normal(len(self._weights))
        return other

    def _columns(self, t: npt.NDArray[np.float64] | npt.NDArray[np.int64], features: Features) -> Floats:
        parts = [self._time.columns(np.log(t.astype(np.float64)))]
        parts += [entry.columns(features[name]) for name, entry in self._entries.items()]  # type: ignore[arg-type]
        return np.column_stack(parts)

    def _fit(self, x: Floats, y: Floats) -> None:
        self._mean, spread = x.mean(axis=0), x.std(axis=0)
        self._scale = np.where(spread > 1e-12, spread, 1.0)
        x = np.column_stack([np.ones(len(x)), (x - self._mean) / self._scale])
        ridge = np.full(x.shape[1], RIDGE)
        ridge[0] = 0.0
        w = np.zeros(x.shape[1])
        w[0] = np.log(y.mean() / (1.0 - y.mean()))
        value = _penalised(x, y, w, ridge)
        for _ in range(50):
            p = 1.0 / (1.0 + np.exp(-(x @ w)))
            gradient = x.T @ (y - p) - ridge * w
            step = np.linalg.solve((x * (p * (1.0 - p))[:, None]).T @ x + np.diag(ridge + 1e-9), gradient)
            size = 1.0
            while (new := _penalised(x, y, w + size * step, ridge)) < value and size > 1e-6:
                size /= 2.0
            w, better, value = w + size * step, new - value, new
            if better < 1e-9 * abs(value):
                break
        self._weights = w
        p = 1.0 / (1.0 + np.exp(-(x @ w)))
        self._covariance = np.linalg.inv((x * (p * (1.0 - p))[:, None]).T @ x + np.diag(ridge + 1e-9))
        self.log_likelihood_ = _penalised(x, y, w, 0.0 * ridge)


def _penalised(x: Floats, y: Floats, w: Floats, ridge: Floats) -> float:
    at = x @ w
    return float(np.sum(y * at - np.logaddexp(0.0, at)) - 0.5 * np.sum(ridge * w**2))


def _expanded(
    start: npt.NDArray[np.int64], stop: npt.NDArray[np.int64], most: float = MOST
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return each renewal that came up as the stretch it belongs to and its number t, from 1 up."""
    length = stop - start
    stride = max(int(np.ceil(length.sum() / most)), 1)
    length = np.where(np.arange(len(length)) % stride == 0, length, 0)
    row = np.repeat(np.arange(len(length)), length)
    within = np.arange(len(row)) - np.repeat(np.cumsum(length) - length, length)
    return row, start[row] + within + 1


def varying(features: Features) -> Features:
    """Return the features that differ between customers at all."""
    return {name: column for name, column in features.items() if _values(column) > 1}


def refuse_constant(features: Features) -> None:
    """Refuse a feature that does not differ between customers.

    Raises
    ------
    InputError
        Naming it.
    """
    same = [name for name in features if name not in varying(features)]
    if same:
        raise InputError(
            T(zh=f"“{same[0]}”对所有人都一样", en=f"{same[0]!r} is the same for everybody"),
            remedy=T(zh="去掉这一列。", en="Leave this column out."),
        )


def _values(column: Floats | Texts) -> int:
    if column.dtype == object:
        return len(set(column.tolist()))
    known = column[~np.isnan(column)]
    return len(np.unique(known)) + (len(known) < len(column))


def _entry(column: Floats | Texts) -> _Number | _Level:
    if column.dtype == object:
        return _Level.of(column)  # type: ignore[arg-type]
    return _Number.of(column.astype(np.float64))
