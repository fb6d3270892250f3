"""BG/CNBD-k and MBG/CNBD-k: as BG/NBD and MBG/NBD, but purchases come regularly (Platzer & Reutterer 2016).

Between two purchases lie k stages, each passed at the random rate λ ~ Gamma(r, α): gaps are Erlang-k and their mean is
k / λ. With k = 1 this is the BG/NBD or MBG/NBD.

Who regularly buys is not without memory: the longer the silence, the more stages have been passed since the last
purchase. Given alive at T after a silence of s, j < k stages have been passed with chance w_j / Σ w, where

    w_j = C(r + kx + j − 1, j) (s / (α + T))^j      and, given j,      λ ~ Gamma(r + kx + j, α + T).

So the future is a mixture of k parts, each of which depends on (x, T) alone: the expensive functions are evaluated
for each (x, T, j), and t_x is in the weights and in P(alive).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import Self

import numpy as np
import numpy.typing as npt
from scipy.special import betainc, betaincinv, expit, gammaln

from regulars.measure.lifetime import bg
from regulars.measure.lifetime.mixture import Mixture
from regulars.measure.lifetime.quadrature import Floats, beta_rule
from regulars.measure.lifetime.triples import Ints, Triples, cells

FEW = 1e-5
"""Where fewer purchases than this part of the stages are to be expected, they are counted one by one."""


@dataclass(frozen=True)
class ErlangBG(bg.BG):
    """Parameters of the BG/CNBD-k (first = 0) or the MBG/CNBD-k (first = 1)."""

    k: int

    def stages(self, x: Floats, t_x: Floats, T: Floats) -> Floats:
        """Return w_j for j = 0 … k − 1 stages passed since the last purchase, one row a customer."""
        u = (T - t_x) / (self.alpha + T)
        w = np.ones((len(u), self.k))
        for j in range(1, self.k):
            w[:, j] = w[:, j - 1] * u * (self.r + self.k * x + j - 1.0) / j
        return w

    def probability_alive(self, x: Floats, t_x: Floats, T: Floats) -> Floats:
        """Return P(alive at T | x, t_x, T)."""
        b_x = self.b + x - 1.0 + self.first
        gap = np.log(self.alpha + T) - np.log(self.alpha + t_x)
        with np.errstate(divide="ignore", invalid="ignore"):
            z = np.log(self.a / b_x) + (self.r + self.k * x) * gap - np.log(np.sum(self.stages(x, t_x, T), axis=1))
        return np.asarray(expit(-z) if self.first else np.where(x > 0, expit(-z), 1.0))

    def given_alive(self, x: Floats, t_x: Floats, T: Floats) -> tuple[ErlangFuture, Ints]:  # type: ignore[override]
        """Return the law of the future for customers alive at T, a cell a customer."""
        cell_x, cell_T, group = cells(x, T)
        stage = np.tile(np.arange(self.k), len(cell_x))
        cell_x, cell_T = np.repeat(cell_x, self.k), np.repeat(cell_T, self.k)
        b = self.b + cell_x + self.first
        parts = ErlangPart(self.r + self.k * cell_x + stage, self.alpha + cell_T, self.a, b, stage, self.k)
        weight = self.stages(x, t_x, T)
        mixture = Mixture(group * self.k, weight / np.sum(weight, axis=1, keepdims=True))
        return ErlangFuture(parts, mixture), np.arange(len(x))


class Likelihood(bg.Likelihood):
    """The log-likelihood of grouped triples with its gradient, but for a factor that the gaps and k alone decide.

    To the BG/NBD's terms come those of the stages, ln Σ_j w_j, by Horner's rule in s / (α + T).
    """

    def __init__(self, data: Triples, first: int, k: int) -> None:
        super().__init__(data, first, k)
        self.silence = data.T - data.t_x

    def _concerned(self, data: Triples) -> npt.NDArray[np.bool_]:
        return np.ones(len(data.x), dtype=bool)

    def _by_triple(self, r: float, alpha: float, a: float, b: float) -> tuple[float, Floats]:
        shape = r + self.k * self.x
        leaves = (self.x > 0) | bool(self.first)
        b_x = np.where(leaves, b + self.x - 1.0 + self.first, 1.0)
        log_odds = np.where(leaves, np.log(a) - np.log(b_x), -np.inf)
        inverse_b = np.where(leaves, 1.0 / b_x, 0.0)
        log_T, log_t = np.log(alpha + self.T), np.log(alpha + self.t)
        inverse_T, inverse_t = 1.0 / (alpha + self.T), 1.0 / (alpha + self.t)
        c, h = _coefficients(shape, self.k)
        parts = []
        for start in range(0, len(self.count), bg.CHUNK):
            part = slice(start, start + bg.CHUNK)
            ix, it, iT, count = self.ix[part], self.it[part], self.iT[part], self.count[part]
            stages, by_r, by_u = _horner(c, h, ix, self.silence[part] * inverse_T[iT])
            gap, k_x = log_T[iT] - log_t[it], shape[ix]
            z = log_odds[ix] + k_x * gap - np.log(stages)
            e = np.exp(-np.abs(z))
            share = np.where(z >= 0, 1.0, e) / (1.0 + e)
            weight, rest = count * share, count * (1.0 - share) / stages
            d_alpha = weight * k_x * (inverse_T[iT] - inverse_t[it]) - rest * by_u * inverse_T[iT]
            parts.append((
                np.sum(count * (np.maximum(z, 0.0) + np.log1p(e) + np.log(stages))),
                np.sum(weight * gap + rest * by_r),
                np.sum(d_alpha),
                np.sum(weight),
                np.sum(weight * inverse_b[ix]),
            ))  # fmt: skip
        total = np.sum(np.array(parts).reshape(-1, 5), axis=0)
        return float(total[0]), np.array([total[1], total[2], total[3] / a, -total[4]])


def _coefficients(shape: Floats, k: int) -> tuple[Floats, Floats]:
    """Return C(shape + j − 1, j) and its derivative in the shape, for j < k, one column a shape."""
    c, h = np.ones((k, len(shape))), np.zeros((k, len(shape)))
    for j in range(1, k):
        c[j] = c[j - 1] * (shape + j - 1.0) / j
        h[j] = h[j - 1] + 1.0 / (shape + j - 1.0)
    return c, c * h


def _horner(c: Floats, d: Floats, ix: Ints, u: Floats) -> tuple[Floats, Floats, Floats]:
    """Return Σ c_j u^j, Σ d_j u^j and Σ j c_j u^j."""
    k = len(c)
    value, by_r, by_u = c[k - 1][ix], d[k - 1][ix], (k - 1) * c[k - 1][ix]
    for j in range(k - 2, -1, -1):
        here = c[j][ix]
        value, by_r, by_u = value * u + here, by_r * u + d[j][ix], by_u * u + j * here
    return value, by_r, by_u


def gap_factor(k: int, x: Floats, t_x: Floats, count: Floats, log_gaps: float | None) -> float:
    """Return the part of the log-likelihood that k and the gaps alone decide, 0 for k = 1; for comparing k.

    With Σ ln gap over all gaps of all customers it is (k − 1) Σ ln gap − n ln Γ(k), and the likelihood that of all
    times of purchase. Without it is that of x and t_x alone, whose density has t_x^(kx−1) / Γ(kx) in its place.
    """
    if log_gaps is not None:
        return float((k - 1) * log_gaps - np.sum(count * x) * gammaln(k))
    x, t_x, count = x[x > 0], t_x[x > 0], count[x > 0]
    return float(np.sum(count * ((k - 1) * x * np.log(t_x) - gammaln(k * x) + gammaln(x))))


@dataclass(frozen=True)
class ErlangPart(bg.BGFuture):
    """The future of customers alive at T who have passed `stage` of the k stages since their last purchase."""

    stage: Ints
    k: int

    def at(self, cell: Ints, alpha: Floats) -> Self:
        """Return the future of the cells named at other ages."""
        return replace(super().at(cell, alpha), stage=self.stage[cell])

    def _count(self, y: Floats, rows: slice, nodes: Floats, weights: Floats) -> Floats:
        """Return E[X(α·y)].

        Given p the stages are a renewal process whose transform has k simple poles, at the k-th roots w of 1 − p:

            E[X | p] = 1/k Σ_w w^(j−k+1) / (1 − w) · (1 − (1 + (1 − w) y)^−r)

        The sum is analytic in p up to 1 − (1 + 1/y)^k, which is where the rule has its singularity. Its terms cancel
        where hardly anyone gets through the stages; there P(X ≥ 1) + P(X ≥ 2) + P(X ≥ 3) is all there is.
        """
        with np.errstate(divide="ignore", over="ignore"):
            reach = 1.0 / np.expm1(self.k * np.log1p(1.0 / y))
        p, weight = beta_rule(self.a, self.b[rows], nodes, weights, reach)
        log_z = np.log1p(-np.minimum(p, 1.0 - 1e-12)) / self.k
        power, r = self.stage[rows, None] - (self.k - 1), self.r[rows, None]
        cell = np.arange(len(self))[rows]
        odds, y = y, y[:, None]
        gone = -np.expm1(log_z)
        scale = np.exp(power * log_z)
        total = scale * -np.expm1(-r * np.log1p(gone * y)) / gone
        for i in range(1, self.k // 2 + 1):
            turn = 2j * np.pi * i / self.k
            lost = 1.0 - np.exp(log_z + turn)
            term = scale * np.exp(power * turn) * (1.0 - np.exp(-r * np.log(1.0 + lost * y))) / lost
            total = total + (1.0 if 2 * i == self.k else 2.0) * term.real
        value = np.sum(weight * total, axis=1) / self.k
        few = np.flatnonzero(value < FEW * self.r[rows] * odds)
        passed = odds[few] / (1.0 + odds[few])
        value[few] = sum(self._survival(np.full(len(few), n), cell[few], passed) for n in (1.0, 2.0, 3.0))
        return np.asarray(value)

    def _discounted(self, t: float, delta: float, n: int = 32, steps: int = 32) -> Floats:
        return super()._discounted(t, delta, n, steps)  # regular purchases come in waves at first

    def survival(self, n: Floats, cell: Ints, t: float) -> Floats:
        """Return P(X(t) ≥ n) for n ≥ 1: n − 1 tosses survived, and nk − j stages or more passed."""
        return self._survival(n, cell, t / (self.alpha[cell] + t))

    def _survival(self, n: Floats, cell: Ints, passed: Floats) -> Floats:
        b = self.b[cell]
        kept = gammaln(b + n - 1.0) - gammaln(b) + gammaln(self.a + b) - gammaln(self.a + b + n - 1.0)
        return np.asarray(np.exp(kept) * betainc(n * self.k - self.stage[cell], self.r[cell], passed))

    def first_passed(self, passed: Floats, cell: Ints) -> Floats:
        """Return the chance that the next purchase has come at the time that α makes t / (α + t) = `passed`."""
        return np.asarray(betainc(self.k - self.stage[cell], self.r[cell], passed))

    def usual_gap(self) -> Floats:
        """Return the gap at the mean rate, k α / r: a whole gap, whatever has passed of the present one."""
        return self.k * self.alpha / self.r


@dataclass(frozen=True)
class ErlangFuture:
    """The future of customers alive at T, a cell a customer: the parts mixed by how far the present gap has come."""

    parts: ErlangPart
    mixture: Mixture

    def __len__(self) -> int:
        return len(self.mixture)

    def _mean(self, values: Floats) -> Floats:
        return self.mixture.mean(lambda part: values[part])

    def expected(self, t: float) -> Floats:
        """Return E[X(t) | alive]."""
        return self._mean(self.parts.expected(t))

    def rough(self, t: float) -> Floats:
        """Return E[X(t) | alive] to four figures, quickly."""
        return self._mean(self.parts.rough(t))

    def discounted(self, t: float, delta: float) -> Floats:
        """Return the expected discounted purchases within t, given alive."""
        return self._mean(self.parts.discounted(t, delta))

    def residual(self, delta: float) -> Floats:
        """Return the expected discounted purchases of the remaining lifetime, given alive."""
        return self._mean(self.parts.residual(delta))

    def survival(self, n: Floats, cell: Ints, t: float) -> Floats:
        """Return P(X(t) ≥ n | alive) for counts n ≥ 1 of the cells named."""
        mixture = self.mixture.at(cell)
        return mixture.mean(lambda part: self.parts.survival(n, part, t))

    def usual_gap(self) -> Floats:
        """Return the gap at the mean purchase rate."""
        return 1.0 / self._mean(1.0 / self.parts.usual_gap())

    def gap(self, level: float) -> Floats:
        """Return the time by which the next purchase comes with chance `level`, of customers who stay.

        Who has just bought has all k stages to go, and the time is a scaled BetaPrime(k, r); for the others the
        mixture over the stages passed is inverted by bisection, to 1e-12 of the result.
        """
        parts, mixture = self.parts, self.mixture
        r, which = np.unique(parts.r[mixture.first], return_inverse=True)
        whole = betaincinv(parts.k, r, level)[which]
        with np.errstate(divide="ignore"):
            out = parts.alpha[mixture.first] * whole / (1.0 - whole)
        silent = np.flatnonzero(mixture.weight[:, 0] < 1.0)
        some = mixture.at(silent)
        low, high = np.full(len(silent), -700.0), np.full(len(silent), 300.0)
        for _ in range(60):
            middle = 0.5 * (low + high)
            below = some.mean(partial(parts.first_passed, expit(middle))) < level
            low, high = np.where(below, middle, low), np.where(below, high, middle)
        out[silent] = parts.alpha[some.first] * np.exp(0.5 * (low + high))
        return np.asarray(out)
