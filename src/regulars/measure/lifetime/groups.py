"""Groups that share strength: each store, cohort or channel has its own model, as far as its customers can tell."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import narwhals as nw
import numpy as np
import numpy.typing as npt

from regulars.errors import InputError
from regulars.measure.lifetime.covariates import codes, require_columns, require_values
from regulars.measure.lifetime.intervals import WithIntervals
from regulars.measure.lifetime.nbd import NBD
from regulars.measure.lifetime.optimum import Coordinates, Counted, Floats, Optimum, descend
from regulars.measure.lifetime.purchases import BetaGeoNBD, ModifiedBetaGeoNBD, ParetoNBD
from regulars.measure.lifetime.shrinkage import Between, Groups, between
from regulars.measure.lifetime.triples import Ints, Rows, Triples, rows_of
from regulars.words import T as Words

BG_COORDINATES = ("r", "r/alpha", "a+b", "a/(a+b)")
COORDINATES: dict[type[WithIntervals], tuple[str, ...]] = {
    NBD: ("r", "r/alpha"),
    BetaGeoNBD: BG_COORDINATES,
    ModifiedBetaGeoNBD: BG_COORDINATES,
    ParetoNBD: ("r", "r/alpha", "s", "s/beta"),
}
"""What each model's coordinates are the logarithm (for a/(a+b) the log odds) of: differences and rates."""
FIRST, ROUNDS = 4, 16
"""Rounds of the fit: the first ones at the groups' modes, and no more than these."""
FARTHEST = 0.7
"""How wide a group's open coordinates are looked over: beyond, likelihoods are flat and say nothing."""


@dataclass(frozen=True)
class Group:
    """One group: its customers, its model after shrinkage, and how much of it is its own.

    `weight` holds for each coordinate the share that the group's own data have in it: 1 for a group that is believed
    as it is, 0 for one that gets what the typical group has.
    """

    customers: int
    model: WithIntervals
    weight: dict[str, float]


class Pooled:
    """A lifetime model for each group, shrunk towards the typical group (empirical Bayes).

    Made by `pooled`. Forecasts take a summary with the column of the groups; each customer is predicted by the model of
    their group. As large groups that differ are left as they are and small ones are moved to the middle, forecasts
    for small groups are better than from a fit of their own, and never rest on a handful of customers.

    Attributes
    ----------
    groups_
        Each group by its name.
    base_
        The model of the typical group: what a group without any information gets.
    plain_
        The same model fitted to everybody.
    spread_
        Standard deviation between groups of each coordinate; about 0.001 where no difference was found.
    """

    def __init__(
        self, by: str, groups: dict[Any, Group], base: WithIntervals, plain: WithIntervals, spread: dict[str, float]
    ) -> None:
        self.by, self.groups_, self.base_, self.plain_, self.spread_ = by, groups, base, plain, spread

    def __repr__(self) -> str:
        return f"Pooled({type(self.base_).__name__}, by={self.by!r}, groups={len(self.groups_)})"

    def _scored(self, summary: Any, of: Callable[[WithIntervals, Rows], npt.NDArray[Any]]) -> npt.NDArray[Any]:
        """Return what the groups' models say of the rows, in the frame's order."""
        rows, level = _read(summary, self.by, self.base_.unit)
        first, code = codes([level], len(level))
        unknown = sorted({str(v) for v in level[first].tolist()} - {str(v) for v in self.groups_})
        if unknown:
            raise InputError(
                Words(zh="{c} 里有拟合时没有的组：{v}", en="{c} has groups that the fit has not seen: {v}").format(
                    c=self.by, v=", ".join(unknown)
                ),
                remedy=Words(zh="用 base_，那是一般的组。", en="Use base_, the typical group's model, for them."),
            )
        out: npt.NDArray[Any] = np.zeros(0)
        for k, name in enumerate(level[first].tolist()):
            chosen = np.flatnonzero(code == k)
            said = of(self.groups_[name].model, Rows(rows.x[chosen], rows.t_x[chosen], rows.T[chosen]))
            if not len(out):
                out = np.zeros((*said.shape[:-1], len(level)), dtype=said.dtype)
            out[..., chosen] = said
        return out

    def probability_alive(self, summary: Any) -> Floats:
        """Return P(alive at T) for every row of a summary frame, in the frame's order."""
        return self._scored(summary, lambda m, r: m.probability_alive_at(r.x, r.t_x, r.T))

    def expected_purchases(self, summary: Any, t: float) -> Floats:
        """Return every customer's expected purchases in the next `t` units."""
        return self._scored(summary, lambda m, r: m.expected_purchases_at(r.x, r.t_x, r.T, t))

    def discounted_purchases(self, summary: Any, t: float, delta: float) -> Floats:
        """Return every customer's expected purchases in the next `t` units, discounted at δ per unit."""
        return self._scored(summary, lambda m, r: m.discounted_purchases_at(r.x, r.t_x, r.T, t, delta))

    def discounted_residual_purchases(self, summary: Any, delta: float) -> Floats:
        """Return every customer's discounted expected residual transactions (DERT), δ > 0 per unit."""
        return self._scored(summary, lambda m, r: m.discounted_residual_purchases_at(r.x, r.t_x, r.T, delta))

    def count_cdf(self, n: npt.ArrayLike, summary: Any, t: float) -> Floats:
        """Return P(X ≤ n) of every customer's purchases in the next `t` units, n one number or one a row."""
        rows, _ = _read(summary, self.by, self.base_.unit)
        count = np.broadcast_to(np.asarray(n, dtype=np.float64), rows.x.shape)
        most = np.arange(int(max(count.max(initial=0), 0)) + 1)
        each = self._scored(summary, lambda m, r: np.stack([m.count_cdf(k, r.x, r.t_x, r.T, t) for k in most]))
        return np.where(count < 0, 0.0, each[np.maximum(count, 0).astype(np.int64), np.arange(len(count))])

    def purchase_interval(self, summary: Any, t: float, level: float = 0.9) -> tuple[Ints, Ints]:
        """Return the exact central interval of every customer's purchases in the next `t` units."""
        ends = self._scored(summary, lambda m, r: np.stack(m.purchase_interval(r.x, r.t_x, r.T, t, level)))
        return ends[0], ends[1]


