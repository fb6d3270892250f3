"""What a fitted model expects of a base, as a function of how far one looks, at what rate, and who leaves how soon.

Everything is linear in the customers: those with the same (x, T) share one law of the future, so a base is a few
thousand cells, each with the purchases and the money that hang on it, and a what-if is one pass over them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Self, cast

import numpy as np
import numpy.typing as npt

from regulars.errors import InputError
from regulars.measure.lifetime.counts import Future
from regulars.measure.lifetime.gaps import RandomGaps
from regulars.measure.lifetime.grouped import Grouped
from regulars.measure.lifetime.grouped_law import Membership, law_of
from regulars.measure.lifetime.model import LifetimeModel
from regulars.measure.lifetime.nbd import NBDFuture
from regulars.measure.lifetime.purchases import BetaGeoNBD, ModifiedBetaGeoNBD, ParetoNBD
from regulars.measure.lifetime.quadrature import Floats
from regulars.measure.lifetime.triples import as_rows
from regulars.periods import discount_per_unit, unit_days
from regulars.words import T

HORIZONS: tuple[float | None, ...] = (4, 13, 26, 52, 104, 156, None)
"""Weeks ahead; None: the whole remaining relationship."""
RATES = (0.0, 0.02, 0.03, 0.05, 0.08, 0.1, 0.12, 0.15, 0.2, 0.3)
LOWER = (0.05, 0.1, 0.2, 0.3, 0.5)
"""Shares by which customers leave less."""

_CHANCE = T(
    zh="每位客户每次购买之后流失的概率 p 乘以 {k}（从估值日起；购买速率、消费和目前的活跃概率不变）",
    en="each customer's chance p of leaving after a purchase is multiplied by {k} (from the valuation date on; the "
    "purchase rate, the spend and P(alive) as of that date stay)",
)
_SPEED = T(
    zh="每位客户流失的速率 μ 乘以 {k}（从估值日起；购买速率、消费和目前的活跃概率不变）",
    en="each customer's rate μ of leaving is multiplied by {k} (from the valuation date on; the purchase rate, the "
    "spend and P(alive) as of that date stay)",
)
SCALED: dict[type[LifetimeModel], T] = {ModifiedBetaGeoNBD: _CHANCE, BetaGeoNBD: _CHANCE, ParetoNBD: _SPEED}
"""What a lower dropout scales in each model that has one; by exact type, since the identity has to hold."""
ARITHMETIC = T(
    zh="这是算术：如果客户流失得慢这么多，模型说价值会是这么多。它没有说怎样才能做到，也不是承诺；"
    "只有对照试验能说明一个做法留住了多少人。",
    en="This is arithmetic: if customers left this much more slowly, the model says the value would be so much. It "
    "does not say how to bring that about and promises nothing; only an experiment shows how many an action keeps.",
)
_NO_DROPOUT = T(
    zh="这个模型没有可以这样缩放的流失：它不算流失，或者客户下单有节奏",
    en="The model has no dropout that could be scaled in this way: it knows none, or customers buy in a rhythm",
)


@dataclass(frozen=True)
class Base:
    """Customers by history.

    Parameters
    ----------
    x, t_x, T
        Repeat purchases, time of the last and age, in the model's unit, one element a history.
    count
        Customers with this history.
    worth
        Sum over them of what one purchase is expected to bring: margin rate × expected spend, money.
    member
        Which group each history is of, where the model has parameters by group.
    """

    x: Floats
    t_x: Floats
    T: Floats
    count: Floats
    worth: Floats
    member: Membership | None = None

    @classmethod
    def of(
        cls, x: npt.ArrayLike, t_x: npt.ArrayLike, T: npt.ArrayLike, worth: npt.ArrayLike, *, unit: str = "week"
    ) -> Self:
        """Return the base of arrays with one row a customer (one row: that customer).

        Raises
        ------
        InputError
            For histories that cannot be, as `regulars.measure.lifetime` refuses them.
        """
        groups, member = as_rows(x, t_x, T, unit).grouped()
        each = np.broadcast_to(np.asarray(worth, dtype=np.float64), member.shape)
        return cls(groups.x, groups.t_x, groups.T, groups.count, np.bincount(member, each, len(groups.x)))


@dataclass(frozen=True)
class Point:
    """Expected purchases and their discounted worth, under what was asked.

    Parameters
    ----------
    weeks
        How far ahead; None: the whole remaining relationship.
    rate
        Effective annual discount rate.
    lower
        By which share dropout is lower than fitted.
    purchases
        Expected purchases, undiscounted; None where their expectation is infinite.
    value
        Expected worth of these purchases as of the valuation date; None where it is infinite.
    change
        Value over that of the point compared with, less 1; None where there is nothing to compare.
    """

    weeks: float | None
    rate: float
    lower: float
    purchases: float | None
    value: float | None
    change: float | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return the point as JSON carries it."""
        return asdict(self)


