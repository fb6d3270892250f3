"""The customer page's panel of value: what it says, to whom, and what it says where there is nothing."""

from __future__ import annotations

import re
from datetime import date, timedelta
from types import SimpleNamespace

import pytest

from regulars.web.valuations.pages.orders import PAGE, _whole_days
from regulars.web.valuations.pages.reasons import reasons

pytestmark = pytest.mark.django_db


@pytest.fixture
def best(shop, value):
    """The number of the customer who is worth most, valued."""
    from regulars.web.valuations.models import CustomerFigure

    value()
    return CustomerFigure.objects.order_by("-customer_value").values_list("customer_id", flat=True)[0]


def panel(client, number):
    return client.get(f"/customers/{number}/").text


def part(page, key):
    found = re.search(rf'<section class="rgc" id="{key}">.*?</section>', page, re.DOTALL)
    return found[0] if found else None


def test_value_now_and_to_come_with_interval_and_reasons(client_of, best):
    said = part(panel(client_of("viewer"), best), "value")
    assert "Current value" in said
    assert "Net profit of the last 12 months" in said
    assert re.search(r"Next 52 weeks, 90% in .*¥", said)
    assert "likely to come back" in said
    assert "Expected to buy" in said


def test_the_panel_in_chinese(client_of, people, best):
    people["viewer"].language = "zh-hans"
    people["viewer"].save()
    page = panel(client_of("viewer"), best)
    assert "还会再来的可能是" in part(page, "value")
    assert "收入去哪了" in page
    assert "下单节奏" in page


def test_classes_with_their_reasons_and_the_cell_where_they_stand(client_of, best):
    said = part(panel(client_of("viewer"), best), "classes")
    assert "Platinum" in said
    assert "the line is" in said
    assert "top 10%" in said
    assert said.count('aria-current="true"') == 1


def test_costs_are_for_who_may_read_them(client_of, best):
    masked, full = (part(panel(client_of(role), best), "margin") for role in ("viewer", "analyst"))
    assert "Product cost" not in masked
    assert "whose role may read costs" in masked
    assert "Net profit" in full
    assert "Product cost" in full
    assert "stays as net profit" in full


def test_rhythm_orders_and_products(client_of, best):
    page = panel(client_of("viewer"), best)
    assert "Usually one order" in part(page, "rhythm")
    assert "SO1" in part(page, "orders")
    assert "Buys most" in part(page, "products")
    assert "SO1" in client_of("viewer").get(f"/value/customers/{best}/orders/").text


def test_who_may_not_read_values_sees_orders_alone(client_of, best):
    page = panel(client_of("service"), best)
    assert part(page, "value") is None
    assert part(page, "classes") is None
    assert part(page, "margin") is None
    assert "SO1" in part(page, "orders")


def test_before_the_first_valuation(client_of, shop):
    number = next(iter(shop.ids.values()))
    said = part(panel(client_of("viewer"), number), "value")
    assert "Not valued yet" in said
    assert "Run a valuation" not in said
    assert "Run a valuation" in part(panel(client_of("analyst"), number), "value")


def test_a_customer_whom_the_valuation_does_not_know(client_of, best):
    from regulars.web.customers.models import Customer

    page = panel(client_of("viewer"), Customer.objects.create(name="New").pk)
    assert "Not in this valuation" in part(page, "value")
    assert part(page, "classes") is None
    assert part(page, "orders") is None


def test_not_enough_data_is_said_and_never_a_number(client_of, value, shop):
    future = ("p_alive", "future_value", "future_value_low", "future_value_high", "customer_value", "value_at_risk")

    def forget(rows):
        for row in rows:
            row.update(dict.fromkeys((*future, "matrix", "expected_purchases", "at_risk", "next_order_due")))

    value(forget)
    page = panel(client_of("viewer"), next(iter(shop.ids.values())))
    assert part(page, "value").count("Not enough data") >= 2
    assert "P(alive) is how sure" not in page


def test_late_customers_have_their_reasons_turned_down():
    row = {
        "p_alive": 0.3, "x": 5, "usual_gap_days": 10.0, "days_since_last_purchase": 60, "at_risk": True,
        "expected_purchases": 2.5, "expected_purchases_low": 0, "expected_purchases_high": 9, "expected_spend": 120.0,
        "value_at_risk": 210,
    }  # fmt: skip
    said = reasons(row, horizon_days=364, currency="CNY")
    assert [one.tone for one in said] == ["down", "down", "flat", "down"]
    assert "50 days late" in said[1].words.en
    assert "2.5 more times in the next 52 weeks (90% in 0–9)" in said[2].words.en


def test_who_is_not_unusually_late_is_not_called_late():
    row = {
        "p_alive": 0.9, "x": 5, "usual_gap_days": 10.0, "days_since_last_purchase": 12, "at_risk": False,
        "expected_purchases": 20.0, "expected_purchases_low": 9, "expected_purchases_high": 33, "expected_spend": 120.0,
        "value_at_risk": 0,
    }  # fmt: skip
    said = reasons(row, horizon_days=364, currency="CNY")
    assert [one.tone for one in said] == ["up", "flat"]
    assert not any("late" in one.words.en for one in said)
    assert reasons({**row, "p_alive": None}, horizon_days=364, currency="CNY") == []


def test_a_page_of_orders_ends_with_a_whole_day():
    last = date(2026, 6, 30)
    orders = [SimpleNamespace(business_date=last - timedelta(days=i // 2)) for i in range(PAGE + 1)]
    shown, older = _whole_days(orders)
    assert older == last - timedelta(days=PAGE // 2)
    assert len(shown) == PAGE
    assert _whole_days(orders[:3]) == (orders[:3], None)
    same = [SimpleNamespace(business_date=last)] * (PAGE + 1)
    assert _whole_days(same) == (same, None)


@pytest.mark.parametrize("until", ["2026-13-45", "x", ""])
def test_a_day_that_is_none_shows_the_newest(client_of, best, until):
    assert "SO1" in client_of("viewer").get(f"/value/customers/{best}/orders/?until={until}").text
