"""Launching a campaign to everybody, beside another writer who waits; and its result page, once it is read."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

from benchmarks.web.loading import Waiting, told
from benchmarks.web.timing import processor, say, timed


def measure() -> None:
    """Launch calls to every customer, read the campaign when its window is over, and ask for its page."""
    from django.test import Client
    from django.utils import timezone

    from regulars.web.accounts.models import User
    from regulars.web.campaigns import actions
    from regulars.web.campaigns.models import Campaign
    from regulars.web.importing.terminal import importer
    from regulars.web.tasks.selectors import today

    by = importer(None)
    admin = User.objects.get(pk=by.user_id)
    campaign = Campaign.objects.create(
        name="Tea", audience=[{"list": "customers:", "called": "everybody"}], channel="sms",
        starts_on=today(), only_agreed=False, owner=admin, state="approved", seed=f"seed {timezone.now()}",
    )  # fmt: skip
    began, before = time.perf_counter(), processor()
    with Waiting() as waiting:
        actions.carry_out(campaign=campaign, by=by)
    taken, used = time.perf_counter() - began, processor() - before
    n = campaign.n_treated + campaign.n_control
    say(f"launch to {n:,} customers", f"{told(taken, waiting)}; {used:.1f} s of the processor", f"{_bare(n):.1f} s")
    _into_the_past(campaign)
    began = time.perf_counter()
    actions.read_due(report=lambda *_: None)
    say("reading it", f"{time.perf_counter() - began:.1f} s")
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(admin)
    for address in (f"/campaigns/{campaign.pk}/", "/proof/", "/proof/story/"):
        assert client.get(address).status_code == 200, address
        say(address, timed(lambda: client.get(address)))  # noqa: B023
    campaign.refresh_from_db()
    actions.end(campaign=campaign, by=by)


def _into_the_past(campaign: Any) -> None:
    """Let the window end on the valuation's day."""
    from benchmarks.web.company import AS_OF
    from regulars.web.campaigns.models import Campaign

    first = AS_OF - timedelta(days=campaign.window_days - 1)
    Campaign.objects.filter(pk=campaign.pk).update(first_day=first, last_day=AS_OF)


def _bare(n: int) -> float:
    """Copy the rows of the groups inside of the database; return seconds."""
    from django.db import connection

    with connection.cursor() as cursor:
        began = time.perf_counter()
        cursor.execute(f"CREATE TABLE bare AS SELECT * FROM tasks_exposure ORDER BY id DESC LIMIT {int(n)}")
        cursor.execute("CREATE INDEX bare_customer ON bare (customer_id)")
        cursor.execute("CREATE UNIQUE INDEX bare_key ON bare (holdout_id, customer_id)")
        taken = time.perf_counter() - began
        cursor.execute("DROP TABLE bare")
    return taken
