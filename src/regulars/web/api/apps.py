"""The interface for programs."""

from __future__ import annotations

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """REST under /api/v1, and the tokens that open it."""

    name = "regulars.web.api"
    label = "api"
