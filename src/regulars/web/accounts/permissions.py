"""Rights over people."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

PERMISSIONS: dict[str, str | Promise] = {
    "accounts.administer": _("Manage people, teams and roles"),
}
