"""Two people edit one record: the second is told what the first has changed, and loses nothing of what they typed."""

from __future__ import annotations

from collections.abc import Collection

from django.db import models
from django.db.models import F

from regulars.web.core.actor import Actor


class Conflict(Exception):  # noqa: N818 - a state of the record, answered by a page of its own (409)
    """Somebody has changed the record since the form was opened."""

    def __init__(self, record: Versioned) -> None:
        self.record = record
        super().__init__(f"{record._meta.label} {record.pk} has changed since")


class Versioned(models.Model):
    """A record that people edit in forms. The form carries `version`; the write claims it."""

    version = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        abstract = True

    def claim(self, version: int) -> None:
        """Take the record for writing: inside a transaction, before anything else is changed.

        Raises
        ------
        Conflict
            When its version is no longer `version`: nothing may be written.
        """
        mine = type(self)._default_manager.filter(pk=self.pk, version=version)
        if not mine.update(version=F("version") + 1):
            self.refresh_from_db()
            raise Conflict(self)
        self.version = version + 1

    def closed_to(self, actor: Actor) -> Collection[str]:
        """Return the fields that `actor` may not read: the page about a conflict does not show them."""
        return ()
