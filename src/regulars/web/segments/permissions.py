"""Rights over views and segments. A list is read by `customers.read`, handed out as a file by `customers.export`."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

PERMISSIONS: dict[str, str | Promise] = {
    "segments.read": _("See segments, keep views of the customer list"),
    "segments.write": _("Make, freeze and delete segments"),
    "segments.share": _("Share views and segments with others"),
}
