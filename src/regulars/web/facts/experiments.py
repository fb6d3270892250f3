"""What the customers of an experiment brought since they were assigned: from their orders, whatever they answered."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import duckdb
import narwhals as nw
import pyarrow as pa

from regulars import engine
from regulars.engine import MONEY, Frame
from regulars.lake import Snapshot
from regulars.measure.current import with_costs
from regulars.measure.margin import Margin
from regulars.web.facts.access import lake, reading
from regulars.web.facts.merged import under_kept

LINES = "transaction_lines"
BEFORE_DAYS = 364
"""How long before the assignment a customer's past counts as known beforehand."""
JOB_MEMORY, JOB_THREADS = "1GB", 2


@dataclass(frozen=True, slots=True)
class Terms:
    """How outcomes are counted. Costs are per treated customer, in the currency of the orders.

    Parameters
    ----------
    window_days
        Days from a customer's first day on, that day included.
    basis
        ``net_profit``: what was paid less product cost; ``revenue`` where costs are not known.
    margin
        Of lines without a cost.
    contact_cost
        Of each treated customer, whatever came of it.
    offer_cost
        Of each treated customer who bought within the window.
    """

    window_days: int
    basis: str
    margin: Margin | None = None
    contact_cost: Decimal = Decimal(0)
    offer_cost: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Outcomes:
    """One row a customer of the experiment, readable while the block lasts.

    `table` has what was handed in and `kind`, `before` (what they brought in the `BEFORE_DAYS` before; null for who had
    never bought), `bought` (1 within the window, else 0), `gross` (what they brought within it), `net` (after the
    costs), and `net_7`, … for each of the days asked for.
    """

    table: Frame
    connection: duckdb.DuckDBPyConnection


def orders_version() -> int | None:
    """Return the version of the stored orders; another number: something has changed."""
    return lake().version(LINES)


def last_order_day() -> date | None:
    """Return the last business date in the orders of known customers, isolated future dates ignored."""
    from regulars.ingest.orders import last_day

    with reading():
        stored = lake().table(LINES).filter(~nw.col("customer_id").is_null())
        counted = stored.group_by("business_date").agg(nw.len().cast(nw.Int64).alias("n")).sort("business_date")
        days = {row["business_date"]: row["n"] for row in engine.to_arrow(counted).to_pylist()}
    return last_day(days)[0] if days else None


@contextmanager
def outcomes(assigned: pa.Table, terms: Terms, *, until: date, days: Sequence[int] = ()) -> Iterator[Outcomes]:
    """Open what customers brought: for jobs, which read for the whole workspace.

    Parameters
    ----------
    assigned
        One row a customer: `customer_id`, `arm` ("treated" bears the costs), `first_day`, and whatever comes along.
    until
        The last day that is read.
    days
        After how many days of the window, ascending, it is summed up as well.

    Notes
    -----
    A return counts on its own day, as in the current value. A line whose cost nobody knows is taken to cost what the
    other lines of the reading do on average. Orders of records that were merged count for the record that was kept.
    """
    with reading(memory_limit=JOB_MEMORY, threads=JOB_THREADS) as connection:
        people = engine.persist(engine.frame(connection.from_arrow(assigned)))
        lines = _lines(people, terms, until)
        yield Outcomes(engine.persist(_summed(people, lines, terms, days)), connection)


def _lines(people: Frame, terms: Terms, until: date) -> Frame:
    """Return the amount of each line of these customers, and how many days after their first day it was."""
    store = lake()
    at = Snapshot({LINES: version} if (version := store.version(LINES)) is not None else {})
    stored = under_kept(store.table(LINES, at=at).filter(nw.col("business_date") <= until))
    theirs = stored.join(people.select("customer_id", "first_day"), on="customer_id", how="inner")
    since = engine.days_between(theirs, "first_day", "business_date", name="_day")
    near = since.filter(nw.col("_day") < terms.window_days)
    if terms.basis != "net_profit":
        valued = near.with_columns(nw.col("net_amount").cast(MONEY).alias("_amount"))
    else:
        valued = _less_cost(with_costs(near, terms.margin, keep=("_day", "kind")))
    return engine.persist(valued.select("customer_id", "_day", "kind", "_amount"))


def _less_cost(priced: Frame) -> Frame:
    net = nw.col("net_amount").cast(MONEY)
    known = engine.to_arrow(
        priced.filter(~nw.col("_cost").is_null()).select(
            engine.money_sum("net_amount").alias("net"), engine.money_sum("_cost").alias("cost")
        )
    ).to_pylist()[0]
    rate = (known["cost"] / known["net"]).quantize(Decimal("0.0001")) if known["net"] else Decimal(0)
    rated = engine.money_mul(
        priced.with_columns(nw.lit(rate).cast(MONEY).alias("_rate")), "net_amount", "_rate", name="_usual"
    )
    return rated.with_columns((net - nw.coalesce(nw.col("_cost"), nw.col("_usual"))).cast(MONEY).alias("_amount"))


def _summed(people: Frame, lines: Frame, terms: Terms, days: Sequence[int]) -> Frame:
    day, amount, nothing = nw.col("_day"), nw.col("_amount"), nw.lit(0).cast(MONEY)
    since = lines.filter(day >= 0)
    marks = {f"gross_{n}": nw.when(day < n).then(amount).otherwise(nothing) for n in days}
    first = nw.when(nw.col("kind") == "sale").then(day).alias("_sold")
    within = (
        since.with_columns(first, *[expression.alias(name) for name, expression in marks.items()])
        .group_by("customer_id")
        .agg(
            engine.money_sum("_amount").alias("gross"),
            nw.col("_sold").min().alias("_first"),
            *[engine.money_sum(name).alias(name) for name in marks],
        )
    )
    past = nw.when(day >= -BEFORE_DAYS).then(amount).otherwise(nothing)
    before = (
        lines.filter(day < 0)
        .with_columns(past.alias("_past"))
        .group_by("customer_id")
        .agg(engine.money_sum("_past").alias("before"))
    )
    kinds = lake().table("customers").select("customer_id", nw.col("kind"))
    joined = people
    for one in (within, before, kinds):
        joined = joined.join(one, on="customer_id", how="left")
    whole = joined.with_columns(
        nw.coalesce(nw.col("gross"), nothing).cast(MONEY).alias("gross"),
        nw.when(nw.col("_first").is_null()).then(0).otherwise(1).alias("bought"),
        *[nw.coalesce(nw.col(name), nothing).cast(MONEY).alias(name) for name in marks],
    )
    spent = [_net("gross", "net", terms.window_days, terms), *(_net(f"gross_{n}", f"net_{n}", n, terms) for n in days)]
    return whole.with_columns(*spent).drop("_first", *marks)


def _net(gross: str, name: str, day: int, terms: Terms) -> nw.Expr:
    """Return what is left after the costs by then: the contact from the first day on, the offer once they bought."""
    offer = nw.when(nw.col("_first") < day).then(nw.lit(terms.offer_cost).cast(MONEY)).otherwise(nw.lit(0).cast(MONEY))
    spent = nw.lit(terms.contact_cost).cast(MONEY) + offer
    cost = nw.when(nw.col("arm") == "treated").then(spent).otherwise(nw.lit(0).cast(MONEY))
    return (nw.col(gross) - cost).cast(MONEY).alias(name)
