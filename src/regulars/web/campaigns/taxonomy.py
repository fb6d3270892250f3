"""The codes of campaigns: where one stands, and why a customer is not in one. Codes stay; words may change."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class State(models.TextChoices):
    """Where a campaign stands."""

    DRAFT = "draft", pgettext_lazy("campaign", "Draft")
    SUBMITTED = "submitted", pgettext_lazy("campaign", "Waits for approval")
    APPROVED = "approved", pgettext_lazy("campaign", "Approved")
    RUNNING = "running", pgettext_lazy("campaign", "Running")
    ENDED = "ended", pgettext_lazy("campaign", "Ended")
    REJECTED = "rejected", pgettext_lazy("campaign", "Sent back")
    CANCELLED = "cancelled", pgettext_lazy("campaign", "Cancelled")


class Why(models.TextChoices):
    """Why somebody of the lists is not in the campaign; the first that holds counts."""

    ARCHIVED = "archived", _("Archived or erased since the list was frozen")
    EXCLUDED = "excluded", _("In a list that is left out")
    UNIVERSAL = "universal", _("Universal hold-out: in no campaign at all")
    REFUSED = "refused", _("Refused offers, or took their consent back")
    SILENT = "silent", _("Never said whether they want offers by this channel")
    UNREACHABLE = "unreachable", _("No number or address for this channel")
    CAPPED = "capped", _("In another campaign a short while ago, or now")


PLANNABLE = (State.DRAFT, State.REJECTED)
"""States in which the plan can still be changed."""
OPEN = (State.DRAFT, State.REJECTED, State.SUBMITTED, State.APPROVED)
"""States before the launch."""
