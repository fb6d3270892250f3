"""Maximum likelihood in bounded coordinates: several starts on a subset, then a few Newton steps on all."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from regulars.words import T

Floats = npt.NDArray[np.float64]
Scaled = Callable[[Floats], tuple[float, Floats]]
"""A function to minimise, with its gradient."""
Objective = Callable[[Floats], tuple[float, Floats]]
"""Log parameters → log-likelihood and its gradient in the log parameters."""

FLAT = 0.01
"""A coordinate whose bound costs less log-likelihood than this is a boundary estimate."""


@dataclass(frozen=True)
class Coordinates:
    """Bounded coordinates φ of a model's log parameters, in which boundary estimates run along one axis.

    A Gamma (shape, scale) pair is written (ln shape, ln mean), a Beta (a, b) pair (ln(a + b), logit mean): when a
    population turns out to be all alike, the first of the two grows without end and the second stays put.
    """

    to_log: Callable[[Floats], Floats]
    jacobian: Callable[[Floats], Floats]
    lower: Floats
    upper: Floats
    starts: tuple[tuple[float, ...], ...]
    at_lower: tuple[T | None, ...]
    at_upper: tuple[T | None, ...]
    idle: tuple[tuple[int, int], ...] = ()
    """(i, j): where coordinate i is at a bound, nothing depends on j any more."""


@dataclass(frozen=True)
class Optimum:
    """The maximum found.

    `coordinates` are the bounded ones, `covariance` is theirs (zero for a coordinate at its bound), `start_spread`
    the largest difference in log-likelihood between the starts on the subset that all of them ran on.
    """

    coordinates: Floats
    log_parameters: Floats
    log_likelihood: float
    covariance: Floats
    boundary: tuple[T, ...]
    start_spread: float
    gradient_norm: float
    evaluations: int

    def kept(self) -> dict[str, Any]:
        """Return as JSON what the law of the estimates is made of."""
        return {
            "coordinates": self.coordinates.tolist(),
            "covariance": self.covariance.tolist(),
            "log_likelihood": self.log_likelihood,
        }

    @classmethod
    def from_kept(cls, kept: Mapping[str, Any], space: Coordinates) -> Self:
        """Return the optimum that `kept` described; how it was found is not told."""
        phi = np.array(kept["coordinates"])
        return cls(phi, space.to_log(phi), kept["log_likelihood"], np.array(kept["covariance"]), (), 0.0, 0.0, 0)


class Counted:
    """An objective in bounded coordinates, negated and scaled to one customer for the minimiser."""

    def __init__(self, objective: Objective, space: Coordinates, size: float) -> None:
        self.objective, self.space, self.size, self.calls = objective, space, size, 0

    def __call__(self, phi: Floats) -> tuple[float, Floats]:
        """Return minus the mean log-likelihood and its gradient."""
        self.calls += 1
        value, gradient = self.objective(self.space.to_log(phi))
        inner = (self.space.jacobian(phi) * gradient[:, None]).sum(axis=0)
        return -value / self.size, -inner / self.size

    def hessian(self, phi: Floats, step: float = 1e-4) -> Floats:
        """Differentiate the gradient, centrally."""
        k = len(phi)
        out = np.empty((k, k))
        for i in range(k):
            e = np.zeros(k)
            e[i] = step
            out[i] = (self(phi + e)[1] - self(phi - e)[1]) / (2.0 * step)
        return 0.5 * (out + out.T)

    def descend(self, phi: Floats, tolerance: float = 1e-9) -> tuple[Floats, float]:
        """Return the minimum within the bounds that `phi` leads to."""
        return descend(self, phi, self.space.lower, self.space.upper, tolerance)


def descend(f: Scaled, x: Floats, lower: Floats, upper: Floats, tolerance: float) -> tuple[Floats, float]:
    """Minimise by projected BFGS with backtracking.

    SciPy's L-BFGS-B does its four-by-four algebra in BLAS, whose threads then spin for longer than the likelihood
    takes and may change the last bit; sums in NumPy have one order.
    """
    value, g = f(x)
    inverse, fresh = np.eye(len(x)), True
    for _ in range(300):
        free = ~((x <= lower) & (g > 0) | (x >= upper) & (g < 0))
        if not free.any() or np.abs(g[free]).max() < tolerance:
            break
        push = np.where(free, g, 0.0)
        step = np.where(free, -np.sum(inverse * push, axis=1), 0.0)
        if fresh or np.sum(step * push) >= 0:
            step, inverse, fresh = -push / np.abs(push).max() * 0.5, np.eye(len(x)), True
        step *= min(1.0, 2.0 / np.abs(step).max())
        found = _backtrack(f, x, value, g, step, lower, upper)
        if found is None:
            if fresh:
                break
            fresh = True
            continue
        new, new_value, new_g = found
        s, y = new - x, new_g - g
        small = value - new_value <= 1e-16 * abs(value)
        x, value, g = new, new_value, new_g
        inverse, fresh = _updated(inverse, s, y, fresh)
        if small and np.abs(s).max() < 1e-9:
            break
    return x, value


def _backtrack(
    f: Scaled, x: Floats, value: float, g: Floats, step: Floats, lower: Floats, upper: Floats
) -> tuple[Floats, float, Floats] | None:
    """Halve the projected step until the value falls enough; None where it never does."""
    for halving in range(30):
        new = np.clip(x + step * 0.5**halving, lower, upper)
        new_value, new_g = f(new)
        if new_value <= value + 1e-4 * np.sum(g * (new - x)) and np.any(new != x):
            return new, new_value, new_g
    return None


def _updated(inverse: Floats, s: Floats, y: Floats, fresh: bool) -> tuple[Floats, bool]:
    """Return the inverse Hessian after a BFGS update, left alone where the step shows no curvature."""
    curvature = float(np.sum(s * y))
    if curvature <= 1e-14 * float(np.sum(y * y)) ** 0.5 * float(np.sum(s * s)) ** 0.5 or curvature <= 0.0:
        return inverse, fresh
    if fresh:
        inverse = np.eye(len(s)) * (curvature / float(np.sum(y * y)))
    hy = np.sum(inverse * y, axis=1)
    outer = s[:, None] * hy[None, :]
    scale = (1.0 + float(np.sum(y * hy)) / curvature) / curvature
    return inverse + scale * s[:, None] * s[None, :] - (outer + outer.T) / curvature, False


def rough_maximum(full: Objective, size: float, space: Coordinates) -> Optimum:
    """Return a place near the maximum of `full`, good for comparing forecasts: no covariance, no boundary in words.

    The mean log-likelihood's gradient there is below 1e-5, so that what it forecasts differs in the fifth digit.
    """
    whole = Counted(full, space, size)
    ends = sorted((whole.descend(np.asarray(s, dtype=np.float64), 1e-5) for s in space.starts), key=lambda e: e[1])
    phi, value = ends[0]
    return Optimum(
        coordinates=phi,
        log_parameters=space.to_log(phi),
        log_likelihood=-value * size,
        covariance=np.zeros((len(phi), len(phi))),
        boundary=(),
        start_spread=(ends[-1][1] - value) * size,
        gradient_norm=float(np.abs(whole(phi)[1]).max()),
        evaluations=whole.calls,
    )


def maximise(full: Objective, size: float, subset: Objective, subset_size: float, space: Coordinates) -> Optimum:
    """Return the maximum of `full`.

    All starts run on `subset` (the data themselves when they are small); the best of them starts a chord Newton
    iteration on `full` with the subset's Hessian, checked and, where it fails, replaced by BFGS.
    """
    small = Counted(subset, space, subset_size)
    ends = sorted((small.descend(np.asarray(s, dtype=np.float64), 1e-5) for s in space.starts), key=lambda e: e[1])
    spread = (ends[-1][1] - ends[0][1]) * subset_size
    whole = Counted(full, space, size)
    phi = _climb(whole, small, small.descend(ends[0][0])[0])
    phi, pinned, idle = _settle(whole, phi)
    value, gradient = whole(phi)
    hessian = whole.hessian(phi)
    free = ~pinned
    words = [space.at_upper[i] if phi[i] > 0.5 * (space.lower[i] + space.upper[i]) else space.at_lower[i]
             for i in np.flatnonzero(pinned) if i not in idle]  # fmt: skip
    return Optimum(
        coordinates=phi,
        log_parameters=space.to_log(phi),
        log_likelihood=-value * size,
        covariance=_covariance(hessian * size, free),
        boundary=tuple(w for w in words if w is not None),
        start_spread=spread,
        gradient_norm=float(np.abs(gradient[free]).max(initial=0.0)),
        evaluations=whole.calls,
    )


def _climb(whole: Counted, small: Counted, phi: Floats) -> Floats:
    space = whole.space
    if np.any(phi <= space.lower + 1e-6) or np.any(phi >= space.upper - 1e-6):
        return whole.descend(phi)[0]
    hessian = small.hessian(phi)
    eigenvalues, vectors = np.linalg.eigh(hessian)
    if eigenvalues[0] <= 1e-7:
        return whole.descend(phi)[0]
    value, gradient = whole(phi)
    for _ in range(12):
        if np.abs(gradient).max() < 1e-10:
            return phi
        step = -((vectors / eigenvalues) * (vectors * gradient[:, None]).sum(axis=0)).sum(axis=1)
        trial = phi + step
        if np.abs(step).max() > 1.0 or np.any(trial < space.lower) or np.any(trial > space.upper):
            break
        new_value, new_gradient = whole(trial)
        if not new_value <= value + 1e-13 * abs(value):
            break
        phi, value, gradient = trial, new_value, new_gradient
    return whole.descend(phi)[0] if np.abs(gradient).max() > 1e-8 else phi


def _settle(whole: Counted, phi: Floats) -> tuple[Floats, npt.NDArray[np.bool_], set[int]]:
    """Move coordinates along which the likelihood is flat to their bound, so that the estimate is one and named."""
    space = whole.space
    pinned = np.zeros(len(phi), dtype=bool)
    value = whole(phi)[0]
    idle: set[int] = set()
    for i in reversed(range(len(phi))):
        if i in idle:
            moved = phi.copy()
            moved[i] = 0.0
            if (whole(moved)[0] - value) * whole.size < FLAT:
                phi, pinned[i] = moved, True
                continue
            idle.discard(i)
        middle = 0.5 * (space.lower[i] + space.upper[i])
        side = space.upper if phi[i] > middle else space.lower
        if (space.at_upper if phi[i] > middle else space.at_lower)[i] is None:
            continue
        moved = phi.copy()
        moved[i] = side[i]
        if (whole(moved)[0] - value) * whole.size < FLAT:
            phi, pinned[i] = moved, True
            idle |= {j for k, j in space.idle if k == i}
    if pinned.any():
        fixed = _Pinned(whole, phi, pinned)
        phi = fixed.solve()
    return phi, pinned, idle


class _Pinned:
    """The same objective with some coordinates held at their bound."""

    def __init__(self, whole: Counted, phi: Floats, pinned: npt.NDArray[np.bool_]) -> None:
        self.whole, self.phi, self.free = whole, phi.copy(), np.flatnonzero(~pinned)

    def __call__(self, free: Floats) -> tuple[float, Floats]:
        phi = self.phi.copy()
        phi[self.free] = free
        value, gradient = self.whole(phi)
        return value, gradient[self.free]

    def solve(self) -> Floats:
        if not len(self.free):
            return self.phi
        space = self.whole.space
        out = self.phi.copy()
        out[self.free] = descend(self, out[self.free], space.lower[self.free], space.upper[self.free], 1e-9)[0]
        return out


def _covariance(information: Floats, free: npt.NDArray[np.bool_], largest: float = 4.0) -> Floats:
    """Invert the observed information of the free coordinates; a direction that data hardly bind is held to ±2."""
    out = np.zeros_like(information)
    index = np.flatnonzero(free)
    if len(index):
        eigenvalues, vectors = np.linalg.eigh(information[np.ix_(index, index)])
        inverse = 1.0 / np.maximum(eigenvalues, 1.0 / largest)
        out[np.ix_(index, index)] = ((vectors * inverse)[:, None, :] * vectors[None, :, :]).sum(axis=2)
    return out


def gamma_pair(phi: Sequence[float] | Floats) -> tuple[float, float]:
    """Return (ln shape, ln rate) of a Gamma from (ln shape, ln mean)."""
    return phi[0], phi[0] - phi[1]


def beta_pair(phi: Sequence[float] | Floats) -> tuple[float, float]:
    """Return (ln a, ln b) of a Beta from (ln(a + b), logit mean)."""
    return phi[0] - float(np.logaddexp(0.0, -phi[1])), phi[0] - float(np.logaddexp(0.0, phi[1]))
