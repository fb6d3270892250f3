"""One dated run of the loop over an orders file: lines → customers with value, classes and what to do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import narwhals as nw

from regulars.decide import playbook
from regulars.engine import Frame, n_rows, persist, release
from regulars.errors import NotEnoughData
from regulars.ingest import Orders
from regulars.measure import purchase_occasions
from regulars.measure.current import COSTS, current_value
from regulars.measure.summary import summarise
from regulars.prove.backtest import HoldOut, hold_out
from regulars.prove.holdout import Card
from regulars.prove.selection import Choice
from regulars.segment.matrix import MatrixRule, matrix_rule, place
from regulars.segment.rfm import RfmEdges, rfm
from regulars.segment.tiers import TierRule, tiers
from regulars.segment.visits import VisitRule, visits
from regulars.valuation.future import Future, foresee, known_histories, with_future
from regulars.valuation.settings import Settings
from regulars.valuation.writing import stored
from regulars.words import T

Step = Callable[[T], None]

STEPS = {
    "current": T(zh="算每位客户的当前价值", en="adding up what each customer brought"),
    "choose": T(zh="用早先的数据挑选、检验模型", en="choosing and testing a model on earlier data"),
    "future": T(zh="估计未来", en="estimating the future"),
    "classes": T(zh="分类", en="classing customers"),
}


@dataclass(frozen=True)
class Rules:
    """Where the classes were cut in this run."""

    matrix: MatrixRule
    rfm: RfmEdges
    tiers: TierRule
    visits: VisitRule


@dataclass(frozen=True)
class Valuation:
    """Everything one run found.

    Parameters
    ----------
    customers, occasions
        Stored frames: one row a customer (the columns of `regulars.valuation.columns`), one row an occasion.
    basis
        "net_profit" or "revenue": what values are counted in.
    not_enough
        Why there is no future value; None where there is one.
    """

    orders: Orders
    settings: Settings
    customers: Frame
    occasions: Frame
    n_customers: int
    basis: str
    rules: Rules
    held: HoldOut | None
    future: Future | None
    not_enough: T | None
    notes: tuple[T, ...] = ()

    @property
    def choice(self) -> Choice | None:
        """The model chosen and why; None where there is no future."""
        return self.held.choice if self.held and self.future else None

    @property
    def card(self) -> Card | None:
        """The hold-out of the model chosen; None where the data carry none, and `untested` says why."""
        return self.held.card if self.held and self.future else None

    @property
    def untested(self) -> T | None:
        """Why no forecast was tested; None where one was or where there is none."""
        return self.held.why_no_card if self.held and self.future else None


def value_orders(
    orders: Orders,
    settings: Settings | None = None,
    *,
    step: Step = lambda _: None,
    path: Path | None = None,
    consume: bool = False,
) -> Valuation:
    """Value every customer of `orders`.

    Parameters
    ----------
    orders
        What `regulars.ingest.read_orders` returned.
    settings
        Horizon, discount rate, margin and the like; the defaults where None.
    step
        Called with each step's name as it begins.
    path
        Where `customer_value.parquet` goes; the customers are then read from there instead of being kept by the engine.
    consume
        Give back the room of `orders` once its lines are added up; its frames cannot be read afterwards.

    Notes
    -----
    Where the data do not carry a model, or the model fails its checks, the future columns are null and `not_enough`
    says why; current value, RFM, tiers and visit classes come all the same. A span too short for a hold-out does not
    take the values away: `untested` says that no forecast was tested.
    """
    settings = settings or Settings()
    step(STEPS["current"])
    occasions = persist(purchase_occasions(orders.lines))
    current = current_value(orders.lines, as_of=orders.as_of, margin=settings.margin)
    summary = summarise(
        occasions, as_of=orders.as_of, unit="week", customer="customer_id", time="occasion_date", amount="net_amount"
    )
    base = persist(_joined(current.customers, summary))
    if consume:
        orders.release()
    n = n_rows(base)
    held, future, not_enough = None, None, None
    try:
        known = known_histories(base)
        step(STEPS["choose"])
        held = hold_out(occasions, first=orders.first_date, as_of=orders.as_of, n_customers=n)
        step(STEPS["future"])
        future = foresee(base, known, held.choice.model, settings, basis=current.basis)
    except NotEnoughData as error:
        not_enough = error.why
    step(STEPS["classes"])
    lazy, rules = _classes(base, future, occasions, orders, settings, current.basis)
    customers = stored(lazy, path)
    release(base)
    return Valuation(
        orders, settings, customers, occasions, n, current.basis, rules, held, future, not_enough, current.notes
    )


AMOUNTS = (
    "revenue",
    "product_cost",
    "gross_profit",
    "net_profit",
    "lifetime_revenue",
    "lifetime_profit",
    "total_spend",
)


def _joined(current: Frame, summary: Frame) -> Frame:
    """Join what customers brought to how they bought; narrow, since one row a customer stays in memory from here on."""
    known = current.join(summary, on="customer_id", how="left")
    kept = [name for name in known.collect_schema().names() if name not in (*COSTS, *AMOUNTS, "n_purchases")]
    return known.select(
        *kept,
        nw.col("n_purchases").fill_null(0).alias("n_purchases"),
        *[nw.col(name).cast(nw.Decimal(18, 4)) for name in AMOUNTS],
    )


def _classes(
    base: Frame, future: Future | None, occasions: Frame, orders: Orders, settings: Settings, basis: str
) -> tuple[Frame, Rules]:
    """Add classes and future; what looks for edges reads `base` where it can, and the result is still lazy."""
    dated = base.with_columns(as_of=nw.lit(orders.as_of), currency=nw.lit(orders.currency, dtype=nw.String))
    scored, edges = rfm(dated)
    tiered, tier_rule = tiers(scored, value=basis)
    visited, months = visits(tiered, occasions, as_of=orders.as_of, first_date=orders.first_date)
    valued = visited if future is None else with_future(visited, future, basis=basis)
    axes = [name for name in (basis, "future_value") if name in valued.collect_schema().names()]
    narrow = persist(valued.select(*axes))
    lines = matrix_rule(narrow, value=basis, future="future_value", threshold=settings.threshold)
    release(narrow)
    placed = place(valued, lines)
    return playbook.assign(placed), Rules(lines, edges, tier_rule, months)
