"""Rights over the log."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

PERMISSIONS: dict[str, str | Promise] = {
    "journal.read": _("Read the customer log"),
    "journal.write": _("Add to the customer log"),
}
