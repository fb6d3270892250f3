"""The referee of models that read no times of purchases, each in its own world: NBD, BG/BB, sBG, BdW, spend, profit.

A forecast is drawn, not reckoned: each draw of the parameters gives every customer one future, from the law of the
customer's own rate or chance given the history (both Beta or Gamma again). So one set of draws carries parameters and
chance together, for customers and for their total.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from regulars.measure.lifetime import NBD, BetaDiscreteWeibull, BetaGeoBetaBinomial, ShiftedBetaGeometric
from regulars.prove import accuracy
from regulars.prove.money_worlds import Profits, Spends

Floats = NDArray[np.float64]
History = tuple[Floats, ...]
LEVEL = 0.9
DRAWS = 99
"""So many that the fifth from either end leaves out a tenth of what is like them."""
MANY = 10
"""How many times as many customers the closer estimates come from."""
PERIODS_AHEAD = 4
WEEKS_AHEAD = 26.0


class World(Protocol):
    """How a model's customers live, how the model is fitted on them, and what it draws for their future."""

    @property
    def truth(self) -> Mapping[str, float]:
        """The parameters that its customers live by."""
        ...

    def live(self, rng: np.random.Generator, n: int) -> tuple[History, Floats]:
        """Return the histories of `n` customers and what each did afterwards."""
        ...

    def fit(self, history: History) -> Any:
        """Return the fitted model."""
        ...

    def drawn(self, model: Any, rng: np.random.Generator) -> dict[str, float]:
        """Return one draw of the parameters from the law of their estimates."""
        ...

    def ahead(self, p: Mapping[str, float], history: History, rng: np.random.Generator) -> Floats:
        """Return one future of every customer under the parameters."""
        ...

    def unsettled(self, history: History) -> NDArray[np.bool_]:
        """Return who is not known to have left."""
        ...


def _drawn(model: Any, rng: np.random.Generator) -> dict[str, float]:
    found: dict[str, float] = model.drawn(rng).get_params()
    return found


@dataclass(frozen=True)
class Contracts:
    """One to seven renewals came up, of customers who leave by θ ~ Beta(α, β); S(t | θ) = (1 − θ)^(t^c)."""

    model: type[ShiftedBetaGeometric] | type[BetaDiscreteWeibull]
    truth: Mapping[str, float]

    def live(self, rng: np.random.Generator, n: int) -> tuple[History, Floats]:
        """See `World`."""
        seen = rng.integers(1, 8, n).astype(np.float64)
        left = self._left(self.truth, np.zeros(n), rng)
        ended = left <= seen
        return (np.minimum(left, seen), ended.astype(np.float64)), _renewed(left, seen, ended)

    def fit(self, history: History) -> Any:
        """See `World`."""
        periods, ended = history
        return self.model().fit_grouped(periods, ended, np.ones(len(periods)))

    def drawn(self, model: Any, rng: np.random.Generator) -> dict[str, float]:
        """See `World`."""
        return _drawn(model, rng)

    def ahead(self, p: Mapping[str, float], history: History, rng: np.random.Generator) -> Floats:
        """See `World`."""
        periods, ended = history
        return _renewed(self._left(p, periods, rng), periods, ended > 0)

    def unsettled(self, history: History) -> NDArray[np.bool_]:
        """See `World`."""
        return np.asarray(history[1] == 0)

    def _left(self, p: Mapping[str, float], renewed: Floats, rng: np.random.Generator) -> Floats:
        """Return the renewal that is refused, of customers who have renewed so often: θ given that is Beta again."""
        c = p.get("c", 1.0)
        theta = rng.beta(p["alpha"], p["beta"] + renewed**c)
        until = renewed**c + np.log(1.0 - rng.random(len(theta))) / np.log1p(-np.clip(theta, 1e-300, 1 - 1e-16))
        return np.asarray(np.floor(until ** (1.0 / c)) + 1.0)


