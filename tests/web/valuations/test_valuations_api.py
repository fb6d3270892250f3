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


def test_a_run_is_started_with_every_setting_and_read(call, shop, client, people, work):
    from regulars.web.accounts.access import actor_of
    from regulars.web.accounts.models import RolePermission
    from regulars.web.api import actions

    RolePermission.objects.get_or_create(role=people["analyst"].memberships.first().role, permission="api.tokens")
    scopes = ("values:run", "values:read")
    token = actions.make_token(name="Night", scopes=scopes, days=30, by=actor_of(people["analyst"]))[1]
    asked = {"margin": "0.3", "margins": {}, "horizon_days": 182, "threshold": 0.7, "level": 0.8}

    def send(body):
        headers = {"Authorization": f"Bearer {token}"}
        return client.post("/api/v1/valuation/runs", body, content_type="application/json", headers=headers)

    for wrong in ({"level": 1}, {"threshold": 0}, {"horizon_days": -1}, {"margin": 2}, {"levle": 0.9}):
        assert send(wrong).status_code == 422, wrong
    started = send(asked)
    assert started.status_code == 202
    assert send({}).status_code == 409
    work()
    path = f"/valuation/runs/{started.json()['id']}"
    found = client.get(f"/api/v1{path}", headers={"Authorization": f"Bearer {token}"}).json()
    assert (found["state"], found["is_current"]) == ("published", True)
    assert {name: found["parameters"][name] for name in asked} == {**asked, "margin": "30%"}
    assert "margin" not in call("viewer", path).json()["parameters"]
    card = call("viewer", "/valuation/model").json()
    assert card["relationship"]["kind"]
    assert (card["run"]["interval_level"], card["given"]) == (0.8, None)
    assert "margin" not in card["run"]
