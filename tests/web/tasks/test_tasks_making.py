"""Making tasks by hand; a next action for every customer."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from regulars.web.tasks import actions
from regulars.web.tasks.business_days import due_after, today
from regulars.web.tasks.models import DayOff, Task, WorkingWeek
from regulars.web.tasks.next_action import next_action, next_actions

pytestmark = pytest.mark.django_db


def test_a_task_by_hand_is_its_makers_and_due_in_business_days(customer, actors, people):
    WorkingWeek.objects.create(pk=1, weekdays=list(range(7)))
    made = actions.make(customer=customer(), kind="visit", detail=" Renew the supply ", by=actors["account_manager"])
    assert (made.owner, made.team.name, made.detail) == (people["account_manager"], "Riverside", "Renew the supply")
    assert (made.due_on - today()).days == 3


def test_days_off_push_the_due_day_out(db):
    WorkingWeek.objects.create(pk=1, weekdays=list(range(7)))
    DayOff.objects.bulk_create([DayOff(day=date(2026, 10, n)) for n in range(1, 8)])
    assert due_after(1, start=date(2026, 9, 30)) == date(2026, 10, 8)
    DayOff.objects.filter(day=date(2026, 10, 3)).update(works=True)
    assert due_after(1, start=date(2026, 9, 30)) == date(2026, 10, 3)


def test_two_calls_by_hand_are_two_tasks_but_a_proposal_is_one(customer, actors):
    of = customer()
    for _ in range(2):
        actions.make(customer=of, kind="call", by=actors["account_manager"])
        actions.make(customer=of, kind="keep", by=actors["account_manager"])
    assert sorted(Task.objects.values_list("kind", flat=True)) == ["call", "call", "keep"]


def test_nobody_is_given_a_customer_that_they_could_not_open(customer, actors, strangers, people):
    of = customer()
    with pytest.raises(ValidationError, match="does not reach this customer"):
        actions.make(customer=of, kind="call", owner=strangers["account_manager"], by=actors["manager"])
    with pytest.raises(ValidationError, match="does not reach this customer"):
        actions.make(customer=of, kind="call", owner=people["viewer"], by=actors["manager"])
    assert (
        actions.make(customer=of, kind="call", owner=people["service"], by=actors["manager"]).owner == people["service"]
    )


def test_an_archived_customer_gets_no_more_tasks(customer, actors):
    from django.utils import timezone

    with pytest.raises(ValidationError, match="archived"):
        actions.make(customer=customer(archived_at=timezone.now()), kind="call", by=actors["manager"])


def test_an_unknown_kind_is_refused_with_the_known_ones(customer, actors):
    with pytest.raises(ValidationError, match="Kinds: visit_drop"):
        actions.make(customer=customer(), kind="<b>call</b>", by=actors["manager"])


def test_somebody_elses_customer_gets_none(customer, actors, strangers, teams):
    theirs = customer(owner=strangers["manager"], team=teams.other)
    with pytest.raises(PermissionDenied):
        actions.make(customer=theirs, kind="call", by=actors["manager"])


@pytest.mark.parametrize(
    ("figures", "kind", "said"),
    [
        ({"at_risk": True}, "at_risk", "No order for 41 days; the next was due on 5 Jun"),
        ({"at_risk": True, "p_alive": 0.05}, "win_back", "No order for 41 days"),
        ({"n_purchases": 1}, "first_order", "First order on 20 May"),
        ({"matrix": "IV"}, "enhance", "platinum"),
        ({"matrix": "III"}, "keep", "gold"),
        ({"matrix": "II"}, "rebuild", "iron"),
        ({"matrix": "I"}, "release", "lead"),
        ({"matrix": None}, "acquaint", "No order for 41 days"),
        ({"n_purchases": 0, "last_purchase": None}, "acquaint", "No order yet"),
    ],
)
def test_every_customer_has_a_next_action_with_its_reason(customer, valuation, actors, figures, kind, said):
    of = customer()
    valuation({of: figures})
    proposed = next_action(actors["account_manager"], of)
    assert proposed.kind.key == kind
    assert said in proposed.why


def test_a_customer_without_figures_is_to_be_got_to_know(customer, valuation, actors):
    of, known = customer(), customer("Known")
    assert next_action(actors["manager"], of).kind.key == "acquaint"
    valuation({known: {}})
    found = next_actions(actors["manager"], [of.pk, known.pk])
    assert {key: one.kind.key for key, one in found.items()} == {of.pk: "acquaint", known.pk: "enhance"}


def test_who_may_not_read_values_is_proposed_nothing_that_tells_one(customer, valuation, actors):
    of = customer()
    valuation({of: {"matrix": "IV", "at_risk": True}})
    assert next_action(actors["service"], of).kind.key == "acquaint"


def test_one_press_makes_the_proposal_a_task_and_a_second_press_no_more(customer, valuation, client_of, people):
    of = customer()
    valuation({of: {"at_risk": True, "value_at_risk": Decimal("812.50")}})
    client = client_of("account_manager")
    for _ in range(2):
        client.post(f"/tasks/next/{of.pk}/")
    made = Task.objects.get()
    assert (made.kind, made.owner, made.at_stake, made.stake) == (
        "at_risk", people["account_manager"], Decimal("812.50"), "value_at_risk",
    )  # fmt: skip


def test_nothing_is_proposed_beside_an_open_task_or_to_the_archive(customer, task, actors):
    from django.utils import timezone

    assert next_action(actors["manager"], task().customer) is None
    assert next_action(actors["manager"], customer(archived_at=timezone.now())) is None


def test_the_form_makes_a_task_and_says_what_is_missing(customer, client_of, people):
    of, client = customer("湖畔会议中心"), client_of("manager")
    url = f"/tasks/new/{of.pk}/"
    refused = client.post(url, {"kind": "call", "detail": "", "due_on": "2026-13-40"})
    assert refused.status_code == 200
    assert Task.objects.count() == 0
    client.post(
        url,
        {"kind": "visit", "detail": "<script>alert(1)</script>", "due_on": "2027-01-04", "owner": people["service"].pk},
    )
    made = Task.objects.get()
    assert (made.kind, made.due_on, made.owner) == ("visit", date(2027, 1, 4), people["service"])
    page = client.get(f"/tasks/{made.pk}/").content.decode()
    assert "&lt;script&gt;" in page
    assert "<script>alert" not in page


def test_the_form_can_leave_the_task_to_the_team(customer, client_of, teams):
    client_of("manager").post(
        f"/tasks/new/{customer().pk}/", {"kind": "call", "detail": "Ask", "due_on": "2027-01-04", "owner": ""}
    )
    assert (Task.objects.get().owner, Task.objects.get().team) == (None, teams.own)
