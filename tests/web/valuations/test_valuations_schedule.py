"""Runs by themselves: due once a day or week in the workspace's zone, in the name of who set them."""

from __future__ import annotations

from datetime import UTC, datetime, time

import pytest

from regulars.web.core.models import Workspace
from regulars.web.valuations import actions
from regulars.web.valuations.due import last_due_before
from regulars.web.valuations.models import Schedule, Valuation, ValuationState

pytestmark = pytest.mark.django_db


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("every", "weekday", "now", "due"),
    [
        ("day", 0, "2026-06-30T20:30", "2026-06-30T20:00"),  # 04:00 in Shanghai
        ("day", 0, "2026-06-30T19:59", "2026-06-29T20:00"),
        ("week", 0, "2026-06-30T12:00", "2026-06-28T20:00"),  # Monday the 29th, 04:00 in Shanghai
        ("week", 6, "2026-06-30T12:00", "2026-06-27T20:00"),
    ],
)
def test_when_it_was_due_last(every, weekday, now, due):
    schedule = Schedule(every=every, weekday=weekday, at=time(4))
    assert last_due_before(at(now), schedule, "Asia/Shanghai") == at(due)


@pytest.fixture
def daily(actors):
    Workspace.objects.create(pk=1, zone="UTC")
    actions.set_schedule(every="day", weekday=0, at=time(4), by=actors["analyst"])
    Schedule.objects.update(last_due=at("2026-06-30T04:00"))


def test_a_due_run_starts_once(daily, people):
    assert actions.start_due(now=at("2026-07-01T03:59")) is None
    started = actions.start_due(now=at("2026-07-01T04:00"))
    assert started.started_by == people["analyst"]
    assert actions.start_due(now=at("2026-07-01T04:01")) is None


def test_a_missed_day_is_made_up_for_once(daily):
    assert actions.start_due(now=at("2026-07-05T09:00")) is not None
    Valuation.objects.update(state=ValuationState.FAILED)
    assert actions.start_due(now=at("2026-07-05T10:00")) is None


def test_it_keeps_the_choices_of_the_last_run_but_not_its_day(daily):
    Valuation.objects.create(
        state=ValuationState.PUBLISHED, parameters={"as_of": "2026-01-31", "margin": "30%", "horizon_days": 182}
    )
    parameters = actions.start_due(now=at("2026-07-01T04:00")).parameters
    assert (parameters["as_of"], parameters["margin"], parameters["horizon_days"]) == (None, "30%", 182)


def test_who_lost_the_right_starts_nothing(daily, people):
    people["analyst"].memberships.all().delete()
    assert actions.start_due(now=at("2026-07-01T04:00")) is None


def test_never_is_never(daily, actors):
    actions.set_schedule(every="", weekday=0, at=time(4), by=actors["analyst"])
    assert actions.start_due(now=at("2027-07-01T04:00")) is None
