"""Maximum likelihood in bounded coordinates: several starts on a subset, then a few Newton steps on all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

from regulars.words import T

Floats = npt.NDArray[np.float64]
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


class _Counted:
    """An objective in bounded coordinates, negated and scaled to one customer for the minimiser."""

    def __init__(self, objective: Objective, space: Coordinates, size: float) -> None:
        self.objective, self.space, self.size, self.calls = objective, space, size, 0

    def __call__(self, phi: Floats) -> tuple[float, Floats]:
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

    def descend(self, phi: Floats) -> tuple[Floats, float]:
        bounds = list(zip(self.space.lower, self.space.upper, strict=True))
        found = minimize(
            self, phi, jac=True, method="L-BFGS-B", bounds=bounds,
            options={"maxiter": 500, "maxfun": 2000, "ftol": 1e-14, "gtol": 1e-9, "maxcor": 10},
        )  # fmt: skip
        return np.asarray(found.x, dtype=np.float64), float(found.fun)


def maximise(full: Objective, size: float, subset: Objective, subset_size: float, space: Coordinates) -> Optimum:
    """Return the maximum of `full`.

    All starts run on `subset` (the data themselves when they are small); the best of them starts a chord Newton
    iteration on `full` with the subset's Hessian, checked and, where it fails, replaced by L-BFGS-B.
    """
    small = _Counted(subset, space, subset_size)
    ends = sorted((small.descend(np.asarray(s, dtype=np.float64)) for s in space.starts), key=lambda e: e[1])
    spread = (ends[-1][1] - ends[0][1]) * subset_size
    whole = _Counted(full, space, size)
    phi = _climb(whole, small, ends[0][0])
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


def _climb(whole: _Counted, small: _Counted, phi: Floats) -> Floats:
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


def _settle(whole: _Counted, phi: Floats) -> tuple[Floats, npt.NDArray[np.bool_], set[int]]:
    """Move coordinates along which the likelihood is flat to their bound, so that the estimate is one and named."""
    space = whole.space
    pinned = np.zeros(len(phi), dtype=bool)
    value = whole(phi)[0]
    idle: set[int] = set()
    for i in reversed(range(len(phi))):
        if i in idle:
            phi[i], pinned[i] = 0.0, True
            continue
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

    def __init__(self, whole: _Counted, phi: Floats, pinned: npt.NDArray[np.bool_]) -> None:
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
        bounds = list(zip(space.lower[self.free], space.upper[self.free], strict=True))
        found = minimize(self, self.phi[self.free], jac=True, method="L-BFGS-B", bounds=bounds,
                         options={"maxiter": 500, "ftol": 1e-14, "gtol": 1e-9})  # fmt: skip
        out = self.phi.copy()
        out[self.free] = found.x
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