def _renewed(left: Floats, renewed: Floats, ended: NDArray[np.bool_]) -> Floats:
    """Return the renewals of the next periods, by the one that is refused."""
    return np.where(ended, 0.0, np.minimum(left - 1.0, renewed + PERIODS_AHEAD) - renewed)


@dataclass(frozen=True)
class Opportunities:
    """Three to eight opportunities so far, bought at with p ~ Beta(α, β); before each, customers stop with θ."""

    truth: Mapping[str, float]

    def live(self, rng: np.random.Generator, n: int) -> tuple[History, Floats]:
        """See `World`."""
        p = self.truth
        chance, stop = rng.beta(p["alpha"], p["beta"], n), rng.beta(p["gamma"], p["delta"], n)
        seen = rng.integers(3, 9, n).astype(np.float64)
        active = rng.geometric(stop) - 1.0
        at = np.arange(1, 9 + PERIODS_AHEAD)
        bought = (rng.random((n, at.size)) < chance[:, None]) & (at <= active[:, None])
        known = bought & (at <= seen[:, None])
        later = bought & (at > seen[:, None]) & (at <= seen[:, None] + PERIODS_AHEAD)
        last = (known * at).max(axis=1)
        return (known.sum(axis=1).astype(np.float64), last.astype(np.float64), seen), later.sum(axis=1).astype(float)

    def fit(self, history: History) -> Any:
        """See `World`."""
        x, t_x, n = history
        return BetaGeoBetaBinomial().fit_grouped(x, t_x, n, np.ones(len(x)))

    def drawn(self, model: Any, rng: np.random.Generator) -> dict[str, float]:
        """See `World`."""
        return _drawn(model, rng)

    def ahead(self, p: Mapping[str, float], history: History, rng: np.random.Generator) -> Floats:
        """See `World`."""
        x, _, n = history
        distinct, place = np.unique(np.stack(history), axis=1, return_inverse=True)
        alive = BetaGeoBetaBinomial.from_params(**p).probability_alive_at(*distinct)[place.ravel()]
        active = rng.random(len(x)) < alive
        chance, stop = rng.beta(p["alpha"] + x, p["beta"] + n - x), rng.beta(p["gamma"], p["delta"] + n)
        stays = np.minimum(rng.geometric(np.clip(stop, 1e-12, 1.0)) - 1, PERIODS_AHEAD)
        return np.where(active, rng.binomial(stays, chance), 0).astype(np.float64)

    def unsettled(self, history: History) -> NDArray[np.bool_]:
        """See `World`."""
        return np.ones(len(history[0]), dtype=bool)


@dataclass(frozen=True)
class Faithful:
    """Purchases at rates λ ~ Gamma(r, α) over 16 to 52 weeks, and nobody leaves."""

    truth: Mapping[str, float]

    def live(self, rng: np.random.Generator, n: int) -> tuple[History, Floats]:
        """See `World`."""
        rate = rng.gamma(self.truth["r"], 1 / self.truth["alpha"], n)
        age = rng.uniform(16.0, 52.0, n)
        x = rng.poisson(rate * age).astype(np.float64)
        last = np.where(x > 0, age * rng.beta(np.maximum(x, 1.0), 1.0), 0.0)
        return (x, last, age), rng.poisson(rate * WEEKS_AHEAD).astype(np.float64)

    def fit(self, history: History) -> Any:
        """See `World`."""
        x, t_x, age = history
        return NBD().fit_grouped(x, t_x, age, 1.0)

    def drawn(self, model: Any, rng: np.random.Generator) -> dict[str, float]:
        """See `World`."""
        values = model.draw_parameters(1, int(rng.integers(2**31)))[0].tolist()
        return dict(zip(model.names, values, strict=True))

    def ahead(self, p: Mapping[str, float], history: History, rng: np.random.Generator) -> Floats:
        """See `World`."""
        x, _, age = history
        return rng.poisson(rng.gamma(p["r"] + x, 1 / (p["alpha"] + age)) * WEEKS_AHEAD).astype(np.float64)

    def unsettled(self, history: History) -> NDArray[np.bool_]:
        """See `World`."""
        return np.ones(len(history[0]), dtype=bool)


