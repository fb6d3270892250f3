"""Rights over campaigns."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

PERMISSIONS: dict[str, str | Promise] = {
    "campaigns.read": _("See campaigns and what they brought"),
    "campaigns.write": _("Plan campaigns, submit them, note lessons"),
    "campaigns.approve": _("Approve or reject campaigns of others"),
    "campaigns.launch": _("Launch approved campaigns, cancel and end them"),
    "campaigns.configure": _("Set the universal hold-out"),
}
