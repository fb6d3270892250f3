"""Segments."""

from __future__ import annotations

from django.apps import AppConfig


class SegmentsConfig(AppConfig):
    """The customer list, saved views, segments, exports."""

    name = "regulars.web.segments"
    label = "segments"

    def ready(self) -> None:
        """Let querysets be narrowed to many numbers at once."""
        from django.db import models

        from regulars.web.segments.among import Among

        models.BigIntegerField.register_lookup(Among)
