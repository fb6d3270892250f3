"""From people to rights: roles, scopes, teams below; what is unclear gives less."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.test import RequestFactory

from regulars.web.accounts.access import actor_of, teams_below
from regulars.web.accounts.models import KnownPermission, Membership, Role, RolePermission
from regulars.web.accounts.roles import sync_roles
from regulars.web.core.access import ANYONE, declared, page
from regulars.web.core.actor import NOBODY, Actor
from regulars.web.core.models import Job

pytestmark = pytest.mark.django_db


def test_an_administrator_may_everything_and_reaches_everyone(actors):
    from regulars.web.core.permissions import all_permissions

    administrator = actors["administrator"]
    assert administrator.permissions == set(all_permissions())
    assert (administrator.scope, administrator.sees("cost")) == ("all", True)


@pytest.mark.parametrize(
    ("role", "scope", "fields"),
    [
        ("manager", "team", {"contact", "personal", "cost"}),
        ("account_manager", "own", {"contact", "personal"}),
        ("marketing", "all", set()),
        ("service", "all", {"contact"}),
        ("analyst", "all", {"cost"}),
        ("viewer", "all", set()),
    ],
)
def test_shipped_roles_reach_and_read_what_their_work_needs(actors, role, scope, fields):
    assert (actors[role].scope, actors[role].fields) == (scope, fields)


def test_nobody_but_administrators_administers(actors):
    assert [role for role, actor in actors.items() if actor.may("accounts.administer")] == ["administrator"]


def test_a_right_that_is_missing_is_refused(actors):
    with pytest.raises(PermissionDenied):
        actors["viewer"].require("accounts.administer")
    actors["administrator"].require("accounts.administer")


def test_a_group_of_fields_that_nobody_knows_is_a_mistake_of_ours():
    with pytest.raises(ValueError, match="salary"):
        Actor().sees("salary")


def test_who_has_not_signed_in_may_nothing():
    assert (NOBODY.permissions, NOBODY.fields, NOBODY.team_ids, NOBODY.scope) == (frozenset(),) * 3 + ("own",)


def test_a_manager_of_a_region_reaches_the_teams_below(person, teams):
    actor = actor_of(person("manager", team=teams.region))
    assert actor.team_ids == {teams.region.pk, teams.own.pk, teams.other.pk}
    assert teams_below([teams.own.pk]) == {teams.own.pk}


def test_a_tree_that_bites_its_tail_ends_all_the_same(teams):
    type(teams.office).objects.filter(pk=teams.office.pk).update(parent=teams.own)
    assert teams_below([teams.region.pk]) == {t.pk for t in vars(teams).values()}


def test_unlike_roles_give_only_what_all_of_them_give(person, teams):
    user = person("manager")
    Membership.objects.create(user=user, team=teams.other, role=Role.objects.get(key="viewer"))
    actor = actor_of(user)
    assert actor.scope == "team"
    assert actor.fields == frozenset()
    assert actor.permissions == actor_of(person("viewer")).permissions & actor_of(person("manager")).permissions


def test_without_a_membership_there_are_no_rights(person):
    user = person("administrator")
    user.memberships.all().delete()
    assert actor_of(user).permissions == frozenset()
    assert actor_of(user).user_id == user.pk


def test_who_was_deactivated_is_nobody(person):
    assert actor_of(person("administrator", is_active=False)) is NOBODY


def test_rights_that_an_administrator_took_away_stay_away():
    RolePermission.objects.filter(role__key="viewer").delete()
    sync_roles()
    assert not RolePermission.objects.filter(role__key="viewer").exists()


def test_a_new_right_finds_its_roles():
    RolePermission.objects.filter(permission="fields.cost").delete()
    KnownPermission.objects.filter(permission="fields.cost").delete()
    sync_roles()
    holders = set(RolePermission.objects.filter(permission="fields.cost").values_list("role__key", flat=True))
    assert holders == {"administrator", "manager", "analyst"}


def test_a_person_speaks_the_language_they_chose(person):
    assert actor_of(person("viewer", language="zh-hans")).lang == "zh"
    assert actor_of(person("viewer", language="en")).lang == "en"


def test_a_view_that_says_nothing_is_not_declared():
    assert declared(lambda request: HttpResponse()) is None


def test_a_page_that_reads_takes_no_post(actors):
    view = page(permission=ANYONE, kind="read")(lambda request: HttpResponse("read"))
    assert declared(view).permission == ANYONE
    assert view(RequestFactory().get("/")).content == b"read"
    refused = view(RequestFactory().post("/"))
    assert (refused.status_code, refused.headers["Allow"]) == (405, "GET, HEAD")


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_a_page_that_writes_takes_post_alone(method):
    view = page(permission=ANYONE, kind="write")(lambda request: HttpResponse())
    assert view(getattr(RequestFactory(), method)("/")).status_code == 405


def test_jobs_are_seen_by_who_started_them_and_by_who_reaches_everyone(people, strangers, actors):
    mine = Job.objects.create(kind="x", started_by=people["account_manager"])
    theirs = Job.objects.create(kind="x", started_by=strangers["manager"])
    assert list(Job.objects.visible_to(actors["account_manager"])) == [mine]
    assert list(Job.objects.visible_to(actors["manager"])) == []
    assert set(Job.objects.visible_to(actors["administrator"])) == {mine, theirs}
    assert list(Job.objects.visible_to(NOBODY)) == []
