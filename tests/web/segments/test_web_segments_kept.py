"""Views that people keep, segments live and frozen, and tasks for all of a list."""

from __future__ import annotations

import re

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from regulars.web.audit.models import Entry
from regulars.web.core.conflict import Conflict
from regulars.web.customers import actions as customers
from regulars.web.customers.models import Customer
from regulars.web.segments import actions, selectors
from regulars.web.segments.conditions import Conditions
from regulars.web.segments.models import Member, SavedView, Segment
from regulars.web.segments.state import ListState

pytestmark = pytest.mark.django_db


def text(answer):
    return answer.content.decode()


def state(**asked):
    return ListState.read({key: str(value) for key, value in asked.items()})


@pytest.fixture
def region(people, teams):
    """Six customers of the account manager's team, four of them in the east."""
    return [
        Customer.objects.create(
            name=f"Shop {i}", region="East" if i < 4 else "West", owner=people["account_manager"], team=teams.own
        )
        for i in range(6)
    ]


def test_a_view_keeps_conditions_order_and_columns(client_of, region):
    client = client_of("account_manager")
    asked = "region=East&sort=newest&columns=name,region"
    assert "Save view" in text(client.get(f"/customers/?{asked}"))
    saved = client.post("/views/new/", {"asked": asked, "name": "Eastern shops"})
    view = SavedView.objects.get()
    assert saved.headers["location"] == f"/customers/?view={view.pk}&region=East&sort=newest&columns=name,region"
    page = text(client.get(saved.headers["location"]))
    assert re.search(r'aria-current="page">Eastern shops<', page)
    assert 'href="/tasks/"' in page.split('class="rg-tabbar"')[1]  # the phone's bar keeps its own tabs
    assert "4 customers" in page
    assert page.index("Shop 3") < page.index("Shop 0")
    assert Entry.objects.filter(subject_type="segments.savedview", verb="create").exists()


def test_a_list_can_open_with_a_view_until_it_is_deleted(client_of, region):
    client = client_of("account_manager")
    client.post("/views/new/", {"asked": "region=West", "name": "West", "first": "on"})
    view = SavedView.objects.get()
    assert client.get("/customers/").headers["location"] == f"/customers/?view={view.pk}&region=West"
    assert "6 customers" in text(client.get("/customers/?view=all"))
    client.post(f"/views/{view.pk}/delete/")
    assert "6 customers" in text(client.get("/customers/"))


def test_a_view_is_changed_with_what_the_list_shows_now(client_of, region):
    client = client_of("account_manager")
    client.post("/views/new/", {"asked": "region=West", "name": "West"})
    view = SavedView.objects.get()
    form = text(client.get(f"/views/{view.pk}/?asked=region%3DEast"))
    assert 'value="West"' in form
    client.post(f"/views/{view.pk}/", {"asked": "region=East", "name": "East", "version": view.version})
    view.refresh_from_db()
    assert (view.name, view.asked) == ("East", {"region": "East"})


def test_two_people_change_one_view(actors, region):
    view = actions.save_view(name="East", state=state(region="East"), shared="team", by=actors["manager"])
    actions.change_view(view=view, name="Eastern", shared="team", version=0, by=actors["manager"])
    with pytest.raises(Conflict):
        actions.change_view(view=view, name="The east", shared="team", version=0, by=actors["administrator"])


def test_a_view_is_its_makers_until_it_is_shared(actors, people):
    """Who may share shares; others see what was shared with them, and each sees their own customers in it."""
    own = actions.save_view(name="Mine", state=state(owner="me"), by=actors["account_manager"])
    team = actions.save_view(name="Team's", state=state(), shared="team", by=actors["manager"])
    everybody = actions.save_view(name="All's", state=state(), shared="all", by=actors["marketing"])
    assert set(selectors.views(actors["account_manager"])) == {own, team, everybody}
    assert set(selectors.views(actors["viewer"])) == {team, everybody}
    assert set(selectors.views(actors["manager"])) == {team, everybody}
    assert list(selectors.views(actors["service"])) == []


def test_strangers_see_what_is_shared_with_everybody_alone(actors, strangers):
    from regulars.web.accounts.access import actor_of

    actions.save_view(name="Team's", state=state(), shared="team", by=actors["manager"])
    everybody = actions.save_view(name="All's", state=state(), shared="all", by=actors["manager"])
    assert set(selectors.views(actor_of(strangers["account_manager"]))) == {everybody}


