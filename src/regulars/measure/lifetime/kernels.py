"""The likelihoods of BG/NBD, MBG/NBD and Pareto/NBD where every kind of customer has clocks of its own.

Fader & Hardie (2007) for covariates that stay; Bachmann, Meierer & Näf (2021) for those of the calendar. A kernel takes
the logarithms of the four parameters followed by the coefficients and returns the value with its gradient.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import ClassVar, Protocol

import numpy as np
from scipy.special import expit, gammaln, psi

from regulars.measure.lifetime import bg, pareto
from regulars.measure.lifetime.ahead import BGAhead, ParetoAhead, Stretches
from regulars.measure.lifetime.clocks import ENDLESS, Clock, Effects, Points, Profiles
from regulars.measure.lifetime.counts import Future
from regulars.measure.lifetime.covariates import codes
from regulars.measure.lifetime.quadrature import Floats
from regulars.measure.lifetime.triples import Ints


@dataclass(frozen=True)
class Cases:
    """Distinct (x, t_x, T, profile) with counts, sorted; times in the model's unit."""

    x: Floats
    t_x: Floats
    T: Floats
    profile: Ints
    count: Floats
    profiles: Profiles

    @property
    def size(self) -> float:
        """Number of customers."""
        return float(self.count.sum())

    @cached_property
    def at_t(self) -> Points:
        """The last purchases, seen forward: in the stretch that begins there, unless the history ends with it."""
        later = self.profiles.points(self.profile, self.t_x)
        piece = np.minimum(later.piece, self.at_T.piece)
        time = self.profiles.origin[self.profile] + self.t_x
        return Points(self.profile, piece, time - self.profiles.pieces.start[piece])

    @cached_property
    def at_T(self) -> Points:
        """The ends of the histories."""
        return self.profiles.points(self.profile, self.T, before=True)

    def every(self, stride: int) -> Cases:
        """Return every `stride`-th case with its count."""
        s = slice(None, None, stride)
        return Cases(self.x[s], self.t_x[s], self.T[s], self.profile[s], self.count[s], self.profiles)

    def scaled(self, scale: float) -> Cases:
        """Return the same cases with times divided by `scale`."""
        return Cases(self.x, self.t_x / scale, self.T / scale, self.profile, self.count, self.profiles.scaled(scale))


class Kernel(Protocol):
    """What the fit and the forecasts ask of a model with covariates."""

    slots: ClassVar[tuple[str, ...]]
    """What covariates act on: buying first, then one or two sides of dropout."""
    anchors: ClassVar[tuple[tuple[int, float], ...]]
    """For each slot the parameter that its covariates multiply, and the sign: α·exp(−γ'z), a·exp(+γ'z)."""
    moves: ClassVar[bool]
    """Whether dropout has a clock, which the calendar can move."""

    def __init__(self, cases: Cases, effects: tuple[Effects, ...]) -> None: ...

    def __call__(self, theta: Floats) -> tuple[float, Floats]:
        """Return the log-likelihood and its gradient, up to the purchases' own log paces, which are linear."""
        ...

    def alive(self, theta: Floats) -> Floats:
        """Return P(alive at T) of every case."""
        ...

    def future(self, theta: Floats, t: float) -> Future:
        """Return the law of the future of every case, given alive, up to `t` from now where a calendar moves it."""
        ...


def split(theta: Floats, effects: tuple[Effects, ...]) -> list[Floats]:
    """Return the four parameters and each slot's coefficients."""
    ends = 4 + np.cumsum([0, *(e.size for e in effects)])
    return [np.exp(theta[:4]), *(theta[a:b] for a, b in pairwise(ends))]


