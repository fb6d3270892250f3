"""What becomes of tasks and experiments when customers are merged, erased, or ask what is stored."""

from __future__ import annotations

from decimal import Decimal

import pytest

from regulars.web.customers import actions as customers
from regulars.web.journal import selectors as journal
from regulars.web.tasks import actions, holdings
from regulars.web.tasks.models import Exposure, State, Task

pytestmark = pytest.mark.django_db


def test_merging_moves_tasks_and_ends_the_second_of_a_kind(task, customer, actors):
    keep, other = customer("Keep"), customer("Other")
    task("keep", of=keep)
    task("keep", of=other)
    task("call", of=other)
    customers.merge(keep=keep, other=other, version=0, by=actors["administrator"])
    assert set(Task.objects.values_list("customer", flat=True)) == {keep.pk}
    assert sorted(Task.objects.open().values_list("kind", flat=True)) == ["call", "keep"]


def test_merging_keeps_the_arm_of_the_record_that_stays(customer, actors):
    keep, other, third = customer("Keep"), customer("Other"), customer("Third")
    for listed in ([keep, other, third], [other, third]):
        actions.hold_out(
            customers={one.pk: "" for one in listed}, list_kind="selection", subject={}, action="call",
            share=Decimal("0.5"), seed="s", by=actors["administrator"],
        )  # fmt: skip
    stays = Exposure.objects.get(customer=keep)
    holdings.move(other.pk, keep.pk)
    assert Exposure.objects.get(customer=keep, holdout=stays.holdout).arm == stays.arm
    assert Exposure.objects.filter(customer=keep).count() == 2


def test_erasing_wipes_words_and_ends_what_is_open(task, actors):
    one = task("call", detail="Ask for Ms CANARY", reason={"code": "first_order", "values": {"on": "2026-06-01"}})
    customers.erase(customer=one.customer, by=actors["administrator"])
    one.refresh_from_db()
    assert (one.state, one.detail, one.reason) == (State.CANCELLED, "", {})


def test_a_person_is_told_what_is_stored_about_them(task, actors):
    one = task("call", detail="Ask about June")
    actions.hold_out(
        customers={one.customer_id: "IV"}, list_kind="selection", subject={}, action="call", by=actors["administrator"]
    )
    told = holdings.disclose(actors["administrator"], one.customer_id)
    assert told["tasks"][0]["detail"] == "Ask about June"
    assert told["experiments"][0]["group"] in ("Treated", "Control")


def test_tasks_stand_on_the_timeline_for_who_may_see_them(task, actors):
    one = task("visit", detail="Renew")
    shown = [item.title for item in journal.timeline(actors["manager"], one.customer).items]
    assert "Task: Visit" in shown
    assert "Task: Visit" not in [item.title for item in journal.timeline(actors["viewer"], one.customer).items]
