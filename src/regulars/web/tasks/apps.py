"""Work."""

from __future__ import annotations

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class TasksConfig(AppConfig):
    """Queues, alerts, control groups."""

    name = "regulars.web.tasks"
    label = "tasks"

    def ready(self) -> None:
        """Keep a rule for each alert."""
        from regulars.web.tasks.first_rules import sync_rules

        post_migrate.connect(lambda **_: sync_rules(), sender=self, weak=False, dispatch_uid="regulars.alert_rules")
