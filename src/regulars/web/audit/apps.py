"""The trail."""

from __future__ import annotations

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """Who did what, when."""

    name = "regulars.web.audit"
    label = "audit"
