"""What facts say of a customer: orders with their lines, the waterfall that adds up, the rhythm, merged records."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from regulars.web.customers.models import Customer
from regulars.web.facts import selectors
from regulars.web.facts.selectors import Condition

pytestmark = pytest.mark.django_db


@pytest.fixture
def best(shop, actors, value):
    """The customer of most value, and who may see everything about them."""
    value()
    found = selectors.table(actors["administrator"], ["customer_id"], order=["-customer_value"], limit=1)
    return actors["administrator"], found["customer_id"][0].as_py()


def test_orders_come_newest_first_and_add_up(best):
    actor, number = best
    orders = selectors.orders_of(actor, number, limit=1000)
    row = selectors.value_row(actor, number)
    assert [o.business_date for o in orders] == sorted((o.business_date for o in orders), reverse=True)
    assert sum(o.net_amount for o in orders) == row["lifetime_revenue"]
    assert all(o.net_amount == sum(line.net_amount for line in o.lines) for o in orders)
    assert any(line.product_id for line in orders[0].lines)


def test_older_orders_are_on_the_next_page(best):
    actor, number = best
    first = selectors.orders_of(actor, number, limit=3)
    older = selectors.orders_of(actor, number, limit=3, until=first[-1].business_date - timedelta(days=1))
    assert older
    assert {o.order_id for o in first}.isdisjoint(o.order_id for o in older)


def test_returns_are_returns(best):
    actor, _ = best
    back = [
        order
        for number in selectors.customers_where(actor, [Condition("n_purchases", "gt", 5)])
        for order in selectors.returns_of(actor, number)
    ]
    assert back
    assert all(o.kind == "return" and o.net_amount < 0 for o in back)
    assert all(line.returns_order_id for o in back for line in o.lines)


def test_products_are_net_of_returns(best):
    actor, number = best
    products = selectors.products_of(actor, number, limit=1000)
    lines = [line for o in selectors.orders_of(actor, number, limit=1000) for line in o.lines]
    assert products[0].net_amount == max(p.net_amount for p in products)
    for product in products[:5]:
        mine = [line for line in lines if line.product_id == product.product_id]
        assert product.net_amount == sum(line.net_amount for line in mine)
        assert product.n_orders <= len([line for line in mine if line.kind == "sale"])


def test_the_waterfall_adds_up_to_the_valuation(best):
    actor, number = best
    row, fall = selectors.value_row(actor, number), selectors.waterfall(actor, number)
    steps = {step.key: step.amount for step in fall.steps}
    assert steps["sales"] + steps["returns"] == steps["revenue"] == row["revenue"]
    assert steps["revenue"] + steps["product_cost"] == steps["net_profit"] == row["net_profit"]
    assert fall.until == row["as_of"]


def test_the_rhythm_counts_days_between_purchases(best):
    actor, number = best
    rhythm, row = selectors.rhythm(actor, number), selectors.value_row(actor, number)
    days = [day for day, _ in rhythm.purchases]
    assert len(days) == row["n_purchases"]
    assert sum(rhythm.gaps) == (days[-1] - days[0]).days
    assert rhythm.next_order_due == row["next_order_due"]
    assert all(amount >= 0 for _, amount in rhythm.purchases)


def test_without_a_valuation_there_are_orders_and_no_values(shop, actors):
    actor, number = actors["administrator"], next(iter(shop.ids.values()))
    assert selectors.orders_of(actor, number)
    assert selectors.value_row(actor, number) is None
    assert selectors.waterfall(actor, number) is None
    assert selectors.aggregate(actor, ["matrix"]) == []
    assert selectors.rhythm(actor, number).next_order_due is None


def test_a_customer_has_the_orders_of_records_merged_into_theirs(shop, actors):
    actor = actors["administrator"]
    kept, gone = sorted(shop.ids.values())[:2]
    before = [selectors.orders_of(actor, number, limit=1000) for number in (kept, gone)]
    Customer.objects.filter(pk=gone).update(merged_into=kept)
    together = selectors.orders_of(actor, kept, limit=1000)
    assert len(together) == len(before[0]) + len(before[1])


def test_totals_agree_with_the_rows(best):
    actor, _ = best
    cells = selectors.aggregate(actor, ["tier"])
    rows = selectors.table(actor, ["tier", "customer_value", "p_alive"]).to_pylist()
    for cell in cells:
        mine = [row for row in rows if row["tier"] == cell.key[0]]
        assert cell.n == len(mine)
        assert cell.customer_value == sum((row["customer_value"] or Decimal(0) for row in mine), Decimal(0))
        assert cell.still_buying == pytest.approx(sum(row["p_alive"] or 0 for row in mine), abs=1e-9)
