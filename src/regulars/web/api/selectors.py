"""Reads of the interface's own."""

from __future__ import annotations

from django.db.models import QuerySet

from regulars.web.api.models import Batch, Token
from regulars.web.core.actor import Actor


def tokens(actor: Actor) -> QuerySet[Token]:
    """Return a person's own tokens, newest first."""
    return Token.objects.visible_to(actor)


def batches(actor: Actor) -> QuerySet[Batch]:
    """Return the batches of orders that a person's programs have sent."""
    return Batch.objects.visible_to(actor).select_related("upload")