def test_what_is_refused_is_said_in_the_form(client_of, actors, region):
    with pytest.raises(ValidationError, match="manager can share"):
        actions.save_view(name="Mine", state=state(), shared="all", by=actors["account_manager"])
    with pytest.raises(ValidationError, match="name"):
        actions.save_view(name="  ", state=state(), by=actors["account_manager"])
    shared = actions.save_view(name="Team's", state=state(), shared="team", by=actors["manager"])
    with pytest.raises(PermissionDenied):
        actions.delete_view(view=shared, by=actors["account_manager"])
    answer = client_of("manager").post("/segments/new/", {"asked": "region=North", "name": "North", "frozen": "1"})
    assert "there is nothing to freeze" in text(answer)
    assert not Segment.objects.exists()


def test_a_live_segment_is_asked_anew_and_a_frozen_one_is_not(client_of, actors, region):
    client = client_of("manager")
    for frozen in ("", "1"):
        client.post(
            "/segments/new/", {"asked": "region=East", "name": f"East {frozen}", "shared": "own", "frozen": frozen}
        )
    live, frozen = Segment.objects.order_by("pk")
    Customer.objects.filter(pk=region[0].pk).update(region="West")
    Customer.objects.filter(pk__in=[region[4].pk, region[5].pk]).update(region="East")
    assert selectors.finding_in(actors["manager"], live).count() == selectors.Count(5)
    assert selectors.finding_in(actors["manager"], frozen).count() == selectors.Count(4)
    assert selectors.drift(actors["manager"], frozen) == selectors.Drift(left=1, came=2)
    page = text(client.get(f"/segments/{frozen.pk}/"))
    assert "Since then 1 no longer meet the conditions, and 2 others do." in page
    assert "Region: East" in page
    assert "written down by manager" in page
    assert [f"Shop {i}" in page for i in range(6)] == [True] * 4 + [False] * 2


def test_a_live_segment_is_frozen_once(client_of, actors, region):
    live = actions.make_segment(name="East", conditions=Conditions({"region": "East"}), by=actors["manager"])
    client = client_of("manager")
    assert "Freeze" in text(client.get(f"/segments/{live.pk}/"))
    client.post(f"/segments/{live.pk}/freeze/", {"version": 0})
    live.refresh_from_db()
    assert live.is_frozen
    assert Member.objects.filter(segment=live).count() == 4
    assert Entry.objects.get(verb="freeze").details == {"n": 4}
    assert client.post(f"/segments/{live.pk}/freeze/", {"version": 0}).status_code == 409
    assert "Freeze<" not in text(client.get(f"/segments/{live.pk}/"))


def test_segments_are_listed_with_how_many_and_what_they_bring(client_of, actors, value, shop):
    value()
    by = actors["administrator"]
    segment = actions.make_segment(name="Best", conditions=Conditions({"matrix": "IV"}), shared="all", by=by)
    worth = selectors.worth(selectors.finding_in(by, segment))
    assert worth.count.n
    page = text(client_of("administrator").get("/segments/"))
    assert "Value class: Ⅳ Platinum" in page
    line = f"/segments/{segment.pk}/size/"
    assert f'hx-get="{line}"' in page
    assert f"¥{worth.value:,.0f}" in text(client_of("administrator").get(line))
    empty = text(client_of("manager").get(line))
    assert "Best" in empty
    assert "¥0" not in empty


def test_who_reads_no_values_makes_no_segment_by_them(actors, people):
    from regulars.web.accounts.models import Role, RolePermission

    RolePermission.objects.create(role=Role.objects.get(key="service"), permission="segments.write")
    from regulars.web.accounts.access import actor_of

    by = actor_of(people["service"])
    segment = actions.make_segment(name="x", conditions=Conditions({"matrix": "IV", "stage": "break"}), by=by)
    assert segment.asked == {"stage": "break"}


