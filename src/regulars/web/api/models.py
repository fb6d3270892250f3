"""Tokens, answers that were given already, and batches of orders on their way into the lake."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from regulars.web.core.actor import Actor
from regulars.web.core.visible import Visible


class OfUser(Visible):
    """What belongs to one person: teams do not share it, administrators do not see it."""

    def visible_to(self, actor: Actor) -> Self:
        """Return what is `actor`'s own."""
        return self.none() if actor.user_id is None else self.filter(user_id=actor.user_id)


class Token(models.Model):
    """A key by which a program acts in a person's name. Only its hash is kept; it is shown once."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="tokens")
    name = models.CharField(_("what it is for"), max_length=60)
    digest = models.CharField(max_length=64, unique=True)
    hint = models.CharField(max_length=12)
    scopes = models.JSONField(_("may"), default=list)
    made_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(_("until"))
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    objects = OfUser.as_manager()

    class Meta:
        verbose_name = _("access token")
        verbose_name_plural = _("access tokens")
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.name

    @property
    def is_open(self) -> bool:
        """Whether it opens anything now."""
        return self.revoked_at is None and self.expires_at > timezone.now()


class Reply(models.Model):
    """The answer to a request that named a key: the same request again gets the same answer and changes nothing."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    key = models.CharField(max_length=100)
    digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    body = models.JSONField(default=dict)
    at = models.DateTimeField(auto_now_add=True, db_index=True)

    objects = OfUser.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="api_key_once_a_person")]

    def __str__(self) -> str:
        return f"{self.status} {self.pk}"


class BatchState(models.TextChoices):
    """Where a batch stands."""

    WAITING = "waiting", _("On its way")
    DONE = "done", _("In the lake")
    FAILED = "failed", _("Refused")


class Batch(models.Model):
    """Orders that a program has sent: an import like any other, taken through its steps without a person."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    upload = models.ForeignKey("importing.Import", models.SET_NULL, null=True, related_name="+")
    columns = models.JSONField(default=list)
    n_lines = models.PositiveIntegerField()
    state = models.CharField(max_length=8, choices=BatchState, default=BatchState.WAITING)
    message = models.JSONField(default=dict)  # what was wrong, in both languages
    result = models.JSONField(default=dict)
    made_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True)

    objects = OfUser.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["state", "id"], name="api_batch_by_state")]

    def __str__(self) -> str:
        return f"batch {self.pk}"
