"""The codes of sending: where one message stands, and why it was not sent. Codes stay; words may change."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class State(models.TextChoices):
    """Where one message stands."""

    QUEUED = "queued", pgettext_lazy("message", "Waiting")
    RETRY = "retry", pgettext_lazy("message", "Tried again later")
    SENDING = "sending", pgettext_lazy("message", "Being sent")
    SENT = "sent", pgettext_lazy("message", "Sent")
    REFUSED = "refused", pgettext_lazy("message", "Not sent")
    FAILED = "failed", pgettext_lazy("message", "Failed")
    UNCERTAIN = "uncertain", pgettext_lazy("message", "In doubt")


WAITING = (State.QUEUED, State.RETRY)
"""States in which it has not left yet."""
GONE = (State.SENDING, State.SENT, State.UNCERTAIN)
"""States in which it has, or may have, reached somebody."""


class Why(models.TextChoices):
    """Why a message was not sent; the first that holds counts."""

    STOPPED = "stopped", _("The rest was given up")
    ENDED = "ended", _("The campaign had ended")
    ARCHIVED = "archived", _("Archived, erased or merged since the launch")
    HELD_OUT = "held_out", _("Left alone as control")
    REFUSED = "refused", _("Refused offers, or took their consent back")
    SILENT = "silent", _("Never said whether they want offers by e-mail")
    UNREACHABLE = "unreachable", _("No e-mail address")
    SUPPRESSED = "suppressed", _("Their address unsubscribed or no longer works")
    CAPPED = "capped", _("Has had as many e-mails as allowed")
    ADDRESS = "address", _("The server says that this address does not exist")
    REJECTED = "rejected", _("The server refused the message")
    TIRED = "tired", _("The server put it off too often")


class Suppressing(models.TextChoices):
    """Why an address gets no more e-mails."""

    UNSUBSCRIBED = "unsubscribed", _("Unsubscribed")
    BOUNCED = "bounced", _("No longer works")
