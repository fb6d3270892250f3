"""The e-mail channel."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class MailConfig(AppConfig):
    """Messages to customers, one by one, each at most once."""

    name = "regulars.web.mail"
    label = "mail"

    def ready(self) -> None:
        """Let campaigns use the channel."""
        import_module("regulars.web.mail.channel")
