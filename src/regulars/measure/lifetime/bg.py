"""BG/NBD and MBG/NBD: buying is Poisson, and after a purchase a customer may stop for good.

λ ~ Gamma(r, α) over customers, the chance p of stopping ~ Beta(a, b). In the BG/NBD (Fader, Hardie & Lee 2005) the
coin is tossed after every repeat purchase; in the MBG/NBD (Batislam, Denizel & Filiztekin 2007) after the first
purchase too. `first` is 0 for the former, 1 for the latter; all else is common.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Self

import numpy as np
import numpy.typing as npt
from scipy.special import betainc, expit, gammaln, psi

from regulars.measure.lifetime.ages import by_age
from regulars.measure.lifetime.gaps import RandomGaps
from regulars.measure.lifetime.optimum import Coordinates, Objective, beta_pair, gamma_pair
from regulars.measure.lifetime.quadrature import Floats, beta_nodes, beta_rule, legendre
from regulars.measure.lifetime.triples import Ints, Triples, cells
from regulars.words import T as Words

CHUNK = 16_384
"""Triples evaluated at a time: temporaries stay in the cache."""
CELLS = 1_024
"""Cells (x, T) evaluated at a time in quadratures."""


@dataclass(frozen=True)
class BG:
    """Parameters of the BG/NBD (first = 0) or the MBG/NBD (first = 1); a and b one a customer under covariates."""

    r: float
    alpha: float
    a: float | Floats
    b: float | Floats
    first: int

    def log_odds_gone(self, x: Floats, t_x: Floats, T: Floats) -> Floats:
        """Return ln of the odds that a customer has stopped by T."""
        b_x = self.b + x - 1.0 + self.first
        with np.errstate(divide="ignore", invalid="ignore"):
            z = np.log(self.a / b_x) + (self.r + x) * (np.log(self.alpha + T) - np.log(self.alpha + t_x))
        return z if self.first else np.where(x > 0, z, -np.inf)

    def probability_alive(self, x: Floats, t_x: Floats, T: Floats) -> Floats:
        """Return P(alive at T | x, t_x, T)."""
        return np.asarray(expit(-self.log_odds_gone(x, t_x, T)))

    def given_alive(self, x: Floats, t_x: Floats, T: Floats) -> tuple[BGFuture, Ints]:
        """Return the law of the future for customers alive at T, one cell each (x, T), and each customer's cell."""
        x, T, cell = cells(x, T)
        return self.future(x, T), cell

    def future(self, x: Floats, T: Floats) -> BGFuture:
        """Return the law of the future for customers alive at T with x repeat purchases so far, one cell a customer."""
        return BGFuture(self.r + x, self.alpha + T, self.a, self.b + x + self.first)


def log_likelihood(model: BG, data: Triples) -> tuple[float, Floats]:
    """Return the log-likelihood of grouped triples and its gradient in (ln r, ln α, ln a, ln b)."""
    return Likelihood(data, model.first)(np.log(np.hstack([model.r, model.alpha, model.a, model.b])))


