"""Operational time: a customer's clock of buying, or of leaving, runs at exp(γ'z) where the covariates are z.

Fixed covariates make one clock quicker than another; covariates of the calendar make all clocks quicker in some weeks.
A process of rate λ·exp(γ'z(τ)) is one of rate λ on the clock A(t) = ∫_0^t exp(γ'z(τ)) dτ, so that a model needs only A
at t_x and T (and, where two clocks run against each other, wherever their pace changes).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from regulars.measure.lifetime.quadrature import Floats
from regulars.measure.lifetime.triples import Ints

TRACK = float(2**21)
"""Longest calendar, in units of time, that one number orders together with its track."""


@dataclass(frozen=True)
class Pieces:
    """The calendar: stretches of time over which its covariates stay, track after track.

    `start` holds when each begins, in the unit of time from the calendar's zero, sorted within its track; the last one
    of a track does not end. Everybody shares track 0, or every customer has one.
    """

    track: Ints
    start: Floats

    @cached_property
    def first(self) -> Ints:
        """Each track's first piece, and the number of pieces at the end."""
        return np.concatenate([np.flatnonzero(np.diff(self.track, prepend=-1)), [len(self.track)]])

    @cached_property
    def length(self) -> Floats:
        """How long each piece lasts; 0 for the endless ones, after which nothing is added up."""
        out = np.diff(self.start, append=0.0)
        out[self.first[1:] - 1] = 0.0
        return out

    @cached_property
    def _keys(self) -> Floats:
        return self.track * TRACK + self.start

    def at(self, track: Ints, time: Floats, *, before: bool = False) -> Ints:
        """Return the piece that covers each time, or with `before` the one that runs up to it."""
        found = np.searchsorted(self._keys, track * TRACK + time, side="left" if before else "right") - 1
        return np.clip(found, self.first[track], self.first[track + 1] - 1)

    def scaled(self, scale: float) -> Pieces:
        """Return the same calendar with times divided by `scale`."""
        return Pieces(self.track, self.start / scale)


ENDLESS = Pieces(np.zeros(1, dtype=np.int64), np.zeros(1))
"""No calendar: nothing changes with time."""


@dataclass(frozen=True)
class Points:
    """Points in time of profiles: the piece that each lies in, and how far inside."""

    profile: Ints
    piece: Ints
    inside: Floats


@dataclass(frozen=True)
class Profiles:
    """Kinds of customers that share a clock: their track of the calendar and the time on it at which they begin."""

    pieces: Pieces
    track: Ints
    origin: Floats

    def points(self, profile: Ints, t: Floats, *, before: bool = False) -> Points:
        """Return the points `t` after the profiles' beginning."""
        time = self.origin[profile] + t
        piece = self.pieces.at(self.track[profile], time, before=before)
        return Points(profile, piece, time - self.pieces.start[piece])

    @cached_property
    def origins(self) -> Points:
        """Where each profile begins."""
        every = np.arange(len(self.track))
        return self.points(every, np.zeros(len(every)))

    def scaled(self, scale: float) -> Profiles:
        """Return the same profiles with times divided by `scale`."""
        return Profiles(self.pieces.scaled(scale), self.track, self.origin / scale)


@dataclass(frozen=True)
class Effects:
    """The numeric covariates that act on one clock: fixed ones a profile, and the calendar's a piece."""

    fixed: Floats
    moving: Floats

    @property
    def size(self) -> int:
        """How many coefficients there are."""
        return int(self.fixed.shape[1] + self.moving.shape[1])


class Clock:
    """A clock at known coefficients γ: the fixed covariates' first, then the calendar's."""

    def __init__(self, profiles: Profiles, effects: Effects, gamma: Floats) -> None:
        self.profiles, self.effects = profiles, effects
        n = effects.fixed.shape[1]
        self.log_fixed = np.sum(effects.fixed * gamma[:n], axis=1)
        self.log_moving = np.sum(effects.moving * gamma[n:], axis=1)
        self.fixed, self.moving = np.exp(self.log_fixed), np.exp(self.log_moving)
        pieces = profiles.pieces
        run = np.cumsum(self.moving * pieces.length) - self.moving * pieces.length
        self._begun = run - run[pieces.first[pieces.track]]
        self._origin = self._on_track(profiles.origins)

    def _on_track(self, at: Points) -> Floats:
        return self._begun[at.piece] + self.moving[at.piece] * at.inside

    def time(self, at: Points) -> Floats:
        """Return the operational time since each profile's beginning."""
        return np.asarray(self.fixed[at.profile] * (self._on_track(at) - self._origin[at.profile]))

    def log_pace(self, at: Points) -> Floats:
        """Return the logarithm of how quickly the clock runs."""
        return np.asarray(self.log_fixed[at.profile] + self.log_moving[at.piece])

    def gradient(self, at: Points, d_time: Floats, d_log_pace: Floats | None = None) -> Floats:
        """Return the gradient in γ of what has these derivatives in the points' times and logarithms of pace."""
        profiles = len(self.fixed)
        by_profile = np.bincount(at.profile, d_time * self.time(at), profiles)
        on_piece = np.zeros(len(self.moving))
        if d_log_pace is not None:
            by_profile += np.bincount(at.profile, d_log_pace, profiles)
            on_piece += np.bincount(at.piece, d_log_pace, len(on_piece))
        fixed = np.sum(self.effects.fixed * by_profile[:, None], axis=0)
        if not self.effects.moving.shape[1]:
            return fixed
        weight = d_time * self.fixed[at.profile]
        since = -np.bincount(at.profile, weight, profiles)
        origins = self.profiles.origins
        through = self.through(at, weight) + self.through(origins, since)
        return np.concatenate([fixed, np.sum(self.effects.moving * (through + on_piece)[:, None], axis=0)])

    def through(self, at: Points, weight: Floats) -> Floats:
        """Return, for every piece, the weighted time that the points have spent in it."""
        pieces = self.profiles.pieces
        ended = np.bincount(at.piece, weight, len(self.moving))
        # a point in a later piece of the track has been all through this one
        later = np.cumsum(ended[::-1])[::-1]
        after = later - ended - np.append(later, 0.0)[pieces.first[pieces.track + 1]]
        partly = np.bincount(at.piece, weight * at.inside, len(self.moving))
        return np.asarray(self.moving * (after * pieces.length + partly))


def time_in_pieces(profiles: Profiles, at: Points, weight: Floats) -> Floats:
    """Return how much weighted time the points' histories have spent in each piece of the calendar."""
    still = Effects(np.zeros((len(profiles.track), 0)), np.zeros((len(profiles.pieces.track), 0)))
    since = -np.bincount(at.profile, weight, len(profiles.track))
    clock = Clock(profiles, still, np.zeros(0))
    return clock.through(at, weight) + clock.through(profiles.origins, since)