def pooled(model: type[WithIntervals], summary: Any, *, by: str, unit: str = "week") -> Pooled:
    """Fit a model to each group and shrink the groups towards each other by as much as their data leave open.

    Parameters
    ----------
    model
        `BetaGeoNBD`, `ModifiedBetaGeoNBD`, `ParetoNBD` or `NBD`.
    summary
        Any frame with x, t_x, T and the column `by`, one row a customer.
    by
        The column of the groups.

    Raises
    ------
    InputError
        For a missing column, customers without a group, and as the model's own `fit`.
    NotEnoughData
        When nobody in any group has bought twice.

    Notes
    -----
    Between groups the coordinates follow a normal law, whose centre and spreads maximise the restricted likelihood of
    what the groups' data say (`shrinkage`); a group's estimate is its mean given its data and that law. As likelihoods
    are no quadratics, what the data say is averaged over what is open of each group's coordinates, until nothing moves.
    One group is the plain model.

    References
    ----------
    Morris (1983), Parametric empirical Bayes inference. Breslow & Lin (1995) on why one point for each group is not
    enough.
    """
    if model not in COORDINATES:
        raise InputError(Words(zh="{m} 不能按组拟合", en="{m} cannot be fitted by groups").format(m=model.__name__))
    rows, level = _read(summary, by, unit)
    first, code = codes([level], len(level))
    plain = model(unit=unit)._fit(rows.triples())
    parts = [_triples(rows, code == k) for k in range(len(first))]
    found = pool(plain, parts)
    made = {
        name: Group(round(parts[k].size), found.groups[k].model, found.groups[k].weight)
        for k, name in enumerate(level[first].tolist())
    }
    return Pooled(by, made, found.typical.model, plain, dict(zip(COORDINATES[model], found.spread, strict=True)))


class Share(NamedTuple):
    """What the pool says of one group: see `regulars.measure.lifetime.grouped.GroupFit`."""

    model: WithIntervals
    weight: dict[str, float]
    coordinates: Floats
    covariance: Floats
    follows: Floats


@dataclass(frozen=True)
class Pool:
    """The groups in their order, the typical group, and the law between them: spread and doubt of its centre."""

    groups: list[Share]
    typical: Share
    spread: list[float]
    centre_covariance: Floats


def pool(plain: WithIntervals, parts: Sequence[Triples]) -> Pool:
    """Shrink the groups whose histories are `parts` towards each other, from `plain`, the fit to all of them."""
    assert plain.optimum_ is not None
    scale, mean_rate = plain._scales
    space = plain._coordinates(mean_rate)
    likelihoods = [Counted(plain._objective(p.scaled(scale)), space, 1.0) for p in parts]
    size = np.array([p.size for p in parts])
    law, phi, covariance, said = _agree(likelihoods, size, space, plain.optimum_.coordinates)
    names = COORDINATES[type(plain)]
    own = np.clip(1.0 - np.diagonal(covariance, axis1=1, axis2=2) / law.spread**2, 0.0, 1.0)
    follows = np.eye(len(names)) - covariance @ said.information
    groups = [
        Share(
            _model(plain, parts[k], likelihoods[k], phi[k], covariance[k]),
            dict(zip(names, map(float, own[k]), strict=True)),
            phi[k],
            covariance[k],
            follows[k],
        )
        for k in range(len(parts))
    ]
    nobody, centre = Triples(*(np.zeros(0) for _ in range(4))), np.clip(law.centre, space.lower, space.upper)
    free = np.diag(law.spread**2)
    base = _model(plain, nobody, None, centre, free)
    typical = Share(base, dict.fromkeys(names, 0.0), centre, free, np.eye(len(names)))
    known = said.centre(law.spread, law.centre)[1]
    return Pool(groups, typical, [float(s) for s in law.spread], np.asarray(np.linalg.inv(known)))