WORLDS: dict[str, World] = {
    "NBD": Faithful({"r": 0.6, "alpha": 8.0}),
    "BG/BB": Opportunities({"alpha": 1.2, "beta": 0.75, "gamma": 0.66, "delta": 2.8}),
    "sBG": Contracts(ShiftedBetaGeometric, {"alpha": 0.7, "beta": 3.8}),
    "BdW": Contracts(BetaDiscreteWeibull, {"alpha": 0.5, "beta": 1.7, "c": 1.3}),
    "Gamma-Gamma": Spends({"p": 4.0, "q": 3.4, "v": 192.0}),
    "normal-normal": Profits({"mu": 4.0, "tau": 3.0, "sigma": 6.0}),
}


@dataclass(frozen=True, slots=True)
class Counted:
    """One company of a model's own world, fitted with that model; the total's Winkler score is relative to it.

    `pit_p` is that of the forecasts; `pit_p_known` of those by the true parameters, `pit_p_many` of those by estimates
    from ten times as many other customers, both for the same customers.
    """

    errors: dict[str, float]
    inside: dict[str, bool]
    boundary: bool
    pit_distance: float
    pit_p: float
    pit_p_known: float
    pit_p_many: float
    coverage: float
    width: float
    total_error: float
    total_inside: bool
    total_winkler: float


def recover_counted(name: str, seed: int, *, customers: int = 2000) -> Counted:
    """Simulate a company, fit the model that made it, hold estimates and forecasts against the truth.

    Parameters' 90 % intervals are the quantiles of their draws; customers who have left for certain are not scored.
    """
    world, rng = WORLDS[name], np.random.default_rng([seed, 23])
    history, actual = world.live(rng, customers)
    model = world.fit(history)
    draws = [world.drawn(model, rng) for _ in range(DRAWS)]
    open_ = world.unsettled(history)

    def futures(parameters: Sequence[Mapping[str, float]]) -> Floats:
        return np.stack([world.ahead(each, history, rng) for each in parameters])

    ahead = futures(draws)
    pit = _uniformity(ahead[:, open_], actual[open_], seed)
    known = _uniformity(futures([world.truth] * DRAWS)[:, open_], actual[open_], seed)
    close = world.fit(world.live(rng, MANY * customers)[0])
    many = _uniformity(futures([world.drawn(close, rng) for _ in draws])[:, open_], actual[open_], seed)
    low, high = np.quantile(ahead[:, open_], [(1 - LEVEL) / 2, (1 + LEVEL) / 2], axis=0, method="inverted_cdf")
    cover = accuracy.coverage(low, high, actual[open_])
    total, sums = float(actual.sum()), ahead.sum(axis=1)
    least, most = (float(end) for end in np.quantile(sums, [(1 - LEVEL) / 2, (1 + LEVEL) / 2]))
    errors, inside = {}, {}
    for key, truth in world.truth.items():
        start, end = np.quantile([draw[key] for draw in draws], [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
        errors[key] = float(np.log(getattr(model, f"{key}_") / truth))
        inside[key] = bool(start <= truth <= end)
    return Counted(
        errors, inside, model.boundary_ is not None, pit.distance, pit.p_value, known.p_value, many.p_value,
        cover.share, cover.mean_width,
        float(sums.mean()) / total - 1, least <= total <= most, accuracy.winkler([least], [most], [total]) / total,
    )  # fmt: skip


def _uniformity(futures: Floats, actual: Floats, seed: int) -> accuracy.Uniformity:
    """Test the ranks of what came among the draws: truth and draws are alike, so they are uniform, however many."""
    less, same = (futures < actual).sum(axis=0), (futures == actual).sum(axis=0)
    among = DRAWS + 1
    return accuracy.uniformity(accuracy.randomised_pit(less / among, (less + same + 1) / among, seed=seed))
