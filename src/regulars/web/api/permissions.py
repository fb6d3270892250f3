"""Rights over the interface."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

PERMISSIONS: dict[str, str | Promise] = {"api.tokens": _("Make access tokens, by which programs act in one's name")}
