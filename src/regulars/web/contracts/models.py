"""Runs over the contracts of the lake."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from regulars.web.core.words import current_lang


class State(models.TextChoices):
    """Where a run stands; the newest published one is shown."""

    QUEUED = "queued", _("Waiting")
    RUNNING = "running", _("Running")
    PUBLISHED = "published", _("Published")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("Cancelled")


OPEN = (State.QUEUED, State.RUNNING)


class ContractRun(models.Model):
    """One dated run over all contract periods; its rows lie in files of its own, whole and unchanging."""

    as_of = models.DateField(_("valuation date"), null=True)
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    parameters = models.JSONField(default=dict)
    card = models.JSONField(default=dict)
    failure = models.JSONField(default=dict)  # why it failed, in both languages
    job = models.ForeignKey("core.Job", models.SET_NULL, null=True, related_name="+")
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    started_at = models.DateTimeField(auto_now_add=True)
    published_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("run over contracts")
        verbose_name_plural = _("runs over contracts")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.pk} {self.as_of or ''}".strip()

    @property
    def is_open(self) -> bool:
        """Whether it waits or runs."""
        return self.state in OPEN

    @property
    def trouble(self) -> list[str]:
        """Why it failed, a line each, in the reader's language."""
        said: dict[str, Any] = self.failure
        return str(said.get(current_lang(), "")).split("\n")
