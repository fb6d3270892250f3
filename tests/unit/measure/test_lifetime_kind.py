"""Told apart by evidence: fixed opportunities, a day of one's own, any day; never by the name of the data."""

from __future__ import annotations

from pathlib import Path

import duckdb
import numpy as np
import pytest

from regulars.measure.lifetime.kind import kind_of_contracts, kind_of_purchases


def number(day):
    return int(np.datetime64(day, "D").astype(int))


def donors(rng, n, opportunities, at):
    """BG/BB customers with the estimates of Fader, Hardie & Shang (2010), who give at the times that `at` says."""
    who, when = [], []
    for i in range(n):
        gives, stops, own = rng.beta(1.2, 0.75), rng.beta(0.66, 2.78), int(rng.integers(0, 28))
        for k in range(opportunities):
            if k and rng.random() < stops:
                break
            if k == 0 or rng.random() < gives:
                who.append(i)
                when.append(at(rng, k, own))
    return np.array(who), np.array(when)


def appeal(rng, k, own):
    return number(f"{1995 + k}-11-20") + int(rng.gamma(2, 6))


def first_of_month(rng, k, own):
    return number(np.datetime64("2020-01", "M") + np.timedelta64(k, "M"))


def market(rng, k, own):
    return number("2020-01-05") + 7 * k


def subscription(rng, k, own):
    return first_of_month(rng, k, own) + own + int(rng.integers(-1, 2))


@pytest.mark.parametrize(
    ("at", "opportunities", "unit", "shared"),
    [(appeal, 7, "year", True), (first_of_month, 24, "month", True), (market, 40, "week", True),
     (subscription, 24, "month", False)],
)  # fmt: skip
def test_fixed_opportunities_are_seen(at, opportunities, unit, shared):
    found = kind_of_purchases(*donors(np.random.default_rng(1), 400, opportunities, at))
    assert (found.name, found.unit, found.shared) == ("discrete", unit, shared)
    assert "BG/BB" in found.as_dict()["fits"]["en"]


def any_day(rng, n=400, days=700, closed=()):
    who, when = [], []
    for i in range(n):
        rate = rng.gamma(0.9, 1 / 40)
        bought = np.cumsum(rng.exponential(1 / max(rate, 1e-4), 60))
        for day in np.unique(np.append(0, bought[bought < days]).astype(int) + int(rng.integers(0, 60))):
            if (day + 3) % 7 not in closed:
                who.append(i)
                when.append(day)
    return np.array(who), np.array(when)


@pytest.mark.parametrize("closed", [(), (5,), (5, 6), (0, 1, 2, 3)])
def test_a_shop_with_closed_days_still_sells_on_any_day(closed):
    found = kind_of_purchases(*any_day(np.random.default_rng(3), closed=closed))
    assert found.name == "continuous"
    assert found.unit is None


def test_the_same_whatever_the_order_of_rows_and_the_numbers_of_customers():
    rng = np.random.default_rng(4)
    who, when = any_day(rng)
    order = rng.permutation(len(who))
    assert kind_of_purchases(who, when) == kind_of_purchases(7 * who[order] + 3, when[order])


def test_too_little_is_said_to_be_too_little():
    found = kind_of_purchases(np.arange(500), np.arange(500))
    assert found.name == "unknown"
    assert "0 repeat purchases" in found.reason.en


def test_contract_periods_show_departures():
    found = kind_of_contracts(np.array([3, 1, 2]), np.array([True, False, False]))
    assert (found.name, found.figures) == ("contractual", {"renewals": 6.0, "refused": 1.0})


@pytest.mark.real_data
@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("select distinct customer_id, date from read_parquet('{}/cdnow_sample.parquet')", "continuous"),
        ("select distinct CustomerID, InvoiceDate::date from read_parquet('{}/online_retail.parquet') "
         "where CustomerID is not null and Quantity > 0", "continuous"),  # a shop that is closed on Saturdays
        ("select distinct ResellerKey, OrderDate::date from "
         "read_parquet('{}/adventureworks_dw/fact_reseller_sales.parquet')", "discrete"),  # at the turn of a month
    ],
)  # fmt: skip
def test_real_data_are_told_apart(test_data: Path, query, name):
    with duckdb.connect() as connection:
        who, when = connection.sql(query.format(test_data)).fetchnumpy().values()
    assert kind_of_purchases(np.asarray(who, np.int64), when.astype("datetime64[D]").astype(np.int64)).name == name
