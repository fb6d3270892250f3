"""The estimator of spend per occasion."""

from __future__ import annotations

from typing import Any, ClassVar, Self

import numpy as np
import numpy.typing as npt

from regulars.errors import InputError, NotEnoughData
from regulars.measure.lifetime.model import NOT_FITTED, congruence, joined
from regulars.measure.lifetime.optimum import Optimum, maximise
from regulars.measure.lifetime.quadrature import Floats
from regulars.measure.lifetime.spend import Likelihood, Spend, coordinates
from regulars.measure.lifetime.triples import collect
from regulars.words import T

STRONG = 0.3
"""Above this correlation, up or down, the independence of spend and frequency is in doubt."""
CORRELATED = T(
    zh="购买越频繁的客户每次花得越{more}（相关系数 {rho}）：模型假定两者无关，未来价值会偏{bias}",
    en="customers who buy more often spend {more} an occasion (correlation {rho}): the model takes the two as "
       "unrelated, so future values come out too {bias}",
)  # fmt: skip
NO_SPEND = T(zh="没有一位老客户的平均消费大于 0", en="no repeat customer has a mean spend above 0")
INFINITE = T(
    zh="q ≤ 1：按模型，客户之间消费的平均值是无穷大；单个老客户的预计消费仍然有限",
    en="q ≤ 1: under the model the mean spend over customers is infinite; repeat customers' own means stay finite",
)


