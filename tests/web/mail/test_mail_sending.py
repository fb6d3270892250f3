"""Sending: once, to who may still be written to at that moment; what the server says is written down."""

from __future__ import annotations

from collections import Counter
from datetime import time, timedelta
from decimal import Decimal

import numpy as np
import pytest
from django.core.mail import EmailMessage
from django.utils import timezone

from regulars.web.campaigns import actions as campaigns
from regulars.web.campaigns.models import UniversalHoldout
from regulars.web.campaigns.universal import drawn
from regulars.web.core import jobs as core
from regulars.web.core.models import Job, Workspace
from regulars.web.customers.actions import erase
from regulars.web.customers.models import Consent, Contact, ContactPoint, Customer
from regulars.web.customers.selectors import naming_hash
from regulars.web.mail import actions, holdings, jobs
from regulars.web.mail.models import Letter, MailSetting, Outgoing, Suppressed
from regulars.web.mail.on_timeline import provide
from regulars.web.mail.selectors import progress
from regulars.web.mail.sending import BATCH, doubt_left_behind
from regulars.web.mail.server import Outcome, hand_over
from regulars.web.tasks.models import Exposure

pytestmark = pytest.mark.django_db


def states(campaign):
    return dict(Counter(Outgoing.objects.filter(campaign=campaign).values_list("state", flat=True)))


def whys(campaign):
    return dict(Outgoing.objects.filter(campaign=campaign).exclude(why="").values_list("customer", "why"))


def test_a_launch_fills_the_outbox_with_the_treated_and_the_sender_empties_it_once(sink, mailing, send):
    campaign = mailing(keep=BATCH + 5)
    treated = set(Exposure.objects.filter(holdout=campaign.holdout, arm="treated").values_list("customer", flat=True))
    assert set(Outgoing.objects.values_list("customer", flat=True)) <= treated
    send()
    send()
    assert states(campaign) == {"sent": BATCH + 5}
    assert len(set(sink.recipients)) == len(sink.raw) == BATCH + 5
    assert sink.connections == 1, "one line for all of them"
    first = sink.messages[0]
    number = int(sink.recipients[0][1:].partition("@")[0])
    assert first["subject"] == f"C{number}，新茶到了"
    assert (first["from"], first["to"]) == ("茶铺 <tea@shop.example>", sink.recipients[0])
    link = first["list-unsubscribe"].strip(" <>")
    assert first["list-unsubscribe-post"] == "List-Unsubscribe=One-Click"
    plain, html = (first.get_body((kind,)).get_content() for kind in ("plain", "html"))
    assert link in plain
    assert "Tea Ltd, 1 Lake Road" in plain
    assert f'<a href="{link}">' in html
    assert str(number) not in link
    assert len({one["message-id"] for one in sink.messages}) == BATCH + 5


def test_everything_is_asked_again_at_the_moment_of_sending(sink, mailing, send, people):
    campaign = mailing(keep=9)
    a, b, c, d, e, f, g, h, i = Outgoing.objects.order_by("id").values_list("customer", flat=True)
    now = timezone.now()
    Customer.objects.filter(pk=a).update(archived_at=now)
    Consent.objects.create(customer_id=b, purpose="marketing", channel="email", state="withdrawn", at=now, evidence="x")
    Consent.objects.filter(customer=c).delete()
    ContactPoint.objects.filter(customer=d, kind="email").delete()
    Suppressed.objects.create(digest=naming_hash("email", f"c{e}@mail.example"), why="bounced")
    Exposure.objects.filter(customer=f).update(arm="control")
    for _ in range(2):
        old = Outgoing(campaign_id=10**6 + _, customer_id=g, state="sent", gone_at=now - timedelta(days=1))
        old.save()
    Outgoing.objects.create(campaign_id=10**7, customer_id=h, state="sent", gone_at=now - timedelta(days=30))
    send()
    assert whys(campaign) == {
        a: "archived", b: "refused", c: "silent", d: "unreachable", e: "suppressed", f: "held_out", g: "capped",
    }  # fmt: skip
    assert sink.recipients == [f"c{h}@mail.example", f"c{i}@mail.example"]
    assert dict(progress(campaign).by_state) == {"refused": 7, "sent": 2}


def test_who_is_drawn_into_the_universal_hold_out_meanwhile_is_left_alone(sink, mailing, send):
    campaign = mailing(keep=80)
    rule = UniversalHoldout.objects.create(pk=1, share=Decimal("0.1"), seed="s")
    numbers = np.array(sorted(Outgoing.objects.values_list("customer", flat=True)), np.int64)
    held = set(drawn(numbers, rule).tolist())
    assert held
    send()
    assert whys(campaign) == dict.fromkeys(held, "held_out")
    assert states(campaign) == {"refused": len(held), "sent": 80 - len(held)}


