"""Doing a task: the outcome ends it and stands in the customer's log, once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from regulars.web.audit.models import Entry as Trail
from regulars.web.core.conflict import Conflict
from regulars.web.journal.models import Entry
from regulars.web.tasks import actions
from regulars.web.tasks.business_days import today
from regulars.web.tasks.models import State, Task

pytestmark = pytest.mark.django_db


def test_the_outcome_ends_the_task_and_stands_in_the_log(task, actors, people):
    done = task("at_risk")
    actions.finish(
        task=done, version=0, outcome="will_order", text="Two boxes on Friday.", by=actors["account_manager"]
    )
    done.refresh_from_db()
    assert (done.state, done.outcome, done.ended_by) == (State.DONE, "will_order", people["account_manager"])
    entry = Entry.objects.get()
    assert (entry.customer, entry.kind, entry.event, entry.resolution) == (
        done.customer, "call", "Two boxes on Friday.", "Will order",
    )  # fmt: skip
    assert "they are late" in entry.summary
    assert Trail.objects.filter(verb="finish", subject_id=str(done.pk), user=people["account_manager"]).exists()


def test_two_people_finish_one_task_and_the_second_is_told(task, actors):
    done = task()
    mine, theirs = Task.objects.get(pk=done.pk), Task.objects.get(pk=done.pk)
    actions.finish(task=mine, version=0, outcome="content", by=actors["account_manager"])
    with pytest.raises(Conflict):
        actions.finish(task=theirs, version=0, outcome="unhappy", by=actors["manager"])
    assert Entry.objects.count() == 1
    assert Task.objects.get().outcome == "content"


def test_who_was_not_reached_is_tried_again_on_the_next_business_day(task, actors):
    tried = task(due_on=today() - timedelta(days=4))
    actions.finish(task=tried, version=0, outcome="not_reached", by=actors["account_manager"])
    tried.refresh_from_db()
    assert (tried.state, tried.outcome) == (State.OPEN, "")
    assert today() < tried.due_on <= today() + timedelta(days=3)
    assert Entry.objects.get().resolution == "Not reached"
    actions.finish(task=tried, version=1, outcome="thinking", by=actors["account_manager"])
    assert Entry.objects.count() == 2


def test_what_is_over_is_not_ended_twice(task, actors):
    done = task()
    actions.drop(task=done, version=0, by=actors["account_manager"])
    with pytest.raises(ValidationError, match="account_manager has ended this task"):
        actions.finish(task=done, version=1, outcome="done", by=actors["account_manager"])
    assert not Entry.objects.exists()


def test_a_task_opened_again_corrects_the_log_instead_of_emptying_it(task, actors):
    done = task("keep")
    entry = actions.finish(task=done, version=0, outcome="done", by=actors["account_manager"])
    actions.reopen(task=done, version=1, by=actors["account_manager"])
    done.refresh_from_db()
    assert (done.state, done.outcome, done.ended_at) == (State.OPEN, "", None)
    assert Entry.objects.get(kind="correction").about == entry
    actions.finish(task=done, version=2, outcome="content", by=actors["account_manager"])
    assert Entry.objects.exclude(kind="correction").count() == 2


def test_a_second_one_of_the_kind_keeps_the_first_closed(task, actors):
    first = task("keep")
    actions.finish(task=first, version=0, outcome="done", by=actors["account_manager"])
    task("keep", of=first.customer)
    with pytest.raises(ValidationError, match="another task of the kind"):
        actions.reopen(task=first, version=1, by=actors["account_manager"])


@pytest.mark.parametrize(("outcome", "way"), [("splendid", ""), ("", ""), ("done", "pigeon")])
def test_an_outcome_or_way_that_nobody_declared_is_refused(task, actors, outcome, way):
    with pytest.raises(ValidationError, match="Choose one of"):
        actions.finish(task=task(), version=0, outcome=outcome, way=way, by=actors["account_manager"])
    assert not Entry.objects.exists()


def test_a_task_of_the_other_team_is_out_of_reach(task, strangers):
    from regulars.web.accounts.access import actor_of

    with pytest.raises(PermissionDenied):
        actions.finish(task=task(), version=0, outcome="done", by=actor_of(strangers["account_manager"]))


@pytest.mark.parametrize("role", ["viewer", "analyst"])
def test_who_only_looks_does_nothing(task, actors, role):
    with pytest.raises(PermissionDenied):
        actions.finish(task=task(), version=0, outcome="done", by=actors[role])


def test_marketing_does_tasks_without_the_right_to_the_log(task, actors):
    assert not actors["marketing"].may("journal.write")
    actions.finish(task=task("message"), version=0, outcome="done", by=actors["marketing"])
    assert Entry.objects.get().kind == "message"
