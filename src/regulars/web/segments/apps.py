"""Segments."""

from __future__ import annotations

from django.apps import AppConfig


class SegmentsConfig(AppConfig):
    """The customer list, saved views, segments, exports."""

    name = "regulars.web.segments"
    label = "segments"