def test_an_unsubscribed_address_is_open_again_only_by_a_later_yes(sink, mailing, send):
    campaign = mailing(keep=2)
    a, b = Outgoing.objects.order_by("id").values_list("customer", flat=True)
    for n in (a, b):
        Suppressed.objects.create(digest=naming_hash("email", f"c{n}@mail.example"), why="unsubscribed")
    Consent.objects.create(customer_id=b, purpose="marketing", state="granted", at=timezone.now(), evidence="counter")
    send()
    assert whys(campaign) == {a: "suppressed"}


def test_an_organisation_is_written_to_at_who_is_asked_for_first_and_still_there(sink, mailing, send):
    mailing(keep=1)
    number = Outgoing.objects.get().customer_id
    ContactPoint.objects.filter(customer=number).delete()
    for name, first, gone in (("left", True, timezone.localdate()), ("second", False, None), ("first", True, None)):
        contact = Contact.objects.create(customer_id=number, name=name, first=first, left_on=gone)
        ContactPoint(customer_id=number, contact=contact, kind="email", value=f"{name}@firm.example").save()
    send()
    assert sink.recipients == ["first@firm.example"]


def test_nothing_leaves_before_the_first_day_in_quiet_hours_while_paused_or_after_the_end(sink, mailing, send, actors):
    campaign = mailing(keep=4)
    first = campaign.starts_on
    type(campaign).objects.update(starts_on=first + timedelta(days=2))
    send()
    type(campaign).objects.update(starts_on=first)
    zone = Workspace.current().zone
    with timezone.override(zone):
        now = timezone.localtime()
    begin, end = (now - timedelta(hours=1)).time(), (now + timedelta(hours=1)).time()
    MailSetting.objects.update(quiet_from=begin, quiet_to=end)
    send()
    MailSetting.objects.update(quiet_from=time(3), quiet_to=time(3))
    actions.pause(campaign=campaign, by=actors["marketing"])
    send()
    assert (states(campaign), sink.raw) == ({"queued": 4}, [])
    assert not Job.objects.filter(kind="mail.send").exists(), "no work is started for nothing"
    actions.resume(campaign=campaign, by=actors["marketing"])
    campaigns.end(campaign=campaign, by=actors["marketing"])
    send()
    assert (set(whys(campaign).values()), sink.raw) == ({"ended"}, [])


def test_the_rest_can_be_given_up(sink, mailing, send, actors):
    campaign = mailing(keep=3)
    assert actions.give_up_rest(campaign=campaign, by=actors["marketing"]) == 3
    send()
    assert (set(whys(campaign).values()), sink.raw) == ({"stopped"}, [])


def test_what_the_server_says_decides_what_becomes_of_a_message(sink, mailing, send, later):
    campaign = mailing(keep=4)
    rows = list(Outgoing.objects.order_by("id"))
    wanted = [f"c{row.customer_id}@mail.example" for row in rows]
    sink.answers = {
        wanted[0]: f"550 5.1.1 <{wanted[0]}>: unknown", wanted[1]: "550 5.7.1 not from you",
        wanted[2]: "450 4.2.0 greylisted",
    }  # fmt: skip
    send()
    found = {row.customer_id: row for row in Outgoing.objects.all()}
    none, refused, put_off, fine = (found[row.customer_id] for row in rows)
    assert [(one.state, one.why, one.said) for one in (none, refused, put_off, fine)] == [
        ("failed", "address", "550 5.1.1"), ("failed", "rejected", "550 5.7.1"), ("retry", "", "450 4.2.0"),
        ("sent", "", ""),
    ]  # fmt: skip
    point = ContactPoint.objects.get(customer=none.customer_id, kind="email")
    assert point.failing_since is not None
    assert Suppressed.objects.get().digest == none.digest, "a policy of the server's closes nobody's address"
    send()
    assert sink.recipients == [wanted[3]], "not before its time"
    later()
    sink.answers = {}
    send()
    assert sink.recipients == [wanted[3], wanted[2]]
    assert states(campaign) == {"failed": 2, "sent": 2}


def test_a_message_that_is_put_off_again_and_again_is_given_up(sink, mailing, send, later):
    campaign = mailing(keep=1)
    sink.answers = {f"c{Outgoing.objects.get().customer_id}@mail.example": "451 4.3.0 later"}
    for _ in range(7):
        send()
        later()
    assert list(whys(campaign).values()) == ["tired"]
    assert Outgoing.objects.get().tries == 6


