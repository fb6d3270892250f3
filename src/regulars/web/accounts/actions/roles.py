"""Roles are data: what each may do, whose records it reaches, which sensitive fields it reads."""

from __future__ import annotations

from collections.abc import Collection

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from regulars.web import audit
from regulars.web.accounts.actions.people import ADMINISTER, LAST_ADMINISTRATOR
from regulars.web.accounts.models import Role, RolePermission, User
from regulars.web.core.actor import Actor
from regulars.web.core.permissions import all_permissions


@transaction.atomic
def add_role(*, key: str, name: str, scope: str, permissions: Collection[str], by: Actor) -> Role:
    """Add a role of one's own."""
    by.require(ADMINISTER)
    role = Role(key=key, name=name, scope=scope)
    role.full_clean()
    role.save()
    _grant(role, permissions)
    audit.record(
        actor=by, verb="create", subject_type="accounts.role", subject_id=role.pk, details=_details(scope, permissions)
    )
    return role


@transaction.atomic
def change_role(*, role: Role, version: int, name: str, scope: str, permissions: Collection[str], by: Actor) -> None:
    """Change what a role may do; it holds from everyone's next request on.

    Raises
    ------
    Conflict
        When somebody else was faster.
    ValidationError
        When nobody would be left to administer.
    """
    by.require(ADMINISTER)
    role.claim(version)
    role.name, role.scope = name, scope
    role.full_clean()
    role.save(update_fields=["name", "scope"])
    _grant(role, permissions)
    if not User.objects.filter(is_active=True, memberships__role__permissions__permission=ADMINISTER).exists():
        raise ValidationError(LAST_ADMINISTRATOR)
    audit.record(
        actor=by, verb="update", subject_type="accounts.role", subject_id=role.pk, details=_details(scope, permissions)
    )


def _grant(role: Role, permissions: Collection[str]) -> None:
    unknown = set(permissions) - set(all_permissions())
    if unknown:
        words = _("No app knows these rights: %(names)s.") % {"names": ", ".join(sorted(unknown))}
        raise ValidationError({"permissions": words})
    RolePermission.objects.filter(role=role).exclude(permission__in=permissions).delete()
    RolePermission.objects.bulk_create(
        [RolePermission(role=role, permission=permission) for permission in sorted(permissions)], ignore_conflicts=True
    )


def _details(scope: str, permissions: Collection[str]) -> dict[str, object]:
    return {"scope": scope, "permissions": sorted(permissions)}
