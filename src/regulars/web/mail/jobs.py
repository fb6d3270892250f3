"""The sender's job, and the chore that starts it."""

from __future__ import annotations

import secrets
import time
from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from regulars.web.accounts.selectors import holding
from regulars.web.core import jobs
from regulars.web.core.actor import actor_of
from regulars.web.core.jobs import Run, job
from regulars.web.core.models import Job, JobState
from regulars.web.core.schedule import regularly
from regulars.web.mail.sending import SEND, doubt_left_behind, may_begin, send_due

LAUNCH = "campaigns.launch"
TURN = 20.0
"""Seconds that the sender keeps the worker although other work waits; the next turn goes on."""


@job(SEND, title=_("Send e-mails"), permission=LAUNCH, repeatable=True)
def send(run: Run) -> dict[str, Any]:
    """Send what is due; what an earlier turn has left half-way is listed as in doubt first."""
    claim = f"{run.job.pk}:{secrets.token_hex(6)}"
    doubt_left_behind(claim)
    began = time.monotonic()
    others = Job.objects.filter(state=JobState.QUEUED)

    def go_on() -> bool:
        return time.monotonic() - began < TURN or not others.exists()

    return {"sent": send_due(claim=claim, report=lambda n: run.report(0.5, None), go_on=go_on)}


@regularly("mail.send", every=timedelta(seconds=10))
def begin() -> None:
    """Start the sender where there is something to send and none is at it."""
    if Job.objects.filter(kind=SEND).open().exists() or not may_begin(timezone.now()):
        return
    by = holding(LAUNCH).order_by("pk").first()
    if by is not None:
        jobs.start(kind=SEND, by=actor_of(by))
