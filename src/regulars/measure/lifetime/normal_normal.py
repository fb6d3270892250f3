"""The estimator of profit per occasion, losses included."""

from __future__ import annotations

from typing import Any, ClassVar, Self

import numpy as np
import numpy.typing as npt

from regulars.errors import InputError, NotEnoughData
from regulars.measure.lifetime.gamma_gamma import correlation, related
from regulars.measure.lifetime.model import NOT_FITTED, joined
from regulars.measure.lifetime.optimum import Coordinates, Optimum, maximise
from regulars.measure.lifetime.quadrature import Floats
from regulars.measure.lifetime.triples import collect
from regulars.words import T

FEW = T(zh="至少要两位客户的利润，而且不能完全一样", en="it takes the profits of two customers, and not all the same")
ALONE = T(
    zh="每位客户只有一次利润：客户之间的差异与每次之间的差异分不开",
    en="every customer has one profit only: how customers differ cannot be told from how occasions do",
)
WRONG = T(
    zh="{n} 行的利润次数、均值或平方和不是有限的数，或为负",
    en="{n} rows have a count, mean or sum of squares that is not finite, or is negative",
)


CORRELATED = T(
    zh="购买越频繁的客户每次的利润越{more}（相关系数 {rho}）：模型假定两者无关，未来价值会偏{bias}",
    en="customers who buy more often leave {more} profit an occasion (correlation {rho}): the model takes the two as "
       "unrelated, so future values come out too {bias}",
)  # fmt: skip


