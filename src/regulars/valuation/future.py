"""The future of a customer base: a lifetime model and a spend model, fitted, and every customer's value from them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import narwhals as nw
import numpy as np

from regulars.engine import MONEY, Frame, add_days, to_arrow
from regulars.errors import NotEnoughData
from regulars.measure.lifetime import (
    GammaGamma,
    LifetimeModel,
    Spend,
    Total,
)
from regulars.measure.lifetime.law import Law
from regulars.measure.lifetime.quadrature import Floats
from regulars.measure.lifetime.totals import Scored, Spent, totals_of_groups
from regulars.measure.lifetime.triples import Triples
from regulars.measure.margin import Margins
from regulars.prove.candidates import RANDOM, new_model
from regulars.valuation.scoring import KEYS, Histories, Scores, check, histories, score
from regulars.valuation.settings import Settings
from regulars.words import T

FEWEST_CUSTOMERS = 30
FEWEST_REPEATERS = 10
SHORTEST_DAYS = 56
FINE = nw.Decimal(38, 9)


@dataclass(frozen=True)
class Future:
    """The fitted models and what they say of the base.

    `totals` has "still_buying", "purchases" and "value" with their intervals.
    """

    name: str
    model: LifetimeModel
    spend: GammaGamma
    scores: Scores
    totals: dict[str, Total]
    margins: Margins | None


def known_histories(customers: Frame, *, to_fit: bool = True) -> Histories:
    """Return the distinct histories of all customers who bought, where they carry a model.

    Raises
    ------
    NotEnoughData
        With fewer than 30 customers, 10 repeat customers, or 8 weeks; without a customer where nothing is to be fitted.
    """
    known = histories(customers.filter(nw.col("n_purchases") > 0))
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
    """

    known: Histories
    x: Floats
    mean_spend: Floats
    margins: Margins | None


def read_base(customers: Frame, known: Histories, *, basis: str) -> Base:
    """Read what the models are fitted on from one row a customer, persisted.

    Parameters
    ----------
    customers
        The customer summary and current value.
    known
        Their distinct histories.
    basis
        "net_profit" or "revenue": what future value is counted in.
    """
    spent = to_arrow(customers.filter(nw.col("x") > 0).select("x", "mean_repeat_spend"))
    x, mean = (spent[name].to_numpy().astype(np.float64) for name in ("x", "mean_repeat_spend"))
    return Base(known, x, mean, _margins(customers) if basis == "net_profit" else None)


@dataclass(frozen=True)
class Fitted:
    """A lifetime model and a spend model with what they say of every history."""

    name: str
    model: LifetimeModel
    spend: GammaGamma
    scores: Scores


def fit(base: Base, name: str, settings: Settings, *, k: int = RANDOM) -> Fitted:
    """Fit the named model (of `CANDIDATES`, `k` for regular buyers) on all customers and score every history.

    Raises
    ------
    NotEnoughData
        When the data do not carry the models, or what they say is not sound.
    """
    x, t_x, age = base.known.weeks
    model = new_model(name, k).fit_grouped(x, t_x, age, base.known.count)
    spend = GammaGamma().fit_arrays(base.x, base.mean_spend)
    return evaluate(name, model, spend, base.known, settings)


def evaluate(name: str, model: LifetimeModel, spend: GammaGamma, known: Histories, settings: Settings) -> Fitted:
    """Score every history with models whose parameters are known.

    Raises
    ------
    NotEnoughData
        When what they say is not sound.
    """
    scores = score(model.law, spend.spend, known, settings)
    check(scores)
    return Fitted(name, model, spend, scores)


def foresee(customers: Frame, base: Base, fitted: Fitted, settings: Settings, *, rivals: Sequence[Law] = ()) -> Future:
    """Return the future of the base with its totals, which read the customers once more.

    `rivals` are the models that earlier origins cannot tell apart, the one in use first: they widen the intervals.
    """
    totals = _totals(customers, fitted.model, fitted.spend, fitted.scores, settings, base.margins, rivals)
    return Future(fitted.name, fitted.model, fitted.spend, fitted.scores, totals, base.margins)


def with_values(scored: Frame, future: Future, *, basis: str) -> Frame:
    """Add every future column of the contract to customers that have the scores of their history, lazily."""
    valued = _timing(_values(_rates(scored, future.margins), future.spend.spend, _fallback(future.spend)))
    nothing = nw.lit(0).cast(MONEY)
    now, later = (nw.coalesce(nw.col(name), nothing) for name in (basis, "future_value"))
    return valued.with_columns(customer_value=(now + later).cast(MONEY))


def _fallback(spend: GammaGamma) -> float:
    """Return the spend to expect of a customer without repeat spend."""
    return float(spend.expected_spend_at(0, 0.0)[0])


