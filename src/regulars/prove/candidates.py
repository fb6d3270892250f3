"""The lifetime models that compete, in the order in which they are preferred, and one way to fit any of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from regulars.errors import NotEnoughData
from regulars.measure.lifetime import (
    NBD,
    BetaGeoCNBD,
    BetaGeoNBD,
    LifetimeModel,
    ModifiedBetaGeoCNBD,
    ModifiedBetaGeoNBD,
    ParetoNBD,
)
from regulars.measure.lifetime.grouped import Grouped, fit_grouped
from regulars.measure.lifetime.grouped_law import AnyLaw, Membership
from regulars.measure.lifetime.groups import COORDINATES
from regulars.measure.lifetime.intervals import WithIntervals
from regulars.measure.lifetime.regular import MOST
from regulars.measure.lifetime.triples import Triples
from regulars.measure.regularity import Regularity, regularity
from regulars.prove.origins import Cells
from regulars.words import T

CANDIDATES: dict[str, type[LifetimeModel]] = {
    "MBG/NBD": ModifiedBetaGeoNBD,
    "Pareto/NBD": ParetoNBD,
    "BG/NBD": BetaGeoNBD,
    "MBG/CNBD-k": ModifiedBetaGeoCNBD,
    "BG/CNBD-k": BetaGeoCNBD,
    "NBD": NBD,
}
PREFERENCE = tuple(CANDIDATES)
"""MBG/NBD is the default; BG/NBD, under which every one-time buyer is alive for ever, and NBD, under which nobody ever
leaves, only where they win. Those of regular buyers compete only where gaps suggest it (`competing`)."""
YARDSTICK = "Pareto/NBD"
"""The model that the literature compares with."""
BY = " × "
"""What stands between a model and the column by whose groups its parameters differ, in the name of such a candidate."""
GROUPABLE = tuple(name for name, kind in CANDIDATES.items() if kind in COORDINATES)
"""The models that can be fitted by groups."""
AnyModel = LifetimeModel | Grouped


RANDOM = 1
"""The regularity of gaps at random."""
SUGGESTS = 1.5
"""A measured regularity from which models of regular buyers are worth trying."""
FEWEST = 100
"""Customers with two gaps; of fewer nothing is read."""


def gaps(occasions: Any, origin: date) -> Regularity | None:
    """Return how regular the gaps up to `origin` are; None where too few customers have two."""
    try:
        return regularity(occasions, as_of=origin)
    except NotEnoughData:
        return None


def stages(found: Regularity | None) -> int:
    """Return the k of regular buyers' models that gaps suggest, `RANDOM` where they suggest none."""
    regular = found is not None and found.customers >= FEWEST and found.k >= SUGGESTS
    return min(max(round(found.k), 2), MOST) if found is not None and regular else RANDOM


def competing(k: int) -> tuple[str, ...]:
    """Return the names of the models that compete where gaps have the regularity `k`."""
    return tuple(name for name, kind in CANDIDATES.items() if k > RANDOM or not issubclass(kind, ModifiedBetaGeoCNBD))


def grouped_name(model: str, by: str) -> str:
    """Return the name of a model whose parameters differ by the groups of `by`."""
    return f"{model}{BY}{by}"


def plain_name(name: str) -> str:
    """Return the name of the same model for everyone."""
    return name.partition(BY)[0]


def new_model(name: str, k: int | None = RANDOM) -> LifetimeModel:
    """Return the model called `name`, in weeks, not fitted; regular buyers' with `k` stages, None for the likeliest."""
    kind = CANDIDATES[name]
    return kind(unit="week", k=k) if issubclass(kind, ModifiedBetaGeoCNBD) else kind(unit="week")


@dataclass(frozen=True, slots=True)
class Fitted:
    """A candidate fitted on the customers known at an origin."""

    name: str
    model: AnyModel

    @property
    def common(self) -> LifetimeModel:
        """The model, which has to be one for everyone."""
        assert isinstance(self.model, LifetimeModel)
        return self.model

    @property
    def law(self) -> AnyLaw:
        """The model at its estimates, as pure functions of arrays; by groups where it is fitted by them."""
        return self.model.law

    @property
    def boundary(self) -> T | None:
        """Which estimates lie at the boundary, in words, or None."""
        return self.model.boundary_

    def draws(self, n: int, *, seed: int) -> list[AnyLaw]:
        """Return the model at `n` draws of its parameters from the law of their estimates."""
        return [*self.model.drawn_laws(n, seed)]


class Fits:
    """Fits candidates one after another, roughly, each model from where it ended the last time: for comparing them.

    `k` is the regularity of gaps that models of regular buyers are fitted with.
    """

    def __init__(self, k: int = RANDOM) -> None:
        self.k = k
        self._last: dict[str, Fitted] = {}

    def __call__(self, name: str, cells: Cells) -> Fitted:
        """Fit the model called `name`; see `fit_candidate`."""
        near = self._last.get(plain_name(name))
        self._last[name] = fit_candidate(name, cells, near=near, rough=True, k=self.k)
        return self._last[name]

    def laws(self, names: Sequence[str]) -> tuple[AnyLaw, ...]:
        """Return the models called `names` as they were fitted last."""
        return tuple(self._last[name].law for name in names)


def fit_candidate(
    name: str, cells: Cells, *, near: Fitted | None = None, rough: bool = False, k: int | None = RANDOM
) -> Fitted:
    """Fit the model called `name` on what was known at the origin, times in weeks; the search may start `near` another.

    Models of regular buyers are fitted with `k` stages between purchases, None for those that x and t_x make likely.

    Raises
    ------
    NotEnoughData
        When nobody had bought twice by then.
    """
    start = near.model if near is not None and isinstance(near.model, LifetimeModel) else None
    if BY in name:
        return Fitted(name, fit_by_groups(name, cells.everyone(), cells.group, near=start, rough=rough))
    return Fitted(name, new_model(name, k).fit_grouped(*cells.histories(), near=start, rough=rough))


def fit_by_groups(
    name: str, data: Triples, member: Membership | None, *, near: LifetimeModel | None = None, rough: bool = False
) -> Grouped:
    """Fit the candidate called `name`, a model by groups, on histories and the group of each.

    Raises
    ------
    NotEnoughData
        When fewer than two groups are large enough.
    """
    assert member is not None
    kind = cast(type[WithIntervals], CANDIDATES[plain_name(name)])
    return fit_grouped(kind, data, member, near=near, rough=rough)
