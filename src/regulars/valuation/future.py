"""The future of a customer base: a lifetime model and the worth of a purchase, and each customer's value by them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import narwhals as nw
import numpy as np

from regulars.engine import MONEY, Frame, add_days, to_arrow
from regulars.errors import NotEnoughData
from regulars.measure.lifetime import GammaGamma, NormalNormal, Total
from regulars.measure.lifetime.grouped_law import AnyLaw
from regulars.measure.lifetime.quadrature import Floats
from regulars.measure.lifetime.totals import totals_of_groups
from regulars.measure.lifetime.triples import Triples
from regulars.measure.lifetime.worth import Scored
from regulars.measure.margin import Margins
from regulars.prove.candidates import BY, RANDOM, AnyModel, fit_by_groups, new_model
from regulars.prove.earnings import Earnings
from regulars.prove.members import Members
from regulars.valuation.by_profit import ByProfit
from regulars.valuation.by_spend import BySpend
from regulars.valuation.scoring import Histories, Scores, check, histories, score
from regulars.valuation.settings import Settings
from regulars.valuation.worth import Worth
from regulars.words import T

FEWEST_CUSTOMERS = 30
FEWEST_REPEATERS = 10
SHORTEST_DAYS = 56


@dataclass(frozen=True)
class Future:
    """The fitted models and what they say of the base.

    `totals` has "still_buying", "purchases" and "value" with their intervals.
    """

    name: str
    model: AnyModel
    worth: Worth
    scores: Scores
    totals: dict[str, Total]
    settings: Settings


def known_histories(customers: Frame, *, to_fit: bool = True, members: Members | None = None) -> Histories:
    """Return the distinct histories of all customers who bought, where they carry a model; groups apart by `members`.

    Raises
    ------
    NotEnoughData
        With fewer than 30 customers, 10 repeat customers, or 8 weeks; without a customer where nothing is to be fitted.
    """
    known = histories(customers.filter(nw.col("n_purchases") > 0), members)
    if to_fit or not len(known.x):
        _enough(known)
    return known


def _enough(known: Histories) -> None:
    customers, repeaters = int(known.count.sum()), int(known.count[known.x > 0].sum())
    days = int(known.T_days.max(initial=0))
    if customers < FEWEST_CUSTOMERS:
        why = T(
            zh=f"只有 {customers} 位客户，至少要 {FEWEST_CUSTOMERS} 位",
            en=f"{customers} of the {FEWEST_CUSTOMERS} customers that it takes",
        )
    elif repeaters < FEWEST_REPEATERS:
        why = T(
            zh=f"只有 {repeaters} 位客户买过不止一次，至少要 {FEWEST_REPEATERS} 位",
            en=f"{repeaters} of the {FEWEST_REPEATERS} repeat customers that it takes",
        )
    elif days < SHORTEST_DAYS:
        why = T(
            zh=f"数据只有 {days} 天，至少要 {SHORTEST_DAYS} 天",
            en=f"{days} of the {SHORTEST_DAYS} days that it takes",
        )
    else:
        return
    raise NotEnoughData(why)


@dataclass(frozen=True)
class Base:
    """What the models are fitted on, read from the customers: nothing after this reads a table until the totals.

    ``x`` and ``mean_spend`` are those of the repeat customers; `margins` is None where values are counted in revenue.
    `earned` is what purchases left, where the worth of one is fitted to that instead of to spend.
    """

    known: Histories
    x: Floats
    mean_spend: Floats
    margins: Margins | None
    earned: Earnings | None = None


def read_base(customers: Frame, known: Histories, *, basis: str, earned: Earnings | None = None) -> Base:
    """Read what the models are fitted on from one row a customer, persisted.

    Parameters
    ----------
    customers
        The customer summary and current value.
    known
        Their distinct histories.
    basis
        "net_profit" or "revenue": what future value is counted in.
    earned
        What purchases left, where the worth of one is to be fitted to that.
    """
    if earned is not None:
        return Base(known, np.zeros(0), np.zeros(0), None, earned)
    spent = to_arrow(customers.filter(nw.col("x") > 0).select("x", "mean_repeat_spend"))
    x, mean = (spent[name].to_numpy().astype(np.float64) for name in ("x", "mean_repeat_spend"))
    return Base(known, x, mean, _margins(customers) if basis == "net_profit" else None)


@dataclass(frozen=True)
class Fitted:
    """A lifetime model and the worth of a purchase, with what they say of every history."""

    name: str
    model: AnyModel
    worth: Worth
    scores: Scores


def fit_model(base: Base, name: str, *, k: int = RANDOM) -> AnyModel:
    """Fit the named model (of `CANDIDATES`, `k` for regular buyers) on all customers.

    Raises
    ------
    NotEnoughData
        When the data do not carry it.
    """
    x, t_x, age = base.known.weeks
    if BY in name:
        return fit_by_groups(name, Triples(x, t_x, age, base.known.count.astype(np.float64)), base.known.group)
    return new_model(name, k).fit_grouped(x, t_x, age, base.known.count)


def fit_worth(base: Base) -> Worth:
    """Fit what a purchase is worth.

    Raises
    ------
    NotEnoughData
        When the data do not carry the model of it.
    """
    if base.earned is None:
        return BySpend(GammaGamma().fit_arrays(base.x, base.mean_spend), base.margins)
    each = base.earned
    return ByProfit(NormalNormal().fit_arrays(np.where(each.known > 0, each.n, 0.0), each.profit, each.squares))


def evaluate(name: str, model: AnyModel, worth: Worth, known: Histories, settings: Settings) -> Fitted:
    """Score every history with models whose parameters are known.

    Raises
    ------
    NotEnoughData
        When what they say is not sound.
    """
    scores = score(model.law, worth.spend.spend if isinstance(worth, BySpend) else None, known, settings)
    check(scores)
    return Fitted(name, model, worth, scores)


def foresee(customers: Frame, fitted: Fitted, settings: Settings, *, rivals: Sequence[AnyLaw] = ()) -> Future:
    """Return the future of the base with its totals, which read the customers once more.

    `rivals` are the models that earlier origins cannot tell apart, the one in use first: they widen the intervals.
    """
    totals = _totals(customers, fitted, settings, rivals)
    return Future(fitted.name, fitted.model, fitted.worth, fitted.scores, totals, settings)


def with_values(scored: Frame, future: Future, *, basis: str) -> Frame:
    """Add every future column of the contract to customers that have the scores of their history, lazily."""
    each, amounts = future.worth.with_amounts(scored)
    alive = ~nw.col("p_alive").is_null()
    valued = _timing(
        each.with_columns(
            nw.when(alive & amount.is_finite()).then(amount.round(4)).cast(MONEY).alias(name)
            for name, amount in amounts.items()
        )
    )
    nothing = nw.lit(0).cast(MONEY)
    now, later = (nw.coalesce(nw.col(name), nothing) for name in (basis, "future_value"))
    return valued.with_columns(customer_value=(now + later).cast(MONEY))


def _margins(customers: Frame) -> Margins:
    """Return the base's net profit over revenue of the trailing year, and its mean purchase to date."""
    known = customers.filter(~nw.col("net_profit").is_null())
    sums = known.select(nw.col("net_profit").sum(), nw.col("revenue").sum())
    year = to_arrow(sums).to_pylist()[0]
    spent = to_arrow(customers.select(nw.col("total_spend").sum(), nw.col("n_purchases").sum())).to_pylist()[0]
    revenue, n = float(year["revenue"] or 0), int(spent["n_purchases"] or 0)
    return Margins.of(float(year["net_profit"] or 0), revenue, float(spent["total_spend"] or 0) / n if n else 0.0)


