"""One dated run of the loop over an orders file: lines → customers with value, classes and what to do."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import narwhals as nw

from regulars.decide import playbook
from regulars.engine import Frame, n_rows, persist, release
from regulars.errors import NotEnoughData
from regulars.ingest import Orders
from regulars.measure import purchase_occasions
from regulars.measure.current import COSTS, current_value
from regulars.measure.lifetime.kind import Kind
from regulars.measure.summary import TIMES, summarise_occasions, with_times
from regulars.prove.backtest import HoldOut, hold_out
from regulars.prove.beside import Beside
from regulars.prove.holdout import Card
from regulars.prove.members import Members
from regulars.prove.origins import HELD_OUT, LAST_KNOWN, Marks, plan
from regulars.prove.refit import Refit
from regulars.prove.spending import SpendChoice
from regulars.segment.matrix import MatrixRule, matrix_rule, place
from regulars.segment.rfm import RfmEdges, rfm_edges, score_rfm
from regulars.segment.tiers import TierRule, place_tiers, tier_rule
from regulars.segment.visits import VisitRule, class_visits, visit_rule, visit_spans
from regulars.valuation.cohort import cohort_figures
from regulars.valuation.future import (
    Fitted,
    Future,
    evaluate,
    fit_model,
    fit_worth,
    foresee,
    known_histories,
    read_base,
    with_values,
)
from regulars.valuation.given import Given
from regulars.valuation.groups import customer_groups, with_groups
from regulars.valuation.relationship import relationship
from regulars.valuation.scoring import Histories, with_scores
from regulars.valuation.settings import Settings
from regulars.valuation.spending import Spending, profits_or_why, spending
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
    kind
        Which kind of relationship the purchases show.
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
    kind: Kind
    basis: str
    rules: Rules
    held: HoldOut | None
    future: Future | None
    not_enough: T | None
    notes: tuple[T, ...] = ()
    given: Given | None = None
    refit: Refit | None = None
    renewed: Given | None = None
    spend: SpendChoice | None = None

    @property
    def choice(self) -> dict[str, Any] | None:
        """The model chosen and why, by this run or by the one whose parameters it took; None without a future."""
        if self.future is None:
            return None
        if self.given is not None:
            return self.given.card["choice"]  # type: ignore[no-any-return]
        return self.held.choice.as_dict() if self.held else None

    @property
    def spend_choice(self) -> dict[str, Any] | None:
        """How the worth of a purchase is forecast and why, by this run or the one whose parameters it took."""
        if self.future is not None and self.given is not None:
            return self.given.card.get("spend_choice")
        return self.spend.as_dict() if self.spend and self.future else None

    @property
    def card(self) -> Card | None:
        """The hold-out of the model chosen here; None where there is none, and `untested` says why."""
        return self.held.card if self.held and self.future else None

    @property
    def holdout(self) -> dict[str, Any] | None:
        """The hold-out of the model as figures: of this run or of the one whose parameters it took."""
        if self.future is not None and self.given is not None:
            return self.given.card["holdout"]  # type: ignore[no-any-return]
        return self.card.as_dict() if self.card else None

    @property
    def untested(self) -> T | None:
        """Why no forecast was tested; None where one was or where there is none."""
        if self.future is not None and self.given is not None:
            why = self.given.card["untested"]
            return T(**why) if why else None
        return self.held.why_no_card if self.held and self.future else None

    @property
    def said(self) -> T | None:
        """With which parameters scores were made and whether a refit is due; None where all was fitted as ever."""
        earlier = self.given or self.renewed
        if earlier is None or self.refit is None:
            return None
        return earlier.said(self.refit, renewed=self.given is None)


def value_orders(
    orders: Orders,
    settings: Settings | None = None,
    *,
    given: Given | None = None,
    renew: bool = False,
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
        Horizon, discount rate, margin and the like; where None those of the run that parameters are `given` by, else
        the defaults.
    given
        The parameters of an earlier run: every score is made with them, nothing is chosen, fitted or tested, and the
        lines between classes stay where they were.
    renew
        Fit after all where the model no longer says what happens (`regulars.prove.refit`).
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

    Raises
    ------
    InputError
        When the parameters given cannot score these orders.
    """
    settings = settings or (given.settings if given else Settings())
    step(STEPS["current"])
    occasions = persist(purchase_occasions(orders.lines))
    members = customer_groups(orders, settings, given)
    current = current_value(orders.lines, as_of=orders.as_of, margin=settings.margin)
    visits = visit_rule(orders.as_of, orders.first_date)
    marks = Marks.of(plan(orders.first_date, orders.as_of).card)
    counts = {**visit_spans(visits), **marks.counts}
    summary = summarise_occasions(occasions, as_of=orders.as_of, counts=counts, lasts=marks.lasts)
    counted = persist(with_groups(joined(current.customers, summary, counts), members))
    profits = profits_or_why(orders.lines, occasions, current, settings.margin) if given is None or renew else None
    if consume:
        orders.release()
    base = with_times(counted, as_of=orders.as_of)
    n = n_rows(counted)
    held, spend, fitting, future, not_enough, refit, renewed = None, None, None, None, None, None, None
    if given is not None:
        if not renew:
            given.check(as_of=orders.as_of, basis=current.basis, settings=settings)
        refit = given.refit(
            occasions, as_of=orders.as_of, basis=current.basis, settings=settings, n_customers=n, members=members
        )
        if renew and refit.due:
            given, renewed = None, given
    try:
        known = known_histories(base, to_fit=given is None, members=members)
        if given is None:
            step(STEPS["choose"])
            held, spend = _chosen(occasions, profits, orders, n, counted, members)
        step(STEPS["future"])
        fitting = _fitting(base, known, current.basis, held, spend, given, settings)
    except NotEnoughData as error:
        not_enough = error.why
    # While the models are chosen and fitted, which reads no table.
    kind = relationship(occasions, n_customers=n, customers=counted)
    cuts = _cuts(base, current.basis, given)
    cohorts = cohort_figures(counted, occasions, as_of=orders.as_of)
    try:
        if fitting is not None:
            fitted = fitting.result()
            if held is not None:
                held.reckon_beside()  # not sooner: two of these at a time would only wait for each other
            future = foresee(base, fitted, settings, rivals=held.rivals if held is not None else ())
    except NotEnoughData as error:
        not_enough = error.why
    step(STEPS["classes"])
    # Stored in between: an engine writes what comes from a table in parallel and in order, what comes from a sort not.
    scored = persist(sorted_scores(base, future))
    release(counted)
    dated = with_times(scored, as_of=orders.as_of)
    rules = Rules(given.matrix if given else _matrix(dated, future, settings, current.basis), *cuts, visits)
    customers = stored(
        with_classes(scored, future, rules, current.basis, as_of=orders.as_of, currency=orders.currency), path
    )
    release(scored)
    return Valuation(
        orders, settings, customers, occasions, cohorts, n, kind, current.basis, rules, held, future, not_enough,
        current.notes, given, refit, renewed, spend.choice if spend else None,
    )  # fmt: skip


