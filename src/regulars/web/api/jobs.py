"""Chores: batches of orders go on by themselves, old answers are forgotten."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from regulars.web.api.actions import advance
from regulars.web.api.models import Reply
from regulars.web.core.schedule import regularly

KEYS_KEPT = timedelta(days=30)


@regularly("api.batches", every=timedelta(seconds=5))
def batches() -> None:
    """Take waiting batches one step on."""
    advance()


@regularly("api.tidy", every=timedelta(hours=6))
def tidy() -> None:
    """Forget answers that nobody asks for again."""
    Reply.objects.filter(at__lt=timezone.now() - KEYS_KEPT).delete()