class NormalNormal:
    """Normal-normal: a customer's profit per occasion, shrunk towards the base's; losses and zeros count as they are.

    Profit varies from occasion to occasion round a mean of the customer's own, N(θ, σ²), and those means vary over
    customers, θ ~ N(μ, τ²); neither depends on how often the customer buys (`correlation_`). The estimate is a weighed
    mean of the customer's and the base's, best among all linear ones whatever the laws are (Bühlmann's credibility);
    only its standard error leans on the normal. Where spend is positive and skewed, `GammaGamma` fits better.

    Attributes
    ----------
    mu_, tau_, sigma_
        Mean over customers, standard deviation between customers and within them, all in money.
    log_likelihood_
        That of all profits where sums of squares are known, else that of the means alone.
    covariance_
        Covariance of (μ, τ, σ); zero for a standard deviation at its boundary.
    boundary_
        None, or which estimates lie at the boundary, in words.
    correlation_
        Correlation of the number of occasions and the mean profit.

    References
    ----------
    Schmittlein & Peterson (1994), Customer base analysis: an industrial purchase process application.
    Bühlmann (1967), Experience rating and credibility.

    Examples
    --------
    >>> model = NormalNormal.from_params(mu=4.0, tau=3.0, sigma=6.0)
    >>> [round(float(v), 2) for v in model.expected_profit_at([0, 1, 12], [0.0, -11.0, -11.0])]
    [4.0, 1.0, -7.25]
    """

    names: ClassVar[tuple[str, ...]] = ("mu", "tau", "sigma")

    mu_: float
    tau_: float
    sigma_: float
    log_likelihood_: float | None
    n_customers_: int | None
    boundary_: T | None
    correlation_: float | None
    covariance_: Floats | None
    optimum_: Optimum | None

    @classmethod
    def from_params(cls, *, mu: float, tau: float, sigma: float) -> Self:
        """Return a model with known parameters."""
        if not (np.isfinite(mu) and 0 < tau < float("inf") and 0 < sigma < float("inf")):
            raise InputError(
                T(
                    zh="NormalNormal 的 mu 要是数，tau 和 sigma 要是正数",
                    en="NormalNormal takes mu, and positive tau, sigma",
                )
            )
        model = cls()
        model.mu_, model.tau_, model.sigma_ = float(mu), float(tau), float(sigma)
        model.log_likelihood_ = model.n_customers_ = model.boundary_ = None
        model.correlation_ = model.covariance_ = model.optimum_ = None
        return model

    def get_params(self) -> dict[str, float]:
        """Return the parameters, once known."""
        return {n: getattr(self, f"{n}_") for n in self.names} if hasattr(self, "mu_") else {}

    def __repr__(self) -> str:
        return f"NormalNormal({', '.join(f'{k}={v:.6g}' for k, v in self.get_params().items())})"

    def fit(self, profits: Any) -> Self:
        """Fit on any frame with one row a customer.

        Parameters
        ----------
        profits
            ``n_profits``, occasions with known profit (0: left out); ``mean_profit``, their mean; and, where it is
            known, ``profit_squares``, Σ (profit − mean)² over them, without which σ rests on how the spread of the
            means falls with n.

        Raises
        ------
        InputError
            For missing columns and for numbers that are none.
        NotEnoughData
            With fewer than two customers or without any difference, and where nobody has two occasions.
        """
        got = collect(profits, ("n_profits", "mean_profit"), ("profit_squares",))
        return self.fit_arrays(got["n_profits"], got["mean_profit"], got.get("profit_squares"))

    def fit_arrays(self, n: npt.ArrayLike, mean: npt.ArrayLike, squares: npt.ArrayLike | None = None) -> Self:
        """Fit on arrays of occasions, their mean profit and, where known, their sum of squares about it."""
        n = np.atleast_1d(np.asarray(n, dtype=np.float64))
        m = np.where(n > 0, np.asarray(mean, dtype=np.float64), 0.0)
        ss = np.zeros(len(n)) if squares is None else np.where(n > 1, np.asarray(squares, dtype=np.float64), 0.0)
        bad = ~(np.isfinite(n) & np.isfinite(m) & np.isfinite(ss)) | (n < 0) | (ss < 0)
        if bad.any():
            raise InputError(WRONG.format(n=int(bad.sum())))
        order = np.lexsort((ss, m, n))[int(np.count_nonzero(n == 0)) :]
        n, m, ss = n[order], m[order], ss[order]
        centre = float(np.sum(m) / len(m)) if len(m) else 0.0
        scale = float(np.sqrt(np.sum((m - centre) ** 2) / len(m))) if len(m) else 0.0
        if len(n) < 2 or scale == 0.0:
            raise NotEnoughData(FEW)
        if n.max() < 2:
            raise NotEnoughData(ALONE)
        likelihood = Likelihood(n, (m - centre) / scale, ss / scale**2, known=squares is not None)
        best = maximise(likelihood, likelihood.size, likelihood, likelihood.size, COORDINATES)
        tau, sigma = np.exp(0.5 * best.log_parameters)
        mu, variance = likelihood.mean(tau**2, sigma**2)
        self.mu_, self.tau_, self.sigma_ = centre + scale * mu, scale * float(tau), scale * float(sigma)
        values = len(m) if squares is None else float(np.sum(n))
        self.log_likelihood_ = best.log_likelihood - values * float(np.log(scale))
        self.n_customers_ = len(m)
        self.boundary_ = joined(best.boundary)
        self.correlation_ = correlation(n, m)
        self._estimated(best, scale**2 * variance)
        return self

    def _estimated(self, best: Optimum, variance: float) -> None:
        """Keep the law of the estimates: the optimum in (ln τ², ln σ²) and the variance of μ."""
        self.optimum_ = best
        sds = 0.5 * np.array([self.tau_, self.sigma_])
        self.covariance_ = np.zeros((3, 3))
        self.covariance_[0, 0] = variance
        self.covariance_[1:, 1:] = sds[:, None] * best.covariance * sds

    @property
    def warning_(self) -> T | None:
        """None, or in a sentence that profit and frequency are related, beyond a correlation of ±0.3."""
        return None if self.correlation_ is None else related(self.correlation_, CORRELATED)

    @property
    def population_note_(self) -> None:
        """None: the mean over customers is always finite."""
        return

    def kept(self) -> dict[str, Any]:
        """Return the fit as JSON, from which `from_kept` makes the same model again, bit for bit."""
        estimate = None
        if self.optimum_ is not None and self.covariance_ is not None:
            estimate = {**self.optimum_.kept(), "mu_variance": float(self.covariance_[0, 0])}
        return {
            "name": "Normal-normal",
            "parameters": self.get_params(),
            "log_likelihood": self.log_likelihood_,
            "correlation": self.correlation_,
            "boundary": self.boundary_.as_dict() if self.boundary_ else None,
            "estimate": estimate,
        }

    @classmethod
    def from_kept(cls, kept: dict[str, Any]) -> Self:
        """Return the model that `kept` described: the same parameters, and the same draws of them."""
        model = cls.from_params(**kept["parameters"])
        model.log_likelihood_, model.correlation_ = kept["log_likelihood"], kept["correlation"]
        model.boundary_ = T(**kept["boundary"]) if kept["boundary"] else None
        if kept["estimate"]:
            model._estimated(Optimum.from_kept(kept["estimate"], COORDINATES), kept["estimate"]["mu_variance"])
        return model

    def weight_at(self, n: npt.ArrayLike) -> Floats:
        """Return nτ² / (nτ² + σ²), the weight of a customer's own mean profit of n occasions."""
        return self._weight(np.atleast_1d(np.asarray(n, dtype=np.float64)))

    def _weight(self, n: Floats) -> Floats:
        if not hasattr(self, "mu_"):
            raise InputError(NOT_FITTED, remedy=T(zh="先 fit 或用 from_params。", en="Call fit or from_params first."))
        return n * self.tau_**2 / (n * self.tau_**2 + self.sigma_**2)

    def expected_profit(self, profits: Any) -> Floats:
        """Return each customer's expected profit per occasion, in the currency of the data; it may be negative."""
        got = collect(profits, ("n_profits", "mean_profit"))
        return self.expected_profit_at(got["n_profits"], got["mean_profit"])

    def expected_profit_at(self, n: npt.ArrayLike, mean: npt.ArrayLike) -> Floats:
        """Return μ + (m − μ) · nτ² / (nτ² + σ²) for arrays of occasions and their mean profit; μ without any."""
        n, m = np.broadcast_arrays(np.atleast_1d(np.asarray(n, dtype=np.float64)), np.asarray(mean, dtype=np.float64))
        return self.mu_ + self._weight(n) * (np.where(n > 0, m, self.mu_) - self.mu_)

    def standard_error_at(self, n: npt.ArrayLike) -> Floats:
        """Return the standard deviation of a customer's own mean profit given n occasions, √(τ²σ² / (nτ² + σ²))."""
        n = np.atleast_1d(np.asarray(n, dtype=np.float64))
        return np.asarray(self.tau_ * np.sqrt(1.0 - self._weight(n)))

    def draw_parameters(self, n: int = 200, seed: int = 0) -> Floats:
        """Return `n` seeded draws of (μ, τ, σ): μ normal, τ and σ lognormal; known parameters as they are."""
        here = np.array([self.mu_, self.tau_, self.sigma_])
        if self.optimum_ is None or self.covariance_ is None:
            return np.tile(here, (n, 1))
        values, vectors = np.linalg.eigh(self.optimum_.covariance)
        noise = np.random.default_rng(seed).standard_normal((n, 3))
        step = np.sum(noise[:, None, 1:] * (vectors * np.sqrt(np.maximum(values, 0.0)))[None], axis=2)
        mu = self.mu_ + noise[:, :1] * np.sqrt(self.covariance_[0, 0])
        return np.concatenate([mu, here[1:] * np.exp(0.5 * step)], axis=1)