class GammaGamma:
    """Gamma-Gamma: a customer's spend per occasion, shrunk towards the population's.

    Spend varies from occasion to occasion round a mean of the customer's own (shape p), and those means vary over
    customers (q, v); neither depends on how often the customer buys, which `correlation_` checks first. Not for spend
    that can be negative; occasions of zero mean spend are left out and counted.

    Attributes
    ----------
    p_, q_, v_
        Estimates; v_ is in money, the paper's γ.
    correlation_, warning_
        Correlation of x and mean spend over repeat customers, and a sentence where it is beyond ±0.3.
    n_left_out_
        Repeat customers without a positive mean spend, left out of the fit.
    population_note_
        None, or why there is no population mean (q ≤ 1).

    References
    ----------
    Fader & Hardie (2013), The Gamma-Gamma model of monetary value.

    Examples
    --------
    >>> model = GammaGamma.from_params(p=6.25, q=3.74, v=15.44)
    >>> [round(float(v), 2) for v in model.expected_spend_at([0, 2], [0.0, 22.35])]
    [35.22, 24.66]
    """

    names: ClassVar[tuple[str, ...]] = ("p", "q", "v")
    p_: float
    q_: float
    v_: float
    log_likelihood_: float | None
    n_customers_: int | None
    n_left_out_: int | None
    boundary_: T | None
    correlation_: float | None
    warning_: T | None
    covariance_: Floats | None
    optimum_: Optimum | None

    @classmethod
    def from_params(cls, *, p: float, q: float, v: float) -> Self:
        """Return a model with known parameters."""
        if not all(0 < value < float("inf") for value in (p, q, v)):
            raise InputError(T(zh="GammaGamma 的参数 p, q, v 都要是正数", en="GammaGamma takes p, q, v, all positive"))
        model = cls()
        model.p_, model.q_, model.v_ = float(p), float(q), float(v)
        model.log_likelihood_ = model.n_customers_ = model.n_left_out_ = model.boundary_ = None
        model.correlation_ = model.warning_ = model.covariance_ = model.optimum_ = None
        return model

    def get_params(self) -> dict[str, float]:
        """Return the parameters, once known."""
        return {n: getattr(self, f"{n}_") for n in self.names} if hasattr(self, "p_") else {}

    def __repr__(self) -> str:
        return f"GammaGamma({', '.join(f'{k}={v:.6g}' for k, v in self.get_params().items())})"

    @property
    def spend(self) -> Spend:
        """The model at its parameters, as pure functions of arrays."""
        if not hasattr(self, "p_"):
            raise InputError(NOT_FITTED, remedy=T(zh="先 fit 或用 from_params。", en="Call fit or from_params first."))
        return Spend(self.p_, self.q_, self.v_)

    def fit(self, summary: Any) -> Self:
        """Fit on any frame with columns x (repeat occasions) and mean_repeat_spend, one row a customer.

        Raises
        ------
        InputError
            For missing columns.
        NotEnoughData
            When fewer than two repeat customers have a positive mean spend.
        """
        got = collect(summary, ("x", "mean_repeat_spend"))
        return self.fit_arrays(got["x"], got["mean_repeat_spend"])

    def fit_arrays(self, x: npt.ArrayLike, mean_repeat_spend: npt.ArrayLike) -> Self:
        """Fit on arrays of repeat occasions and their mean spend."""
        x, m = _numbers(x), _numbers(mean_repeat_spend)
        with np.errstate(invalid="ignore"):
            usable = (x > 0) & np.isfinite(m) & (m > 0)
        self.n_left_out_ = int(np.count_nonzero((x > 0) & ~usable))
        x, m = x[usable], m[usable]
        if len(x) < 2:
            raise NotEnoughData(NO_SPEND)
        self.correlation_ = correlation(x, m)
        self.warning_ = related(self.correlation_, CORRELATED)
        order = np.lexsort((m, x))
        x, m = x[order], m[order]
        scale = float(np.sum(m) / len(m))
        stride = max(1, len(x) // 8192)
        whole = Likelihood(x, m / scale)
        part = Likelihood(x[::stride], m[::stride] / scale) if stride > 1 else whole
        best = maximise(whole, whole.size, part, part.size, coordinates())
        self.p_, self.q_, self.v_ = (float(u) for u in np.exp(best.log_parameters) * np.array([1.0, 1.0, scale]))
        self.log_likelihood_ = best.log_likelihood - len(m) * float(np.log(scale))
        self.n_customers_ = len(m)
        self.boundary_ = joined(best.boundary)
        self.covariance_ = congruence(coordinates().jacobian(best.coordinates), best.covariance)
        self.optimum_ = best
        self._scale = scale
        return self

    def kept(self) -> dict[str, Any]:
        """Return the fit as JSON, from which `from_kept` makes the same model again, bit for bit."""
        return {
            "name": "Gamma-Gamma",
            "parameters": self.get_params(),
            "log_likelihood": self.log_likelihood_,
            "correlation": self.correlation_,
            "boundary": self.boundary_.as_dict() if self.boundary_ else None,
            "estimate": {**self.optimum_.kept(), "scale": self._scale} if self.optimum_ else None,
        }

    @classmethod
    def from_kept(cls, kept: dict[str, Any]) -> Self:
        """Return the model that `kept` described: the same parameters, and the same draws of them."""
        model = cls.from_params(**kept["parameters"])
        model.log_likelihood_, model.correlation_ = kept["log_likelihood"], kept["correlation"]
        model.boundary_ = T(**kept["boundary"]) if kept["boundary"] else None
        model.warning_ = None if model.correlation_ is None else related(model.correlation_, CORRELATED)
        if kept["estimate"]:
            model.optimum_, model._scale = Optimum.from_kept(kept["estimate"], coordinates()), kept["estimate"]["scale"]
            model.covariance_ = congruence(
                coordinates().jacobian(model.optimum_.coordinates), model.optimum_.covariance
            )
        return model

    def draw_parameters(self, n: int = 200, seed: int = 0) -> Floats:
        """Return `n` seeded draws of (p, q, v) from the asymptotic normal law of the estimates."""
        here = np.array([self.p_, self.q_, self.v_])
        if self.optimum_ is None:
            return np.tile(here, (n, 1))
        space = coordinates()
        values, vectors = np.linalg.eigh(self.optimum_.covariance)
        noise = np.random.default_rng(seed).standard_normal((n, 3))
        step = np.sum(noise[:, None, :] * (vectors * np.sqrt(np.maximum(values, 0.0)))[None, :, :], axis=2)
        phi = np.clip(self.optimum_.coordinates + step, space.lower, space.upper)
        return np.asarray(np.exp(np.array([space.to_log(f) for f in phi])) * np.array([1.0, 1.0, self._scale]))

    @property
    def population_note_(self) -> T | None:
        """Why there is no population mean, or None."""
        return INFINITE if self.spend.q <= 1.0 else None

    def expected_spend(self, summary: Any) -> Floats:
        """Return each customer's expected spend per occasion, in the currency of the data, always finite.

        A customer without usable spend (none yet, or a mean that is not positive) gets the population mean; where
        the model has none (`population_note_`), the population median stands in.
        """
        got = collect(summary, ("x", "mean_repeat_spend"))
        return self.expected_spend_at(got["x"], got["mean_repeat_spend"])

    def expected_spend_at(self, x: npt.ArrayLike, mean_repeat_spend: npt.ArrayLike) -> Floats:
        """Return the expected spend per occasion for arrays of repeat occasions and their mean spend."""
        x, m = np.broadcast_arrays(_numbers(x), _numbers(mean_repeat_spend))
        with np.errstate(invalid="ignore"):
            usable = (x > 0) & np.isfinite(m) & (m > 0)
        x, m = np.where(usable, x, 0.0), np.where(usable, m, 0.0)
        expected = self.spend.expected(x, m)
        return np.where(np.isfinite(expected), expected, self.spend.median(x, m))

    @staticmethod
    def frequency_spend_correlation(summary: Any) -> float:
        """Return the correlation of x and mean spend over repeat customers with positive spend; 0 where undefined."""
        got = collect(summary, ("x", "mean_repeat_spend"))
        x, m = _numbers(got["x"]), _numbers(got["mean_repeat_spend"])
        with np.errstate(invalid="ignore"):
            usable = (x > 0) & np.isfinite(m) & (m > 0)
        return correlation(x[usable], m[usable])


def _numbers(values: npt.ArrayLike) -> Floats:
    return np.atleast_1d(np.asarray(values, dtype=np.float64))


def correlation(x: Floats, m: Floats) -> float:
    """Return Pearson's correlation; 0 where either does not vary."""
    if len(x) < 2:
        return 0.0
    a, b = (
        np.sort(x)[np.argsort(np.argsort(x, kind="stable"), kind="stable")] - np.mean(np.sort(x)),
        m - np.mean(np.sort(m)),
    )
    size = float(np.sqrt(np.sum(np.sort(a**2)) * np.sum(np.sort(b**2))))
    return float(np.sum(np.sort(a * b)) / size) if size > 0 else 0.0


def related(rho: float, sentence: T) -> T | None:
    """Return the sentence that says so, where a correlation of frequency and money is beyond ±0.3."""
    if abs(rho) <= STRONG:
        return None
    up = rho > 0
    return sentence.format(
        more=T(zh="多", en="more") if up else T(zh="少", en="less"),
        rho=f"{rho:.2f}".replace("-", "−"),
        bias=T(zh="低", en="low") if up else T(zh="高", en="high"),
    )
