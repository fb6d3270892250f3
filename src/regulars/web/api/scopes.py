"""What a token may be made for. It never gives more than its owner holds at the moment of the call."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import fields

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from regulars.web.core.actor import Actor
from regulars.web.core.permissions import FIELD_PERMISSIONS

SCOPES: dict[str, tuple[str, str | Promise]] = {
    "customers:read": ("customers.read", _("Read and find customers")),
    "customers:write": ("customers.write", _("Add and change customers")),
    "contact:read": ("fields.contact", _("Phones and addresses, too")),
    "personal:read": ("fields.personal", _("Birthday, gender and ID, too")),
    "log:read": ("journal.read", _("Read the customer log")),
    "log:write": ("journal.write", _("Add to the customer log")),
    "orders:write": ("importing.run", _("Send orders")),
    "values:read": ("valuations.read", _("Read values and classes")),
    "values:run": ("valuations.run", _("Run valuations")),
    "tasks:read": ("tasks.read", _("Read tasks")),
    "tasks:write": ("tasks.write", _("Do tasks")),
    "campaigns:read": ("campaigns.read", _("Read campaigns and what they brought")),
}
"""Scope → the right that it stands for, and its words."""

TO_REACH = "customers.read"
"""Every record is reached through its customer; to read customers themselves still takes their own scope."""

CHOICES = [(scope, words) for scope, (_right, words) in SCOPES.items()]


def narrowed(actor: Actor, scopes: Collection[str]) -> Actor:
    """Return `actor` with no more rights, and no more sensitive fields, than `scopes` name."""
    rights = actor.permissions & {TO_REACH, *(SCOPES[scope][0] for scope in scopes if scope in SCOPES)}
    known = {field.name: getattr(actor, field.name) for field in fields(Actor)}
    shown = frozenset(group for right, group in FIELD_PERMISSIONS.items() if right in rights)
    return Actor(**{**known, "permissions": frozenset(rights), "fields": actor.fields & shown})
