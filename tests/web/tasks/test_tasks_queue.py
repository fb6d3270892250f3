"""Queues: whose, in which order, what a role may see of it."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils.html import strip_tags

from regulars.web.tasks import selectors
from regulars.web.tasks.business_days import today
from regulars.web.tasks.models import Task
from regulars.web.tasks.selectors import Filters

pytestmark = pytest.mark.django_db


def names(actor, **filters):
    found = selectors.queue(actor, Filters(**filters), today=today())
    return [task.customer.name for task in found.order_by("id")]


@pytest.fixture
def board(task, customer, people, teams, strangers):
    """Tasks of three owners in two teams: late, due today, ahead, put off."""
    day = today()
    return {
        "late": task("call", of=customer("Late"), due_on=day - timedelta(days=3), at_stake=Decimal(10)),
        "today": task("call", of=customer("Today"), due_on=day, at_stake=Decimal(900)),
        "ahead": task("call", of=customer("Ahead"), due_on=day + timedelta(days=30), at_stake=None),
        "off": task("call", of=customer("Off"), state="snoozed", snoozed_until=day + timedelta(days=2)),
        "back": task("call", of=customer("Back"), state="snoozed", snoozed_until=day, at_stake=Decimal(50)),
        "nobody": task("call", of=customer("Nobody's"), owner=None, due_on=day),
        "theirs": task("call", of=customer("Theirs"), owner=people["manager"], due_on=day),
        "stranger": Task.objects.create(
            customer=customer("Stranger", owner=strangers["account_manager"], team=teams.other),
            kind="call",
            owner=strangers["account_manager"],
            due_on=day,
        ),
    }


def test_my_queue_holds_what_is_mine_and_not_put_off(board, actors):
    assert names(actors["account_manager"]) == ["Late", "Today", "Ahead", "Back"]


def test_what_was_put_off_comes_back_by_itself_on_its_day(board, actors):
    assert names(actors["account_manager"], state="snoozed") == ["Off"]
    assert "Back" in names(actors["account_manager"])


def test_a_manager_sees_the_teams_queue_and_not_the_strangers(board, actors):
    everyone = names(actors["manager"], who="all")
    assert "Theirs" in everyone
    assert "Nobody's" in everyone
    assert "Stranger" not in everyone
    assert "Stranger" in names(actors["administrator"], who="all")


def test_an_account_manager_reaches_no_more_by_asking_for_everyones(board, actors, people):
    assert "Stranger" not in names(actors["account_manager"], who="all")
    assert names(actors["account_manager"], who="nobody") == ["Nobody's"]


@pytest.mark.parametrize(
    ("due", "expected"),
    [("late", ["Late"]), ("today", ["Today"]), ("now", ["Late", "Today"]), ("week", ["Late", "Today"])],
)
def test_due_days(board, actors, due, expected):
    found = [name for name in names(actors["account_manager"], due=due) if name != "Back"]
    assert found == expected


def test_counts_say_what_is_late_and_what_is_due_today(board, actors):
    found = selectors.counts(actors["account_manager"], Filters(), today=today())
    assert (found["waiting"], found["late"], found["today"]) == (4, 1, 1)


def test_most_at_stake_comes_first_and_what_is_not_known_last(board, client_of):
    page = client_of("account_manager").get("/tasks/")
    assert [row.task.customer.name for row in page.context["rows"]] == ["Today", "Back", "Late", "Ahead"]


def test_who_may_not_read_values_gets_neither_amounts_nor_their_order(board, actors, client_of):
    service = actors["service"]
    assert not service.may("valuations.read")
    assert selectors.order_of(service) == ["due_on", "id"]
    page = client_of("service").get("/tasks/?who=all")
    shown = strip_tags(page.text)  # numbers of records, in addresses, may hold any digits
    assert "At stake" not in shown
    assert "900" not in shown
    due = [row.task.due_on for row in page.context["rows"]]
    assert due == sorted(due)


def test_a_reason_that_tells_a_class_is_kept_from_who_may_not_read_values(task, actors):
    made = task("enhance", reason={"code": "strategy", "values": {"matrix": "IV"}})
    late = task("at_risk", reason={"code": "late", "values": {"days": 40, "usual": 16.0}})
    shown = {
        role: [row.why for row in selectors.rows(actors[role], [made, late], today=today())]
        for role in ("service", "manager")
    }
    assert shown["service"] == ["", "24 days late, usually one order in 16 days"]
    assert "platinum" in shown["manager"][0]


@pytest.mark.parametrize("role", ["viewer", "analyst"])
def test_roles_without_tasks_get_no_queue(board, client_of, actors, role):
    assert client_of(role).get("/tasks/").status_code == 403
    assert not selectors.tasks(actors[role]).exists()
    assert b"Tasks" not in client_of(role).get("/").content


def test_the_pages_key_leads_on_through_ties_and_unknowns(task, customer, client_of, actors):
    for n in range(60):
        task("call", of=customer(f"Customer {n:02}"), at_stake=Decimal(7) if n % 3 else None)
    client, url, seen = client_of("account_manager"), "/tasks/", []
    for _ in range(2):
        page = client.get(url)
        seen += [row.task.pk for row in page.context["rows"]]
        url = f"/tasks/?after={page.context['listed'].after}"
    assert len(seen) == len(set(seen)) == 60


@pytest.mark.parametrize("query", ["who=9999999", "who=x'--", "kind=nothing", "due=x", "team=-1", "state=x", "team=zz"])
def test_filters_that_mean_nothing_break_nothing(board, client_of, query):
    assert client_of("manager").get(f"/tasks/?{query}").status_code == 200


def test_a_key_of_another_list_is_refused(client_of):
    assert client_of("manager").get("/tasks/?after=xxxx").status_code == 400


def test_somebody_elses_task_is_not_there(board, client_of):
    client = client_of("account_manager")
    for name in ("task", "task_done", "task_snooze", "task_delegate"):
        assert client.get(reverse(name, args=[board["stranger"].pk])).status_code == 404
    for name in ("task_done", "task_snooze", "task_drop", "task_reopen", "task_put_back"):
        assert client.post(reverse(name, args=[board["stranger"].pk]), {"version": 0}).status_code == 404
    board["stranger"].refresh_from_db()
    assert board["stranger"].version == 0