class Likelihood:
    """The log-likelihood of grouped triples with its gradient: one exp and one log1p a triple, in fused chunks.

    Everything that depends on x, t_x or T alone is evaluated on their distinct values and gathered.
    """

    def __init__(self, data: Triples, first: int, k: int = 1) -> None:
        self.first, self.k = first, k
        self.size = data.size
        self.x, ix = data.distinct_x
        self.t, it = data.distinct_t
        self.T, iT = data.distinct_T
        self.n_x = np.bincount(ix, data.count, len(self.x))
        self.n_T = np.bincount(iT, data.count, len(self.T))
        self.x_T = np.bincount(iT, data.count * k * data.x, len(self.T))
        keep = self._concerned(data)
        self.ix, self.it, self.iT, self.count = ix[keep], it[keep], iT[keep], data.count[keep]

    def _concerned(self, data: Triples) -> npt.NDArray[np.bool_]:
        """Return which triples have a term of their own: who has not bought again cannot have left the BG/NBD."""
        return (data.x > 0) | bool(self.first)

    def __call__(self, log_parameters: Floats) -> tuple[float, Floats]:
        """Return the value and the gradient in log parameters."""
        r, alpha, a, b = (float(v) for v in np.exp(log_parameters))
        value, g = self._by_x_and_T(r, alpha, a, b)
        tail, g_tail = self._by_triple(r, alpha, a, b)
        return value + tail, (g + g_tail) * np.array([r, alpha, a, b])

    def _by_x_and_T(self, r: float, alpha: float, a: float, b: float) -> tuple[float, Floats]:
        k, b_x = r + self.k * self.x, b + self.x + self.first
        log_T, inverse_T = np.log(alpha + self.T), 1.0 / (alpha + self.T)
        by_x = gammaln(k) - gammaln(r) + gammaln(b_x) - gammaln(a + b_x) + gammaln(a + b) - gammaln(b)
        by_T = r * self.n_T + self.x_T
        value = np.sum(self.n_x * by_x) + self.size * r * np.log(alpha) - np.sum(by_T * log_T)
        both = psi(a + b) - psi(a + b_x)
        gradient = np.array([
            np.sum(self.n_x * (psi(k) - psi(r))) + self.size * np.log(alpha) - np.sum(self.n_T * log_T),
            self.size * r / alpha - np.sum(by_T * inverse_T),
            np.sum(self.n_x * both),
            np.sum(self.n_x * (both + psi(b_x) - psi(b))),
        ])  # fmt: skip
        return float(value), gradient

    def _by_triple(self, r: float, alpha: float, a: float, b: float) -> tuple[float, Floats]:
        k = r + self.x
        with np.errstate(divide="ignore", invalid="ignore"):  # x = 0 has no such term in the BG/NBD
            log_odds = np.log(a) - np.log(b + self.x - 1.0 + self.first)
            inverse_b = 1.0 / (b + self.x - 1.0 + self.first)
        log_T, log_t = np.log(alpha + self.T), np.log(alpha + self.t)
        inverse_T, inverse_t = 1.0 / (alpha + self.T), 1.0 / (alpha + self.t)
        parts = []
        for start in range(0, len(self.count), CHUNK):
            part = slice(start, start + CHUNK)
            ix, it, iT, count = self.ix[part], self.it[part], self.iT[part], self.count[part]
            gap = log_T[iT] - log_t[it]
            k_x = k[ix]
            z = log_odds[ix] + k_x * gap
            e = np.exp(-np.abs(z))
            weight = count * np.where(z >= 0, 1.0, e) / (1.0 + e)
            parts.append((
                np.sum(count * (np.maximum(z, 0.0) + np.log1p(e))),
                np.sum(weight * gap),
                np.sum(weight * k_x * (inverse_T[iT] - inverse_t[it])),
                np.sum(weight),
                np.sum(weight * inverse_b[ix]),
            ))  # fmt: skip
        total = np.sum(np.array(parts).reshape(-1, 5), axis=0)
        return float(total[0]), np.array([total[1], total[2], total[3] / a, -total[4]])


@dataclass(frozen=True)
class BGFuture(RandomGaps):
    """The future of customers alive at T, one cell each: λ ~ Gamma(r, α), p ~ Beta(a, b), a BG process from now.

    `a` is one number, or one a cell where covariates act on it.
    """

    r: Floats
    alpha: Floats
    a: float | Floats
    b: Floats

    def __len__(self) -> int:
        return len(self.r)

    @cached_property
    def _kinds(self) -> tuple[Ints, Ints]:
        """Return one cell of each distinct (r, a, b), which differ in age only, and every cell's kind."""
        if isinstance(self.a, float):  # r = r₀ + x (or stages) tells b = b₀ + x
            return _first_and_codes(self.r)
        _, codes = _first_and_codes(self.r)
        for more in (self.a, self.b):
            distinct, inverse = np.unique(more, return_inverse=True)
            codes = _first_and_codes(codes * len(distinct) + inverse)[1]
        return _first_and_codes(codes)

    def _a_of(self, cells: Ints | slice) -> float | Floats:
        return self.a if isinstance(self.a, float) else self.a[cells]

    def at(self, cell: Ints, alpha: Floats) -> Self:
        """Return the future of the cells named at other ages."""
        return replace(self, r=self.r[cell], alpha=alpha, a=self._a_of(cell), b=self.b[cell])

    def _nodes(self, n: int) -> tuple[Floats, Floats]:
        one = self._kinds[0]
        return beta_nodes(self._a_of(one), self.b[one], n)

    def _count(self, y: Floats, rows: slice, nodes: Floats, weights: Floats) -> Floats:
        """Return E[X(α·y)] = E over p of (1 − (1 + p·y)^−r) / p."""
        p, w = beta_rule(self._a_of(rows), self.b[rows], nodes, weights, y)
        return np.sum(w * (-np.expm1(-self.r[rows, None] * np.log1p(p * y[:, None])) / p), axis=1)

    def _by_age(self, evaluate: Callable[[Self], Floats]) -> Floats:
        """Return what `evaluate` says of every cell, from a few ages for each number of purchases."""
        one, kind = self._kinds
        return by_age(kind, self.alpha, lambda kinds, alpha: evaluate(self.at(one[kinds], alpha)))

    def expected(self, t: float) -> Floats:
        """Return E[X(t)], finite for every a > 0 (the closed form breaks at a = 1 and for a + b < 1)."""
        return self._by_age(lambda future: future._expected(t))

    def _expected(self, t: float, n: int = 48) -> Floats:
        nodes, weights = self._nodes(n)
        code = self._kinds[1]
        out = np.empty(len(self))
        for start in range(0, len(self), CELLS):
            rows = slice(start, start + CELLS)
            out[rows] = self._count(t / self.alpha[rows], rows, nodes[code[rows]], weights[code[rows]])
        return out

    def rough(self, t: float) -> Floats:
        """Return E[X(t)] on a third of the nodes: four figures, for parameter draws."""
        return self._expected(t, n=16)

    def discounted(self, t: float, delta: float) -> Floats:
        """Return the expected purchases within t, each discounted by e^(−δ·time).

        By parts: e^(−δt) E[X(t)] + δ ∫ e^(−δτ) E[X(τ)] dτ, the integral in u = ln(1 + τ/α).
        """
        return self._by_age(lambda future: future._discounted(t, delta))

    def _discounted(self, t: float, delta: float, n: int = 32, steps: int = 12) -> Floats:
        at_end = np.asarray(np.exp(-delta * t) * self._expected(t))
        return at_end if delta == 0.0 else at_end + self._integral(np.log1p(t / self.alpha), delta, n, steps)

    def residual(self, delta: float) -> Floats:
        """Return the expected purchases over the whole remaining lifetime, discounted at δ ≥ 0.

        Without discount E[1/p] = (a + b − 1) / (a − 1), infinite for a ≤ 1.
        """
        if delta == 0.0:
            with np.errstate(divide="ignore"):
                return np.where(self.a > np.ones(len(self)), (self.a + self.b - 1.0) / (self.a - 1.0), np.inf)
        return self._by_age(lambda future: future._residual(delta))

    def _residual(self, delta: float, n: int = 48, steps: int = 40) -> Floats:
        return self._integral(np.log1p(32.0 / (delta * self.alpha)), delta, n, steps)

    def _integral(self, end: Floats, delta: float, n: int, steps: int) -> Floats:
        nodes, weights = self._nodes(n)
        code = self._kinds[1]
        s, v = legendre(steps)
        out = np.zeros(len(self))
        for start in range(0, len(self), CELLS):
            rows = slice(start, start + CELLS)
            p, w, rate = nodes[code[rows]], weights[code[rows]], delta * self.alpha[rows]
            for s_k, v_k in zip(s, v, strict=True):
                u = end[rows] * s_k
                y = np.expm1(u)
                out[rows] += v_k * end[rows] * rate * np.exp(u - rate * y) * self._count(y, rows, p, w)
        return out

    def survival(self, n: Floats, cell: Ints, t: float) -> Floats:
        """Return P(X(t) ≥ n) for n ≥ 1: n − 1 tosses survived, and a Gamma-Poisson count of n or more."""
        a, b = self._a_of(cell), self.b[cell]
        kept = gammaln(b + n - 1.0) - gammaln(b) + gammaln(a + b) - gammaln(a + b + n - 1.0)
        return np.asarray(np.exp(kept) * betainc(n, self.r[cell], t / (self.alpha[cell] + t)))


