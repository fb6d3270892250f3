"""Futures on a clock whose pace changes at known days: the horizon's stretches, one after the other."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.special import betaln, exprel

from regulars.errors import InputError
from regulars.measure.lifetime.bg import BGFuture
from regulars.measure.lifetime.clocks import Clock
from regulars.measure.lifetime.gaps import RandomGaps
from regulars.measure.lifetime.pareto import PAIRS, ParetoFuture, nodes_for
from regulars.measure.lifetime.quadrature import Floats, legendre
from regulars.measure.lifetime.triples import Ints
from regulars.words import T as Words


@dataclass(frozen=True)
class Stretches:
    """The stretches of a horizon of `t` units, (cells, stretches): how long each is, and the clock's pace on it.

    Cells with fewer stretches end with some of no length.
    """

    t: float
    length: Floats
    pace: Floats

    @classmethod
    def of(cls, clock: Clock, profile: Ints, now: Floats, t: float) -> Stretches:
        """Return the stretches from `now`, a time since each profile's beginning, to `t` later."""
        profiles, pieces = clock.profiles, clock.profiles.pieces
        track, begin = profiles.track[profile], profiles.origin[profile] + now
        first, last = pieces.at(track, begin), pieces.at(track, begin + t, before=True)
        longest = int(np.max(last - first, initial=0)) + 1
        piece = np.minimum(first[:, None] + np.arange(max(longest, 1)), np.maximum(last, first)[:, None])
        ends = np.where(piece < last[:, None], pieces.start[np.minimum(piece + 1, len(pieces.start) - 1)], np.inf)
        until = np.minimum(ends - begin[:, None], t)
        length = np.maximum(np.diff(np.maximum.accumulate(until, axis=1), axis=1, prepend=0.0), 0.0)
        return cls(t, length, np.exp(clock.log_fixed[profile][:, None] + clock.log_moving[piece]))

    @cached_property
    def begins(self) -> Floats:
        """When each stretch begins."""
        return np.cumsum(self.length, axis=1) - self.length

    @cached_property
    def run(self) -> Floats:
        """What the clock shows when each stretch begins, and at the end."""
        return np.pad(np.cumsum(self.length * self.pace, axis=1), ((0, 0), (1, 0)))

    def nodes(self, scale: Floats, dense: int = 40) -> list[tuple[Ints, Floats, Floats]]:
        """Return (stretch, time, weight) of a quadrature over the horizon, in ln(scale + clock) on each stretch."""
        count = self.length.shape[1]
        s, w = legendre(max(6, -(-dense // count)))
        out = []
        for j in range(count):
            there = scale + self.run[:, j]
            u = np.log1p(self.pace[:, j] * self.length[:, j] / there)
            for s_k, w_k in zip(s, w, strict=True):
                inside = there * np.expm1(u * s_k) / self.pace[:, j]
                weight = w_k * u * there * np.exp(u * s_k) / self.pace[:, j]
                out.append((np.full(len(scale), j), self.begins[:, j] + inside, weight))
        return out

    def at(self, stretch: Ints, time: Floats) -> Floats:
        """Return what the clock shows at a time within a stretch."""
        row = np.arange(len(time))
        return np.asarray(self.run[row, stretch] + self.pace[row, stretch] * (time - self.begins[row, stretch]))


@dataclass(frozen=True)
class BGAhead(RandomGaps):
    """The future of `steady`, whose times are operational, on a clock of `ahead`; only its own horizon is known."""

    steady: BGFuture
    ahead: Stretches

    def __len__(self) -> int:
        return len(self.steady)

    def _shown(self, clock: Floats) -> BGFuture:
        """Return the future for which the clock's `clock` units are one unit of time: only t / α matters."""
        s = self.steady
        return BGFuture(s.r, s.alpha / np.maximum(clock, 1e-300), s.a, s.b)

    @cached_property
    def _whole(self) -> BGFuture:
        """The future for which the horizon is one unit of time."""
        return self._shown(self.ahead.run[:, -1])

    def expected(self, t: float) -> Floats:
        """Return E[X(t)] for the horizon t."""
        return self._whole.expected(1.0)

    def rough(self, t: float) -> Floats:
        """Return E[X(t)] to four figures."""
        return self._whole.rough(1.0)

    def discounted(self, t: float, delta: float) -> Floats:
        """Return e^(−δt) E[X(t)] + δ ∫ e^(−δτ) E[X(τ)] dτ."""
        out = np.exp(-delta * t) * self.expected(t)
        if delta > 0.0:
            for stretch, time, weight in self.ahead.nodes(self.steady.alpha):
                out += delta * weight * np.exp(-delta * time) * self._shown(self.ahead.at(stretch, time)).expected(1.0)
        return np.asarray(out)

    def survival(self, n: Floats, cell: Ints, t: float) -> Floats:
        """Return P(X(t) ≥ n)."""
        return self._whole.survival(n, cell, 1.0)

    def residual(self, delta: float) -> Floats:
        """Refuse: nobody knows the covariates for ever."""
        raise no_end()

    def rate(self) -> tuple[Floats, Floats]:
        """Refuse: the next purchase may lie beyond the calendar."""
        raise no_end()


@dataclass(frozen=True)
class ParetoAhead(RandomGaps):
    """The future of `steady`, whose times are operational, with one clock of buying and one of leaving."""

    steady: ParetoFuture
    buying: Stretches
    leaving: Stretches

    def __len__(self) -> int:
        return len(self.steady)

    def _bought(self, stretch: Ints, left: Floats) -> Floats:
        """Return E[purchases within a stretch until the clock of leaving shows `left`]: (r/α) a/b ∫ (β/(β+B))^s dB."""
        f, row = self.steady, np.arange(len(stretch))
        from_, pace = self.leaving.run[row, stretch], self.buying.pace[row, stretch] / self.leaving.pace[row, stretch]
        u = np.log1p((left - from_) / (f.beta + from_))
        gone = np.exp(-f.s * np.log1p(from_ / f.beta)) * (f.beta + from_)
        return np.asarray(f.r / f.alpha * pace * gone * u * exprel((1.0 - f.s) * u))

    @cached_property
    def _until(self) -> Floats:
        """E[purchases] before each stretch and by the end, (cells, stretches + 1)."""
        n, count = self.leaving.length.shape
        each = [self._bought(np.full(n, j), self.leaving.run[:, j + 1]) for j in range(count)]
        return np.pad(np.cumsum(np.array(each).T.reshape(n, count), axis=1), ((0, 0), (1, 0)))

    def expected(self, t: float) -> Floats:
        """Return E[X(t)] for the horizon t."""
        return self._until[:, -1]

    def rough(self, t: float) -> Floats:
        """Return E[X(t)]."""
        return self.expected(t)

    def discounted(self, t: float, delta: float) -> Floats:
        """Return e^(−δt) E[X(t)] + δ ∫ e^(−δτ) E[X(τ)] dτ."""
        out = np.exp(-delta * t) * self.expected(t)
        if delta > 0.0:
            row = np.arange(len(self))
            for stretch, time, weight in self.leaving.nodes(self.steady.beta):
                bought = self._until[row, stretch] + self._bought(stretch, self.leaving.at(stretch, time))
                out += delta * weight * np.exp(-delta * time) * bought
        return np.asarray(out)

    def survival(self, n: Floats, cell: Ints, t: float) -> Floats:
        """Return P(X(t) ≥ n): the n-th purchase comes within the horizon and before the dropout."""
        out = np.empty(len(n))
        order = np.argsort(n, kind="stable")
        for start in range(0, len(n), PAIRS):
            rows = order[start : start + PAIRS]
            out[rows] = self._survival(n[rows], cell[rows])
        return np.clip(out, 0.0, 1.0)

    def _survival(self, n: Floats, cell: Ints) -> Floats:
        f = self.steady
        r, alpha, beta = f.r[cell], f.alpha[cell], f.beta[cell]
        ends = np.log1p(self.buying.run[cell] / alpha[:, None])
        length = np.diff(ends, axis=1)
        share = (length / np.maximum(ends[:, -1:], 1e-300)).max(axis=0)
        out = np.zeros(len(n))
        for j in np.flatnonzero(share > 0):
            nodes, w = legendre(8 + 8 * int(np.ceil(nodes_for(float(n.max())) * share[j] / 8.0)))
            v = ends[:, j, None] + length[:, j, None] * nodes
            inside = alpha[:, None] * np.exp(ends[:, j, None]) * np.expm1(v - ends[:, j, None])
            pace = self.leaving.pace[cell, j] / self.buying.pace[cell, j]
            left = self.leaving.run[cell, j, None] + inside * pace[:, None]
            log_density = (n - 1.0)[:, None] * np.log(-np.expm1(-v)) - r[:, None] * v
            log_density -= f.s * np.log1p(left / beta[:, None]) + betaln(n, r)[:, None]
            out += np.sum(w * np.exp(log_density), axis=1) * length[:, j]
        return out

    def residual(self, delta: float) -> Floats:
        """Refuse: nobody knows the covariates for ever."""
        raise no_end()

    def rate(self) -> tuple[Floats, Floats]:
        """Refuse: the next purchase may lie beyond the calendar."""
        raise no_end()


def no_end() -> InputError:
    """Return the error of a forecast without a horizon where covariates change with the calendar."""
    return InputError(
        Words(
            zh="协变量随日历变化，没有期限的预测要知道永远的协变量",
            en="covariates change with the calendar: a forecast without a horizon would need them for ever",
        ),
        remedy=Words(
            zh="给出期限，用 discounted_purchases。",
            en="Use discounted_purchases within a horizon that the calendar covers.",
        ),
    )
