"""The valuation as a whole for programs: the card, the tournament, what-ifs; each person's own customers."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.django_db


@pytest.fixture
def call(client, people):
    """Ask for something of the valuation as a role: `call("viewer", "/valuation/model")`."""
    from regulars.web.accounts.access import actor_of
    from regulars.web.accounts.models import RolePermission
    from regulars.web.api import actions

    def send(role, path, **query):
        RolePermission.objects.get_or_create(role=people[role].memberships.first().role, permission="api.tokens")
        token = actions.make_token(name="Till", scopes=("values:read",), days=30, by=actor_of(people[role]))[1]
        return client.get(f"/api/v1{path}", query, headers={"Authorization": f"Bearer {token}"})

    return send


def test_the_card_says_which_model_and_why(call, value):
    valuation = value()
    card = call("viewer", "/valuation/model").json()
    assert card["model"]["name"] == card["choice"]["name"]
    assert card["choice"]["reason"]["zh"]
    assert (card["as_of"], card["currency"]) == (valuation.as_of.isoformat(), "CNY")


def test_the_tournament_holds_every_forecast(call, value):
    value()
    found = call("viewer", "/valuation/tournament").json()
    kinds = {row["kind"] for row in found["models"]}
    assert {"model", "baseline"} <= kinds
    assert found["chosen"] in {row["key"] for row in found["models"]}
    assert len(found["pit"]) == 10


def test_small_groups_are_for_who_opens_records(call, value, people):
    valuation = value()
    groups = [{"x": 0.0, "customers": 40, "expected": 1.0, "actual": 1.0},
              {"x": 1.0, "customers": 4, "expected": 3.0, "actual": 9.0}]  # fmt: skip
    valuation.card["holdout"]["by_repeats"] = groups
    valuation.save()
    assert call("viewer", "/valuation/tournament").json()["by_repeats"] == groups
    people["viewer"].memberships.first().role.permissions.filter(permission="customers.read").delete()
    assert call("viewer", "/valuation/tournament").json()["by_repeats"] == groups[:1]


def test_what_if_reckons_over_ones_own_customers(call, value, people, give):
    give(people["account_manager"], 30)
    value()
    everybody = call("viewer", "/valuation/what-if").json()
    assert everybody["asked"]["value"] == pytest.approx(everybody["as_valued"]["value"])
    own = call("account_manager", "/valuation/what-if").json()
    assert own["customers"] <= 30
    longer = call("viewer", "/valuation/what-if", weeks=104, lower=0.2, rate=0.05).json()
    assert longer["asked"]["value"] > everybody["asked"]["value"]
    endless = call("viewer", "/valuation/what-if", to_the_end="true").json()
    assert endless["asked"]["weeks"] is None


@pytest.mark.parametrize("query", [{"weeks": -1}, {"rate": 7}, {"lower": 1}, {"weeks": "nan"}, {"lower": "x"}])
def test_nonsense_is_refused_in_one_line(call, value, query):
    value()
    answer = call("viewer", "/valuation/what-if", **query)
    assert answer.status_code == 422
    assert "\n" not in answer.json()["message"]


def test_before_the_first_valuation_there_is_nothing(call):
    for path in ("model", "tournament", "what-if"):
        assert call("viewer", f"/valuation/{path}").status_code == 404
