"""The customer log."""

from __future__ import annotations

from django.apps import AppConfig


class JournalConfig(AppConfig):
    """What happened with a customer, when, and what came of it."""

    name = "regulars.web.journal"
    label = "journal"
