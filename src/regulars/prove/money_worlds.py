"""Worlds of the models of money: spend per occasion, always positive, and profit per occasion, losses included."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from regulars.measure.lifetime import GammaGamma, NormalNormal

Floats = NDArray[np.float64]
History = tuple[Floats, ...]
OCCASIONS_AHEAD = 4
"""What is forecast is the sum over so many occasions to come."""


def _occasions(rng: np.random.Generator, n: int) -> Floats:
    """Return how many occasions are known of each customer: many of one or two, few of many."""
    return rng.geometric(0.35, n).astype(np.float64)


def _known(model: Any, rng: np.random.Generator) -> dict[str, float]:
    values = model.draw_parameters(1, int(rng.integers(2**31)))[0].tolist()
    return dict(zip(model.names, values, strict=True))


@dataclass(frozen=True)
class Spends:
    """Spend ~ Gamma(p, rate η), η ~ Gamma(q, rate v); the customers' means of one to many occasions are known."""

    truth: Mapping[str, float]

    def live(self, rng: np.random.Generator, n: int) -> tuple[History, Floats]:
        """See `counted.World`."""
        p, x = self.truth, _occasions(rng, n)
        eta = rng.gamma(p["q"], 1 / p["v"], n)
        mean = rng.gamma(p["p"] * x, 1 / eta) / x
        return (x, mean), rng.gamma(p["p"] * OCCASIONS_AHEAD, 1 / eta)

    def fit(self, history: History) -> Any:
        """See `counted.World`."""
        return GammaGamma().fit_arrays(*history)

    def drawn(self, model: Any, rng: np.random.Generator) -> dict[str, float]:
        """See `counted.World`."""
        return _known(model, rng)

    def ahead(self, p: Mapping[str, float], history: History, rng: np.random.Generator) -> Floats:
        """See `counted.World`."""
        x, mean = history
        eta = rng.gamma(p["q"] + p["p"] * x, 1 / (p["v"] + x * mean))
        return np.asarray(rng.gamma(p["p"] * OCCASIONS_AHEAD, 1 / eta))

    def unsettled(self, history: History) -> NDArray[np.bool_]:
        """See `counted.World`."""
        return np.ones(len(history[0]), dtype=bool)


@dataclass(frozen=True)
class Profits:
    """Profit ~ N(θ, σ²), θ ~ N(μ, τ²); means and sums of squares of one to many occasions are known."""

    truth: Mapping[str, float]

    def live(self, rng: np.random.Generator, n: int) -> tuple[History, Floats]:
        """See `counted.World`."""
        p, x = self.truth, _occasions(rng, n)
        theta = rng.normal(p["mu"], p["tau"], n)
        mean = rng.normal(theta, p["sigma"] / np.sqrt(x))
        squares = np.where(x > 1, p["sigma"] ** 2 * rng.chisquare(np.maximum(x - 1, 1)), 0.0)
        return (x, mean, squares), self._later(p, theta, rng)

    def fit(self, history: History) -> Any:
        """See `counted.World`."""
        return NormalNormal().fit_arrays(*history)

    def drawn(self, model: Any, rng: np.random.Generator) -> dict[str, float]:
        """See `counted.World`."""
        return _known(model, rng)

    def ahead(self, p: Mapping[str, float], history: History, rng: np.random.Generator) -> Floats:
        """See `counted.World`."""
        x, mean, _ = history
        model = NormalNormal.from_params(**p)
        theta = rng.normal(model.expected_profit_at(x, mean), model.standard_error_at(x))
        return self._later(p, theta, rng)

    def unsettled(self, history: History) -> NDArray[np.bool_]:
        """See `counted.World`."""
        return np.ones(len(history[0]), dtype=bool)

    def _later(self, p: Mapping[str, float], theta: Floats, rng: np.random.Generator) -> Floats:
        return rng.normal(OCCASIONS_AHEAD * theta, p["sigma"] * OCCASIONS_AHEAD**0.5)