class Likelihood:
    """The log-likelihood in (ln τ², ln σ²), μ at its best, from sums over the customers with equal n."""

    def __init__(self, n: Floats, m: Floats, ss: Floats, *, known: bool) -> None:
        self.n, code = np.unique(n, return_inverse=True)
        self.count = np.bincount(code).astype(np.float64)
        self.centre = np.bincount(code, m) / self.count
        self.about = np.bincount(code, (m - self.centre[code]) ** 2)
        self.ss, self.inside = float(np.sum(ss)), float(np.sum(n - 1.0)) if known else 0.0
        self.known, self.size = known, float(len(n))

    def mean(self, between: float, within: float) -> tuple[float, float]:
        """Return the best μ and its variance."""
        weight = self.count / (between + within / self.n)
        return float(np.sum(weight * self.centre) / np.sum(weight)), float(1.0 / np.sum(weight))

    def __call__(self, log_parameters: Floats) -> tuple[float, Floats]:
        """Return the value and the gradient in the logarithms."""
        between, within = (float(v) for v in np.exp(log_parameters))
        v = between + within / self.n
        square = self.about + self.count * (self.centre - self.mean(between, within)[0]) ** 2
        value = -0.5 * np.sum(self.count * np.log(2.0 * np.pi * v) + square / v)
        slope = 0.5 * (square / v - self.count) / v
        g_within = np.sum(slope / self.n)
        if self.known:
            value -= 0.5 * (self.inside * np.log(2.0 * np.pi * within) + self.ss / within)
            value -= 0.5 * np.sum(self.count * np.log(self.n))
            g_within += 0.5 * (self.ss / within - self.inside) / within
        return float(value), np.array([np.sum(slope) * between, g_within * within])


COORDINATES = Coordinates(
    lambda phi: phi, lambda _: np.eye(2),
    lower=np.array([-14.0, -14.0]), upper=np.array([6.0, 14.0]), starts=((-0.5, 0.0), (-3.0, 2.0), (0.0, -3.0)),
    at_lower=(
        T(zh="τ 趋于 0：客户之间的利润看不出差异", en="tau runs to zero: customers show no difference in profit"),
        T(zh="σ 趋于 0：同一客户每次利润几乎相同", en="sigma runs to zero: a customer's profit is the same every time"),
    ),
    at_upper=(None, None),
)  # fmt: skip
