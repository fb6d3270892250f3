"""Who writes, when not, how often at most, how fast; and whether the server is well."""

from __future__ import annotations

from datetime import time

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from regulars.web.core.conflict import Versioned
from regulars.web.core.words import current_lang


class MailSetting(Versioned):
    """One row."""

    sender_name = models.CharField(_("sender's name"), max_length=80, blank=True)
    sender = models.EmailField(_("sender's address"), blank=True)
    reply_to = models.EmailField(_("replies go to"), blank=True)
    imprint = models.CharField(_("who writes, at the foot of each message"), max_length=300, blank=True)
    quiet_from = models.TimeField(_("no e-mails from"), default=time(20))
    quiet_to = models.TimeField(pgettext_lazy("time of day", "until"), default=time(8))
    most = models.PositiveSmallIntegerField(
        _("e-mails for one customer at most"), default=2, validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    within_days = models.PositiveSmallIntegerField(
        _("within days"), default=7, validators=[MinValueValidator(1), MaxValueValidator(366)]
    )
    a_minute = models.PositiveIntegerField(
        _("e-mails a minute at most"), default=0, validators=[MaxValueValidator(100_000)]
    )  # 0: as fast as the server takes them
    trouble = models.JSONField(default=dict)  # what the server said last, in both languages; empty: all is well
    failures = models.PositiveSmallIntegerField(default=0, editable=False)
    retry_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="mail_setting_one_row")]

    def __str__(self) -> str:
        return self.sender

    @property
    def said(self) -> str:
        """What the server said last, in the reader's language; empty where all is well."""
        return str((self.trouble or {}).get(current_lang(), ""))

    @classmethod
    def current(cls) -> MailSetting:
        """Return the settings; with their defaults where none were saved."""
        return cls.objects.filter(pk=1).first() or cls(pk=1)
