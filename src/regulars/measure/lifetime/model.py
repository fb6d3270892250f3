"""What the models of repeat purchases have in common: fit on grouped triples, predict once per distinct future."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import replace
from typing import Any, ClassVar, Self

import numpy as np
import numpy.typing as npt

from regulars.errors import InputError, NotEnoughData
from regulars.measure.lifetime import explain
from regulars.measure.lifetime.counts import CountTable, Future, table
from regulars.measure.lifetime.curve import Curve, discounted_by
from regulars.measure.lifetime.law import GivenAlive, Law, finite_residual, horizon
from regulars.measure.lifetime.optimum import Coordinates, Objective, Optimum, maximise, rough_maximum
from regulars.measure.lifetime.quadrature import Floats
from regulars.measure.lifetime.triples import Rows, Triples, as_rows, rows_of
from regulars.periods import unit_days
from regulars.words import T as Words

SUBSET = 4_096
"""Triples on which all starts of a fit run; larger data start from the best of these."""
NOT_ENOUGH = Words(
    zh="没有一位客户买过第二次，无法估计模型", en="no customer has bought a second time, so no model can be fitted"
)
NEEDS_LAST = Words(zh="{m} 的未来还取决于上次购买的时间：请给出 t_x",
                   en="in {m} the future also depends on the time of the last purchase: give t_x")  # fmt: skip
NOT_FITTED = Words(zh="模型还没有参数", en="the model has no parameters yet")


class LifetimeModel(ABC):
    """A model of repeat purchases x, last purchase t_x and age T (see the subclasses for its assumptions).

    Parameters
    ----------
    unit
        Unit of t_x, T, horizons and of 1 / δ: "day", "week", "month" or "year"; fractional, never floored.

    Attributes
    ----------
    log_likelihood_
        Maximum of the log-likelihood (None for a model built from known parameters).
    n_customers_
        Customers in the fit.
    boundary_
        None, or which estimates lie at the boundary, in words; estimates stay finite there.
    covariance_
        Covariance of the log parameters, the inverse of the observed information; parameters at a boundary count
        as known, and no direction is allowed a standard error above 2.
    optimum_
        How the maximum was found: spread of the starts, gradient left, evaluations.
    """

    names: ClassVar[tuple[str, ...]]
    times: ClassVar[tuple[str, ...]]
    """The parameters that are rates' scales in the unit of time."""
    memoryless: ClassVar[bool] = True
    """Whether the future of who is alive depends on x and T alone, as at random (Poisson) buying."""

    log_likelihood_: float | None
    n_customers_: int | None
    boundary_: Words | None
    covariance_: Floats | None
    optimum_: Optimum | None
    _scales: tuple[float, float]
    """By what times were divided for the search, and the mean rate it began from."""

    def __init__(self, *, unit: str = "week") -> None:
        unit_days(unit)
        self.unit = unit

    @classmethod
    def from_params(cls, *, unit: str = "week", **parameters: float) -> Self:
        """Return a model with known parameters, e.g. ``from_params(r=0.243, alpha=4.414, a=0.793, b=2.426)``.

        Raises
        ------
        InputError
            When a parameter is missing, unknown, or not a positive finite number.
        """
        wrong = set(parameters) ^ set(cls.names)
        if wrong or not all(0 < v < float("inf") for v in parameters.values()):
            raise InputError(
                Words(zh="{m} 的参数是 {n}，都要是正数", en="{m} takes {n}, all positive").format(
                    m=cls.__name__, n=", ".join(cls.names)
                )
            )
        model = cls(unit=unit)
        model._set(parameters)
        model.log_likelihood_ = model.n_customers_ = model.boundary_ = None
        model.covariance_ = model.optimum_ = None
        return model

    def get_params(self) -> dict[str, Any]:
        """Return the settings and, once known, the parameters."""
        fitted = {n: getattr(self, f"{n}_") for n in self.names} if hasattr(self, f"{self.names[0]}_") else {}
        return {"unit": self.unit, **fitted}

    def __repr__(self) -> str:
        inside = ", ".join(f"{k}={v!r}" if k == "unit" else f"{k}={v:.6g}" for k, v in self.get_params().items())
        return f"{type(self).__name__}({inside})"

    def _set(self, parameters: dict[str, float]) -> None:
        for name in self.names:
            setattr(self, f"{name}_", float(parameters[name]))

    def _parameters(self) -> list[float]:
        if not hasattr(self, f"{self.names[0]}_"):
            raise InputError(
                NOT_FITTED, remedy=Words(zh="先 fit 或用 from_params。", en="Call fit or from_params first.")
            )
        return [getattr(self, f"{n}_") for n in self.names]

    @abstractmethod
    def _law(self, parameters: list[float]) -> Law: ...

    @abstractmethod
    def _objective(self, data: Triples) -> Objective: ...

    @abstractmethod
    def _coordinates(self, mean_rate: float) -> Coordinates: ...

    @property
    def law(self) -> Law:
        """The model at its parameters, as pure functions of arrays."""
        return self._law(self._parameters())

    # fitting

    def fit(self, summary: Any) -> Self:
        """Fit by maximum likelihood on any frame with columns x, t_x and T, one row a customer.

        Rows are grouped to distinct triples first: on whole days where the frame has t_x_days and T_days, on the
        exact numbers otherwise. The result does not depend on the order of rows, nor on threads.

        Raises
        ------
        InputError
            For missing columns, impossible values, or another unit than the model's.
        NotEnoughData
            When nobody has bought twice.
        """
        return self._fit(rows_of(summary, self.unit).triples())

    def fit_grouped(
        self,
        x: npt.ArrayLike,
        t_x: npt.ArrayLike,
        T: npt.ArrayLike,
        count: npt.ArrayLike,
        *,
        near: LifetimeModel | None = None,
        rough: bool = False,
    ) -> Self:
        """Fit on distinct (x, t_x, T) and the number of customers with each.

        `near` is the same model fitted on similar data, such as the base at an earlier day: the search starts where it
        ended instead of from several places (not where it ended at a boundary). `rough` stops near the maximum: enough
        to compare forecasts, without covariance and without looking for boundaries.
        """
        rows = as_rows(x, t_x, T, self.unit)
        n = np.broadcast_to(np.asarray(count, dtype=np.float64), rows.x.shape)
        order = np.lexsort((rows.t_x, rows.T, rows.x))
        keep = order[n[order] > 0]
        return self._fit(Triples(rows.x[keep], rows.t_x[keep], rows.T[keep], n[keep]), near, rough=rough)

    def _fit(self, data: Triples, near: LifetimeModel | None = None, *, rough: bool = False) -> Self:
        if not len(data.x) or data.x.max() <= 0 or data.T.max() <= 0:
            raise NotEnoughData(NOT_ENOUGH)
        scale = float(data.T.max())
        scaled = data.scaled(scale)
        subset = scaled.every(max(1, len(data.x) // SUBSET))
        if not np.any(subset.x > 0):
            subset = scaled
        mean_rate = float(np.sum(data.count * data.x) / np.sum(scaled.count * scaled.T))
        space = self._coordinates(mean_rate)
        if near is not None and near.optimum_ is not None and near.boundary_ is None:
            # A rough end may lie on a ridge that only a whole fit would name: one fresh start goes along.
            space = replace(space, starts=(tuple(near.optimum_.coordinates), *space.starts[: int(rough)]))
        whole = self._objective(scaled)
        if rough:
            best = rough_maximum(whole, scaled.size, space)
        else:
            part = whole if len(subset.x) == len(scaled.x) else self._objective(subset)
            best = maximise(whole, scaled.size, part, subset.size, space)
        return self._take(best, space, (scale, mean_rate), data)

    def _take(self, best: Optimum, space: Coordinates, scales: tuple[float, float], data: Triples) -> Self:
        """Take the estimates of times divided by the first of `scales`."""
        scale = scales[0]
        estimates = dict(zip(self.names, np.exp(best.log_parameters), strict=True))
        self._set({n: float(v) * (scale if n in self.times else 1.0) for n, v in estimates.items()})
        self.log_likelihood_ = best.log_likelihood - float(np.sum(data.count * data.x)) * float(np.log(scale))
        self.n_customers_ = round(data.size)
        self.boundary_ = joined(best.boundary)
        jacobian = space.jacobian(best.coordinates)
        self.covariance_ = congruence(jacobian, best.covariance)
        self.optimum_ = best
        self._scales = scales
        self._draw = self._drawer(best, space, scale)
        return self

    def _drawer(self, best: Optimum, space: Coordinates, scale: float) -> Callable[[int, int], Floats]:
        stretch = np.array([scale if n in self.times else 1.0 for n in self.names])

        def draw(n: int, seed: int) -> Floats:
            values, vectors = np.linalg.eigh(best.covariance)
            noise = np.random.default_rng(seed).standard_normal((n, len(values)))
            step = np.sum(noise[:, None, :] * (vectors * np.sqrt(np.maximum(values, 0.0)))[None, :, :], axis=2)
            phi = np.clip(best.coordinates + step, space.lower, space.upper)
            return np.asarray(np.exp(np.array([space.to_log(f) for f in phi])) * stretch)

        return draw

    def kept(self) -> dict[str, Any]:
        """Return the fit as JSON, from which `from_kept` makes the same model again, bit for bit."""
        return {
            "unit": self.unit,
            "parameters": {name: getattr(self, f"{name}_") for name in self.names},
            "log_likelihood": self.log_likelihood_,
            "customers": self.n_customers_,
            "boundary": self.boundary_.as_dict() if self.boundary_ else None,
            "estimate": {**self.optimum_.kept(), "scales": list(self._scales)} if self.optimum_ else None,
        }

    @classmethod
    def from_kept(cls, kept: dict[str, Any]) -> Self:
        """Return the model that `kept` described: the same parameters, and the same draws of them.

        Raises
        ------
        InputError
            When the parameters are not this model's.
        """
        model = cls.from_params(unit=kept["unit"], **kept["parameters"])
        model.log_likelihood_, model.n_customers_ = kept["log_likelihood"], kept["customers"]
        model.boundary_ = Words(**kept["boundary"]) if kept["boundary"] else None
        if kept["estimate"]:
            scale, mean_rate = model._scales = tuple(kept["estimate"]["scales"])
            space = model._coordinates(mean_rate)
            model.optimum_ = Optimum.from_kept(kept["estimate"], space)
            model.covariance_ = congruence(space.jacobian(model.optimum_.coordinates), model.optimum_.covariance)
            model._draw = model._drawer(model.optimum_, space, scale)
        return model

    def draw_parameters(self, n: int = 200, seed: int = 0) -> Floats:
        """Return `n` seeded draws of the parameters, (n, 4), from the asymptotic normal law of the estimates.

        A model built from known parameters returns them `n` times.
        """
        here = self._parameters()
        return self._draw(n, seed) if hasattr(self, "_draw") else np.tile(np.array(here), (n, 1))

    def drawn_laws(self, n: int = 200, seed: int = 0) -> list[Law]:
        """Return the model at `n` seeded draws of its parameters, as pure functions of arrays."""
        return [self._law([float(p) for p in drawn]) for drawn in self.draw_parameters(n, seed)]

    # arrays in, arrays out

    def probability_alive_at(self, x: npt.ArrayLike, t_x: npt.ArrayLike, T: npt.ArrayLike) -> Floats:
        """Return P(alive at T) for arrays of x, t_x, T."""
        return self._alive(as_rows(x, t_x, T, self.unit))

    def expected_purchases_at(self, x: npt.ArrayLike, t_x: npt.ArrayLike, T: npt.ArrayLike, t: float) -> Floats:
        """Return E[purchases in (T, T + t]] for arrays of x, t_x, T."""
        return self._mixed(as_rows(x, t_x, T, self.unit), lambda f: f.expected(horizon(t)))

    def discounted_purchases_at(
        self, x: npt.ArrayLike, t_x: npt.ArrayLike, T: npt.ArrayLike, t: float, delta: float
    ) -> Floats:
        """Return the expected purchases in (T, T + t], each discounted by e^(−δ·time), for arrays."""
        return self._mixed(as_rows(x, t_x, T, self.unit), lambda f: f.discounted(horizon(t), horizon(delta)))

    def discounted_residual_purchases_at(
        self, x: npt.ArrayLike, t_x: npt.ArrayLike, T: npt.ArrayLike, delta: float
    ) -> Floats:
        """Return the discounted expected residual transactions (DERT) for arrays."""
        return self._mixed(as_rows(x, t_x, T, self.unit), lambda f: finite_residual(f, delta))

    def _mixed(self, rows: Rows, of: Callable[[Future], Floats]) -> Floats:
        groups, member = rows.grouped()
        future, index = self.law.given_alive(groups.x, groups.t_x, groups.T)
        return (self.law.probability_alive(groups.x, groups.t_x, groups.T) * of(future)[index])[member]

    def _alive(self, rows: Rows) -> Floats:
        groups, member = rows.grouped()
        return self.law.probability_alive(groups.x, groups.t_x, groups.T)[member]

    # frames in, arrays out

    def probability_alive(self, summary: Any) -> Floats:
        """Return P(alive at T) for every row of a summary frame, in [0, 1], in the frame's order."""
        return self._alive(rows_of(summary, self.unit))

    def expected_purchases(self, summary: Any, t: float) -> Floats:
        """Return every customer's expected purchases in the next `t` units."""
        return self._mixed(rows_of(summary, self.unit), lambda f: f.expected(horizon(t)))

    def discounted_purchases(self, summary: Any, t: float, delta: float) -> Floats:
        """Return every customer's expected purchases in the next `t` units, discounted at δ per unit."""
        return self._mixed(rows_of(summary, self.unit), lambda f: f.discounted(horizon(t), horizon(delta)))

    def purchases_discounted_by(self, summary: Any, t: float, factor: Curve) -> Floats:
        """Return every customer's expected purchases in the next `t` units under any discount curve.

        `factor` gives discount factors at times from now, in the model's unit; see `curve.discounted_by`.
        """
        return self._mixed(rows_of(summary, self.unit), lambda f: discounted_by(f, horizon(t), factor))

    def discounted_residual_purchases(self, summary: Any, delta: float) -> Floats:
        """Return every customer's discounted expected residual transactions (DERT), δ > 0 per unit."""
        return self._mixed(rows_of(summary, self.unit), lambda f: finite_residual(f, delta))

    def residual_purchases(self, summary: Any) -> Floats:
        """Return every customer's expected purchases over the remaining lifetime, without discount.

        Raises
        ------
        InputError
            Where the expectation is infinite (a ≤ 1 or s ≤ 1): a few customers would then live for ever.
        """
        return self._mixed(rows_of(summary, self.unit), lambda f: finite_residual(f, 0.0))

    def expected_purchases_new(self, t: npt.ArrayLike) -> Floats:
        """Return E[X(t)], the repeat purchases of a customer who has just bought for the first time."""
        zero = np.zeros(1)
        alive = self.law.probability_alive(zero, zero, zero)[0]
        future, _ = self.law.given_alive(zero, zero, zero)
        values = [alive * future.expected(horizon(float(u)))[0] for u in np.ravel(t)]
        return np.array(values).reshape(np.shape(t))

    def probability_of_count(self, n: npt.ArrayLike, t: float) -> Floats:
        """Return P(X(t) = n) of a customer who has just bought for the first time."""
        count = np.asarray(n, dtype=np.int64)
        zero = np.zeros(count.size)
        above = self.count_cdf(np.ravel(count), zero, zero, zero, t)
        below = self.count_cdf(np.ravel(count) - 1, zero, zero, zero, t)
        return np.maximum(above - below, 0.0).reshape(count.shape)

    # the law given alive

    def given_alive(
        self, x: npt.ArrayLike, T: npt.ArrayLike, t: float, delta: float = 0.0, *, t_x: npt.ArrayLike | None = None
    ) -> GivenAlive:
        """Return expected, discounted and residual purchases of customers alive at T.

        At random buying t_x plays no part in them; models of regular buyers ask for it.
        """
        rows = as_rows(x, self._last(t_x), T, self.unit)
        future, index = self.law.given_alive(rows.x, rows.t_x, rows.T)
        residual = future.residual(delta)[index] if delta > 0 else None
        return GivenAlive(future.expected(horizon(t))[index], future.discounted(horizon(t), delta)[index], residual)

    def given_alive_counts(self, x: Floats, T: Floats, t: float, *, t_x: npt.ArrayLike | None = None) -> CountTable:
        """Return the exact law of the number of purchases in the next `t` units, given alive, one cell a row."""
        rows = as_rows(x, self._last(t_x), T, self.unit)
        future, index = self.law.given_alive(rows.x, rows.t_x, rows.T)
        return table(future, horizon(t)).at(index)

    def given_alive_count_pmf(self, x: int, T: float, t: float, *, t_x: float | None = None) -> Floats:
        """Return P(X(t) = n | alive) for n = 0, 1, … until the tail falls below 1e-9."""
        return self.given_alive_counts(np.array([float(x)]), np.array([float(T)]), t, t_x=t_x).pmf(0)

    def _last(self, t_x: npt.ArrayLike | None) -> npt.ArrayLike:
        if t_x is None and not self.memoryless:
            raise InputError(NEEDS_LAST.format(m=type(self).__name__))
        return 0.0 if t_x is None else t_x

    def count_cdf(self, n: npt.ArrayLike, x: npt.ArrayLike, t_x: npt.ArrayLike, T: npt.ArrayLike, t: float) -> Floats:
        """Return P(X ≤ n) of the purchases in the next `t` units, dropout included; 0 for n < 0."""
        count, x, t_x, T = np.broadcast_arrays(np.atleast_1d(np.asarray(n, dtype=np.float64)), x, t_x, T)
        rows = as_rows(x, t_x, T, self.unit)
        future, index = self.law.given_alive(rows.x, rows.t_x, rows.T)
        alive = self.law.probability_alive(rows.x, rows.t_x, rows.T)
        key, inverse = np.unique(np.stack([index.astype(np.float64), count]), axis=1, return_inverse=True)
        asked = np.maximum(key[1] + 1.0, 1.0)
        more = future.survival(asked, key[0].astype(np.int64), horizon(t)) if t > 0 else np.zeros(len(asked))
        return np.where(count < 0, 0.0, 1.0 - alive * more[inverse.reshape(-1)])

    # gaps and words

    def predictive_gap(
        self, x: npt.ArrayLike, T: npt.ArrayLike, level: float | None = None, *, t_x: npt.ArrayLike | None = None
    ) -> Floats:
        """Return the time to the next purchase given alive: its `level` point, or by default the usual gap.

        Parameters
        ----------
        x, T
            Repeat purchases and the time over which they were made. Give t_x for T to ask what gap was to be expected
            at the last purchase: the silence since then does not then lengthen the gap that it is held against.
        level
            None for the gap at the customer's mean rate, (α + T) / (r + x) at random buying; else a quantile, there
            of a Lomax law.
        t_x
            Time of the last purchase, by default T: just bought. At random buying it plays no part.
        """
        x, T = np.broadcast_arrays(np.asarray(x, dtype=np.float64), np.asarray(T, dtype=np.float64))
        last = T if t_x is None else np.broadcast_to(np.asarray(t_x, dtype=np.float64), T.shape)
        future, cell = self.law.given_alive(np.ravel(x), np.ravel(last), np.ravel(T))
        return (future.usual_gap() if level is None else future.gap(level))[cell].reshape(x.shape)

    def explain_alive(self, x: int, t_x: float, T: float) -> Words:
        """Return P(alive) in a sentence for a salesperson; the gap is the customer's own observed one."""
        alive = float(self.probability_alive_at(x, t_x, T)[0])
        days = unit_days(self.unit)
        return explain.alive_sentence(int(x), t_x * days / max(x, 1), (T - t_x) * days, alive)


def joined(words: tuple[Words, ...]) -> Words | None:
    """Return several statements as one, or None."""
    if not words:
        return None
    return Words(zh="；".join(w.zh for w in words), en="; ".join(w.en for w in words))


def congruence(jacobian: Floats, covariance: Floats) -> Floats:
    """Return J C Jᵀ."""
    left = np.sum(jacobian[:, :, None] * covariance[None, :, :], axis=1)
    return np.asarray(np.sum(left[:, None, :] * jacobian[None, :, :], axis=2))
