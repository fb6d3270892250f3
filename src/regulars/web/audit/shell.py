"""The trail among the settings."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from regulars.web.core import shell

shell.add(
    shell.Entry(
        "audit", _("Audit trail"), "history", "audit", "audit.read", group=shell.SETTINGS, order=50,
        note=_("Who did what, and when"),
    )
)  # fmt: skip
