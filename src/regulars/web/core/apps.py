"""Installed first; once all apps are there, it asks each for its rights, its parts of the shell and its jobs."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class CoreConfig(AppConfig):
    """The shared shell."""

    name = "regulars.web.core"
    label = "core"

    def ready(self) -> None:
        """Import each app's `permissions`, `shell` and `jobs`: they register what they declare."""
        import_module("regulars.web.core.among")
        import_module("regulars.web.core.begins")
        import_module("regulars.web.core.today")
        autodiscover_modules("permissions", "shell", "jobs")