class Outlook:
    """A base as a fitted model sees it.

    Parameters
    ----------
    model
        A lifetime model with its parameters.
    base
        The customers, in the model's unit, as of the day their `T` runs to.

    Attributes
    ----------
    customers, still_buying
        How many there are, and the sum of P(alive).

    Notes
    -----
    A dropout that is `lower` by a share has every customer's own dropout multiplied by k = 1 − lower from now on: the
    chance p in the (M)BG/NBD, the rate μ in the Pareto/NBD. Purchases while active keep their steady rate, so the
    relationship runs as before at 1/k of the speed, and for these models alike, exactly:

        E_k[X(t)] = E[X(k t)] / k,    D_k(t, δ) = D(k t, δ/k) / k,    and as k → 0 the NBD without dropout.

    Examples
    --------
    >>> model = ParetoNBD.from_params(r=0.553, alpha=10.578, s=0.606, beta=11.669)
    >>> one = Outlook(model, Base.of(26, 30.86, 31, 100.0))
    >>> round(one.at(52, rate=0.0).value)
    2546
    """

    def __init__(self, model: LifetimeModel | Grouped, base: Base) -> None:
        self.model = model
        law = law_of(model.law, base.member)
        alive = law.probability_alive(base.x, base.t_x, base.T)
        self._future, index = law.given_alive(base.x, base.t_x, base.T)
        self.customers = float(base.count.sum())
        self.still_buying = float(np.sum(base.count * alive))
        self._buying = np.bincount(index, base.count * alive, len(self._future))
        self._worth = np.bincount(index, base.worth * alive, len(self._future))

    def at(self, weeks: float | None = 52, *, rate: float = 0.1, lower: float = 0.0) -> Point:
        """Return what is expected within `weeks` (None: to the end) at an annual `rate`, dropout `lower` by a share.

        Raises
        ------
        InputError
            For a negative horizon or rate, a share outside 0 to 1, or a lower dropout in a model that has none.
        """
        if weeks is not None and not 0 <= weeks < float("inf"):
            raise InputError(
                T(zh="期限要是 0 或正数，不能是 {v}", en="a horizon must be 0 or positive, not {v}").format(v=weeks)
            )
        delta = discount_per_unit(rate, self.model.unit)
        k, future = self._slower(lower)
        if weeks is None:
            bought, worth = future.residual(0.0) / k, future.residual(delta / k) / k
        else:
            t = k * weeks * unit_days("week") / unit_days(self.model.unit)
            bought, worth = future.expected(t) / k, future.discounted(t, delta / k) / k
        return Point(weeks, rate, lower, _total(self._buying, bought), _total(self._worth, worth))

    def _slower(self, lower: float) -> tuple[float, Future]:
        """Return by what the dropout is multiplied and the future of which this is another pace."""
        if lower == 0.0:
            return 1.0, self._future
        if not 0.0 < lower <= 1.0:
            raise InputError(
                T(
                    zh="流失降低的比例要在 0 与 1 之间，不能是 {v}",
                    en="the share by which dropout falls lies between 0 and 1, not {v}",
                ).format(v=lower)
            )
        self.scaled(lower)
        if lower < 1.0:
            return 1.0 - lower, self._future
        return 1.0, NBDFuture(*cast(RandomGaps, self._future).rate())

    def scaled(self, lower: float) -> T:
        """Return in words what of the model a lower dropout scales.

        Raises
        ------
        InputError
            For a model without a dropout, or whose buying is not steady while active.
        """
        kind = self.model.kind if isinstance(self.model, Grouped) else type(self.model)
        if kind not in SCALED:
            raise InputError(_NO_DROPOUT)
        return SCALED[kind].format(k=f"{1.0 - lower:.4g}")

    def by_horizon(self, weeks: Sequence[float | None] = HORIZONS, *, rate: float = 0.1) -> list[Point]:
        """Return a point for each horizon."""
        return [self.at(each, rate=rate) for each in weeks]

    def by_rate(self, rates: Sequence[float] = RATES, *, weeks: float | None = 52, rate: float = 0.1) -> list[Point]:
        """Return a point for each discount rate, its change against `rate`."""
        return _compared([self.at(weeks, rate=each) for each in rates], self.at(weeks, rate=rate))

    def by_retention(
        self, lower: Sequence[float] = LOWER, *, weeks: float | None = 52, rate: float = 0.1
    ) -> list[Point]:
        """Return a point for each lower dropout, its change against the model as fitted; say `ARITHMETIC` beside it."""
        return _compared([self.at(weeks, rate=rate, lower=each) for each in lower], self.at(weeks, rate=rate))


def _total(weight: Floats, each: Floats) -> float | None:
    """Return Σ weight · each, None where it is infinite; what weighs nothing adds nothing, however long it lasts."""
    total = float(np.sum(np.multiply(weight, each, out=np.zeros_like(each), where=weight != 0.0)))
    return total if np.isfinite(total) else None


def _compared(points: list[Point], usual: Point) -> list[Point]:
    if not usual.value:
        return points
    return [replace(p, change=None if p.value is None else p.value / usual.value - 1.0) for p in points]
