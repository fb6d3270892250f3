"""Rights over valuations."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

PERMISSIONS: dict[str, str | Promise] = {
    "valuations.read": _("Read values, classes and the model card"),
    "valuations.run": _("Run valuations and set their schedule"),
    "valuations.delete": _("Delete old valuations"),
}
