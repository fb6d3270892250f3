"""Contracts."""

from __future__ import annotations

from django.apps import AppConfig


class ContractsConfig(AppConfig):
    """Runs, gates, publishing, history."""

    name = "regulars.web.contracts"
    label = "contracts"
