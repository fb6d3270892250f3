"""A lifetime model for each group, fitted together and used as one model of everybody."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from regulars.errors import NotEnoughData
from regulars.measure.lifetime.grouped_law import REST, GroupLaw, Membership
from regulars.measure.lifetime.groups import COORDINATES, pool
from regulars.measure.lifetime.intervals import WithIntervals
from regulars.measure.lifetime.law import Law
from regulars.measure.lifetime.model import LifetimeModel
from regulars.measure.lifetime.quadrature import Floats
from regulars.measure.lifetime.triples import Triples
from regulars.words import T as Words

FEWEST_CUSTOMERS = 100
FEWEST_REPEATERS = 10
MOST = 40
"""Groups with a model of their own, the largest first."""
RULE = Words(
    zh="至少 {n} 位客户、其中 {r} 位复购过的组各有自己的参数（最多 {most} 组）；更小的和不知道的合成一组。",
    en="Groups of {n} customers or more, {r} of them repeat buyers, have parameters of their own (at most the {most} "
    "largest); smaller ones and customers without one are taken together.",
).format(n=FEWEST_CUSTOMERS, r=FEWEST_REPEATERS, most=MOST)
ALONE = Words(
    zh="{by} 只有 {n} 组达到 {c} 位客户、{r} 位复购客户：没有可比的组",
    en="{by} has {n} group{s} of {c} customers and {r} repeat buyers or more: there is nothing to tell apart",
)


@dataclass(frozen=True)
class GroupFit:
    """One group's part of the fit.

    `weight` is how much of each coordinate is the group's own (`regulars.measure.lifetime.groups.Group`), `coordinates`
    where the estimate lies, `covariance` what is open of it given the centre of all groups, and `follows` how far it
    goes along when that centre moves.
    """

    customers: int
    model: WithIntervals
    weight: dict[str, float]
    coordinates: Floats
    covariance: Floats
    follows: Floats


@dataclass(frozen=True)
class Grouped:
    """A lifetime model for each group of customers, shrunk towards the typical group, as one model.

    Made by `fit_grouped`. Its `law` differs by group: `law_of(model.law, membership)` is that of certain rows.

    Parameters
    ----------
    by
        What the groups go by.
    kind
        The model that every group has.
    groups
        Each group with parameters of its own by its name; under `REST` those taken together, where there are any.
    typical
        The typical group's: what customers get of whose group nothing is known.
    spread
        Standard deviation between groups of each coordinate.
    centre_covariance
        How far the centre of all groups is open.
    scales
        By what times were divided in the fit, and its mean rate: coordinates are relative to them.
    """

    by: str
    kind: type[WithIntervals]
    groups: dict[str, GroupFit]
    typical: GroupFit
    spread: dict[str, float]
    centre_covariance: Floats
    scales: tuple[float, float]

    @property
    def unit(self) -> str:
        """The unit of time."""
        return self.typical.model.unit

    @property
    def boundary_(self) -> Words | None:
        """None: the law between groups keeps estimates off the boundary."""
        return None

    @property
    def own(self) -> dict[str, GroupFit]:
        """The groups that are not taken together."""
        return {name: each for name, each in self.groups.items() if name != REST}

    @property
    def law(self) -> GroupLaw:
        """The groups' models at their estimates."""
        return GroupLaw({name: each.model.law for name, each in self.groups.items()}, self.typical.model.law)

    def drawn_laws(self, n: int = 200, seed: int = 0) -> list[GroupLaw]:
        """Return the model at `n` seeded draws of all groups' parameters.

        Notes
        -----
        Given the centre the groups are independent; the centre itself is open, and every group follows it as far as its
        own data do not hold it: θ_g = mean + (I − C_g H_g) δ + ε_g with δ ~ N(0, V) common and ε_g ~ N(0, C_g).
        """
        rng = np.random.default_rng(seed)
        k = len(self.typical.coordinates)
        moved = _noise(self.centre_covariance, rng.standard_normal((n, k)))
        drawn = {name: self._drawn(each, moved, rng) for name, each in self.groups.items()}
        otherwise = self._drawn(self.typical, moved, rng)
        return [GroupLaw({name: laws[i] for name, laws in drawn.items()}, otherwise[i]) for i in range(n)]

    def _drawn(self, each: GroupFit, moved: Floats, rng: np.random.Generator) -> list[Law]:
        space, stretch = self._space()
        own = _noise(each.covariance, rng.standard_normal(moved.shape))
        along = np.sum(each.follows[None, :, :] * moved[:, None, :], axis=2)
        phi = np.clip(each.coordinates + along + own, space.lower, space.upper)
        parameters = np.exp(np.array([space.to_log(p) for p in phi])) * stretch
        return [each.model._law([float(v) for v in row]) for row in parameters]

    def _space(self) -> tuple[Any, Floats]:
        stretch = np.array([self.scales[0] if name in self.kind.times else 1.0 for name in self.kind.names])
        return self.typical.model._coordinates(self.scales[1]), stretch

    def expected_purchases_new(self, t: npt.ArrayLike) -> Floats:
        """Return E[X(t)] of a customer who has just bought for the first time, on average over the groups."""
        size = np.array([each.customers for each in self.groups.values()], dtype=np.float64)
        each = np.array([each.model.expected_purchases_new(t) for each in self.groups.values()])
        return np.asarray(np.tensordot(size / size.sum(), each, axes=1))

    def kept(self) -> dict[str, Any]:
        """Return the fit as JSON, from which `from_kept` makes it again; the parameters are the typical group's."""
        rows = [{"name": name, **_row(each)} for name, each in self.groups.items()]
        return {
            "unit": self.unit,
            "parameters": _parameters(self.typical.model),
            "log_likelihood": None,
            "customers": sum(each.customers for each in self.groups.values()),
            "boundary": None,
            "estimate": None,
            "groups": {
                "by": self.by,
                "spread": self.spread,
                "centre_covariance": self.centre_covariance.tolist(),
                "scales": list(self.scales),
                "typical": _row(self.typical),
                "rows": rows,
            },
        }

    @classmethod
    def from_kept(cls, kind: type[WithIntervals], kept: Mapping[str, Any]) -> Self:
        """Return the model that `kept` described: the same parameters, and the same draws of them."""
        found, unit = kept["groups"], kept["unit"]
        groups = {row["name"]: _fit(kind, unit, row) for row in found["rows"]}
        return cls(
            found["by"], kind, groups, _fit(kind, unit, found["typical"]), dict(found["spread"]),
            np.array(found["centre_covariance"]), (found["scales"][0], found["scales"][1]),
        )  # fmt: skip


