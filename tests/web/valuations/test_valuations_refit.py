"""Runs that score by the parameters of the run before: asked for, done, and said."""

from __future__ import annotations

from datetime import timedelta

import pytest

from regulars.errors import InputError
from regulars.web.valuations import running
from regulars.web.valuations.forms import RunForm
from regulars.web.valuations.models import Valuation, ValuationState

pytestmark = pytest.mark.django_db


def test_only_scores_takes_the_parameters_of_the_run_before(shop, run_value, simulated, client_of):
    fitted = run_value(as_of=simulated.as_of - timedelta(days=7))
    scored = run_value(refit=running.NEVER)
    assert scored.state == ValuationState.PUBLISHED
    assert scored.card["model"]["parameters"] == fitted.card["model"]["parameters"]
    assert scored.card["given"]["as_of"] == fitted.as_of.isoformat()
    assert scored.as_of == simulated.as_of
    client = client_of("analyst")
    assert scored.card["given"]["text"]["en"] in client.get(f"/value/runs/{scored.pk}/").text
    assert "fitted in this run" in client.get(f"/value/runs/{fitted.pk}/").text
    assert client.get("/value/runs/").text.count('<span class="chip">Only scores</span>') == 1


def test_only_scores_needs_a_run_before_asked_alike(shop, run_value):
    with pytest.raises(InputError, match="no earlier valuation"):
        run_value(refit=running.NEVER)
    assert "没有估值可以沿用" in Valuation.objects.first().failure["zh"]
    first = run_value(refit=running.DUE)  # nothing to go on with: fitted
    assert first.card["given"] is None
    with pytest.raises(InputError, match="differ from that run"):
        run_value(refit=running.NEVER, horizon_days=182)
    renewed = run_value(refit=running.DUE, horizon_days=182)
    assert renewed.card["given"]["renewed"] is True
    assert renewed.card["run"]["horizon_days"] == 182


def test_the_form_asks_and_remembers(rf):
    said = {"horizon_weeks": "52", "discount": "10", "high": "20", "level": "90", "refit": "due"}
    form = RunForm(said)
    assert form.is_valid(), form.errors
    assert form.parameters().refit == running.DUE
    assert RunForm.initial_of(form.parameters().as_dict())["refit"] == running.DUE
    assert RunForm.initial_of({})["refit"] == running.ALWAYS
    assert not RunForm({**said, "refit": "often"}).is_valid()


def test_every_choice_is_asked_for_and_remembered():
    said = {"margin": "30", "margins": "Tea 35%\n咖啡：40.5", "horizon_weeks": "26", "discount": "8.5", "high": "12.5",
            "level": "80", "refit": "always"}  # fmt: skip
    form = RunForm(said)
    assert form.is_valid(), form.errors
    parameters = running.Parameters.of(form.parameters().as_dict())
    settings = parameters.settings()
    assert (settings.horizon_days, settings.discount_rate) == (182, 0.085)
    assert (settings.threshold, settings.level) == (0.875, 0.8)
    assert {name: str(rate) for name, rate in settings.margin.by_category.items()} == {"Tea": "0.35", "咖啡": "0.405"}
    again = RunForm.initial_of(parameters.as_dict())
    assert {name: str(again[name]) for name in said} == {**said, "margins": "Tea 35%\n咖啡 40.5%"}
    for wrong in ({"high": "0"}, {"level": "100"}, {"horizon_weeks": "521"}, {"margins": "Tea 120%"},
                  {"margins": "Tea 1%\nTea 2%"}, {"margins": "Tea ten"}, {"discount": ""}):  # fmt: skip
        assert not RunForm({**said, **wrong}).is_valid(), wrong


def test_threshold_and_level_change_what_is_shown(shop, run_value, client_of):
    usual, other = run_value(), run_value(threshold=0.5, level=0.5)
    lines = [valuation.card["rules"]["matrix"]["future"] for valuation in (usual, other)]
    assert lines[1] < lines[0]
    wide, narrow = (valuation.figures["totals"]["future_value"] for valuation in (usual, other))
    assert narrow["high"] - narrow["low"] < wide["high"] - wide["low"]
    page = client_of("analyst").get("/value/").text
    assert "weeks, 50% in" in page
    assert "weeks, 90% in" not in page
    card = client_of("analyst").get(f"/value/runs/{other.pk}/model/").text
    assert "the best 50%" in card


def test_a_category_that_no_line_has_is_refused(shop, run_value):
    with pytest.raises(InputError, match="no order line is of the category 'Tae'"):
        run_value(margins={"Tae": "30%"})
    assert "没有订单行属于品类" in Valuation.objects.first().failure["zh"]
