"""Rights over work."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

PERMISSIONS: dict[str, str | Promise] = {
    "tasks.read": _("See tasks and control groups"),
    "tasks.write": _("Make tasks, do them, put them off, hand them on"),
    "tasks.assign": _("Make tasks for a whole list, with part of it left alone as control"),
    "tasks.rules": _("Set up alerts and business days"),
}