def _margins(customers: Frame) -> Margins:
    """Return the base's net profit over revenue of the trailing year, and its mean purchase to date."""
    known = customers.filter(~nw.col("net_profit").is_null())
    sums = known.select(nw.col("net_profit").sum(), nw.col("revenue").sum())
    year = to_arrow(sums).to_pylist()[0]
    spent = to_arrow(customers.select(nw.col("total_spend").sum(), nw.col("n_purchases").sum())).to_pylist()[0]
    revenue, n = float(year["revenue"] or 0), int(spent["n_purchases"] or 0)
    return Margins.of(float(year["net_profit"] or 0), revenue, float(spent["total_spend"] or 0) / n if n else 0.0)


def _rates(customers: Frame, margins: Margins | None) -> Frame:
    """Add `_rate`: what is left of a unit of revenue, a customer's own trailing year weighed against the base's."""
    if margins is None:
        return customers.with_columns(_rate=nw.lit(1.0))
    revenue, profit = nw.col("revenue").cast(nw.Float64), nw.col("net_profit").cast(nw.Float64)
    known = ~profit.is_null() & (revenue > 0)
    blended = margins.blended(profit, revenue).clip(*margins.bounds)
    return customers.with_columns(_rate=nw.when(known).then(blended).otherwise(margins.rate))


def worth_of_a_purchase(customers: Frame, margins: Margins | None) -> Frame:
    """Add `_worth` to rows of `customer_value`: what a purchase is expected to leave, spend times the margin's rate."""
    rated = _rates(customers, margins)
    return rated.with_columns(_worth=nw.col("_rate") * nw.col("expected_spend")).drop("_rate")


def _values(customers: Frame, spend: Spend, fallback: float) -> Frame:
    """Add expected spend, future value with its interval, residual value and value at risk."""
    x, m, rate = nw.col("x"), nw.col("mean_repeat_spend"), nw.col("_rate")
    has_spend = (x > 0) & (m > 0)
    seen = nw.when(has_spend).then(x * m).otherwise(0.0)
    rest = spend.p * nw.when(has_spend).then(x).otherwise(0) + (spend.q - 1.0)
    posterior = spend.p * (spend.v + seen) / nw.when(rest > 0).then(rest).otherwise(1.0)
    alive = ~nw.col("p_alive").is_null()
    each = customers.with_columns(
        expected_spend=nw.when(alive).then(nw.when(has_spend & (rest > 0)).then(posterior).otherwise(fallback)),
        _scale=rate * (spend.v + seen),
    )
    worth = rate * nw.col("expected_spend")
    low, high = nw.col("_scale") * nw.col("_factor_low"), nw.col("_scale") * nw.col("_factor_high")
    gains = rate >= 0
    amounts = {
        "future_value": worth * nw.col("_discounted"),
        "future_value_low": nw.when(gains).then(low).otherwise(high),
        "future_value_high": nw.when(gains).then(high).otherwise(low),
        "residual_value": worth * nw.col("_residual"),
        "value_at_risk": nw.when(gains).then(worth * nw.col("_lost")).otherwise(0.0),
    }
    return each.with_columns(
        nw.when(alive & amount.is_finite()).then(amount.round(4)).cast(MONEY).alias(name)
        for name, amount in amounts.items()
    )


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


def _totals(
    customers: Frame,
    model: LifetimeModel,
    spend: GammaGamma,
    scores: Scores,
    settings: Settings,
    margins: Margins | None,
    rivals: Sequence[Law],
) -> dict[str, Total]:
    """Return the totals with intervals from sums a history; exact decimals, so that threads do not matter."""
    known = _rates(customers.filter(nw.col("n_purchases") > 0), margins)
    seen = nw.when(nw.col("mean_repeat_spend") > 0).then(nw.col("x") * nw.col("mean_repeat_spend")).otherwise(0.0)
    sized = known.with_columns(_scale=nw.col("_rate") * (spend.v_ + seen)).with_columns(
        nw.col("_rate").round(9).cast(FINE).alias("weight"),
        nw.col("_scale").round(6).cast(FINE).alias("scale"),
        (nw.col("_scale") * nw.col("_scale")).round(6).cast(FINE).alias("square"),
        nw.when(nw.col("_rate") < 0).then(1).otherwise(0).alias("loses"),
    )
    sums = sized.group_by(*KEYS).agg(
        *[nw.col(name).sum().cast(nw.Float64) for name in ("weight", "scale", "square")], nw.col("loses").sum()
    )
    table = to_arrow(sums).sort_by([("x", "ascending"), ("T_days", "ascending"), ("t_x_days", "ascending")])
    weight, scale, square, loses = (table[name].to_numpy() for name in ("weight", "scale", "square", "loses"))
    x, t_x, age = scores.histories.weeks
    expected = scores.given_expected
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(expected > 0, scores.given_discounted / expected, 1.0)
    return totals_of_groups(
        model,
        Triples(x, t_x, age, scores.histories.count.astype(np.float64)),
        Scored(scores.p_alive, expected, scores.given_variance + expected**2, ratio),
        Spent(weight, scale, square, bool(loses.any())),
        spend,
        settings.horizon_weeks,
        level=settings.level,
        seed=settings.seed,
        rivals=rivals,
    )
