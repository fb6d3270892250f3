"""The pages of runs: who may press what, what a failed run says, how far an open one is."""

from __future__ import annotations

import pytest

from regulars.web.core.jobs import run_job
from regulars.web.valuations import selectors
from regulars.web.valuations.models import Schedule, Valuation, ValuationState

pytestmark = pytest.mark.django_db

CHOICES = {"horizon_weeks": "52", "discount": "10", "high": "20", "level": "90"}


def test_a_run_is_started_followed_and_read(client_of, shop):
    client = client_of("analyst")
    answer = client.post("/value/runs/start/", CHOICES)
    valuation = Valuation.objects.get()
    assert answer.headers["location"] == f"/value/runs/{valuation.pk}/"
    assert "Waits for its turn" in client.get(answer.headers["location"]).text
    run_job.func(valuation.job_id)
    page = client.get(answer.headers["location"]).text
    assert "4 of 4 checks passed" in page
    assert "every customer who bought has a future value" in page
    assert "Shown now" in client.get("/value/runs/").text


def test_the_page_in_chinese(client_of, people, value):
    people["viewer"].language = "zh-hans"
    people["viewer"].save()
    valuation = value()
    page = client_of("viewer").get(f"/value/runs/{valuation.pk}/").text
    assert "没有 NaN 和无穷大" in page
    assert "项检查，通过" in page


def test_an_empty_workspace_is_led_to_the_import(client_of):
    client = client_of("analyst")
    client.post("/value/runs/start/", CHOICES)
    valuation = Valuation.objects.get()
    run_job.func(valuation.job_id)
    page = client.get(f"/value/runs/{valuation.pk}/").text
    assert "there are no orders yet" in page
    assert 'href="/import/"' in page
    assert selectors.current() is None


def test_an_open_run_asks_again_and_a_closed_one_reloads(client_of, shop):
    client = client_of("analyst")
    client.post("/value/runs/start/", CHOICES)
    valuation = Valuation.objects.get()
    part = client.get(f"/value/runs/{valuation.pk}/", headers={"HX-Request": "true"})
    assert "<html" not in part.text
    Valuation.objects.update(state=ValuationState.FAILED)
    assert client.get(f"/value/runs/{valuation.pk}/", headers={"HX-Request": "true"}).headers["HX-Refresh"]


@pytest.mark.parametrize("path", ["start/", "schedule/", "1/delete/"])
@pytest.mark.parametrize("role", ["viewer", "marketing", "account_manager", "manager"])
def test_who_may_only_read_presses_nothing(role, path, client_of):
    assert client_of(role).post(f"/value/runs/{path}").status_code == 403
    page = client_of(role).get("/value/runs/")
    assert page.status_code == 200
    assert "value/runs/start" not in page.text


def test_service_has_no_values_to_read(client_of):
    assert client_of("service").get("/value/runs/").status_code == 403


def test_the_schedule_is_set(client_of, people):
    client_of("analyst").post("/value/runs/schedule/", {"every": "week", "weekday": "2", "at": "05:30"})
    schedule = Schedule.objects.get()
    assert (schedule.every, schedule.weekday, schedule.at.isoformat()) == ("week", 2, "05:30:00")
    assert schedule.started_by == people["analyst"]


def test_nonsense_is_refused_in_words(client_of):
    client = client_of("analyst")
    answer = client.post("/value/runs/start/", {**CHOICES, "horizon_weeks": "0", "high": "100", "margins": "Tea"})
    assert answer.status_code == 200
    assert "greater than or equal to 1." in answer.text
    assert "less than or equal to 99" in answer.text
    assert "“Tea” is no margin" in answer.text
    assert "<details open>" in answer.text
    assert 'value="100"' in answer.text
    assert not Valuation.objects.exists()