def _chosen(
    occasions: Frame, profits: Frame | T | None, orders: Orders, n: int, customers: Frame, members: Members | None
) -> tuple[HoldOut, Spending]:
    """Choose the lifetime model and how the worth of a purchase is forecast, on the same earlier origins."""
    about: dict[str, Any] = {"as_of": orders.as_of, "n_customers": n, "customers": customers}
    held = hold_out(occasions, first=orders.first_date, members=members, **about)
    assert profits is not None
    return held, spending(profits, held.plan, **about)


def _fitting(
    base: Frame,
    known: Histories,
    basis: str,
    held: HoldOut | None,
    spend: Spending | None,
    given: Given | None,
    settings: Settings,
) -> Beside[Fitted]:
    """Read what is needed of the base and begin to fit what was chosen, or to score by the parameters given."""
    if given is not None:
        known = known if given.groups is not None else known.together()
        return Beside(partial(given.scored, known, settings)).start()
    assert held is not None
    read = read_base(base, known, basis=basis, earned=spend.earned if spend else None)
    worth, choosing = Beside(partial(fit_worth, read)).start(), held.choosing

    def fitted() -> Fitted:
        choice, _ = choosing.result()
        told = known if choice.by_groups else known.together()
        model = fit_model(replace(read, known=told), choice.model, k=choice.k)
        return evaluate(choice.model, model, worth.result(), told, settings)

    return Beside(fitted).start()


AMOUNTS = (
    "revenue",
    "product_cost",
    "gross_profit",
    "net_profit",
    "lifetime_revenue",
    "lifetime_profit",
    "total_spend",
)


def joined(current: Frame, summary: Frame, counts: Iterable[str] = ()) -> Frame:
    """Join what customers brought to how they bought; narrow, since one row a customer stays in memory from here on.

    `counts` are columns of `summary` in which who has not bought has none.
    """
    known, counted = current.join(summary, on="customer_id", how="left"), ("n_purchases", *counts)
    kept = [name for name in known.collect_schema().names() if name not in (*COSTS, *AMOUNTS, *counted)]
    return known.select(
        *kept,
        *[nw.col(name).fill_null(0) for name in counted],
        *[nw.col(name).cast(nw.Decimal(18, 4)) for name in AMOUNTS],
    )


def _cuts(base: Frame, basis: str, given: Given | None) -> tuple[RfmEdges, TierRule]:
    """Find where the classes are cut that need no future."""
    if given is not None:
        return given.rfm, given.tiers
    return rfm_edges(base), tier_rule(base, value=basis)


def _matrix(scored: Frame, future: Future | None, settings: Settings, basis: str) -> MatrixRule:
    """Find the lines of the matrix, from nothing but its two axes."""
    valued = scored if future is None else with_values(scored, future, basis=basis)
    axes = [name for name in (basis, "future_value") if name in valued.collect_schema().names()]
    narrow = persist(valued.select(*axes))
    lines = matrix_rule(narrow, value=basis, future="future_value", threshold=settings.threshold)
    release(narrow)
    return lines


def sorted_scores(base: Frame, future: Future | None) -> Frame:
    """Add the scores, and sort by customer.

    What follows from a row by itself waits for `with_classes`: a row is widest at the end, and texts would be most of
    what is sorted.
    """
    scored = base
    if future is not None:
        scored = future.worth.with_ends(with_scores(base, future.scores), future.model, future.scores, future.settings)
    followed = [name for name in scored.collect_schema().names() if name in (*TIMES, HELD_OUT, LAST_KNOWN)]
    return scored.drop(followed).sort("customer_id")


def with_classes(
    scored: Frame, future: Future | None, rules: Rules, basis: str, *, as_of: date, currency: str | None
) -> Frame:
    """Add classes and future to customers that have their scores; row by row and lazily."""
    dated = with_times(scored, as_of=as_of).with_columns(
        as_of=nw.lit(as_of), currency=nw.lit(currency, dtype=nw.String)
    )
    valued = dated if future is None else with_values(dated, future, basis=basis)
    classed = place_tiers(score_rfm(valued, rules.rfm), rules.tiers)
    visited = class_visits(classed) if "visits_month" in classed.collect_schema().names() else classed
    return playbook.assign(place(visited, rules.matrix))
