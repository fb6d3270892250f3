"""Reads about people: for the administration, and who may be asked for by other apps (owners, teams)."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.db.models import Prefetch, Q, QuerySet

from regulars.web.accounts.models import Membership, Role, Team, User
from regulars.web.core.actor import Actor


def people(actor: Actor, *, text: str = "", active: bool | None = None) -> QuerySet[User]:
    """Return everyone, for who administers; nobody for others."""
    if not actor.may("accounts.administer"):
        return User.objects.none()
    memberships = Prefetch("memberships", Membership.objects.select_related("team", "role").order_by("team__name"))
    found = User.objects.prefetch_related(memberships)
    if active is not None:
        found = found.filter(is_active=active)
    if text:
        found = found.filter(Q(name__icontains=text) | Q(username__icontains=text) | Q(email__icontains=text))
    return found


def colleagues(actor: Actor) -> QuerySet[User]:
    """Return whom `actor` may hand work or customers to: active people whose teams they reach, and themselves."""
    if actor.user_id is None:
        return User.objects.none()
    active = User.objects.filter(is_active=True).order_by("name", "pk")
    if actor.scope == "all":
        return active
    if actor.scope == "team":
        return active.filter(Q(pk=actor.user_id) | Q(memberships__team__in=actor.team_ids)).distinct()
    return active.filter(pk=actor.user_id)


def teams(actor: Actor) -> QuerySet[Team]:
    """Return the teams that `actor` reaches: their own with all below, every one for who reaches everyone."""
    if actor.scope == "all" and actor.user_id is not None:
        return Team.objects.all()
    return Team.objects.filter(pk__in=actor.team_ids)


def team_tree(actor: Actor) -> list[tuple[int, Team]]:
    """Return the teams that `actor` reaches as a tree: depth and team, children below their parents."""
    reached = list(teams(actor).prefetch_related("memberships"))
    ids = {team.pk for team in reached}
    children: dict[int | None, list[Team]] = {}
    for team in reached:
        children.setdefault(team.parent_id if team.parent_id in ids else None, []).append(team)

    def branch(parent_id: int | None, depth: int) -> list[tuple[int, Team]]:
        return [row for team in children.get(parent_id, []) for row in [(depth, team), *branch(team.pk, depth + 1)]]

    return branch(None, 0)


def roles() -> QuerySet[Role]:
    """Return every role with its rights."""
    return Role.objects.prefetch_related("permissions", "memberships")


def second_factors(user: User) -> list[str]:
    """Return which kinds of second factor a person uses."""
    kinds = Authenticator.objects.filter(user=user).exclude(type=Authenticator.Type.RECOVERY_CODES)
    return [str(authenticator.get_type_display()) for authenticator in kinds]


def holding(permission: str) -> QuerySet[User]:
    """Return the active people whose roles all give them a right."""
    without = Membership.objects.exclude(role__permissions__permission=permission).values("user")
    return User.objects.filter(is_active=True, memberships__isnull=False).exclude(pk__in=without).distinct()
