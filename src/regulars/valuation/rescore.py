"""Incremental scoring: who changed is counted anew from their lines, everybody else is taken from the run before.

With the same date only the customers that changed are touched. Where the date moves, every score depends on it (T grows
for all): all distinct histories are evaluated again with the parameters given, which is quick, and the customers are
counted anew whose trailing year or visit months gained or lost a line by the move.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import narwhals as nw

from regulars.engine import Frame, distinct, n_rows, persist, release
from regulars.errors import InputError
from regulars.measure import purchase_occasions
from regulars.measure.current import current_value
from regulars.measure.summary import summarise_occasions, with_times
from regulars.periods import year_before
from regulars.segment.visits import VisitRule, class_visits, count_visits, first_counted, visit_rule
from regulars.valuation.columns import contract
from regulars.valuation.from_lake import shaped
from regulars.valuation.future import Future, known_histories
from regulars.valuation.given import Given
from regulars.valuation.late_returns import with_late_links
from regulars.valuation.run import Rules, joined, sorted_scores, with_classes
from regulars.valuation.writing import stored
from regulars.words import T

CARRIED = (
    "customer_id",
    "first_purchase",
    "last_purchase",
    "n_purchases",
    "mean_repeat_spend",
    "revenue",
    "product_cost",
    "gross_profit",
    "net_profit",
    "lifetime_revenue",
    "lifetime_profit",
)
VISITS = ("visit_class", "visit_class_before", "visit_change", "visit_reason")
"""With `CARRIED`, what of a row neither the date nor the model changes."""


@dataclass(frozen=True)
class Rescored:
    """Customers with their scores as of the new date, how many there are, and how many were counted anew."""

    customers: Frame
    n_customers: int
    n_touched: int


def rescore(
    earlier: Frame,
    lines: Frame,
    changed: Frame,
    given: Given,
    *,
    before: date,
    as_of: date,
    path: Path | None = None,
) -> Rescored:
    """Score a base again after new orders, by the parameters of an earlier run.

    Parameters
    ----------
    earlier
        One row a customer: the `customer_value` of a run that was scored by the same parameters.
    lines
        All stored lines, ``lake.table("transaction_lines")``, lazy: those of few customers are read.
    changed
        `customer_id` of those with new, changed or newly linked lines since (`changed_customers`); new customers, too.
    given
        The parameters, with the settings that the earlier run was made with.
    before, as_of
        The date of the earlier run, and the new one.
    path
        Where `customer_value.parquet` goes; None keeps it in the engine.

    Returns
    -------
    Rescored
        What `value_orders(orders_for_valuation(lake, as_of=as_of), given=given)` gives: where the date moves bit for
        bit; with the same date floats agree to 1e-9 and the ends of value intervals within their stated 1 %, since
        tables are laid over fewer histories.

    Raises
    ------
    InputError
        For a date before that of the earlier run or of the fit; for parameters that differ by group.
    NotEnoughData
        When what the parameters say is not sound.
    """
    if as_of < before:
        raise InputError(
            T(zh="不能往回打分：{day} 早于 {before}", en="scores do not go back: {day} is before {before}").format(
                day=as_of, before=before
            )
        )
    _require_one_model(given)
    given.check(as_of=as_of, basis=given.basis, settings=given.settings)
    touched = persist(_touched(_known(lines, as_of), changed, before, as_of, given))
    rest = earlier.join(touched, on="customer_id", how="anti")
    anew = _counted(lines, touched, given, as_of)
    if as_of == before and n_rows(anew.filter(nw.col("n_purchases") > 0)):
        scored = contract(_scored(anew, given, as_of))
        customers = nw.concat([rest, scored], how="vertical").sort("customer_id")
    else:
        counted = [frame.select(*CARRIED, *VISITS) for frame in (rest, class_visits(anew))]
        customers = _scored(nw.concat(counted, how="vertical"), given, as_of)
    kept = stored(customers, path)
    found = Rescored(kept, n_rows(kept), n_rows(touched))
    for frame in (touched, anew):
        release(frame)
    return found


def score_customers(lines: Frame, customers: Frame, given: Given, *, as_of: date) -> Frame:
    """Return the rows of `customer_value` of some customers alone, sorted: all that new orders of a day change.

    Parameters
    ----------
    lines, given
        As `rescore` takes them.
    customers
        `customer_id`, one row a customer.
    as_of
        The date; rows of other customers belong beside these where it is that of theirs.

    Raises
    ------
    InputError
        For parameters that differ by group.
    NotEnoughData
        When none of them has bought, or what the parameters say is not sound.
    """
    _require_one_model(given)
    return contract(_scored(_counted(lines, customers, given, as_of), given, as_of))


def changed_customers(lines: Frame, earlier: Frame | None, *, recorded_from: object) -> Frame:
    """Return who has lines that came or changed since an earlier snapshot of `transaction_lines`.

    Parameters
    ----------
    lines
        Stored lines of the new snapshot.
    earlier
        Those of the earlier one: whom a changed line belonged to has changed as well. None: no line changes hands.
    recorded_from
        Moment of the last import that the earlier snapshot has; what was recorded then counts as new once more.
    """
    fresh = lines.filter(nw.col("recorded_at") >= recorded_from)
    ids = [fresh.select("customer_id")]
    if earlier is not None:
        key = ["source", "order_id", "line_no"]
        ids.append(earlier.join(fresh.select(key), on=key, how="semi").select("customer_id"))
    return distinct(nw.concat(ids, how="vertical").filter(~nw.col("customer_id").is_null()))


def _visits(given: Given, as_of: date) -> VisitRule:
    return visit_rule(as_of, date.fromisoformat(given.card["data"]["first_date"]))


def _touched(known: Frame, changed: Frame, before: date, as_of: date, given: Given) -> Frame:
    """Return who has to be counted anew: who changed, and whose windows move over one of their lines."""
    ids = [changed.select("customer_id")]
    if as_of > before:
        day = nw.col("business_date")
        moved = (day > before) | ((day > year_before(before)) & (day <= year_before(as_of)))
        was = _visits(given, before)
        if was != _visits(given, as_of):
            moved = moved | (nw.col("occasion_date") >= first_counted(was))
        ids.append(known.filter(moved).select("customer_id"))
    return distinct(nw.concat(ids, how="vertical"))


def _known(lines: Frame, as_of: date) -> Frame:
    return lines.filter(~nw.col("customer_id").is_null(), nw.col("business_date") <= as_of)


def _counted(lines: Frame, customers: Frame, given: Given, as_of: date) -> Frame:
    """Add up the lines of these customers as a whole run does."""
    own = persist(_known(lines, as_of).join(customers, on="customer_id", how="semi"))
    linked, held = with_late_links(own)
    orders = persist(shaped(linked))
    occasions = persist(purchase_occasions(orders))
    current = current_value(orders, as_of=as_of, margin=given.settings.margin, counted=given.counted)
    both = joined(current.customers, summarise_occasions(occasions, as_of=as_of))
    anew = persist(count_visits(both, occasions, _visits(given, as_of), as_of=as_of))
    for frame in (own, *held, orders, occasions):
        release(frame)
    return anew


def _require_one_model(given: Given) -> None:
    if given.groups is not None:
        raise InputError(
            T(
                zh="参数按 {by} 分组，不能只更新有变化的客户",
                en="the parameters differ by {by}, so scores cannot be brought up to date by changed customers alone",
            ).format(by=given.settings.by),
            remedy=T(zh="用 value_orders 给全部客户重新打分。", en="Score all customers with value_orders."),
        )


def _scored(counted: Frame, given: Given, as_of: date) -> Frame:
    """Score counted customers and class them, sorted by customer; lazy but for what is sorted."""
    narrow = persist(counted)
    base = with_times(narrow, as_of=as_of)
    fitted = given.scored(known_histories(base, to_fit=False), given.settings)
    future = Future(fitted.name, fitted.model, fitted.worth, fitted.scores, {}, given.settings)
    scored = persist(sorted_scores(base, future))
    release(narrow)
    rules = Rules(given.matrix, given.rfm, given.tiers, _visits(given, as_of))
    return with_classes(scored, future, rules, given.basis, as_of=as_of, currency=given.card["data"]["currency"])
