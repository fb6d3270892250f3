"""From a person to their rights. What is unclear counts as less: unlike roles give only what all of them give."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from regulars.web.accounts.models import Membership, Role, RolePermission, Team, User
from regulars.web.core.actor import FIELD_GROUPS, NOBODY, SCOPES, Actor, Scope
from regulars.web.core.permissions import FIELD_PERMISSIONS
from regulars.web.core.words import current_lang
from regulars.words import Lang

__all__ = ["FIELD_GROUPS", "NOBODY", "Actor", "actor_of", "teams_below"]


def actor_of(user: User) -> Actor:
    """Return who `user` is in terms of rights; without an active membership nothing but their own profile."""
    if not user.is_active:
        return NOBODY
    memberships = list(Membership.objects.filter(user=user).select_related("role"))
    roles = {membership.role_id: membership.role for membership in memberships}
    held = _held_by_all(roles)
    return Actor(
        user_id=user.pk,
        name=str(user),
        permissions=held,
        scope=_narrowest(roles.values()),
        team_ids=teams_below({membership.team_id for membership in memberships}),
        fields=frozenset(group for permission, group in FIELD_PERMISSIONS.items() if permission in held),
        lang=_lang(user),
    )


def teams_below(team_ids: Iterable[int]) -> frozenset[int]:
    """Return these teams and every team below them."""
    children: dict[int | None, list[int]] = {}
    for team_id, parent_id in Team.objects.values_list("pk", "parent_id"):
        children.setdefault(parent_id, []).append(team_id)
    found: set[int] = set()
    waiting = list(team_ids)
    while waiting:
        team_id = waiting.pop()
        if team_id not in found:
            found.add(team_id)
            waiting += children.get(team_id, [])
    return frozenset(found)


def _held_by_all(roles: Mapping[int, Role]) -> frozenset[str]:
    rights: dict[int, set[str]] = {role_id: set() for role_id in roles}
    for role_id, permission in RolePermission.objects.filter(role__in=roles).values_list("role_id", "permission"):
        rights[role_id].add(permission)
    return frozenset(set.intersection(*rights.values())) if rights else frozenset()


def _narrowest(roles: Iterable[Role]) -> Scope:
    found = {role.scope for role in roles}
    return next((scope for scope in SCOPES if scope in found), "own")


def _lang(user: User) -> Lang:
    if not user.language:
        return current_lang()
    return "zh" if user.language.startswith("zh") else "en"
