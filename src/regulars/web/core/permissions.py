"""Rights of the shared parts, and the list of all rights that the installed apps know."""

from __future__ import annotations

from importlib import import_module

from django.apps import apps
from django.utils.functional import Promise
from django.utils.module_loading import module_has_submodule
from django.utils.translation import gettext_lazy as _

from regulars.web.core.actor import FIELD_GROUPS

PERMISSIONS: dict[str, str | Promise] = {
    "core.configure": _("Change the workspace's name, currency and time zone"),
    "fields.contact": _("Read phones, e-mail addresses and postal addresses"),
    "fields.personal": _("Read birthday, gender, ID and card number"),
    "fields.cost": _("Read costs and margins"),
}
FIELD_PERMISSIONS = {f"fields.{group}": group for group in FIELD_GROUPS}


def all_permissions() -> dict[str, str | Promise]:
    """Return every right that an installed app declares in its `permissions.py`, with its words."""
    found: dict[str, str | Promise] = {}
    for config in apps.get_app_configs():
        if config.name.startswith("regulars.") and module_has_submodule(config.module, "permissions"):
            found |= import_module(f"{config.name}.permissions").PERMISSIONS
    return found
