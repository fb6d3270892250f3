"""NBD: buying without dropout, the baseline that a dropout model has to beat."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from scipy.special import betainc, gammaln, psi

from regulars.measure.lifetime import bg
from regulars.measure.lifetime.gaps import RandomGaps
from regulars.measure.lifetime.intervals import WithIntervals
from regulars.measure.lifetime.optimum import Coordinates, Objective, gamma_pair
from regulars.measure.lifetime.quadrature import Floats
from regulars.measure.lifetime.triples import Ints, Triples, cells


class NBDFuture(RandomGaps):
    """Purchases of customers who never leave: λ ~ Gamma(r, α)."""

    def __init__(self, r: Floats, alpha: Floats) -> None:
        self.r, self.alpha = r, alpha

    def __len__(self) -> int:
        return len(self.r)

    def expected(self, t: float) -> Floats:
        """Return r t / α."""
        return self.r / self.alpha * t

    def rough(self, t: float) -> Floats:
        """Return r t / α."""
        return self.expected(t)

    def discounted(self, t: float, delta: float) -> Floats:
        """Return (r/α) (1 − e^(−δt)) / δ."""
        return self.r / self.alpha * (t if delta == 0.0 else -np.expm1(-delta * t) / delta)

    def residual(self, delta: float) -> Floats:
        """Return r / (α δ)."""
        return self.r / self.alpha / delta if delta > 0 else np.full(len(self), np.inf)

    def survival(self, n: Floats, cell: Ints, t: float) -> Floats:
        """Return P(X(t) ≥ n)."""
        return np.asarray(betainc(n, self.r[cell], t / (self.alpha[cell] + t)))


class _Law:
    def __init__(self, r: float, alpha: float) -> None:
        self.r, self.alpha = r, alpha

    def probability_alive(self, x: Floats, t_x: Floats, T: Floats) -> Floats:
        return np.ones(np.broadcast(x, t_x, T).shape)

    def given_alive(self, x: Floats, t_x: Floats, T: Floats) -> tuple[NBDFuture, Ints]:
        x, T, cell = cells(x, T)
        return NBDFuture(self.r + x, self.alpha + T), cell


class _Likelihood:
    def __init__(self, data: Triples) -> None:
        self.data = data

    def __call__(self, log_parameters: Floats) -> tuple[float, Floats]:
        r, alpha = (float(v) for v in np.exp(log_parameters))
        x, T, n = self.data.x, self.data.T, self.data.count
        log_T = np.log(alpha + T)
        value = np.sum(n * (gammaln(r + x) - gammaln(r) + r * np.log(alpha) - (r + x) * log_T))
        g_r = np.sum(n * (psi(r + x) - psi(r) + np.log(alpha) - log_T))
        g_alpha = np.sum(n * (r / alpha - (r + x) / (alpha + T)))
        return float(value), np.array([g_r * r, g_alpha * alpha])


class NBD(WithIntervals):
    """NBD: steady random buying at rates λ ~ Gamma(r, α), and nobody ever leaves (Ehrenberg 1959). A baseline."""

    names: ClassVar[tuple[str, ...]] = ("r", "alpha")
    times: ClassVar[tuple[str, ...]] = ("alpha",)

    r_: float
    alpha_: float

    def _law(self, parameters: list[float]) -> _Law:
        return _Law(*parameters)

    def _objective(self, data: Triples) -> Objective:
        return _Likelihood(data)

    def _coordinates(self, mean_rate: float) -> Coordinates:
        four = bg.coordinates(mean_rate)
        return Coordinates(
            lambda phi: np.array(gamma_pair((float(phi[0]), float(phi[1])))),
            lambda _: np.array([[1.0, 0.0], [1.0, -1.0]]),
            four.lower[:2], four.upper[:2], tuple(s[:2] for s in four.starts), four.at_lower[:2], four.at_upper[:2],
        )  # fmt: skip
