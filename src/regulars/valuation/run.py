"""One dated run of the loop over an orders file: lines → customers with value, classes and what to do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import narwhals as nw

from regulars.decide import playbook
from regulars.engine import Frame, n_rows, persist, release
from regulars.errors import NotEnoughData
from regulars.ingest import Orders
from regulars.measure import purchase_occasions
from regulars.measure.current import COSTS, current_value
from regulars.measure.summary import TIMES, summarise_occasions, with_times
from regulars.prove.backtest import HoldOut, hold_out
from regulars.prove.beside import Beside
from regulars.prove.holdout import Card
from regulars.prove.selection import Choice
from regulars.segment.matrix import MatrixRule, matrix_rule, place
from regulars.segment.rfm import RfmEdges, rfm_edges, score_rfm
from regulars.segment.tiers import TierRule, place_tiers, tier_rule
from regulars.segment.visits import VisitRule, class_visits, count_visits, visit_rule
from regulars.valuation.cohort import cohort_figures
from regulars.valuation.future import Future, fit, foresee, known_histories, read_base, with_values
from regulars.valuation.scoring import with_scores
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
    cohorts
        Retention by cohort, as `regulars.valuation.cohort` counts it.
    basis
        "net_profit" or "revenue": what values are counted in.
    not_enough
        Why there is no future value; None where there is one.
    """

    orders: Orders
    settings: Settings
    customers: Frame
    occasions: Frame
    cohorts: dict[str, Any]
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
    summary = summarise_occasions(occasions, as_of=orders.as_of)
    narrow = persist(_joined(current.customers, summary))
    if consume:
        orders.release()
    base = with_times(narrow, as_of=orders.as_of)
    n = n_rows(narrow)
    held, fitting, future, not_enough = None, None, None, None
    try:
        known = known_histories(base)
        step(STEPS["choose"])
        held = hold_out(occasions, first=orders.first_date, as_of=orders.as_of, n_customers=n, customers=narrow)
        step(STEPS["future"])
        read, model = read_base(base, known, basis=current.basis), held.choice.model
        fitting = Beside(lambda: fit(read, model, settings)).start()
    except NotEnoughData as error:
        not_enough = error.why
    cuts = _cuts(base, orders, current.basis)
    # While the models are fitted, which reads no table.
    counted = persist(count_visits(narrow, occasions, cuts[-1], as_of=orders.as_of))
    release(narrow)
    base = with_times(counted, as_of=orders.as_of)
    cohorts = cohort_figures(counted, occasions, as_of=orders.as_of)
    try:
        if held is not None and fitting is not None:
            fitted = fitting.result()
            held.reckon_beside()  # not sooner: two of these at a time would only wait for each other
            future = foresee(base, read, fitted, settings)
    except NotEnoughData as error:
        not_enough = error.why
    step(STEPS["classes"])
    # Stored in between: an engine writes what comes from a table in parallel and in order, what comes from a sort not.
    scored = persist(_scored(base, future))
    release(counted)
    rules = Rules(_matrix(with_times(scored, as_of=orders.as_of), future, settings, current.basis), *cuts)
    customers = stored(_classed(scored, future, orders, rules, current.basis), path)
    release(scored)
    return Valuation(
        orders, settings, customers, occasions, cohorts, n, current.basis, rules, held, future, not_enough,
        current.notes,
    )  # fmt: skip


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


def _cuts(base: Frame, orders: Orders, basis: str) -> tuple[RfmEdges, TierRule, VisitRule]:
    """Find where the classes are cut that need no future."""
    return rfm_edges(base), tier_rule(base, value=basis), visit_rule(orders.as_of, orders.first_date)


def _matrix(scored: Frame, future: Future | None, settings: Settings, basis: str) -> MatrixRule:
    """Find the lines of the matrix, from nothing but its two axes."""
    valued = scored if future is None else with_values(scored, future, basis=basis)
    axes = [name for name in (basis, "future_value") if name in valued.collect_schema().names()]
    narrow = persist(valued.select(*axes))
    lines = matrix_rule(narrow, value=basis, future="future_value", threshold=settings.threshold)
    release(narrow)
    return lines


def _scored(base: Frame, future: Future | None) -> Frame:
    """Add the scores, and sort by customer.

    What follows from a row by itself waits for `_classed`: a row is widest at the end, and texts would be most of what
    is sorted.
    """
    return (base if future is None else with_scores(base, future.scores)).drop(TIMES).sort("customer_id")


def _classed(scored: Frame, future: Future | None, orders: Orders, rules: Rules, basis: str) -> Frame:
    """Add classes and future to customers that have their scores; row by row and lazily."""
    dated = with_times(scored, as_of=orders.as_of).with_columns(
        as_of=nw.lit(orders.as_of), currency=nw.lit(orders.currency, dtype=nw.String)
    )
    valued = dated if future is None else with_values(dated, future, basis=basis)
    classed = class_visits(place_tiers(score_rfm(valued, rules.rfm), rules.tiers))
    return playbook.assign(place(classed, rules.matrix))
