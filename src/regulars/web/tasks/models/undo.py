"""How tasks stood before a change of many at once, so that it can be taken back for a while."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models

from regulars.web.core.actor import Actor
from regulars.web.core.visible import Visible


class UndoQuerySet(Visible):
    """A change is its maker's; teams do not share it."""

    def visible_to(self, actor: Actor) -> Self:
        """Return what `actor` changed; everyone's for who reaches every record, though only its maker takes it back."""
        if actor.user_id is None:
            return self.none()
        return self if actor.scope == "all" else self.filter(by_id=actor.user_id)


class Undo(models.Model):
    """One change: task → its fields before, and the version that the change gave it."""

    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    at = models.DateTimeField()
    verb = models.CharField(max_length=20)
    before = models.JSONField(default=list)
    holdout = models.ForeignKey("tasks.Holdout", models.CASCADE, null=True, related_name="+")

    objects = UndoQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.verb} {self.pk}"
