"""The workspace's own settings, and jobs that run beside the pages."""

from __future__ import annotations

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from regulars.web.core.actor import Actor
from regulars.web.core.once import once
from regulars.web.core.visible import Visible
from regulars.web.core.words import current_lang


class Workspace(models.Model):
    """The one row that says whose workspace this is."""

    name = models.CharField(_("name"), max_length=120, default="Regulars")
    currency = models.CharField(_("currency"), max_length=3, default="CNY")
    zone = models.CharField(_("time zone"), max_length=64, default="Asia/Shanghai")
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES, default="zh-hans")
    changed_at = models.DateTimeField(auto_now=True)
    current_valuation_id = models.BigIntegerField(null=True, editable=False)  # moved by publishing, in one step

    class Meta:
        verbose_name = _("workspace")
        verbose_name_plural = _("workspace")
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="core_workspace_one_row")]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def current(cls) -> Workspace:
        """Return the workspace; with its defaults where none was saved yet."""
        return once("workspace", lambda: cls.objects.filter(pk=1).first() or cls(pk=1))


class JobState(models.TextChoices):
    """Where a job stands."""

    QUEUED = "queued", _("Waiting")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("Cancelled")


class JobQuerySet(Visible):
    """A job belongs to who started it."""

    owner_path = "started_by_id"

    def visible_to(self, actor: Actor) -> Self:
        """Return the jobs that `actor` started; everyone's for who reaches every record."""
        reached = self if actor.scope == "all" else self.filter(started_by_id=actor.user_id)
        return self.none() if actor.user_id is None else reached

    def open(self) -> JobQuerySet:
        """Return what still waits or runs."""
        return self.filter(state__in=(JobState.QUEUED, JobState.RUNNING))


class Job(models.Model):
    """One long piece of work: who started it, how far it is, what came of it."""

    kind = models.CharField(max_length=60)
    parameters = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=JobState.choices, default=JobState.QUEUED)
    progress = models.FloatField(default=0.0)
    message = models.JSONField(default=dict)
    result = models.JSONField(default=dict)
    cancel_requested = models.BooleanField(default=False)
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    began_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)  # the worker's last sign of life

    objects = JobQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=models.Q(progress__range=(0, 1)), name="core_job_progress_is_a_share")
        ]
        indexes = [models.Index(fields=["state", "kind"], name="core_job_state_kind")]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def said(self) -> str:
        """The last message, in the reader's language."""
        words: dict[str, Any] = self.message or {}
        return str(words.get(current_lang(), ""))

    @property
    def is_open(self) -> bool:
        """Whether it still waits or runs."""
        return self.state in (JobState.QUEUED, JobState.RUNNING)

    @property
    def percent(self) -> int:
        """Progress in whole percent, never 100 before it is done."""
        return 100 if self.state == JobState.DONE else min(99, int(self.progress * 100))


class Pulse(models.Model):
    """A worker's sign of life: `regulars check` reads it."""

    worker = models.CharField(max_length=40, primary_key=True)
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.worker


class Tick(models.Model):
    """When a regular chore is due next; whichever worker moves `next_at` on does it."""

    chore = models.CharField(max_length=80, primary_key=True)
    next_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.chore
