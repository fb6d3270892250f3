"""The lifetime models that compete, in the order in which they are preferred, and one way to fit any of them."""

from __future__ import annotations

from dataclasses import dataclass

from regulars.measure.lifetime import BetaGeoNBD, LifetimeModel, ModifiedBetaGeoNBD, ParetoNBD
from regulars.measure.lifetime.model import Law
from regulars.prove.origins import Cells
from regulars.words import T

CANDIDATES: dict[str, type[LifetimeModel]] = {
    "MBG/NBD": ModifiedBetaGeoNBD,
    "Pareto/NBD": ParetoNBD,
    "BG/NBD": BetaGeoNBD,
}
PREFERENCE = tuple(CANDIDATES)
"""MBG/NBD is the default; BG/NBD, under which every one-time buyer is alive for ever, only where it wins."""


@dataclass(frozen=True, slots=True)
class Fitted:
    """A candidate fitted on the customers known at an origin."""

    name: str
    model: LifetimeModel

    @property
    def law(self) -> Law:
        """The model at its estimates, as pure functions of arrays."""
        return self.model.law

    @property
    def boundary(self) -> T | None:
        """Which estimates lie at the boundary, in words, or None."""
        return self.model.boundary_

    def draws(self, n: int, *, seed: int) -> list[Law]:
        """Return the model at `n` draws of its parameters from the law of their estimates."""
        laws = []
        for values in self.model.draw_parameters(n, seed).tolist():
            parameters: dict[str, float] = dict(zip(self.model.names, values, strict=True))
            laws.append(type(self.model).from_params(unit=self.model.unit, **parameters).law)
        return laws


class Fits:
    """Fits candidates one after another, roughly, each model from where it ended the last time: for comparing them."""

    def __init__(self) -> None:
        self._last: dict[str, Fitted] = {}

    def __call__(self, name: str, cells: Cells) -> Fitted:
        """Fit the model called `name`; see `fit_candidate`."""
        self._last[name] = fit_candidate(name, cells, near=self._last.get(name), rough=True)
        return self._last[name]


def fit_candidate(name: str, cells: Cells, *, near: Fitted | None = None, rough: bool = False) -> Fitted:
    """Fit the model called `name` on what was known at the origin, times in weeks; the search may start `near` another.

    Raises
    ------
    NotEnoughData
        When nobody had bought twice by then.
    """
    start = near.model if near is not None else None
    return Fitted(name, CANDIDATES[name](unit="week").fit_grouped(*cells.histories(), near=start, rough=rough))
