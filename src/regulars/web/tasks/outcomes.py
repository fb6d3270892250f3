"""What came of a task, and how it was done."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Outcome(models.TextChoices):
    """What came of it. The codes stay; they are what an experiment is read by later."""

    WILL_ORDER = "will_order", _("Will order")
    THINKING = "thinking", _("Thinking it over")
    CONTENT = "content", _("All is well")
    UNHAPPY = "unhappy", _("Unhappy with us")
    NO_NEED = "no_need", _("No need now")
    ELSEWHERE = "elsewhere", _("Buys elsewhere")
    NOT_REACHED = "not_reached", _("Not reached")
    DONE = "done", _("Done")


class Way(models.TextChoices):
    """How it was done: the kind of entry that it leaves in the log."""

    CALL = "call", _("Call")
    VISIT = "visit", _("Visit")
    MESSAGE = "message", _("Message")
    EMAIL = "email", pgettext_lazy("way", "E-mail")
    NONE = "task", _("Without contact")
