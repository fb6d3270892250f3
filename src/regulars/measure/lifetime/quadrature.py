"""Quadrature rules of the lifetime models: Gauss-Jacobi for Beta means, Gauss-Legendre, double exponential."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt
from scipy.linalg.lapack import dsterf

Floats = npt.NDArray[np.float64]


@lru_cache(maxsize=32)
def legendre(n: int) -> tuple[Floats, Floats]:
    """Return the `n` Gauss-Legendre nodes and weights on [0, 1]."""
    nodes, weights = beta_nodes(1.0, np.ones(1), n)
    return nodes[0], weights[0]


@lru_cache(maxsize=64)
def half_line(slowest: float, per_unit: int = 9) -> tuple[Floats, Floats]:
    """Return nodes and weights of the double exponential rule on (0, ∞) for unit scale.

    The substitution y = exp(π/2 · sinh w) turns both an exponential and an algebraic tail, y^−`slowest` or faster,
    into a double exponential one, for which the plain trapezoid converges geometrically (Takahasi & Mori 1974).
    """
    top = np.arcsinh(2.0 / np.pi * min(40.0 / min(slowest, 1.0), 690.0))
    w = np.linspace(-3.9, top, int(np.ceil(per_unit * (3.9 + top))))
    nodes = np.exp(0.5 * np.pi * np.sinh(w))
    return nodes, nodes * (0.5 * np.pi * np.cosh(w)) * (w[1] - w[0])


@lru_cache(maxsize=8)
def laguerre(n: int) -> tuple[Floats, Floats]:
    """Return the `n` Gauss-Laguerre nodes and weights: the mean over a standard exponential variable."""
    k = np.arange(n, dtype=np.float64)
    nodes, weights = _gauss((2.0 * k + 1.0)[None, :], k[None, 1:])
    return nodes[0], weights[0]


def beta_nodes(a: float | Floats, b: Floats, n: int) -> tuple[Floats, Floats]:
    """Return Gauss-Jacobi nodes and weights of Beta(a, b), one row for each `b` (and `a`).

    The weights of a row sum to 1. Stable for large a and b, where the nodes gather round the mean as the
    distribution does.
    """
    k = np.arange(n, dtype=np.float64)
    alpha, beta = (b - 1.0)[:, None], np.reshape(np.asarray(a) - 1.0, (-1, 1))
    total = alpha + beta
    two = 2.0 * k + total
    with np.errstate(divide="ignore", invalid="ignore"):
        diagonal = (beta - alpha) * (beta + alpha) / (two * (two + 2.0))
        j = k[1:]
        two_j = 2.0 * j + total
        squared = 4.0 * j * (j + alpha) * (j + beta) * (j + total) / (two_j**2 * (two_j + 1.0) * (two_j - 1.0))
    diagonal[:, 0] = ((beta - alpha) / (total + 2.0))[:, 0]
    if n > 1:  # the factor 1 + α + β cancels in the first coefficient
        squared[:, 0] = (4.0 * (1.0 + alpha) * (1.0 + beta) / ((2.0 + total) ** 2 * (3.0 + total)))[:, 0]
    nodes, weights = _gauss(0.5 * (1.0 + diagonal), 0.5 * np.sqrt(squared))
    return np.clip(nodes, 1e-300, 1.0), weights


def _gauss(diagonal: Floats, beside: Floats) -> tuple[Floats, Floats]:
    """Return nodes and weights of the Gauss rules with these Jacobi matrices, one a row (Golub & Welsch 1969).

    LAPACK's root-free QL takes one small matrix at a time without BLAS: a general eigensolver wakes threads for
    each of them, which costs twenty times the work and may change the last bit. The weights are the Christoffel
    numbers, from the three-term recurrence.
    """
    nodes = np.empty_like(diagonal)
    for row, (d, e) in enumerate(zip(diagonal, beside, strict=True)):
        nodes[row] = dsterf(d, e)[0]
    last, here = np.zeros_like(nodes), np.ones_like(nodes)
    total = np.ones_like(nodes)
    for k in range(diagonal.shape[1] - 1):
        before = beside[:, k - 1, None] if k else 0.0
        last, here = here, ((nodes - diagonal[:, k, None]) * here - before * last) / beside[:, k, None]
        total += here**2
    weights = 1.0 / total
    return nodes, weights / np.sum(weights, axis=1, keepdims=True)


def beta_rule(a: float | Floats, b: Floats, nodes: Floats, weights: Floats, y: Floats) -> tuple[Floats, Floats]:
    """Return nodes p and weights for E[g(p)], p ~ Beta(a, b), where g is singular at p = −1 / y.

    A Möbius map of [0, 1] on itself moves the singularity as far away as it can be: without it a long horizon
    over a short history (large y) needs hundreds of nodes. All arguments have one row a cell.
    """
    with np.errstate(over="ignore"):
        # where b is large the nodes gather near 0, where a is they keep away from it: less of the map is needed
        kappa = np.sqrt(1.0 + y * np.minimum(1.0, 30.0 / (a + b))) - 1.0
    kappa = np.minimum(kappa, np.where(np.less_equal(a, 6.0), 150.0 / a**1.8, 0.0))[:, None]
    stretch = 1.0 + kappa * (1.0 - nodes)
    factor = np.exp(b[:, None] * np.log1p(kappa) - (a + b)[:, None] * np.log(stretch))
    return nodes / stretch, weights * factor
