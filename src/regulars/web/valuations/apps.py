"""Valuations."""

from __future__ import annotations

from django.apps import AppConfig


class ValuationsConfig(AppConfig):
    """Runs, gates, publishing, history."""

    name = "regulars.web.valuations"
    label = "valuations"
