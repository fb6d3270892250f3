"""Importing."""

from __future__ import annotations

from django.apps import AppConfig


class ImportingConfig(AppConfig):
    """The import wizard."""

    name = "regulars.web.importing"
    label = "importing"
