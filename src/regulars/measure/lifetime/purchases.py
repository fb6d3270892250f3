"""The estimators of repeat purchases."""

from __future__ import annotations

from typing import ClassVar

from regulars.measure.lifetime import bg, explain, pareto
from regulars.measure.lifetime.intervals import WithIntervals
from regulars.measure.lifetime.optimum import Coordinates, Objective
from regulars.measure.lifetime.triples import Triples
from regulars.words import T as Words


class ModifiedBetaGeoNBD(WithIntervals):
    """MBG/NBD: repeat purchases of customers who may leave after any purchase, the first one included.

    While active a customer buys at a steady random rate λ ~ Gamma(r, α) and leaves after each purchase with chance
    p ~ Beta(a, b); λ and p are independent. Not for contracts, where leaving is seen, nor for regular (clockwork) or
    seasonal buying.

    References
    ----------
    Batislam, Denizel & Filiztekin (2007), Empirical validation and comparison of models for customer base analysis.

    Examples
    --------
    >>> model = ModifiedBetaGeoNBD.from_params(r=0.525, alpha=6.183, a=0.891, b=1.614)
    >>> round(float(model.probability_alive_at(0, 0, 38.86)[0]), 3)
    0.39
    """

    names: ClassVar[tuple[str, ...]] = ("r", "alpha", "a", "b")
    times: ClassVar[tuple[str, ...]] = ("alpha",)
    first: ClassVar[int] = 1

    r_: float
    alpha_: float
    a_: float
    b_: float

    def _law(self, parameters: list[float]) -> bg.BG:
        r, alpha, a, b = parameters
        return bg.BG(r, alpha, a, b, self.first)

    def _objective(self, data: Triples) -> Objective:
        return bg.objective(data, self.first)

    def _coordinates(self, mean_rate: float) -> Coordinates:
        return bg.coordinates(mean_rate)


class BetaGeoNBD(ModifiedBetaGeoNBD):
    """BG/NBD: repeat purchases of customers who may leave after any repeat purchase.

    As the MBG/NBD, save that nobody leaves after the first purchase: every one-time buyer counts as alive for ever
    (`one_time_note` says so in words). Where that matters, and it mostly does, use `ModifiedBetaGeoNBD` or
    `ParetoNBD`.

    References
    ----------
    Fader, Hardie & Lee (2005), "Counting your customers" the easy way.

    Examples
    --------
    >>> model = BetaGeoNBD.from_params(r=0.243, alpha=4.414, a=0.793, b=2.426)
    >>> round(float(model.expected_purchases_at(2, 30.43, 38.86, 39)[0]), 3)
    1.226
    """

    first: ClassVar[int] = 0
    one_time_note: ClassVar[Words] = explain.ONE_TIME_NOTE


class ParetoNBD(WithIntervals):
    """Pareto/NBD: repeat purchases of customers who may leave at any time.

    While active a customer buys at a steady random rate λ ~ Gamma(r, α) and leaves at rate μ ~ Gamma(s, β), whether
    a purchase is near or not; λ and μ are independent. Not for contracts, nor for regular or seasonal buying.

    References
    ----------
    Schmittlein, Morrison & Colombo (1987), Counting your customers: who are they and what will they do next?
    Fader & Hardie (2005), A note on deriving the Pareto/NBD model.

    Examples
    --------
    >>> model = ParetoNBD.from_params(r=0.553, alpha=10.578, s=0.606, beta=11.669)
    >>> round(float(model.expected_purchases_at(26, 30.86, 31, 52)[0]), 2)
    25.46
    """

    names: ClassVar[tuple[str, ...]] = ("r", "alpha", "s", "beta")
    times: ClassVar[tuple[str, ...]] = ("alpha", "beta")

    r_: float
    alpha_: float
    s_: float
    beta_: float

    def _law(self, parameters: list[float]) -> pareto.Pareto:
        return pareto.Pareto(*parameters)

    def _objective(self, data: Triples) -> Objective:
        return pareto.objective(data)

    def _coordinates(self, mean_rate: float) -> Coordinates:
        return pareto.coordinates(mean_rate)
