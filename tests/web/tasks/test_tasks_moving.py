"""Putting off, handing on, dropping; many at once and back; tasks whose owner is gone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from regulars.web.accounts.access import actor_of
from regulars.web.core.conflict import Conflict
from regulars.web.journal.models import Entry
from regulars.web.tasks import actions
from regulars.web.tasks.actions.homing import rehome
from regulars.web.tasks.business_days import today
from regulars.web.tasks.models import State, Task, Undo

pytestmark = pytest.mark.django_db


def fresh(task):
    return Task.objects.get(pk=task.pk)


def picked(*tasks):
    return [(task.pk, task.version) for task in tasks]


def test_putting_off_takes_it_out_of_the_queue_until_the_day(task, actors):
    off, until = task(), today() + timedelta(days=9)
    actions.snooze(task=off, version=0, until=until, by=actors["account_manager"])
    assert (fresh(off).state, fresh(off).snoozed_until, fresh(off).due_on) == (State.SNOOZED, until, until)
    assert not Task.objects.waiting(until - timedelta(days=1)).exists()
    assert Task.objects.waiting(until).exists()


@pytest.mark.parametrize("days", [0, -1, 400])
def test_only_days_ahead_within_a_year(task, actors, days):
    with pytest.raises(ValidationError, match="from tomorrow on"):
        actions.snooze(task=task(), version=0, until=today() + timedelta(days=days), by=actors["account_manager"])


def test_putting_back_makes_it_due_today(task, actors):
    off = task(state="snoozed", snoozed_until=today() + timedelta(days=9))
    actions.put_back(task=off, version=0, by=actors["account_manager"])
    assert (fresh(off).state, fresh(off).due_on) == (State.OPEN, today())


def test_handing_on_goes_to_who_reaches_the_customer(task, actors, people, strangers):
    one = task()
    actions.delegate(task=one, version=0, to=people["service"], by=actors["account_manager"])
    assert fresh(one).owner == people["service"]
    with pytest.raises(ValidationError, match="hand the customer over first"):
        actions.delegate(task=fresh(one), version=1, to=strangers["account_manager"], by=actors["manager"])
    actions.delegate(task=fresh(one), version=1, to=None, by=actors["service"])
    assert fresh(one).owner is None


def test_dropping_leaves_nothing_in_the_log(task, actors):
    one = task()
    actions.drop(task=one, version=0, by=actors["account_manager"])
    assert fresh(one).state == State.CANCELLED
    assert not Entry.objects.exists()


def test_an_old_version_changes_nothing(task, actors):
    one = task()
    actions.snooze(task=one, version=0, until=today() + timedelta(days=1), by=actors["account_manager"])
    with pytest.raises(Conflict):
        actions.drop(task=Task.objects.get(), version=0, by=actors["manager"])
    assert fresh(one).state == State.SNOOZED


def test_many_at_once_and_all_of_it_back(task, customer, actors, people):
    tasks = [task(of=customer(f"C{n}"), due_on=today()) for n in range(4)]
    until = today() + timedelta(days=5)
    changed = actions.change_many(
        picked=picked(*tasks),
        verb="snooze",
        change=lambda one, version: actions.snooze(task=one, version=version, until=until, by=actors["manager"]),
        by=actors["manager"],
    )
    assert (changed.done, changed.left) == (4, 0)
    assert Task.objects.filter(state=State.SNOOZED).count() == 4
    back = actions.undo(change=changed.undo, by=actors["manager"])
    assert (back.done, back.left) == (4, 0)
    assert set(Task.objects.values_list("state", "due_on", "snoozed_until")) == {("open", today(), None)}
    assert not Undo.objects.exists()


def test_what_others_changed_in_between_is_left_and_counted(task, customer, actors, people):
    mine, theirs = task(of=customer("A")), task(of=customer("B"))
    opened = picked(mine, theirs)
    actions.delegate(task=theirs, version=0, to=people["service"], by=actors["manager"])
    changed = actions.change_many(
        picked=opened, verb="drop", by=actors["manager"],
        change=lambda one, version: actions.drop(task=one, version=version, by=actors["manager"]),
    )  # fmt: skip
    assert (changed.done, changed.left) == (1, 1)
    assert fresh(theirs).state == State.OPEN
    actions.reopen(task=fresh(mine), version=1, by=actors["service"])
    back = actions.undo(change=changed.undo, by=actors["manager"])
    assert (back.done, back.left) == (0, 1)


def test_taking_back_many_done_corrects_their_logs(task, customer, actors):
    tasks = [task("message", of=customer(f"C{n}")) for n in range(2)]
    changed = actions.change_many(
        picked=picked(*tasks), verb="finish", by=actors["manager"],
        change=lambda one, version: actions.finish(task=one, version=version, outcome="done", by=actors["manager"]),
    )  # fmt: skip
    assert Entry.objects.count() == 2
    actions.undo(change=changed.undo, by=actors["manager"])
    assert Task.objects.open().count() == 2
    assert Entry.objects.filter(kind="correction").count() == 2


def test_only_who_changed_them_takes_back_and_only_for_an_hour(task, actors):
    changed = actions.change_many(
        picked=picked(task()), verb="drop", by=actors["manager"],
        change=lambda one, version: actions.drop(task=one, version=version, by=actors["manager"]),
    )  # fmt: skip
    with pytest.raises(PermissionDenied):
        actions.undo(change=changed.undo, by=actors["administrator"])
    Undo.objects.update(at=timezone.now() - timedelta(hours=2))
    with pytest.raises(ValidationError, match="More than an hour"):
        actions.undo(change=Undo.objects.get(), by=actors["manager"])


def test_too_many_at_once_are_refused(actors):
    with pytest.raises(ValidationError, match="change them in parts"):
        actions.change_many(
            picked=[(n, 0) for n in range(501)], verb="drop", change=lambda *_: None, by=actors["manager"]
        )


def test_tasks_of_strangers_are_not_among_the_many(task, customer, actors, strangers, teams):
    theirs = Task.objects.create(
        customer=customer("T", owner=strangers["manager"], team=teams.other), kind="call", due_on=today()
    )
    changed = actions.change_many(
        picked=picked(theirs), verb="drop", by=actors["manager"],
        change=lambda one, version: actions.drop(task=one, version=version, by=actors["manager"]),
    )  # fmt: skip
    assert (changed.done, changed.left, changed.undo) == (0, 1, None)
    assert fresh(theirs).state == State.OPEN


def test_what_its_owner_can_no_longer_open_finds_a_home(task, customer, people, strangers, teams):
    moved, left, kept = task(of=customer("Moved")), task(of=customer("Left")), task(of=customer("Kept"))
    Task.objects.filter(pk=left.pk).update(owner=people["service"])
    people["service"].is_active = False
    people["service"].save()
    moved.customer.owner, moved.customer.team = strangers["account_manager"], teams.other
    moved.customer.save()
    assert rehome() == 2
    assert (fresh(moved).owner, fresh(moved).team) == (strangers["account_manager"], teams.other)
    assert fresh(left).owner == people["account_manager"]
    assert fresh(kept).owner == people["account_manager"]
    assert rehome() == 0


def test_where_the_customers_owner_left_too_it_is_the_teams(task, people, teams):
    one = task()
    people["account_manager"].is_active = False
    people["account_manager"].save()
    rehome()
    assert (fresh(one).owner, fresh(one).team) == (None, teams.own)
    assert actor_of(people["account_manager"]).user_id is None
