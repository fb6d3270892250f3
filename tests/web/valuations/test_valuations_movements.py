"""Movements between two valuations, the model card, and value on the first screen."""

from __future__ import annotations

from datetime import timedelta
from html import unescape

import pytest

pytestmark = pytest.mark.django_db


@pytest.fixture
def two(simulated, value):
    """Two valuations a month apart; in the later one everybody of Ⅳ has fallen to Ⅲ."""
    earlier = value(as_of=simulated.as_of - timedelta(days=30))

    def fall(rows):
        for row in rows:
            if row["matrix"] == "IV":
                row["matrix"] = "III"

    return earlier, value(fall)


def told(client, address):
    answer = client.get(address)
    assert answer.status_code == 200
    return unescape(answer.text)


def test_one_valuation_cannot_be_compared(client_of, value):
    value()
    said = told(client_of("viewer"), "/value/movements/")
    assert "One valuation cannot be compared" in said
    assert "One valuation cannot be compared" not in told(client_of("viewer"), "/")


def test_movements_count_and_lead_to_who_moved(client_of, two):
    said = told(client_of("viewer"), "/value/movements/")
    fallen = two[0].figures["pyramid"][0]["n"]
    assert f"0 customers rose, {fallen} fell." in said
    assert f"▼ {fallen}</a>" in said
    assert "/value/movements/who/?earlier=" in said
    assert "before=IV" in said


def test_who_moved_and_why(client_of, two):
    said = told(client_of("viewer"), "/value/movements/who/?before=IV&after=III")
    assert "From Ⅳ Platinum to Ⅲ Gold" in said
    assert "the line is" in said
    assert "/customers/" in said
    assert "No customer of yours made this move" in told(client_of("viewer"), "/value/movements/who/?before=I&after=IV")


def test_only_those_whom_one_reaches(client_of, people, two, give):
    assert "No customer of yours" in told(client_of("account_manager"), "/value/movements/who/?before=IV&after=III")
    give(people["account_manager"], 160)
    assert "From Ⅳ" in told(client_of("account_manager"), "/value/movements/who/?before=IV&after=III")
    assert "No customer of yours" not in told(client_of("account_manager"), "/value/movements/who/?before=IV&after=III")


@pytest.mark.parametrize("query", ["earlier=99999", "later=x", "scheme=shoe", "earlier=²", f"later={10**20}"])
def test_what_cannot_be_read_falls_back_to_the_newest_two(client_of, two, query):
    said = told(client_of("viewer"), f"/value/movements/?{query}")
    assert "Movements" in said


def test_tiers_and_visit_classes_compare_too(client_of, two):
    for scheme, word in (("tier", "Gold tier"), ("visit_class", ">C<")):
        assert word in told(client_of("viewer"), f"/value/movements/?scheme={scheme}")


def test_the_model_card_says_which_why_how_well_and_where_weak(client_of, value):
    valuation = value()
    said = told(client_of("viewer"), f"/value/runs/{valuation.pk}/model/")
    assert valuation.card["choice"]["reason"]["en"] in said
    assert valuation.card["weak"][0]["en"] in said
    assert "Beside other forecasts" in said
    assert "everyone at the mean rate" in said
    assert "Is the stated certainty right?" in said
    assert "Ignores season" in said


def test_the_model_card_where_nothing_was_tested_or_foreseen(client_of, value):
    valuation = value()
    why = {"zh": "数据太短", "en": "the data are too short to test a forecast"}
    valuation.card = {**valuation.card, "holdout": None, "untested": why}
    valuation.figures = {**valuation.figures, "holdout": None, "tracking": None}
    valuation.save()
    assert why["en"] in told(client_of("viewer"), f"/value/runs/{valuation.pk}/model/")
    valuation.card = {**valuation.card, "model": {"name": None}, "choice": None, "untested": None, "not_enough": why}
    valuation.save()
    said = told(client_of("viewer"), f"/value/runs/{valuation.pk}/model/")
    assert why["en"] in said
    assert "Which model, and why" not in said


def test_a_run_without_figures_has_no_card(client_of, people):
    from regulars.web.valuations.models import Valuation

    failed = Valuation.objects.create(state="failed", started_by=people["administrator"])
    assert client_of("viewer").get(f"/value/runs/{failed.pk}/model/").status_code == 404


def test_the_first_screen_of_who_sees_all(client_of, two):
    said = told(client_of("viewer"), "/")
    assert "Value at risk" in said
    assert "2 valuations since" in said
    assert "90% in" in said
    assert "Who moved" in said
    assert "all customers" in said
    assert 'id="who-moved"' in said
    assert "Ⅳ Platinum → Ⅲ Gold" in said


def test_the_first_screen_of_an_account_manager_is_of_their_own(client_of, people, two, give):
    give(people["account_manager"], 30)
    said = told(client_of("account_manager"), "/")
    assert "my customers" in said
    assert "all customers together only" in said
    assert "of 30" in said


def test_who_is_archived_is_not_named_on_the_first_screen(client_of, value):
    from django.utils import timezone

    from regulars.web.customers.models import Customer
    from regulars.web.valuations.models import CustomerFigure

    value()
    late = CustomerFigure.objects.filter(at_risk=True).order_by("-value_at_risk").values_list("customer_id", flat=True)
    customer = Customer.objects.get(pk=late[0])
    assert f'href="/customers/{customer.pk}/"' in told(client_of("viewer"), "/")
    Customer.objects.filter(pk=customer.pk).update(archived_at=timezone.now())
    assert f'href="/customers/{customer.pk}/"' not in told(client_of("viewer"), "/")


def test_the_first_screen_without_a_valuation_or_the_right(client_of, people, value):
    assert "value-at-risk" not in told(client_of("viewer"), "/")
    value()
    assert "value-at-risk" not in told(client_of("service"), "/")
    assert 'id="value-at-risk"' in told(client_of("viewer"), "/")
