"""Administrators add, change and close accounts, hang teams into the tree, and say what roles may do."""

from __future__ import annotations

import re

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from regulars.web.accounts import actions, selectors
from regulars.web.accounts.access import actor_of
from regulars.web.accounts.models import Membership, Role, Team, User
from regulars.web.audit.models import Entry
from regulars.web.core.conflict import Conflict
from regulars.web.core.models import Workspace

pytestmark = pytest.mark.django_db


@pytest.fixture
def by(actors):
    return actors["administrator"]


@pytest.fixture
def client(client_of):
    return client_of("administrator")


def fields(tree, **changed):
    role = Role.objects.get(key="viewer")
    return {
        "name": "Su Mei", "username": "sumei", "email": "", "role": role.pk, "teams": [tree.own.pk], **changed,
    }  # fmt: skip


def text(answer):
    return answer.content.decode()


def test_a_person_is_added_with_a_link_that_is_shown_once(client, teams):
    answer = client.post("/settings/people/new/", fields(teams))
    assert answer.headers["Cache-Control"] == "no-store"
    link = re.search(r"http://testserver(/welcome/\S+?/\S+?/)<", text(answer))[1]
    user = User.objects.get(username="sumei")
    assert not user.has_usable_password()
    assert actor_of(user).team_ids == {teams.own.pk}
    assert client.get(link).status_code == 200
    assert "/welcome/" not in text(client.get(f"/settings/people/{user.pk}/"))
    assert set(Entry.objects.filter(subject_id=str(user.pk)).values_list("verb", flat=True)) == {"create", "new-link"}


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"username": "administrator"}, "already exists"),
        ({"username": "su mei"}, "valid"),
        ({"email": "not an address"}, "valid email"),
        ({"teams": []}, "required"),
        ({"role": ""}, "required"),
        ({"name": ""}, "required"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_added(client, teams, changed, said):
    answer = client.post("/settings/people/new/", fields(teams, **changed))
    assert answer.status_code == 200
    assert said in text(answer)
    assert not User.objects.filter(username__in=["sumei", "su mei"]).exists()


def test_two_people_do_not_share_an_address(by, teams):
    role = Role.objects.get(key="viewer")
    actions.add_person(name="A", username="a", email="x@example.com", role=role, teams=[teams.own], by=by)
    with pytest.raises(ValidationError, match="email"):
        actions.add_person(name="B", username="b", email="X@example.com", role=role, teams=[teams.own], by=by)


def test_a_person_moves_to_other_teams_with_one_role_in_each(client, teams, people):
    user = people["viewer"]
    marketing = Role.objects.get(key="marketing")
    moved = fields(
        teams,
        name="Wu",
        username="wu",
        role=marketing.pk,
        teams=[teams.other.pk, teams.region.pk],
        version=user.version,
    )
    assert client.post(f"/settings/people/{user.pk}/", moved).status_code == 302
    user.refresh_from_db()
    assert (user.name, user.username) == ("Wu", "wu")
    memberships = Membership.objects.filter(user=user)
    assert {(m.team_id, m.role.key) for m in memberships} == {
        (teams.other.pk, "marketing"), (teams.region.pk, "marketing"),
    }  # fmt: skip


def test_the_second_of_two_who_edit_is_told_and_loses_nothing(client, teams, people):
    user = people["viewer"]
    client.post(f"/settings/people/{user.pk}/", fields(teams, name="First", username="viewer", version=0))
    answer = client.post(f"/settings/people/{user.pk}/", fields(teams, name="Second", username="viewer", version=0))
    assert answer.status_code == 409
    page = text(answer)
    assert "Someone else changed this while you were typing" in page
    assert "<td>Second</td><td>First</td>" in page
    user.refresh_from_db()
    assert user.name == "First"
    assert 'name="version" value="1"' in page
    again = client.post(f"/settings/people/{user.pk}/", fields(teams, name="Second", username="viewer", version=1))
    assert again.status_code == 302
    user.refresh_from_db()
    assert user.name == "Second"


def test_an_account_is_closed_and_opened_with_one_press(client, people):
    user = people["viewer"]
    page = text(client.post(f"/settings/people/{user.pk}/deactivate/", follow=True))
    assert "viewer can no longer sign in" in page
    assert f'action="/settings/people/{user.pk}/reactivate/"' in page
    user.refresh_from_db()
    assert not user.is_active
    client.post(f"/settings/people/{user.pk}/reactivate/")
    user.refresh_from_db()
    assert user.is_active
    verbs = Entry.objects.filter(subject_id=str(user.pk)).order_by("id").values_list("verb", flat=True)
    assert list(verbs) == ["deactivate", "reactivate"]


@pytest.mark.parametrize("page", ["deactivate", "reactivate", "link", "second-factor"])
def test_looking_changes_nothing(client, people, page):
    user = people["viewer"]
    before = user.password
    assert client.get(f"/settings/people/{user.pk}/{page}/").status_code == 302
    user.refresh_from_db()
    assert (user.is_active, user.password) == (True, before)


def test_the_last_administrator_stays(client, people, teams):
    administrator = people["administrator"]
    page = text(client.post(f"/settings/people/{administrator.pk}/deactivate/", follow=True))
    assert "This is the last administrator." in page
    administrator.refresh_from_db()
    assert administrator.is_active
    moved = fields(teams, name="A", username="administrator", version=administrator.version)
    assert "This is the last administrator." in text(client.post(f"/settings/people/{administrator.pk}/", moved))
    assert actor_of(administrator).may("accounts.administer")


def test_a_role_that_the_last_administrator_needs_keeps_its_right(client):
    role = Role.objects.get(key="administrator")
    answer = client.post(f"/settings/roles/{role.pk}/", {"name": "", "scope": "all", "permissions": [], "version": 0})
    assert "This is the last administrator." in text(answer)
    assert role.permissions.filter(permission="accounts.administer").exists()


@pytest.mark.parametrize("role", ["manager", "account_manager", "marketing", "service", "analyst", "viewer"])
def test_nobody_else_administers(actors, people, teams, role):
    by = actors[role]
    someone = people["viewer"]
    held = Role.objects.get(key="viewer")
    place = {"role": held, "teams": [teams.own], "by": by}
    with pytest.raises(PermissionDenied):
        actions.add_person(name="x", username="x", email="", **place)
    with pytest.raises(PermissionDenied):
        actions.change_person(user=someone, version=0, name="x", username="x", email="", **place)
    for action in (actions.deactivate, actions.reactivate, actions.new_link, actions.remove_second_factor):
        with pytest.raises(PermissionDenied):
            action(user=someone, by=by)
    with pytest.raises(PermissionDenied):
        actions.add_team(name="x", kind="branch", parent=None, by=by)
    with pytest.raises(PermissionDenied):
        actions.change_team(team=teams.own, version=0, name="x", kind="branch", parent=None, by=by)
    with pytest.raises(PermissionDenied):
        actions.add_role(key="x", name="x", scope="all", permissions=["accounts.administer"], by=by)
    with pytest.raises(PermissionDenied):
        actions.change_role(role=held, version=0, name="", scope="all", permissions=["accounts.administer"], by=by)
    with pytest.raises(PermissionDenied):
        actions.change_workspace(name="x", currency="CNY", zone="UTC", language="en", by=by)
    assert list(selectors.people(by)) == []


def test_the_list_finds_by_name_address_and_state(client, people, person):
    person("viewer", username="chen", name="Chen Zhiyuan", email="cz@example.com", is_active=False)
    for query in ("q=zhiyuan", "q=cz@ex", "state=inactive"):
        assert "Chen Zhiyuan" in text(client.get(f"/settings/people/?{query}"))
    assert "Chen Zhiyuan" not in text(client.get("/settings/people/?state=active"))
    assert "Nobody fits" in text(client.get("/settings/people/?q=nobody-at-all"))


def test_a_list_longer_than_a_page_leads_on_and_back(client, person):
    for n in range(60):
        person("viewer", username=f"p{n:02}", name=f"Person {n:02}")
    first = text(client.get("/settings/people/"))
    assert "Person 00" in first
    assert "Person 55" not in first
    onward = re.search(r'rel="next" href="([^"]+)"', first)[1]
    second = text(client.get(f"/settings/people/{onward}"))
    assert "Person 55" in second
    back = re.search(r'rel="prev" href="([^"]+)"', second)[1]
    assert "Person 00" in text(client.get(f"/settings/people/{back}"))


# ---- teams


def test_a_team_is_added_below_another(client, teams):
    answer = client.post("/settings/teams/new/", {"name": "Lakeside", "kind": "branch", "parent": teams.region.pk})
    assert answer.status_code == 302
    page = text(client.get("/settings/teams/"))
    assert page.index("East") < page.index("Lakeside")
    assert Team.objects.get(name="Lakeside").parent == teams.region


def test_the_tree_is_shown_parents_first(actors, teams):
    names = [(depth, team.name) for depth, team in selectors.team_tree(actors["administrator"])]
    assert names == [(0, "Head office"), (1, "East"), (2, "Hillside"), (2, "Riverside")]


def test_a_team_does_not_hang_below_itself(client, teams):
    for parent in (teams.region, teams.own):
        form = {"name": "East", "kind": "region", "parent": parent.pk, "version": 0}
        assert "cannot belong to itself" in text(client.post(f"/settings/teams/{teams.region.pk}/", form))
    teams.region.refresh_from_db()
    assert teams.region.parent == teams.office


def test_two_edits_of_a_team_conflict(by, teams):
    change = {"team": teams.own, "kind": "branch", "parent": None, "by": by}
    actions.change_team(name="One", version=0, **change)
    with pytest.raises(Conflict):
        actions.change_team(name="Two", version=0, **change)
    teams.own.refresh_from_db()
    assert teams.own.name == "One"


def test_a_conflict_shows_words_not_keys(client, teams):
    form = {"name": "Riverside", "kind": "branch", "parent": teams.region.pk, "version": 0}
    client.post(f"/settings/teams/{teams.own.pk}/", form)
    again = {**form, "kind": "region", "parent": teams.office.pk}
    page = text(client.post(f"/settings/teams/{teams.own.pk}/", again))
    assert "<td>Region</td><td>Branch</td>" in page
    assert "<td>Head office</td><td>East</td>" in page


def test_colleagues_are_whom_one_reaches(people, strangers, actors):
    own = {people["account_manager"]}
    assert set(selectors.colleagues(actors["account_manager"])) == own
    assert set(selectors.colleagues(actors["manager"])) == set(people.values())
    assert set(selectors.colleagues(actors["service"])) == {*people.values(), *strangers.values()}


def test_teams_are_those_one_reaches(actors, teams):
    assert list(selectors.teams(actors["manager"])) == [teams.own]
    assert selectors.teams(actors["analyst"]).count() == 4


# ---- roles


def test_a_role_of_ones_own(client, person):
    form = {"key": "cashier", "name": "Cashier", "scope": "own", "permissions": ["fields.contact"]}
    assert client.post("/settings/roles/new/", form).status_code == 302
    actor = actor_of(person("cashier"))
    assert (actor.scope, actor.permissions, actor.fields) == ("own", {"fields.contact"}, {"contact"})


def test_a_change_of_a_role_holds_from_the_next_click(client, client_of):
    viewer = client_of("viewer")
    assert viewer.get("/audit/").status_code == 403
    role = Role.objects.get(key="viewer")
    client.post(
        f"/settings/roles/{role.pk}/", {"name": "", "scope": "all", "permissions": ["audit.read"], "version": 0}
    )
    assert viewer.get("/audit/").status_code == 200


def test_a_right_that_no_app_knows_is_refused(by):
    with pytest.raises(ValidationError, match=r"everything\.all"):
        actions.add_role(key="x", name="x", scope="all", permissions=["everything.all"], by=by)


def test_the_page_of_a_role_offers_every_right_of_every_app(client):
    from regulars.web.core.permissions import all_permissions

    page = text(client.get(f"/settings/roles/{Role.objects.get(key='viewer').pk}/"))
    assert [right for right in all_permissions() if f'value="{right}"' not in page] == []


# ---- the workspace


def test_the_workspace_gets_its_name_currency_and_zone(client):
    form = {"name": "Chengxi", "currency": "EUR", "zone": "Europe/Berlin", "language": "en"}
    assert client.post("/settings/workspace/", form).status_code == 302
    workspace = Workspace.current()
    assert (workspace.name, workspace.currency, workspace.zone) == ("Chengxi", "EUR", "Europe/Berlin")
    assert "Chengxi" in text(client.get("/"))
    assert Entry.objects.get(subject_type="core.workspace").details["currency"] == "EUR"


@pytest.mark.parametrize("wrong", [{"currency": "ZZZ"}, {"zone": "Moon/Crater"}, {"name": ""}])
def test_a_workspace_that_cannot_be_is_refused(client, wrong):
    form = {"name": "Chengxi", "currency": "EUR", "zone": "Europe/Berlin", "language": "en", **wrong}
    assert client.post("/settings/workspace/", form).status_code == 200
    assert Workspace.objects.count() == 0


def test_there_is_one_workspace():
    from django.db import IntegrityError, transaction

    with pytest.raises(IntegrityError), transaction.atomic():
        Workspace.objects.create(pk=2)


def test_settings_lead_only_where_one_may_go(client, client_of):
    everything = text(client.get("/settings/"))
    assert "/settings/people/" in everything
    assert "/audit/" in everything
    mine = text(client_of("viewer").get("/settings/"))
    assert "/settings/people/" not in mine
    assert "/audit/" not in mine
    assert "/profile/" in mine
