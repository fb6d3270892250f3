"""Campaigns."""

from __future__ import annotations

from django.apps import AppConfig


class CampaignsConfig(AppConfig):
    """Plans, launches, and what they brought."""

    name = "regulars.web.campaigns"
    label = "campaigns"

    def ready(self) -> None:
        """Let every channel register itself."""
        from regulars.web.campaigns.channels import load

        load()