@pytest.mark.parametrize("took_it", [True, False], ids=["taken", "not taken"])
def test_a_server_that_dies_midway_leaves_one_doubt_and_it_goes_on_later(sink, mailing, send, later, actors, took_it):
    campaign = mailing(keep=BATCH + 10)
    sink.dies_at, sink.takes_last = 8, took_it
    send()
    assert states(campaign) == {"sent": 7, "uncertain": 1, "queued": BATCH + 2}
    setting = MailSetting.current()
    assert "takes nothing at the moment" in setting.trouble["en"]
    assert setting.retry_at > timezone.now()
    send()
    assert len(sink.raw) == 7 + took_it, "it is left in peace for a while"
    later()
    send()
    assert MailSetting.current().failures == 2, "still dead: longer"
    later()
    sink.dies_at = None
    send()
    assert states(campaign) == {"sent": BATCH + 9, "uncertain": 1}
    assert not MailSetting.current().trouble
    assert len(set(sink.recipients)) == len(sink.raw), "nobody twice"
    assert actions.decide_doubts(campaign=campaign, again=True, by=actors["marketing"]) == 1
    send()
    assert states(campaign) == {"sent": BATCH + 10}
    assert len(set(sink.recipients)) == BATCH + 10
    doubt = Counter(one["message-id"] for one in sink.messages)
    assert max(doubt.values()) == 1 + took_it, "sent again because a person said so, under the same number"


def test_a_server_that_refuses_everything_is_not_each_customers_fault(sink, mailing, send):
    campaign = mailing(keep=20)
    sink.answers = {
        f"c{n}@mail.example": "554 5.7.1 blocked" for n in Outgoing.objects.values_list("customer", flat=True)
    }
    send()
    assert states(campaign) == {"failed": 5, "queued": 15}
    assert MailSetting.current().trouble


def test_what_a_dead_worker_had_in_hand_is_in_doubt_and_never_sent_by_itself(sink, mailing, send, actors):
    campaign = mailing(keep=3)
    dead = Job.objects.create(kind="mail.send", state="failed", started_by_id=actors["marketing"].user_id)
    alive = Job.objects.create(kind="mail.send", state="running", started_by_id=actors["marketing"].user_id)
    a, b, c = Outgoing.objects.order_by("id")
    for row, claim in ((a, f"{dead.pk}:x"), (b, f"{alive.pk}:y")):
        Outgoing.objects.filter(pk=row.pk).update(state="sending", claim=claim, gone_at=timezone.now())
    assert doubt_left_behind(f"{dead.pk}:z") == 1
    Job.objects.all().delete()
    send()
    assert sink.recipients == [f"c{c.customer_id}@mail.example"]
    assert states(campaign) == {"uncertain": 2, "sent": 1}
    actions.decide_doubts(campaign=campaign, again=False, only=a.pk, by=actors["marketing"])
    assert states(campaign) == {"uncertain": 1, "sent": 2}


def test_a_rate_is_kept(sink, mailing, send, monkeypatch):
    campaign = mailing(keep=6)
    MailSetting.objects.update(a_minute=4)
    Job.objects.create(kind="x.y", state="queued", started_by_id=campaign.owner_id)  # others wait: it gives way
    monkeypatch.setattr(jobs, "TURN", 1.0)
    jobs.begin()
    core.run_job.func(Job.objects.get(kind="mail.send").pk)
    assert states(campaign) == {"sent": 4, "queued": 2}


def test_what_was_sent_stands_on_the_timeline_without_the_text(sink, mailing, send, actors):
    mailing(keep=1)
    send()
    customer = Outgoing.objects.get().customer
    found = [str(item.title) for item in provide(actors["marketing"], customer, None, 9)]
    assert f"E-mail: C{customer.pk}，新茶到了" in found
    erase(customer=customer, by=actors["administrator"])
    row = Outgoing.objects.get()
    assert (row.subject, row.state) == ("", "sent")
    assert len(row.digest) == 64


def test_records_that_become_one_get_a_message_once(sink, mailing, send, actors):
    campaign = mailing(keep=3)
    a, b, c = Outgoing.objects.order_by("id").values_list("customer", flat=True)
    holdings.move(a, b)
    assert Outgoing.objects.filter(campaign=campaign).count() == 2
    Outgoing.objects.filter(customer=b).update(state="sent", gone_at=timezone.now())
    holdings.move(b, c)
    assert list(Outgoing.objects.values_list("customer", "state")) == [(c, "sent")]
    assert Letter.objects.get().campaign_id == campaign.pk


@pytest.mark.parametrize(
    ("status", "outcome"),
    [(401, Outcome.NOT_TAKEN), (429, Outcome.NOT_TAKEN), (422, Outcome.REJECTED), (503, Outcome.DOUBT)],
)
def test_a_mail_service_says_by_its_status_what_became_of_a_message(status, outcome):
    class RefusalError(Exception):
        status_code = status

    class Line:
        def send_messages(self, messages):
            raise RefusalError

    assert hand_over(Line(), EmailMessage()).outcome is outcome