def _timing(customers: Frame) -> Frame:
    """Add whether a customer is late, their usual gap and when the next order is due, and drop the working columns."""
    silent, late = nw.col("days_since_last_purchase"), nw.col("_late_after_days")
    timed = customers.with_columns(
        at_risk=nw.when(~late.is_null()).then(silent > late).otherwise(nw.lit(None, dtype=nw.Boolean)),
        usual_gap_days=nw.when(nw.col("x") > 0).then(nw.col("t_x_days") / nw.col("x")),
        _due=nw.when(nw.col("_due_after_days") <= 366.0).then(nw.col("_due_after_days").round(0).cast(nw.Int64)),
    )
    due = add_days(timed, "last_purchase", "_due", name="next_order_due")
    return due.drop([name for name in due.collect_schema().names() if name.startswith("_")])


def _totals(customers: Frame, fitted: Fitted, settings: Settings, rivals: Sequence[AnyLaw]) -> dict[str, Total]:
    """Return the totals with intervals from sums a history."""
    scores = fitted.scores
    x, t_x, age = scores.histories.weeks
    expected = scores.given_expected
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(expected > 0, scores.given_discounted / expected, 1.0)
    return totals_of_groups(
        fitted.model,
        Triples(x, t_x, age, scores.histories.count.astype(np.float64)),
        Scored(scores.p_alive, expected, scores.given_variance + expected**2, ratio),
        fitted.worth.together(customers, scores.histories.keys),
        settings.horizon_weeks,
        level=settings.level,
        seed=settings.seed,
        rivals=rivals,
        member=scores.histories.group,
    )