def test_everybody_sees_their_own_customers_in_a_shared_segment(actors, region, strangers, teams):
    from regulars.web.accounts.access import actor_of

    Customer.objects.create(name="Theirs", region="East", owner=strangers["account_manager"], team=teams.other)
    segment = actions.make_segment(
        name="East", conditions=Conditions({"region": "East"}), shared="all", frozen=True, by=actors["administrator"]
    )
    assert Member.objects.filter(segment=segment).count() == 5
    assert selectors.finding_in(actors["account_manager"], segment).count().n == 4
    assert selectors.finding_in(actor_of(strangers["account_manager"]), segment).count().n == 1


def test_renaming_and_deleting_a_segment(client_of, actors, region):
    segment = actions.make_segment(
        name="East", conditions=Conditions({"region": "East"}), frozen=True, by=actors["manager"]
    )
    client = client_of("manager")
    client.post(f"/segments/{segment.pk}/change/", {"name": "Eastern", "shared": "all", "version": 0})
    segment.refresh_from_db()
    assert (segment.name, segment.shared) == ("Eastern", "all")
    assert client.post(f"/segments/{segment.pk}/change/", {"name": "x", "version": 0}).status_code == 409
    assert client_of("viewer").post(f"/segments/{segment.pk}/delete/").status_code == 403
    client.post(f"/segments/{segment.pk}/delete/")
    assert not Segment.objects.exists()
    assert not Member.objects.exists()


def test_members_go_along_when_records_are_merged_erased_or_handed_out(actors, region):
    segment = actions.make_segment(
        name="East", conditions=Conditions({"region": "East"}), frozen=True, by=actors["administrator"]
    )
    keep, other, gone, last = region[:4]
    outside = region[5]
    customers.merge(keep=keep, other=other, version=0, by=actors["administrator"])
    customers.merge(keep=outside, other=last, version=0, by=actors["administrator"])
    members = set(Member.objects.values_list("customer_id", flat=True))
    assert members == {keep.pk, gone.pk, outside.pk}
    told = customers.disclosing.export(customer=keep, by=actors["administrator"])
    assert "East" in str(told)
    customers.erase(customer=gone, by=actors["administrator"])
    assert set(Member.objects.values_list("customer_id", flat=True)) == {keep.pk, outside.pk}
    assert segment.members.count() == 2


def test_tasks_are_made_for_a_whole_segment_but_for_its_control_group(client_of, actors, region):
    from regulars.web.tasks.models import Holdout, Task

    segment = actions.make_segment(
        name="East", conditions=Conditions({"region": "East"}), shared="team", frozen=True, by=actors["manager"]
    )
    client = client_of("manager")
    page = text(client.get(f"/segments/{segment.pk}/"))
    assert f'name="list" value="segment:{segment.pk}"' in page
    asked = text(client.post("/tasks/assign/", {"list": f"segment:{segment.pk}"}))
    assert "4 customers" in asked
    assert f'name="list" value="segment:{segment.pk}"' in asked
    sent = {"kind": "call", "owner_rule": "owner", "share": "25", "confirmed": "1"}
    client.post("/tasks/assign/", {**sent, "list": f"segment:{segment.pk}"})
    split = Holdout.objects.get()
    assert (split.list_kind, split.called, split.subject["segment"]) == ("segment", "East", segment.pk)
    assert Task.objects.count() + split.exposures.filter(arm="control").count() == 4
    assert split.exposures.filter(arm="control").count() == 1


def test_tasks_are_made_for_all_that_a_filter_finds(client_of, region):
    from regulars.web.tasks.models import Task

    client = client_of("manager")
    assert 'name="list" value="customers:region=East"' in text(client.get("/customers/?region=East"))
    sent = {"kind": "call", "owner_rule": "owner", "share": "0", "confirmed": "1", "list": "customers:region=East"}
    client.post("/tasks/assign/", sent)
    assert set(Task.objects.values_list("customer_id", flat=True)) == {one.pk for one in region[:4]}


def test_a_list_that_nobody_may_see_is_not_acted_on(client_of, strangers, actors, region, teams):
    theirs = actions.make_segment(name="Mine", conditions=Conditions(), by=actors["administrator"])
    client = client_of(strangers["manager"])
    for name in (f"segment:{theirs.pk}", "segment:x", "unheard:1", "segment:"):
        assert client.post("/tasks/assign/", {"list": name}).status_code == 404, name
    assert "No customer is chosen" in text(client.post("/tasks/assign/", {"list": "customers:region=East"}))