def _first_and_codes(values: Floats | Ints) -> tuple[Ints, Ints]:
    _, first, codes = np.unique(values, return_index=True, return_inverse=True)
    return first, codes


def coordinates(mean_rate: float) -> Coordinates:
    """Return the bounded coordinates for times scaled so that the oldest customer's T is 1."""

    def to_log(phi: Floats) -> Floats:
        return np.array([*gamma_pair(phi[:2]), *beta_pair(phi[2:])])

    def jacobian(phi: Floats) -> Floats:
        m = float(expit(phi[3]))
        return np.array([[1, 0, 0, 0], [1, -1, 0, 0], [0, 0, 1, 1 - m], [0, 0, 1, -m]], dtype=np.float64)

    start = float(np.log(2.0 * mean_rate))
    top = float(np.log(1e4))
    return Coordinates(
        to_log, jacobian,
        lower=np.array([np.log(1e-3), start - 12.0, np.log(1e-3), -12.0]),
        upper=np.array([top, start + 8.0, top, 12.0]),
        starts=((-1.0, start, 1.0, -1.0), (0.5, start + 1.0, 0.0, 0.0), (-1.5, start - 0.5, 2.0, -2.5)),
        at_lower=(
            Words(zh="r 趋于 0：购买频率的差异大得没有界限", en="r runs to zero: purchase rates differ without bound"),
            None,
            Words(zh="a 与 b 一同趋于 0：客户要么永不流失，要么立刻流失",
                  en="a and b run to zero together: customers either never drop out or do so at once"),
            Words(zh="a 趋于 0：数据里看不到流失", en="a runs to zero: no dropout is seen in the data"),
        ),
        at_upper=(
            Words(zh="r 与 α 一同趋于无穷：所有客户的购买频率几乎相同",
                  en="r and alpha run off together: the purchase rate is nearly the same for all"),
            None,
            Words(zh="a 与 b 一同趋于无穷：所有客户的流失概率几乎相同",
                  en="a and b run off together: dropout is nearly the same for all"),
            Words(zh="b 趋于 0：几乎所有客户一买就流失", en="b runs to zero: nearly everyone drops out at once"),
        ),
        idle=((3, 2),),
    )  # fmt: skip


def objective(data: Triples, first: int) -> Objective:
    """Return the log-likelihood of `data` as a function of the log parameters."""
    return Likelihood(data, first)
