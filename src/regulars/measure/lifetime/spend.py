"""Gamma-Gamma: a customer's purchases scatter round a mean of their own, and the means differ over customers.

Spend per occasion ~ Gamma(p, ν), ν ~ Gamma(q, v) over customers (Fader & Hardie 2013; their γ is v here).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import betaincinv, gammaln, psi

from regulars.measure.lifetime.optimum import Coordinates
from regulars.measure.lifetime.quadrature import Floats
from regulars.words import T as Words

CHUNK = 32_768


@dataclass(frozen=True)
class Spend:
    """Parameters of the Gamma-Gamma model of spend."""

    p: float
    q: float
    v: float

    def population_mean(self) -> float:
        """Return the mean spend over customers, p·v / (q − 1); infinite for q ≤ 1."""
        return self.p * self.v / (self.q - 1.0) if self.q > 1.0 else float("inf")

    def expected(self, x: Floats, m: Floats) -> Floats:
        """Return E[mean spend | x occasions of mean m] = p (v + x·m) / (p·x + q − 1); infinite where p·x + q ≤ 1."""
        rest = self.p * x + self.q - 1.0
        with np.errstate(divide="ignore"):
            return np.where(rest > 0, self.p * (self.v + x * m) / np.where(rest > 0, rest, 1.0), np.inf)

    def median(self, x: Floats, m: Floats) -> Floats:
        """Return the median of the customer's mean spend p / ν, finite for all parameters."""
        # p/ν with ν ~ Gamma(p·x + q, v + x·m); the Gamma's median by Wilson & Hilferty
        shape = self.p * x + self.q
        rate = self.v + x * m
        nu = shape * np.maximum(1.0 - 1.0 / (9.0 * shape), 1e-3) ** 3 / rate
        return np.asarray(self.p / nu)

    def total_quantile(self, level: Floats, n: Floats, x: Floats) -> Floats:
        """Return the quantile of (total of n purchases) / (v + x·m), a BetaPrime(p·n, p·x + q)."""
        z = betaincinv(self.p * n, self.p * x + self.q, level)
        return np.asarray(z / (1.0 - z))


class Likelihood:
    """The log-likelihood of (x, mean spend) rows, with its gradient in (ln p, ln q, ln v)."""

    def __init__(self, x: Floats, m: Floats) -> None:
        order = np.lexsort((m, x))  # the sum does not depend on the order of rows
        x, m = x[order], m[order]
        self.x, self.ix = np.unique(x, return_inverse=True)
        self.n_x = np.bincount(self.ix).astype(np.float64)
        self.total = x * m
        self.each_x = x
        self.size = float(len(x))
        self.log_m = np.bincount(self.ix, np.log(m), len(self.x))  # Σ ln m by x

    def __call__(self, log_parameters: Floats) -> tuple[float, Floats]:
        """Return the value and the gradient in log parameters."""
        p, q, v = (float(u) for u in np.exp(log_parameters))
        px = p * self.x
        by_x = gammaln(px + q) - gammaln(px) - gammaln(q) + q * np.log(v) + px * np.log(self.x)
        value = np.sum(self.n_x * by_x + (px - 1.0) * self.log_m)
        both = psi(px + q)
        g_p = np.sum(self.n_x * self.x * (both - psi(px) + np.log(self.x)) + self.x * self.log_m)
        g_q = np.sum(self.n_x * (both - psi(q))) + self.size * np.log(v)
        parts = []
        for start in range(0, len(self.total), CHUNK):
            part = slice(start, start + CHUNK)
            x, scale = self.each_x[part], v + self.total[part]
            log_scale, shape = np.log(scale), p * x + q
            parts.append((np.sum(shape * log_scale), np.sum(x * log_scale), np.sum(log_scale), np.sum(shape / scale)))
        s = np.sum(np.array(parts), axis=0)
        gradient = np.array([g_p - s[1], g_q - s[2], self.size * q / v - s[3]])
        return float(value - s[0]), gradient * np.array([p, q, v])


def coordinates() -> Coordinates:
    """Return the bounded coordinates (ln p, ln q, ln(p·v/q)) for spend scaled to mean 1."""

    def to_log(phi: Floats) -> Floats:
        return np.array([phi[0], phi[1], phi[2] + phi[1] - phi[0]])

    def jacobian(_: Floats) -> Floats:
        return np.array([[1, 0, 0], [0, 1, 0], [-1, 1, 1]], dtype=np.float64)

    top = float(np.log(1e4))
    return Coordinates(
        to_log, jacobian,
        lower=np.array([np.log(1e-3), np.log(1e-3), -12.0]), upper=np.array([top, top, 12.0]),
        starts=((1.0, 1.2, -0.2), (0.0, 2.5, 0.0), (2.0, 0.3, -0.5)),
        at_lower=(
            Words(zh="p 趋于 0：同一客户每次消费的差异大得没有界限",
                  en="p runs to zero: a customer's purchases differ without bound"),
            Words(zh="q 趋于 0：客户之间消费的差异大得没有界限",
                  en="q runs to zero: spend differs between customers without bound"),
            None,
        ),
        at_upper=(
            Words(zh="p 趋于无穷：同一客户每次消费几乎相同",
                  en="p runs off: a customer spends nearly the same every time"),
            Words(zh="q 与 v 一同趋于无穷：所有客户的平均消费几乎相同",
                  en="q and v run off together: mean spend is nearly the same for all"),
            None,
        ),
    )  # fmt: skip
