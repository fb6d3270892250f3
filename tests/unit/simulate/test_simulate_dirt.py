"""Every fault is there as often as the truth says, and the clean company comes back without them."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from regulars.simulate import Company, Dirt, Simulated, demo_company, simulate

ALL = Dirt(
    duplicates=0.02,
    anonymous=0.02,
    tests=0.01,
    zero_prices=0.01,
    non_products=0.03,
    future_dates=0.005,
    cancelled=0.02,
    padded_ids=0.05,
    mixed_case=0.05,
    unreadable_dates=0.01,
    unreadable_numbers=0.01,
)
DIRTY = Company(n_customers=800, seed=9, dirt=ALL)


@pytest.fixture(scope="module")
def dirty(tmp_path_factory: pytest.TempPathFactory) -> Simulated:
    return simulate(DIRTY, tmp_path_factory.mktemp("dirty"))


@pytest.fixture(scope="module")
def dirty_csv(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, str]]:
    written = simulate(DIRTY, tmp_path_factory.mktemp("csv"), format="csv")
    with written.orders.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


FOUND = {
    "anonymous": "customer_no is null",
    "tests": "order_no like 'TEST-%' and product_code = 'TEST001'",
    "zero_prices": "unit_price = 0 and amount = 0",
    "non_products": "product_code in ('POST', 'BANK', 'M')",
    "future_dates": "order_time > timestamp '2026-06-01'",
    "padded_ids": "customer_no <> trim(customer_no)",
    "mixed_case": "product_code <> upper(product_code)",
}


@pytest.mark.parametrize("kind", FOUND)
def test_each_fault_is_found_as_often_as_it_was_made(dirty: Simulated, kind: str) -> None:
    rows = duckdb.sql(f"select count(*) from '{dirty.orders}' where {FOUND[kind]}").fetchall()[0][0]
    assert rows == dirty.counts[kind]["rows"] > 5


def test_duplicates_repeat_a_row_in_every_column(dirty: Simulated) -> None:
    rows = duckdb.sql(
        f"with o as (from '{dirty.orders}') "
        "select (select count(*) from o) - (select count(*) from (select distinct * from o))"
    ).fetchall()[0][0]
    assert rows == dirty.counts["duplicates"]["rows"] > 50


def test_cancelled_orders_come_to_nothing_on_their_day(dirty: Simulated) -> None:
    pairs = duckdb.sql(
        f"""with o as (from '{dirty.orders}' where customer_no is not null),
            notes as (select original_order_no as n, order_time::date as day, sum(amount) as amount from o
                      where quantity < 0 group by all),
            sales as (select order_no as n, order_time::date as day, sum(amount) as amount from o
                      where quantity > 0 group by all)
            select count(*) from notes join sales using (n, day) where notes.amount + sales.amount = 0"""
    ).fetchall()[0][0]
    assert 2 * pairs == dirty.counts["cancelled"]["rows"] > 50
    assert dirty.counts["cancelled"]["money"] == "0.00"


def test_the_clean_company_comes_back_without_the_dirt(dirty: Simulated, tmp_path: Path) -> None:
    clean = simulate(replace(DIRTY, dirt=Dirt()), tmp_path)
    assert clean.truth.read_bytes() == dirty.truth.read_bytes()
    both = [dirty.counts[kind] == clean.counts[kind] for kind in ("sales", "returns")]
    assert both == [True, True]
    assert sum(entry["rows"] for entry in clean.counts.values()) == clean.n_rows


def test_fees_and_gifts_leave_profit_alone(dirty: Simulated) -> None:
    profit = duckdb.sql(
        f"select sum(amount - quantity * unit_cost) from '{dirty.orders}' "
        "where unit_price = 0 or product_code in ('POST', 'BANK', 'M')"
    ).fetchall()[0][0]
    assert profit == 0


def test_parquet_has_no_unreadable_values(dirty: Simulated) -> None:
    assert dirty.counts["unreadable_dates"]["rows"] == dirty.counts["unreadable_numbers"]["rows"] == 0


def test_csv_has_unreadable_values_as_often_as_said(dirty_csv: list[dict[str, str]], tmp_path: Path) -> None:
    counts = simulate(DIRTY, tmp_path, format="csv").counts

    def readable(text: str) -> bool:
        return text.lstrip("-").isdigit()

    def dated(text: str) -> bool:
        return text[:4] in {"2024", "2025", "2026", "2027"} and text[5:7] != "13"

    assert sum(not readable(row["quantity"]) for row in dirty_csv) == counts["unreadable_numbers"]["rows"] > 20
    assert sum(not dated(row["order_time"]) for row in dirty_csv) == counts["unreadable_dates"]["rows"] > 20


def test_the_demo_is_small_dirty_and_ends_in_the_autumn(tmp_path: Path) -> None:
    demo = simulate(demo_company(), tmp_path, headers="zh", format="csv")
    assert 30_000 < demo.n_rows < 60_000
    assert demo.counts["future_dates"]["rows"] / demo.n_rows < 1e-4
    assert all(demo.counts[kind]["rows"] > 0 for kind in ("duplicates", "anonymous", "tests", "non_products"))
