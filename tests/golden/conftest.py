"""The CDNOW 1/10 sample as the papers summarise it: calibration to 1997-09-30, hold-out to 1998-06-30, in weeks."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

SUMMARY = """
    with days as (
        select customer_id, date, sum(dollar_value) as spend from read_parquet($file) group by all
    ), firsts as (
        select *, min(date) over (partition by customer_id) as first from days
    )
    select customer_id,
           first,
           count(*) filter (date > first and date <= date '1997-09-30') as x,
           date_diff('day', first, max(date) filter (date <= date '1997-09-30')) as t_x_days,
           date_diff('day', first, date '1997-09-30') as T_days,
           t_x_days / 7 as t_x,
           T_days / 7 as T,
           coalesce(avg(spend::double) filter (date > first and date <= date '1997-09-30'), 0) as mean_repeat_spend,
           count(*) filter (date > date '1997-09-30' and date <= date '1998-06-30') as later
    from firsts group by customer_id, first order by customer_id
"""


@pytest.fixture(scope="session")
def cdnow(test_data: Path) -> pa.Table:
    with duckdb.connect() as connection:
        return connection.sql(SUMMARY, params={"file": str(test_data / "cdnow_sample.parquet")}).to_arrow_table()


@pytest.fixture(scope="session")
def cdnow_rounded(test_data: Path) -> pa.Table:
    """Return the same summary as Fader and Hardie publish it, t_x and T rounded to two decimals."""
    with duckdb.connect() as connection:
        file = str(test_data / "cdnow_sample_rfm_expected.parquet")
        return connection.sql("select * from read_parquet($file)", params={"file": file}).to_arrow_table()
