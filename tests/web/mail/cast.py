"""A workspace in a folder with a campaign by e-mail that runs, and its sender, in processes of their own."""

from __future__ import annotations

import os
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

from tests.web import lifelike

FIRST = 2**33


def sending_home(home: Path, n: int) -> None:
    """Make a workspace whose outbox has a message for each of `n` customers."""
    lifelike.make(home)
    lifelike.settle(home)
    from datetime import time
    from decimal import Decimal

    from django.utils import timezone

    from regulars.web.accounts.models import User
    from regulars.web.campaigns.models import Campaign
    from regulars.web.core import bulk
    from regulars.web.customers.models import Consent, ContactPoint, Customer
    from regulars.web.mail.actions import fill_outbox
    from regulars.web.mail.models import Letter, MailSetting
    from regulars.web.tasks.models import Exposure, Holdout

    now, ids = timezone.now(), range(FIRST, FIRST + n)
    bulk.insert([Customer(pk=k, name=f"C{k}") for k in ids])
    bulk.insert(
        [ContactPoint(customer_id=k, kind="email", value=f"c{k}@x.example", key=f"c{k}@x.example") for k in ids]
    )
    bulk.insert([Consent(customer_id=k, purpose="marketing", state="granted", at=now, evidence="form") for k in ids])
    split = {"list_kind": "campaign", "seed": "s", "share": Decimal("0.1"), "started_at": now}
    holdout = Holdout.objects.create(experiment_id="campaign-1", subject={"called": "Tea", "campaign": 1}, **split)
    groups = {"holdout": holdout, "arm": "treated", "propensity": 0.9, "assigned_at": now}
    bulk.insert([Exposure(customer_id=k, **groups) for k in ids])
    campaign = Campaign.objects.create(
        name="Tea", channel="email", owner=User.objects.get(), state="running", starts_on=now.date(), holdout=holdout,
        launched_at=now, first_day=now.date(), last_day=now.date() + timedelta(days=28),
    )  # fmt: skip
    Letter.objects.create(campaign=campaign, subject_en="Tea for {{ name }}", body_en="{{ salutation }},\n\nnew tea.")
    MailSetting.objects.create(pk=1, sender="tea@shop.example", quiet_from=time(3), quiet_to=time(3))
    assert fill_outbox(campaign) == n


def sender(home: Path, port: int) -> None:
    """Do what a worker does when it comes up: take care of who died, start the sender, do the work."""
    os.environ.update({"EMAIL_URL": f"smtp://127.0.0.1:{port}", "REGULARS_URL": "https://regulars.example"})
    lifelike.settle(home)
    from django.utils import timezone

    from regulars.web.core import jobs
    from regulars.web.core.models import Job, JobState
    from regulars.web.mail.jobs import begin

    Job.objects.filter(state=JobState.RUNNING).update(seen_at=timezone.now() - timedelta(minutes=5))
    jobs.recover()
    begin()
    for job in Job.objects.filter(state=JobState.QUEUED).order_by("pk"):
        jobs.run_job.func(job.pk)


def say(send: Any, home: Path) -> None:
    """Send what was found through a pipe."""
    send.send(found(home))


def found(home: Path) -> tuple[dict[str, int], list[str]]:
    """Return how many messages stand where, and to whom those in doubt are."""
    lifelike.settle(home)
    from regulars.web.mail.models import Outgoing

    doubts = Outgoing.objects.filter(state="uncertain").values_list("customer_id", flat=True)
    return dict(Counter(Outgoing.objects.values_list("state", flat=True))), [f"c{k}@x.example" for k in doubts]