class BGKernel:
    """BG/NBD and MBG/NBD: covariates of dropout act on a and on b; the clock is that of buying."""

    slots: ClassVar[tuple[str, ...]] = ("purchase", "dropout a", "dropout b")
    anchors: ClassVar[tuple[tuple[int, float], ...]] = ((1, -1.0), (2, 1.0), (3, 1.0))
    moves: ClassVar[bool] = False
    first: ClassVar[int] = 1

    def __init__(self, cases: Cases, effects: tuple[Effects, ...]) -> None:
        self.cases, self.effects = cases, effects

    def _at(self, theta: Floats) -> tuple[bg.BG, Clock]:
        """Return the law with a and b of every case, and the clock."""
        (r, alpha, a, b), buying, on_a, on_b = split(theta, self.effects)
        scale = [
            np.exp(np.sum(e.fixed * g, axis=1))[self.cases.profile]
            for e, g in zip(self.effects[1:], (on_a, on_b), strict=True)
        ]
        law = bg.BG(float(r), float(alpha), a * scale[0], b * scale[1], self.first)
        return law, Clock(self.cases.profiles, self.effects[0], buying)

    def __call__(self, theta: Floats) -> tuple[float, Floats]:
        """Return the value and the gradient in `theta`."""
        law, clock = self._at(theta)
        r, alpha, a, b, first, c = law.r, law.alpha, law.a, law.b, self.first, self.cases
        at_t, at_T = alpha + clock.time(c.at_t), alpha + clock.time(c.at_T)
        k, b_x, gap = r + c.x, b + c.x + first, np.log(at_T) - np.log(at_t)
        stops = np.ones(len(c.x), dtype=bool) if first else c.x > 0
        odds = np.where(stops, np.log(a) - np.log(np.where(stops, b_x - 1.0, 1.0)) + k * gap, -np.inf)
        w = np.where(stops, expit(odds), 0.0)
        both = psi(a + b) - psi(a + b_x)
        value = (
            gammaln(k) - gammaln(r) + r * np.log(alpha) - k * np.log(at_T)
            + gammaln(b_x) - gammaln(a + b_x) + gammaln(a + b) - gammaln(b) + np.logaddexp(0.0, odds)
        )  # fmt: skip
        d_t, d_T = -w * k / at_t * c.count, (w - 1.0) * k / at_T * c.count
        d_a = (both + w / a) * a * c.count
        d_b = (both + psi(b_x) - psi(b) - w / np.where(stops, b_x - 1.0, 1.0)) * b * c.count
        gradient = np.concatenate([
            [np.sum(c.count * (psi(k) - psi(r) + np.log(alpha) - np.log(at_T) + w * gap)) * r],
            [(c.size * r / alpha + np.sum(d_t + d_T)) * alpha, np.sum(d_a), np.sum(d_b)],
            clock.gradient(c.at_t, d_t) + clock.gradient(c.at_T, d_T),
            self._pulled(1, d_a), self._pulled(2, d_b),
        ])  # fmt: skip
        return float(np.sum(c.count * value)), gradient

    def _pulled(self, slot: int, d_log: Floats) -> Floats:
        fixed = self.effects[slot].fixed
        return np.asarray(np.sum(fixed * np.bincount(self.cases.profile, d_log, len(fixed))[:, None], axis=0))

    def alive(self, theta: Floats) -> Floats:
        """Return P(alive at T) of every case."""
        law, clock = self._at(theta)
        return law.probability_alive(self.cases.x, clock.time(self.cases.at_t), clock.time(self.cases.at_T))

    def future(self, theta: Floats, t: float) -> Future:
        """Return the law of the future of every case, given alive, up to `t` from now where a calendar moves it."""
        c = self.cases
        law, clock = self._at(theta)
        known = law.future(c.x, clock.time(c.at_T))
        if c.profiles.pieces is not ENDLESS:
            return BGAhead(known, Stretches.of(clock, c.profile, c.T, t))
        return replace(known, alpha=known.alpha / np.exp(clock.log_pace(self.cases.at_T)))


class OnlyRepeatBGKernel(BGKernel):
    """BG/NBD: nobody leaves after the first purchase."""

    first: ClassVar[int] = 0


