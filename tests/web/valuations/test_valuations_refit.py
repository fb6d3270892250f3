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
    said = {"horizon_days": "364", "discount": "10", "refit": "due"}
    form = RunForm(said)
    assert form.is_valid(), form.errors
    assert form.parameters().refit == running.DUE
    assert RunForm.initial_of(form.parameters().as_dict())["refit"] == running.DUE
    assert RunForm.initial_of({})["refit"] == running.ALWAYS
    assert not RunForm({**said, "refit": "often"}).is_valid()
