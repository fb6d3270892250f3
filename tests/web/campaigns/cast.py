"""A workspace in a folder with a campaign by e-mail that is to be launched, and workers that are killed meanwhile."""

from __future__ import annotations

import os
import signal
from collections import Counter
from datetime import time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from tests.web import lifelike

FIRST = 2**33
SERVER = {"EMAIL_URL": "smtp://127.0.0.1:9", "REGULARS_URL": "https://regulars.example"}


def launching_home(home: Path, n: int) -> None:
    """Make a workspace with `n` customers, a tenth of whom never agreed, and a campaign whose launch is queued."""
    os.environ.update(SERVER)
    lifelike.make(home)
    lifelike.settle(home)
    from django.utils import timezone
    from tests.web.campaigns.conftest import value

    from regulars.web.accounts.models import User
    from regulars.web.campaigns import actions
    from regulars.web.campaigns.models import Campaign
    from regulars.web.core import bulk
    from regulars.web.customers.models import Consent, ContactPoint, Customer
    from regulars.web.importing.terminal import importer
    from regulars.web.mail.actions import save_letter
    from regulars.web.mail.models import MailSetting
    from regulars.web.segments.models import Segment
    from regulars.web.tasks.selectors import today

    now, ids, by = timezone.now(), list(range(FIRST, FIRST + n)), importer(None)
    bulk.insert([Customer(pk=k, name=f"C{k}", name_key=f"c{k}") for k in ids])
    bulk.insert(
        [ContactPoint(customer_id=k, kind="email", value=f"c{k}@x.example", key=f"c{k}@x.example") for k in ids]
    )
    agreed = [k for k in ids if k % 10]
    bulk.insert([Consent(customer_id=k, purpose="marketing", state="granted", at=now, evidence="form") for k in agreed])
    value(ids, today() - timedelta(days=1))
    segment = Segment.objects.create(name="Everybody", owner=User.objects.get(), asked={}, shared="all")
    MailSetting.objects.create(pk=1, sender="tea@shop.example", quiet_from=time(3), quiet_to=time(3))
    plan = actions.Plan(
        name="Spring", audience=[{"list": f"segment:{segment.pk}", "called": "Everybody"}], channel="email",
        starts_on=today(), offer="New tea", contact_cost=Decimal(0), offer_cost=Decimal(3), share=Decimal("0.25"),
    )  # fmt: skip
    made = actions.create(plan=plan, by=by)
    Campaign.objects.filter(pk=made.pk).update(seed="the same in every run")
    made.refresh_from_db()
    texts = {"subject_zh": "", "body_zh": "", "subject_en": "Tea for {{ name }}", "body_en": "{{ salutation }}, tea."}
    save_letter(campaign=made, texts=texts, version=made.version, by=by)
    lifelike.work(home)  # counts the audience
    made.refresh_from_db()
    actions.submit(campaign=made, version=made.version, by=by)
    actions.approve(campaign=made, version=made.version, by=by, note="nobody else is here")
    actions.launch(campaign=made, version=made.version, by=by)


def settled(home: Path) -> None:
    """Start Django on the workspace, with a mail server that nothing is sent to."""
    os.environ.update(SERVER)
    lifelike.settle(home)


def worker(send: Any, home: Path, dies_at: int | None = None) -> None:
    """Say what was found, do what is queued, say how many statements that took and what there is now.

    It is killed before its statement number `dies_at`, counted from the first of the work on: the same place in
    every run.
    """
    settled(home)
    send.send(launched())
    from django.db import connection

    made = 0

    def counted(execute: Any, *arguments: Any) -> Any:
        nonlocal made
        made += 1
        if made == dies_at:
            os.kill(os.getpid(), signal.SIGKILL)
        return execute(*arguments)

    with connection.execute_wrapper(counted):
        lifelike.work(home)
    send.send(made)
    send.send(launched())


def launched() -> dict[str, Any]:
    """Return what a launch leaves: who is in which group, who fell out and why, what is to be sent, once each."""
    from regulars.web.audit.models import Entry
    from regulars.web.campaigns.models import Campaign, Proof, Skipped
    from regulars.web.core.models import Job
    from regulars.web.mail.models import Outgoing
    from regulars.web.tasks.models import Exposure, Holdout

    campaign = Campaign.objects.get()
    return {
        "state": (campaign.state, campaign.n_treated, campaign.n_control, campaign.skipped),
        "groups": sorted(Exposure.objects.values_list("customer_id", "arm")),
        "skipped": sorted(Skipped.objects.values_list("customer_id", "why")),
        "to be sent": sorted(Outgoing.objects.values_list("customer_id", flat=True)),
        "written once": (Holdout.objects.count(), Proof.objects.count(), Entry.objects.filter(verb="launch").count()),
        "jobs": Counter(Job.objects.values_list("kind", "state")),
    }
