"""The fit of a model with covariates: standardised, from the plain estimates on, and put back into users' units."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from regulars.measure.lifetime.clocks import Effects, time_in_pieces
from regulars.measure.lifetime.covariates import Standard
from regulars.measure.lifetime.kernels import Cases, Kernel
from regulars.measure.lifetime.model import SUBSET, LifetimeModel, congruence
from regulars.measure.lifetime.optimum import Coordinates, Optimum, maximise
from regulars.measure.lifetime.quadrature import Floats
from regulars.words import T as Words

WIDEST = 8.0
"""A coefficient of a standardised covariate that runs to this has no bound in the data."""


@dataclass(frozen=True)
class Fit:
    """Logarithms of the parameters at covariates of zero and the coefficients, all in the user's units."""

    theta: Floats
    covariance: Floats
    log_likelihood: float
    optimum: Optimum
    space: Coordinates
    matrix: Floats
    shift: Floats

    def draws(self, n: int, seed: int) -> Floats:
        """Return `n` seeded draws of theta from the estimates' asymptotic normal law."""
        values, vectors = np.linalg.eigh(self.optimum.covariance)
        noise = np.random.default_rng(seed).standard_normal((n, len(values)))
        step = np.sum(noise[:, None, :] * (vectors * np.sqrt(np.maximum(values, 0.0)))[None, :, :], axis=2)
        phi = np.clip(self.optimum.coordinates + step, self.space.lower, self.space.upper)
        return np.array([_user(self.matrix, self.shift, self.space.to_log(f)) for f in phi])


@dataclass(frozen=True)
class _WithPurchases:
    """A kernel and what it leaves out: the covariates at the purchases, which act on the logarithm linearly."""

    kernel: Kernel
    linear: Floats

    def __call__(self, theta: Floats) -> tuple[float, Floats]:
        value, gradient = self.kernel(theta)
        return value + float(np.sum(self.linear * theta)), gradient + self.linear


def fit(
    kernel: type[Kernel],
    cases: Cases,
    effects: tuple[Effects, ...],
    names: Sequence[Sequence[str]],
    bought: Floats,
    plain: LifetimeModel,
) -> Fit:
    """Return the maximum likelihood estimates.

    Parameters
    ----------
    names
        Each slot's coefficients.
    bought
        The covariates of buying added up over all repeat purchases.
    plain
        The model without covariates, fitted to the same customers: where the search starts.
    """
    standards = [_standard(e, cases, n) for e, n in zip(effects, names, strict=True)]
    even = tuple(_standardised(e, s) for e, s in zip(effects, standards, strict=True))
    repeats, scale = float(np.sum(cases.count * cases.x)), float(cases.T.max())
    linear = np.zeros(4 + sum(e.size for e in effects))
    linear[4 : 4 + len(bought)] = (bought - repeats * standards[0].mean) / standards[0].scale
    scaled = cases.scaled(scale)
    part = scaled.every(max(1, len(cases.x) // SUBSET))
    space = _space(plain, repeats * scale / float(np.sum(cases.count * cases.T)), names, kernel)
    whole = _WithPurchases(kernel(scaled, even), linear)
    small = whole if len(part.x) == len(cases.x) else _WithPurchases(
        kernel(part, even), linear * (float(np.sum(part.count * part.x)) / repeats)
    )  # fmt: skip
    best = maximise(whole, scaled.size, small, part.size, space)
    matrix, shift = _to_user(standards, kernel, plain, scale)
    return Fit(
        theta=_user(matrix, shift, best.log_parameters),
        covariance=congruence(matrix, congruence(space.jacobian(best.coordinates), best.covariance)),
        log_likelihood=best.log_likelihood - repeats * float(np.log(scale)),
        optimum=best,
        space=space,
        matrix=matrix,
        shift=shift,
    )


def _standard(effects: Effects, cases: Cases, names: Sequence[str]) -> Standard:
    """Return mean and scale of a slot's covariates: the fixed ones' over customers, the calendar's over their time."""
    n = effects.fixed.shape[1]
    customers = np.bincount(cases.profile, cases.count, len(effects.fixed))
    fixed = Standard.of(effects.fixed, customers, names[:n])
    moving = Standard.of(effects.moving, time_in_pieces(cases.profiles, cases.at_T, cases.count), names[n:])
    return Standard(np.concatenate([fixed.mean, moving.mean]), np.concatenate([fixed.scale, moving.scale]))


def _standardised(effects: Effects, by: Standard) -> Effects:
    n = effects.fixed.shape[1]
    return Effects((effects.fixed - by.mean[:n]) / by.scale[:n], (effects.moving - by.mean[n:]) / by.scale[n:])


def _user(matrix: Floats, shift: Floats, theta: Floats) -> Floats:
    return np.asarray(np.sum(matrix * theta[None, :], axis=1) + shift)


def _to_user(
    standards: Sequence[Standard], kernel: type[Kernel], plain: LifetimeModel, scale: float
) -> tuple[Floats, Floats]:
    """Return the linear map from standardised covariates and scaled times to the user's."""
    size = 4 + sum(len(s.mean) for s in standards)
    matrix, shift = np.eye(size), np.zeros(size)
    shift[:4] = [np.log(scale) if n in plain.times else 0.0 for n in plain.names]
    begin = 4
    for standard, (parameter, sign) in zip(standards, kernel.anchors, strict=True):
        columns = np.arange(begin, begin + len(standard.mean))
        matrix[columns, columns] = 1.0 / standard.scale
        matrix[parameter, columns] = -sign * standard.mean / standard.scale
        begin += len(columns)
    return matrix, shift


def _space(plain: LifetimeModel, mean_rate: float, names: Sequence[Sequence[str]], kernel: type[Kernel]) -> Coordinates:
    """Return the coordinates (coefficients, then the plain model's): these are settled first, as the others need them.

    Without dropout in the data nothing depends on the coefficients of dropout either.
    """
    inner = plain._coordinates(mean_rate)
    m = sum(len(n) for n in names)
    named = [(slot, name) for slot, part in zip(kernel.slots, names, strict=True) for name in part]
    unbound = tuple(
        Words(
            zh="{n} 对 {s} 的作用没有界限：数据里总是或从不这样", en="the effect of {n} on {s} has no bound in the data"
        ).format(n=name, s=slot)
        for slot, name in named
    )
    of_dropout = [i for i, (slot, _) in enumerate(named) if slot != kernel.slots[0]]

    def jacobian(phi: Floats) -> Floats:
        out = np.zeros((4 + m, m + 4))
        out[:4, m:] = inner.jacobian(phi[m:])
        out[4:, :m] = np.eye(m)
        return out

    found = plain.optimum_
    starts = inner.starts if found is None or plain.boundary_ is not None else (tuple(found.coordinates),)
    wide = np.full(m, WIDEST)
    return Coordinates(
        lambda phi: np.concatenate([inner.to_log(phi[m:]), phi[:m]]),
        jacobian,
        lower=np.concatenate([-wide, inner.lower]),
        upper=np.concatenate([wide, inner.upper]),
        starts=tuple((*np.zeros(m), *s) for s in starts),
        at_lower=(*unbound, *inner.at_lower),
        at_upper=(*unbound, *inner.at_upper),
        idle=(*((m + i, m + j) for i, j in inner.idle), *((m + i, j) for i, _ in inner.idle for j in of_dropout)),
    )