class ParetoKernel:
    """Pareto/NBD: one clock of buying, A, and one of leaving, B.

    Over a stretch on which both run steadily, at paces a and b, the integral over the dropout time is the difference
    of two of the integrals F of the plain model, seen from where the stretch begins and ends:

        L = Γ(r+x)/Γ(r) α^r β^s · (G(T) + F(t_x) + Σ over changes within (t_x, T) of F(after) − F(before)),
        F = a^−(r+x) b^−s · F(r+x, (α + A)/a, s, (β + B)/b)

    Without a change it is the plain model's with its own α/a and β/b.
    """

    slots: ClassVar[tuple[str, ...]] = ("purchase", "dropout")
    anchors: ClassVar[tuple[tuple[int, float], ...]] = ((1, -1.0), (3, -1.0))
    moves: ClassVar[bool] = True

    def __init__(self, cases: Cases, effects: tuple[Effects, ...]) -> None:
        self.cases, self.effects = cases, effects
        n, pieces = len(cases.x), cases.profiles.pieces
        passed = np.maximum(cases.at_T.piece - cases.at_t.piece, 0)
        case = np.repeat(np.arange(n), passed)
        step = np.arange(len(case)) - np.repeat(np.cumsum(passed) - passed, passed)
        before = cases.at_t.piece[case] + step
        profile = cases.profile[case]
        ends = Points(profile, before, pieces.length[before])
        begins = Points(profile, before + 1, np.zeros(len(case)))
        # terms: F at t_x, F before and after each change, then G at T; equal ones are evaluated once
        self.case = np.concatenate([np.arange(n), case, case, np.arange(n)])
        self.sign = np.concatenate([np.ones(n), -np.ones(len(case)), np.ones(len(case) + n)])
        self.is_G = np.arange(len(self.case)) >= n + 2 * len(case)
        points = [cases.at_t, ends, begins, cases.at_T]
        columns = [np.concatenate([getattr(p, name) for p in points]) for name in ("profile", "piece", "inside")]
        first, self.node = codes([cases.x[self.case], *columns], len(self.case))
        self.at = Points(*(column[first] for column in columns))
        self.x = cases.x[self.case][first]

    def _terms(self, theta: Floats) -> tuple[pareto.Integrals, Clock, Clock, Floats, Floats]:
        """Return the integrals at the nodes, both clocks, and α + A and β + B there in units of the pace."""
        (r, alpha, s, beta), buying, leaving = split(theta, self.effects)
        A, B = (Clock(self.cases.profiles, e, g) for e, g in zip(self.effects, (buying, leaving), strict=True))
        u = (alpha + A.time(self.at)) / np.exp(A.log_pace(self.at))
        v = (beta + B.time(self.at)) / np.exp(B.log_pace(self.at))
        return pareto.integrals(r, self.x, u, s, v), A, B, u, v

    def _sum(self, log_terms: Floats) -> tuple[Floats, Floats]:
        """Return ln of the sum of each case's signed terms, and each term's share of it."""
        n = len(self.cases.x)
        top = np.maximum(log_terms[:n], log_terms[-n:])
        parts = self.sign * np.exp(np.minimum(log_terms - top[self.case], 700.0))
        total = np.maximum(np.bincount(self.case, parts, n), 1e-300)
        return top + np.log(total), parts / total[self.case]

    def _log_terms(self, found: pareto.Integrals, A: Clock, B: Clock, r: float, s: float) -> Floats:
        pace = -(r + self.x) * A.log_pace(self.at) - s * B.log_pace(self.at)
        return np.asarray(np.where(self.is_G, (pace + found.log_G)[self.node], (pace + found.log_F)[self.node]))

    def __call__(self, theta: Floats) -> tuple[float, Floats]:
        """Return the value and the gradient in `theta`."""
        r, alpha, s, beta = np.exp(theta[:4])
        found, A, B, u, v = self._terms(theta)
        log_sum, share = self._sum(self._log_terms(found, A, B, r, s))
        c, nodes = self.cases, len(self.x)
        weight = share * c.count[self.case]
        by_F = np.bincount(self.node, np.where(self.is_G, 0.0, weight), nodes)
        by_G = np.bincount(self.node, np.where(self.is_G, weight, 0.0), nodes)
        by = by_F + by_G
        d_r, d_u, d_s, d_v = found.d_log_F * by_F + found.d_log_G * by_G
        pace_A, pace_B = A.log_pace(self.at), B.log_pace(self.at)
        to_A, to_B = d_u / np.exp(pace_A), d_v / np.exp(pace_B)
        value = np.sum(c.count * (log_sum + gammaln(r + c.x) - gammaln(r)))
        value += c.size * (r * np.log(alpha) + s * np.log(beta))
        gradient = np.concatenate([
            [(np.sum(d_r - by * pace_A) + np.sum(c.count * (psi(r + c.x) - psi(r))) + c.size * np.log(alpha)) * r],
            [(np.sum(to_A) + c.size * r / alpha) * alpha],
            [(np.sum(d_s - by * pace_B) + c.size * np.log(beta)) * s],
            [(np.sum(to_B) + c.size * s / beta) * beta],
            A.gradient(self.at, to_A, -d_u * u - by * (r + self.x)),
            B.gradient(self.at, to_B, -d_v * v - by * s),
        ])  # fmt: skip
        return float(value), gradient

    def alive(self, theta: Floats) -> Floats:
        """Return P(alive at T) of every case."""
        r, alpha, s, beta = np.exp(theta[:4])
        found, A, B, _, _ = self._terms(theta)
        log_sum, _ = self._sum(self._log_terms(found, A, B, r, s))
        c = self.cases
        survived = -(r + c.x) * np.log(alpha + A.time(c.at_T)) - s * np.log(beta + B.time(c.at_T))
        return np.asarray(np.minimum(np.exp(survived - log_sum), 1.0))

    def future(self, theta: Floats, t: float) -> Future:
        """Return the law of the future of every case, given alive, up to `t` from now where a calendar moves it."""
        (r, alpha, s, beta), buying, leaving = split(theta, self.effects)
        c = self.cases
        A, B = (Clock(c.profiles, e, g) for e, g in zip(self.effects, (buying, leaving), strict=True))
        if c.profiles.pieces is not ENDLESS:
            known = pareto.ParetoFuture(r + c.x, alpha + A.time(c.at_T), float(s), beta + B.time(c.at_T))
            return ParetoAhead(known, *(Stretches.of(clock, c.profile, c.T, t) for clock in (A, B)))
        return pareto.ParetoFuture(
            r + c.x, (alpha + A.time(c.at_T)) / np.exp(A.log_pace(c.at_T)),
            float(s), (beta + B.time(c.at_T)) / np.exp(B.log_pace(c.at_T)),
        )  # fmt: skip