def _read(summary: Any, by: str, unit: str) -> tuple[Rows, npt.NDArray[Any]]:
    frame = nw.from_native(summary)
    names = frame.collect_schema().names()
    require_columns([by], names)
    chosen = frame.select([n for n in ("x", "t_x", "T", "t_x_days", "T_days") if n in names] + [by])
    table = chosen.collect("pyarrow") if isinstance(chosen, nw.LazyFrame) else chosen
    level = np.asarray(table[by].to_numpy())
    require_values(level, by)
    return rows_of(table, unit), level


def _triples(rows: Rows, chosen: npt.NDArray[np.bool_]) -> Triples:
    t_x_days, T_days = (None if v is None else v[chosen] for v in (rows.t_x_days, rows.T_days))
    return Rows(rows.x[chosen], rows.t_x[chosen], rows.T[chosen], t_x_days, T_days, rows.unit).triples()


def _agree(
    likelihoods: list[Counted], size: Floats, space: Coordinates, start: Floats
) -> tuple[Between, Floats, Floats, Groups]:
    """Return the law between groups, each group's coordinates and their covariance, and what the data say."""
    law, mean = Between(start, np.full(len(start), 0.5)), np.tile(start, (len(likelihoods), 1))
    covariance = None
    for turn in range(ROUNDS):
        if turn < FIRST:  # from modes, which exist however far away the start is
            mean = np.array([_peak(f, n, law, space, p) for f, n, p in zip(likelihoods, size, mean, strict=True)])
        groups = _around(likelihoods, mean, covariance if turn >= FIRST else None, space)
        before, law = law, between(groups, start)
        mean, covariance = groups.posterior(law)
        mean = np.clip(mean, space.lower, space.upper)
        still = np.abs(law.centre - before.centre).max() < 1e-4
        if turn > FIRST and still and np.abs(np.log(law.spread / before.spread)).max() < 0.02:
            break
    assert covariance is not None
    return law, mean, covariance, groups


def _peak(likelihood: Counted, size: float, law: Between, space: Coordinates, start: Floats) -> Floats:
    """Return where a group's likelihood times the law between groups is largest."""

    def loss(phi: Floats) -> tuple[float, Floats]:
        value, gradient = likelihood(phi)
        away = (phi - law.centre) / law.spread
        return (value + 0.5 * float(np.sum(away**2))) / size, (gradient + away / law.spread) / size

    return descend(loss, start, space.lower, space.upper, 1e-6)[0]


def _around(likelihoods: list[Counted], mean: Floats, covariance: Floats | None, space: Coordinates) -> Groups:
    """Return what the groups' data say near these coordinates, with no direction of negative information.

    With a covariance the gradient is its mean over what is still open of a group's coordinates, by 2k sigma points: at
    one point alone the customers of small groups look too much alike, as their group's own rate explains too much.
    """
    k = mean.shape[1]
    information, pull = [], []
    for g, (f, here) in enumerate(zip(likelihoods, mean, strict=True)):
        values, vectors = np.linalg.eigh(f.hessian(here))
        information.append((vectors * np.maximum(values, 0.0)) @ vectors.T)
        gradient = f(here)[1]
        if covariance is not None:
            values, vectors = np.linalg.eigh(covariance[g])
            steps = (vectors * np.sqrt(k * np.clip(values, 0.0, FARTHEST**2))).T
            points = np.clip(here + np.concatenate([steps, -steps]), space.lower, space.upper)
            gradient = np.mean([f(p)[1] for p in points], axis=0)
        pull.append(information[-1] @ here - gradient)
    return Groups(np.array(information), np.array(pull))


def _model(
    plain: WithIntervals, data: Triples, likelihood: Counted | None, phi: Floats, covariance: Floats
) -> WithIntervals:
    """Return the model at these coordinates, its doubt that of the group's own data and of the law between groups."""
    space = plain._coordinates(plain._scales[1])
    best = Optimum(
        coordinates=phi,
        log_parameters=space.to_log(phi),
        log_likelihood=-likelihood(phi)[0] if likelihood else 0.0,
        covariance=covariance,
        boundary=(),
        start_spread=0.0,
        gradient_norm=0.0,
        evaluations=likelihood.calls if likelihood else 0,
    )
    return type(plain)(unit=plain.unit)._take(best, space, plain._scales, data)
