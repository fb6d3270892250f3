"""Who acts: a person's rights, fixed at the start of a request or a job. Nothing below asks the database again."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal, cast

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.utils.module_loading import import_string

from regulars.words import Lang

Scope = Literal["own", "team", "all"]
SCOPES: tuple[Scope, ...] = ("own", "team", "all")  # narrow → wide
FIELD_GROUPS = ("contact", "personal", "cost")


@dataclass(frozen=True, slots=True)
class Actor:
    """A person and what they may do, see and reach.

    Parameters
    ----------
    scope
        Whose records: their own, their teams' (own ones included), everyone's.
    team_ids
        Their teams and every team below these.
    fields
        Groups of sensitive fields that they may read: contact, personal, cost.
    """

    user_id: int | None = None
    name: str = ""
    permissions: frozenset[str] = field(default_factory=frozenset)
    scope: Scope = "own"
    team_ids: frozenset[int] = field(default_factory=frozenset)
    fields: frozenset[str] = field(default_factory=frozenset)
    lang: Lang = "en"

    def may(self, permission: str) -> bool:
        """Return whether this person holds `permission`."""
        return permission in self.permissions

    def require(self, permission: str) -> None:
        """Go on only with `permission`.

        Raises
        ------
        PermissionDenied
            When it is missing: the page answers 403.
        """
        if not self.may(permission):
            raise PermissionDenied(permission)

    def sees(self, field_group: str) -> bool:
        """Return whether this person may read the sensitive fields of `field_group`."""
        if field_group not in FIELD_GROUPS:
            raise ValueError(f"{field_group!r} is no group of sensitive fields: {', '.join(FIELD_GROUPS)}")
        return field_group in self.fields


NOBODY = Actor()
"""Who has not signed in: may nothing, sees nothing, owns nothing."""


def actor_of(user: Any) -> Actor:
    """Return the rights of `user` as they are now; who reckons them is named in the settings (`ACTOR_OF`)."""
    return cast(Actor, import_string(settings.ACTOR_OF)(user))
