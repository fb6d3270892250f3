"""Facts."""

from __future__ import annotations

from django.apps import AppConfig


class FactsConfig(AppConfig):
    """The only reader of the lake in the web."""

    name = "regulars.web.facts"
    label = "facts"
