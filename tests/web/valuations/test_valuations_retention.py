"""Retention and churn: of whom, by what, and what is kept from whom."""

from __future__ import annotations

from html import unescape

import pytest

from regulars.web.facts.selectors import retention

pytestmark = pytest.mark.django_db


@pytest.fixture
def board(person):
    """Somebody who may read values, but opens no records."""
    from regulars.web.accounts.models import Membership, Role, RolePermission

    role = Role.objects.create(key="board", scope="all")
    RolePermission.objects.create(role=role, permission="valuations.read")
    user = person("viewer", username="board")
    Membership.objects.filter(user=user).update(role=role)
    return user


def page(client, by=""):
    answer = client.get(f"/value/retention/?by={by}")
    assert answer.status_code == 200
    return unescape(answer.text)


def test_groups_add_up_to_everybody_and_each_leads_to_its_customers(actors, client_of, value):
    value()
    whole = retention(actors["viewer"])["whole"]
    by_class = retention(actors["viewer"], "matrix")
    assert (whole["n"], whole["churn"]) == (by_class["whole"]["n"], by_class["whole"]["churn"])
    assert sum(one["n"] for one in by_class["groups"]) == whole["n"]
    assert whole["again"][0][:2] == [0, 0.0]
    assert whole["staying"][0][1] == 1.0
    shares = [step[1] for step in whole["staying"]]
    assert shares == sorted(shares, reverse=True)
    said = page(client_of("viewer"), "matrix")
    assert "Observed, not proved" in said
    assert "were bound to stay longer" in said
    assert '<a href="/customers/?matrix=IV">' in said


def test_ones_own_customers_and_teams(actors, people, value, give, teams):
    mine = give(people["account_manager"], 40)
    value()
    found = retention(actors["account_manager"])
    assert found["whole"]["n"] <= len(mine)
    teams_seen = retention(actors["viewer"], "team")
    assert sum(one["n"] for one in teams_seen["groups"]) == teams_seen["whole"]["n"] > len(mine)


def test_who_opens_no_records_sees_no_small_cells_and_no_records(actors, board, client_of, value):
    from regulars.web.core.actor import actor_of

    value()
    who = actor_of(board)
    assert retention(who, "team") is None
    found = retention(who, "matrix")
    assert all(one["n"] >= 10 for one in found["groups"])
    for one in (found["whole"], *found["groups"]):
        assert all(active >= 10 and not 0 < gone < 10 for _start, active, gone in one["churn"])
        assert all(step[-1] >= 10 for step in one["again"])


def test_a_team_that_is_not_ones_own_to_see_is_not_named(client_of, people, value, give, strangers):
    from regulars.web.customers.models import Customer

    mine = give(people["account_manager"], 80)
    foreign = strangers["account_manager"].memberships.get().team
    Customer.objects.filter(pk__in=mine[:40]).update(team=foreign)
    value()
    said = page(client_of("account_manager"), "team")
    assert "another team" in said
    assert foreign.name not in said
    assert f"team={foreign.pk}" not in said


def test_heads_of_figures_stand_over_their_figures(client_of, value):
    value()
    assert '<th scope="col" class="r">Customers</th>' in page(client_of("viewer"))


def test_without_a_valuation_the_page_says_so(client_of, actors):
    assert retention(actors["viewer"]) is None
    assert "Not valued yet" in page(client_of("viewer"))
