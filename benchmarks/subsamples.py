"""Random parts of 50 to 1,000 customers, for every model on data of its kind, and how the fits to them end."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa

from regulars.prove.origins import Origin, read_cells
from regulars.prove.small import check_contracts, check_opportunities, check_profit, check_small, check_spend

LEAST, MOST = 50, 1000
SPLIT = Origin(date(1997, 9, 30), date(1998, 6, 30))
MONTH_DAYS = 30

Draw = Callable[[np.random.Generator, int], dict[str, str]]
"""Random numbers and a size → how the fits to a part of that many customers end."""

PURCHASES = "select distinct customer_id, date as occasion_date from '{data}/cdnow_sample.parquet'"
SPEND = """
    with days as (select customer_id, date, sum(dollar_value)::double as spend from '{data}/cdnow_sample.parquet'
                  where date <= date '1997-09-30' group by all),
         ranked as (select *, row_number() over (partition by customer_id order by date) as nth from days)
    select count(*) - 1.0 as x, coalesce(avg(spend) filter (nth > 1), 0) as mean from ranked
    group by customer_id order by customer_id"""
PROFIT = """
    with orders as (select ResellerKey, SalesOrderNumber, sum(SalesAmount - TotalProductCost)::double as profit
                    from '{data}/adventureworks_dw/fact_reseller_sales.parquet' group by all)
    select count(*)::double as n, avg(profit) as mean, coalesce(var_pop(profit) * count(*), 0) as squares from orders
    group by ResellerKey order by ResellerKey"""
MONTHS = f"""
    with firsts as (select *, min(date) over (partition by customer_id) as first from '{{data}}/cdnow_sample.parquet'),
         months as (select distinct customer_id, first, ceil((date - first) / {MONTH_DAYS}) as month
                    from firsts where date <= date '1997-09-30')
    select count(*) filter (month > 0 and month <= n)::double as x,
           coalesce(max(month) filter (month > 0 and month <= n), 0)::double as t_x, n::double as n
    from (select *, (date '1997-09-30' - first) // {MONTH_DAYS} as n from months)
    group by customer_id, n order by customer_id"""
DONATIONS = """
    select x::double as x, t_x::double as t_x, n::double as n
    from (select *, unnest(range(donors::bigint)) from '{data}/donations_bgbb.parquet') order by x, t_x"""
CONTRACTS = """
    select tenure::double as periods, (Churn = 'Yes')::double as ended
    from '{data}/telco_churn.parquet' where tenure > 0 order by customerID"""


def kinds(data: Path) -> dict[str, Draw]:
    """Return what parts are drawn of, by the data's name: purchases, spend, profit, months and contracts."""
    with duckdb.connect() as connection:

        def read(query: str) -> pa.Table:
            return connection.sql(query.format(data=data)).to_arrow_table()

        return {
            "CDNOW": _purchases(read(PURCHASES)),
            "CDNOW, spend": _rows(read(SPEND), check_spend),
            "AdventureWorks' resellers, profit of an order": _rows(read(PROFIT), check_profit),
            "CDNOW, in periods of 30 days": _rows(read(MONTHS), check_opportunities),
            "donations, six years": _rows(read(DONATIONS), check_opportunities),
            "Telco, months": _rows(read(CONTRACTS), check_contracts),
        }


def part(draw: Draw, seed: int, *, size: int | None = None) -> dict[str, str]:
    """Return the size of the `seed`-th part, random where None, and how the fit of each model to it ended."""
    rng = np.random.default_rng([20261122, seed])
    random = int(rng.integers(LEAST, MOST + 1))
    size = random if size is None else size
    return {"size": str(size), **draw(rng, size)}


def _purchases(table: pa.Table) -> Draw:
    who = table["customer_id"].to_numpy()
    everyone = np.unique(who)

    def draw(rng: np.random.Generator, size: int) -> dict[str, str]:
        chosen = rng.choice(everyone, size, replace=False)
        return check_small(read_cells(table.filter(np.isin(who, chosen)), SPLIT))

    return draw


def _rows(table: pa.Table, check: Callable[..., dict[str, str]]) -> Draw:
    columns: list[Any] = [table[name].to_numpy() for name in table.column_names]

    def draw(rng: np.random.Generator, size: int) -> dict[str, str]:
        chosen = rng.choice(table.num_rows, min(size, table.num_rows), replace=False)
        return check(*(column[chosen] for column in columns))

    return draw
