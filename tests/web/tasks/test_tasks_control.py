"""Control from the start: lists are split by chance, written down, and kept apart."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from regulars.web.audit.models import Entry as Trail
from regulars.web.core.conflict import Conflict
from regulars.web.customers.models import Customer
from regulars.web.tasks import actions, selectors
from regulars.web.tasks.actions import Plan
from regulars.web.tasks.models import Exposure, Holdout, Task
from regulars.web.tasks.sync import exposures

pytestmark = pytest.mark.django_db


@pytest.fixture
def listed(customer, valuation):
    """Forty customers in four classes."""
    classes = ["IV", "III", "II", "I"]
    found = [customer(f"C{n:02}") for n in range(40)]
    valuation({one: {"matrix": classes[n % 4], "value_at_risk": Decimal(n)} for n, one in enumerate(found)})
    return [one.pk for one in found]


def arms():
    return dict(Exposure.objects.values_list("customer", "arm"))


def test_a_tenth_of_every_class_is_left_alone_and_the_others_get_a_task(listed, actors, people):
    made = actions.assign(customers=listed, plan=Plan(kind="call", detail="Spring list"), by=actors["manager"])
    assert (made.made, made.control, made.had_one) == (36, 4, 0)
    by_class = Counter(Exposure.objects.filter(arm="control").values_list("stratum", flat=True))
    assert by_class == {"IV": 1, "III": 1, "II": 1, "I": 1}
    alone = {key for key, arm in arms().items() if arm == "control"}
    assert not set(Task.objects.values_list("customer", flat=True)) & alone
    task = Task.objects.first()
    assert (task.owner, task.detail, task.holdout, task.stake) == (
        people["account_manager"], "Spring list", made.holdout, "value_at_risk",
    )  # fmt: skip


def test_the_chance_of_each_group_is_written_down(listed, actors):
    actions.assign(customers=listed, plan=Plan(kind="call", share=Decimal("0.25")), by=actors["manager"])
    assert set(Exposure.objects.values_list("arm", "propensity")) == {("control", 0.25), ("treated", 0.75)}


def test_the_same_list_and_seed_are_split_the_same_way_again(listed, actors):
    found = []
    for order in (listed, listed[::-1]):
        Exposure.objects.all().delete()
        actions.assign(customers=order, plan=Plan(kind="call", seed="spring"), by=actors["manager"])
        found.append(arms())
    assert found[0] == found[1]


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    classes=st.lists(st.sampled_from(["IV", "III", "II", "I", ""]), min_size=1, max_size=60), share=st.integers(1, 50)
)
def test_every_class_gives_its_share_to_the_next_customer(actors, classes, share):
    numbers = [2**33 + n for n in range(len(classes))]
    Customer.objects.bulk_create([Customer(pk=n, name=str(n), name_key=str(n)) for n in numbers], ignore_conflicts=True)
    holdout = actions.hold_out(
        customers=dict(zip(numbers, classes, strict=True)), list_kind="selection", subject={}, action="call",
        share=Decimal(share) / 100, by=actors["administrator"],
    )  # fmt: skip
    for stratum in selectors.balance(holdout):
        exact = stratum.n * share / 100
        assert exact - 1 < stratum.control < exact + 1


def test_no_split_no_control_but_tasks_for_all(listed, actors):
    made = actions.assign(customers=listed, plan=Plan(kind="call", share=Decimal(0)), by=actors["manager"])
    assert (made.made, made.control, made.holdout) == (40, 0, None)


def test_a_list_can_be_split_without_tasks(listed, actors):
    made = actions.assign(customers=listed, plan=Plan(kind=""), by=actors["marketing"])
    assert (made.made, made.control) == (0, 4)
    assert not Task.objects.exists()
    with pytest.raises(ValidationError, match="Choose what to do"):
        actions.assign(customers=listed, plan=Plan(kind="", share=Decimal(0)), by=actors["marketing"])


def test_only_customers_in_reach_that_one_still_deals_with(listed, customer, actors, strangers, teams):
    theirs = customer("T", owner=strangers["manager"], team=teams.other)
    gone = customer("G", archived_at=timezone.now())
    made = actions.assign(
        customers=[*listed[:2], theirs.pk, gone.pk], plan=Plan(kind="call", share=Decimal(0)), by=actors["manager"]
    )
    assert made.made == 2
    with pytest.raises(ValidationError, match="choose customers that you reach"):
        actions.assign(customers=[theirs.pk], plan=Plan(kind="call"), by=actors["manager"])


def test_who_has_such_a_task_keeps_that_one(listed, actors, task):
    of = Customer.objects.get(pk=listed[0])
    mine = task("keep", of=of)
    made = actions.assign(customers=listed, plan=Plan(kind="keep", share=Decimal(0)), by=actors["manager"])
    assert (made.made, made.had_one) == (39, 1)
    assert Task.objects.filter(customer=of).get() == mine


@pytest.mark.parametrize("share", [Decimal("0.51"), Decimal(-1)])
def test_a_share_out_of_range_is_refused(listed, actors, share):
    with pytest.raises(ValidationError, match="at most half"):
        actions.assign(customers=listed, plan=Plan(kind="call", share=share), by=actors["manager"])
    assert not Task.objects.exists()


@pytest.mark.parametrize("role", ["account_manager", "service", "analyst", "viewer"])
def test_lists_are_for_who_may_act_on_them(listed, actors, role):
    with pytest.raises(PermissionDenied):
        actions.assign(customers=listed, plan=Plan(kind="call"), by=actors[role])


def test_the_whole_press_is_taken_back_with_its_split(listed, actors):
    made = actions.assign(customers=listed, plan=Plan(kind="call"), by=actors["manager"])
    actions.undo(change=made.undo, by=actors["manager"])
    assert not Task.objects.exists()
    assert Holdout.objects.get().withdrawn
    assert selectors.left_alone(actors["manager"], listed) == {}
    assert not selectors.holdouts(actors["manager"]).exists()


def test_a_split_that_somebody_has_begun_with_stays(listed, actors):
    made = actions.assign(customers=listed, plan=Plan(kind="call"), by=actors["manager"])
    actions.finish(task=Task.objects.first(), version=0, outcome="content", by=actors["account_manager"])
    back = actions.undo(change=made.undo, by=actors["manager"])
    assert (back.done, back.left) == (35, 1)
    assert not Holdout.objects.get().withdrawn


def test_ending_lets_the_control_group_go_and_keeps_what_was_assigned(listed, actors):
    made = actions.assign(customers=listed, plan=Plan(kind="call"), by=actors["manager"])
    assert len(selectors.left_alone(actors["manager"], listed)) == 4
    actions.end(holdout=made.holdout, version=0, by=actors["manager"])
    assert selectors.left_alone(actors["manager"], listed) == {}
    assert Exposure.objects.count() == 40
    with pytest.raises(Conflict):
        actions.end(holdout=Holdout.objects.get(), version=0, by=actors["manager"])


def test_who_is_left_alone_shows_only_to_who_reaches_the_customer(listed, actors, strangers):
    from regulars.web.accounts.access import actor_of

    actions.assign(customers=listed, plan=Plan(kind="call"), by=actors["manager"])
    assert selectors.left_alone(actor_of(strangers["manager"]), listed) == {}
    assert selectors.left_alone(actors["viewer"], listed) == {}


def test_the_mark_stands_in_the_queue_on_the_task_and_on_the_customers_page(listed, actors, client_of, task):
    actions.assign(customers=listed, plan=Plan(kind="call"), by=actors["manager"])
    alone = Exposure.objects.filter(arm="control").first().customer
    one = task("visit", of=alone)
    client = client_of("account_manager")
    assert "Left alone" in client.get("/tasks/").content.decode()
    assert "left alone at random" in client.get(f"/tasks/{one.pk}/").content.decode()
    page = client.get(f"/customers/{alone.pk}/").content.decode()
    assert "Left alone" in page
    assert "chance of this group 10%" in page


def test_the_pages_of_control_groups_show_shares_and_names_in_reach(listed, actors, client_of, strangers):
    made = actions.assign(
        customers=listed, plan=Plan(kind="call", subject={"called": "Tea houses"}), by=actors["manager"]
    )
    client = client_of("manager")
    assert "Tea houses" in client.get("/control-groups/").content.decode()
    page = client.get(f"/control-groups/{made.holdout.pk}/")
    assert len(page.context["rows"].rows) == 4
    assert made.holdout.seed in page.content.decode()
    theirs = client_of(strangers["manager"]).get(f"/control-groups/{made.holdout.pk}/")
    assert theirs.context["rows"].rows == []
    assert client_of("viewer").get("/control-groups/").status_code == 403


def test_the_form_shows_the_list_before_anything_happens(listed, client_of):
    client = client_of("manager")
    page = client.post("/tasks/assign/", {"customer": listed[:12], "called": "Ticked"})
    assert page.context["n"] == 12
    assert not Task.objects.exists()
    sent = {
        "confirmed": "1", "customers": ",".join(map(str, listed[:12])), "called": "Ticked", "kind": "call",
        "detail": "Ask", "owner_rule": "owner", "due_on": "2027-01-04", "share": "25",
    }  # fmt: skip
    answer = client.post("/tasks/assign/", sent, follow=True)
    assert "9 tasks made, 3 left alone as control" in answer.content.decode()
    assert Holdout.objects.get().called == "Ticked"
    refused = client.post("/tasks/assign/", {**sent, "owner_rule": "person", "share": "70"})
    assert set(refused.context["form"].errors) == {"owner", "share"}


@pytest.mark.parametrize("customers", ["", "1;DROP TABLE", "9" * 40, "-5", "٣"])
def test_a_list_of_nonsense_is_a_list_of_nobody(customers, client_of):
    page = client_of("manager").post("/tasks/assign/", {"customers": customers})
    assert page.context["n"] == 0


def test_assignments_reach_the_lake_once_they_are_final_and_without_a_name(listed, actors):
    made = actions.assign(customers=listed, plan=Plan(kind="call"), by=actors["manager"])
    assert list(exposures()) == []
    Exposure.objects.update(assigned_at=timezone.now() - timedelta(hours=2))
    (rows,) = exposures()
    assert len(rows) == 40
    assert set(rows[0]) == {"experiment_id", "customer_id", "arm", "propensity", "stratum", "assigned_at"}
    assert {row["experiment_id"] for row in rows} == {made.holdout.experiment_id}
    Holdout.objects.update(withdrawn=True)
    assert list(exposures()) == []


def test_the_lake_takes_them_and_taking_them_again_changes_nothing(listed, actors):
    from regulars.web.facts import sync

    actions.assign(customers=listed, plan=Plan(kind="call"), by=actors["manager"])
    Exposure.objects.update(assigned_at=timezone.now() - timedelta(hours=2))
    (provider,) = [one for one in sync.providers() if one.table == "exposures"]
    first = sync.sync(provider, recorded_at=timezone.now())
    again = sync.sync(provider, recorded_at=timezone.now())
    assert (first.new, again.new, again.same) == (40, 0, 40)


def test_splitting_leaves_a_trail(listed, actors, people):
    actions.assign(customers=listed, plan=Plan(kind="call"), by=actors["manager"])
    row = Trail.objects.get(verb="hold-out")
    assert row.user == people["manager"]
    assert (row.details["n"], row.details["control"]) == (40, 4)
