"""Verbs and subjects of the trail, in people's words. Apps use these verbs; what is not here is shown as it is."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

VERBS: dict[str, str | Promise] = {
    "sign-in": _("Signed in"),
    "sign-in-refused": _("Sign-in refused"),
    "code-refused": _("Second factor refused"),
    "sign-out": _("Signed out"),
    "choose-password": _("Chose a password"),
    "new-link": _("Made a one-time link"),
    "second-factor": _("Changed the second factor"),
    "remove-second-factor": _("Removed the second factor"),
    "create": _("Added"),
    "update": _("Changed"),
    "delete": _("Deleted"),
    "deactivate": _("Closed the door"),
    "reactivate": _("Opened the door"),
    "read": _("Read sensitive fields"),
    "export": _("Exported"),
    "import": _("Imported"),
    "erase": _("Erased"),
    "merge": _("Merged"),
    "assign": _("Handed over"),
    "publish": _("Published"),
    "start": _("Started"),
    "cancel": _("Cancelled"),
}
SUBJECTS: dict[str, str | Promise] = {
    "accounts.user": _("Person"),
    "accounts.team": _("Team"),
    "accounts.role": _("Role"),
    "core.workspace": _("Workspace"),
    "core.job": _("Job"),
    "customers.customer": _("Customer"),
    "journal.entry": _("Log entry"),
    "tasks.task": _("Task"),
    "segments.segment": _("Segment"),
    "valuations.valuation": _("Valuation"),
    "importing.upload": _("Import"),
}
