"""The roles that a new workspace has. Roles are data: administrators change them, and what they changed stays."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase

from django.db import transaction

from regulars.web.accounts.models import KnownPermission, Role, RolePermission
from regulars.web.core.actor import Scope
from regulars.web.core.permissions import all_permissions


@dataclass(frozen=True, slots=True)
class DefaultRole:
    """What a shipped role starts with; rights as patterns, so that a new app's rights find their roles."""

    scope: Scope
    permissions: tuple[str, ...]
    without: tuple[str, ...] = ()


WORK = (
    "customers.read",
    "customers.write",
    "journal.*",
    "tasks.read",
    "tasks.write",
    "valuations.read",
    "segments.read",
    "campaigns.read",
)

DEFAULTS: dict[str, DefaultRole] = {
    "administrator": DefaultRole("all", ("*",)),
    "manager": DefaultRole(
        "team",
        (*WORK, "customers.*", "tasks.*", "segments.*", "campaigns.*", "importing.*", "fields.*"),
        without=("customers.erase", "campaigns.configure"),
    ),
    "account_manager": DefaultRole("own", (*WORK, "fields.contact", "fields.personal")),
    "marketing": DefaultRole(
        "all",
        (
            "customers.read",
            "customers.export",
            "valuations.read",
            "segments.*",
            "campaigns.read",
            "campaigns.write",
            "campaigns.launch",
            "tasks.read",
            "tasks.write",
            "tasks.assign",
        ),
    ),
    "service": DefaultRole(
        "all", ("customers.read", "customers.write", "journal.*", "tasks.read", "tasks.write", "fields.contact")
    ),
    "analyst": DefaultRole(
        "all",
        (
            "customers.read",
            "customers.export",
            "valuations.*",
            "segments.*",
            "campaigns.read",
            "importing.*",
            "fields.cost",
        ),
    ),
    "viewer": DefaultRole("all", ("customers.read", "valuations.read", "segments.read", "campaigns.read")),
}


@transaction.atomic
def sync_roles() -> None:
    """Create missing roles, and give rights that are new in this version to the roles that they are meant for."""
    roles = {
        key: Role.objects.get_or_create(key=key, defaults={"scope": default.scope})[0]
        for key, default in DEFAULTS.items()
    }
    new = set(all_permissions()) - set(KnownPermission.objects.values_list("permission", flat=True))
    RolePermission.objects.bulk_create(
        [
            RolePermission(role=roles[key], permission=permission)
            for key, default in DEFAULTS.items()
            for permission in sorted(new)
            if _meant(default, permission)
        ],
        ignore_conflicts=True,
    )
    KnownPermission.objects.bulk_create([KnownPermission(permission=name) for name in sorted(new)])


def _meant(default: DefaultRole, permission: str) -> bool:
    wanted = any(fnmatchcase(permission, pattern) for pattern in default.permissions)
    return wanted and permission not in default.without
