"""Why a customer's value is what it is, and what would change it: the part that comes after the customer's page."""

from __future__ import annotations

import re

import pytest

from regulars.valuation.stored import stored

pytestmark = pytest.mark.django_db


def why(client, number):
    return client.get(f"/value/customers/{number}/why/", headers={"HX-Request": "true"})


@pytest.fixture
def rows(value, actors):
    """Every row of a published valuation, the most frequent buyer first."""
    from regulars.web.facts.selectors import table

    value()
    columns = ["customer_id", "x", "p_alive", "future_value", "last_purchase"]
    return table(actors["viewer"], columns, order=("-x", "customer_id")).to_pylist()


def test_the_page_asks_for_it_and_without_script_it_is_a_page(client_of, rows):
    number = rows[0]["customer_id"]
    client = client_of("viewer")
    assert f'hx-get="/value/customers/{number}/why/"' in client.get(f"/customers/{number}/").text
    assert "<html" in client.get(f"/value/customers/{number}/why/").text
    assert "<html" not in why(client, number).text


def test_each_factor_says_where_it_comes_from(client_of, rows):
    number = rows[0]["customer_id"]
    page = why(client_of("viewer"), number).text
    for name in ("Chance that they still buy", "Purchases if they do", "Spend each", "Left of it after costs"):
        assert name in page
    assert "more than" in page
    assert re.search(r"counts for \d+%, the ¥[\d.,k]+ of all customers for the rest", page)


def test_an_order_lifts_it_and_silence_wears_it_down(client_of, rows):
    page = why(client_of("viewer"), rows[0]["customer_id"]).text
    then = page.split("What would change it")[-1]
    assert "▲" in then
    assert then.count("▼") == 3
    assert "Nothing for 13 more weeks" in then
    assert "only a control group tells" in then


def test_the_next_order_has_a_window(client_of, rows):
    page = why(client_of("viewer"), rows[0]["customer_id"]).text
    assert re.search(r"as likely between .* and .* as outside|was due between .* and .*", page)
    assert "unusually late" in page


def test_who_bought_once_is_told_from_everybody(client_of, rows):
    once = next(row["customer_id"] for row in rows if row["x"] == 0)
    page = why(client_of("viewer"), once).text
    assert "Bought once, so the rate of all customers stands in" in page
    assert "the mean of all customers stands in" in page


def test_in_chinese(client_of, people, rows):
    people["viewer"].language = "zh-hans"
    people["viewer"].save()
    assert "现在来一单" in why(client_of("viewer"), rows[0]["customer_id"]).text


def test_somebody_elses_customer_is_not_there(client_of, people, give, value, shop):
    value()
    own, *_ = give(people["account_manager"], 1)
    other = next(number for number in shop.ids.values() if number != own)
    client = client_of("account_manager")
    assert why(client, own).status_code == 200
    assert why(client, other).status_code == 404


def test_who_may_not_read_values_sees_none_here(client_of, rows):
    page = why(client_of("service"), rows[0]["customer_id"]).text
    assert "¥" not in page


def test_a_card_that_is_not_understood_says_so(client_of, rows):
    from regulars.web.valuations.models import Valuation

    valuation = Valuation.objects.get()
    for model in ({"name": "Something/NBD"}, {**valuation.card["model"], "parameters": {"r": 1.0}}, {}):
        valuation.card["model"] = model
        valuation.save()
        assert stored(valuation.card) is None
        assert "Not enough data" in why(client_of("viewer"), rows[0]["customer_id"]).text


def test_a_model_that_gave_other_chances_does_not_speak_for_the_customer(client_of, rows):
    from regulars.web.valuations.models import Valuation

    valuation = Valuation.objects.get()
    parameters = valuation.card["model"]["parameters"]
    valuation.card["model"]["parameters"] = {name: value * 9 for name, value in parameters.items()} | {"a": 90.0}
    valuation.save()
    assert "Not enough data" in why(client_of("viewer"), rows[-1]["customer_id"]).text
