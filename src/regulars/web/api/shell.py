"""Tokens among the settings."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from regulars.web.core import shell

shell.add(
    shell.Entry(
        "tokens", _("Access tokens"), "key", "tokens", "api.tokens", group=shell.SETTINGS, order=60,
        note=_("Let programs read and write in your name"),
    )
)  # fmt: skip