def fit_grouped(
    kind: type[WithIntervals], data: Triples, member: Membership, *, near: LifetimeModel | None = None,
    rough: bool = False, unit: str = "week",
) -> Grouped:  # fmt: skip
    """Fit a model to each group that is large enough and to the rest, shrunk towards each other.

    Parameters
    ----------
    kind
        `BetaGeoNBD`, `ModifiedBetaGeoNBD`, `ParetoNBD` or `NBD`.
    data, member
        Histories with their counts, and the group of each.
    near, rough
        Of the fit to everybody that the groups start from; see `LifetimeModel.fit_grouped`.

    Raises
    ------
    NotEnoughData
        When fewer than two groups are large enough, or nobody has bought twice.
    """
    own = large_enough(data, member)
    if len(own) < 2:
        raise NotEnoughData(ALONE.format(by=member.by, n=len(own), s="" if len(own) == 1 else "s",
                                         c=FEWEST_CUSTOMERS, r=FEWEST_REPEATERS))  # fmt: skip
    parts = {member.names[code]: _part(data, member.code == code) for code in own}
    rest = _part(data, ~np.isin(member.code, own))
    if len(rest.x):
        parts[REST] = rest
    every = _part(data, np.ones(len(data.x), dtype=bool))
    whole = kind(unit=unit).fit_grouped(every.x, every.t_x, every.T, every.count, near=near, rough=rough)
    found = pool(whole, list(parts.values()))
    fits = {
        name: GroupFit(round(part.size), *each) for (name, part), each in zip(parts.items(), found.groups, strict=True)
    }
    return Grouped(
        member.by, kind, fits, GroupFit(0, *found.typical), dict(zip(COORDINATES[kind], found.spread, strict=True)),
        found.centre_covariance, whole._scales,
    )  # fmt: skip


def large_enough(data: Triples, member: Membership) -> list[int]:
    """Return the groups that have parameters of their own by `RULE`, the largest first, as positions in the names."""
    known, size = member.code >= 0, len(member.names)
    n = np.bincount(member.code[known], data.count[known], size)
    repeats = np.bincount(member.code[known], (data.count * (data.x > 0))[known], size)
    order = np.lexsort((np.arange(size), -n))
    return [int(k) for k in order if n[k] >= FEWEST_CUSTOMERS and repeats[k] >= FEWEST_REPEATERS][:MOST]


def _part(data: Triples, chosen: npt.NDArray[np.bool_]) -> Triples:
    """Return the distinct histories of some rows."""
    rows, count = np.stack([data.x, data.T, data.t_x])[:, chosen], data.count[chosen]
    if not rows.shape[1]:
        return Triples(*(np.zeros(0) for _ in range(4)))
    distinct, code = np.unique(rows, axis=1, return_inverse=True)
    return Triples(distinct[0], distinct[2], distinct[1], np.bincount(code.reshape(-1), count))


def _noise(covariance: Floats, standard: Floats) -> Floats:
    values, vectors = np.linalg.eigh(covariance)
    return np.asarray(np.sum(standard[:, None, :] * (vectors * np.sqrt(np.maximum(values, 0.0)))[None, :, :], axis=2))


def _parameters(model: WithIntervals) -> dict[str, float]:
    return {name: getattr(model, f"{name}_") for name in model.names}


def _row(each: GroupFit) -> dict[str, Any]:
    return {
        "customers": each.customers,
        "parameters": _parameters(each.model),
        "weight": each.weight,
        "coordinates": each.coordinates.tolist(),
        "covariance": each.covariance.tolist(),
        "follows": each.follows.tolist(),
    }


def _fit(kind: type[WithIntervals], unit: str, row: Mapping[str, Any]) -> GroupFit:
    model = kind.from_params(unit=unit, **row["parameters"])
    arrays = (np.array(row[name]) for name in ("coordinates", "covariance", "follows"))
    return GroupFit(row["customers"], model, dict(row["weight"]), *arrays)
