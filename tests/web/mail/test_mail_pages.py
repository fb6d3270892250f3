"""E-mail by the pages: written, tried, steered, and left by who does not want it."""

from __future__ import annotations

import re

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone
from tests.web.mail.conftest import TEXTS

from regulars.web.campaigns import actions as campaigns
from regulars.web.customers.models import Consent, ContactPoint, Customer
from regulars.web.mail.models import Letter, MailSetting, Outgoing, Suppressed
from regulars.web.mail.values import link_of

pytestmark = pytest.mark.django_db


def test_the_message_is_part_of_the_plan(ready, draft, actors, client_of, people):
    campaign = draft(channel="email", starts_on=ready.today)
    with pytest.raises(ValidationError, match="Write the message first"):
        campaigns.submit(campaign=campaign, version=campaign.version, by=actors["marketing"])
    client, path = client_of("marketing"), f"/campaigns/{campaign.pk}/message/"
    campaign.refresh_from_db()
    wrong = client.post(path, {**TEXTS, "body_en": "{{ secret }}", "version": campaign.version})
    assert "“secret” is no placeholder here" in wrong.content.decode()
    assert client.post(path, {**TEXTS, "version": campaign.version}).status_code == 302
    page = client.get(path).content.decode()
    first = ready.ids[0]
    assert f"C{first}，新茶到了" in page
    assert f"New tea for C{ready.ids[1]}" in page
    assert "<p>Dear C" in page
    stale = client.post(path, {**TEXTS, "version": campaign.version})
    assert stale.status_code == 409
    plan = client_of("manager").get(f"/campaigns/{campaign.pk}/").content.decode()
    assert "New tea for {{ name }}" in plan
    copy = campaigns.copy(campaign=campaign, name="Again", starts_on=ready.today, by=actors["marketing"])
    assert Letter.objects.get(pk=copy.pk).subject_en == TEXTS["subject_en"]


def test_a_test_goes_to_oneself_alone(written, client_of, people):
    campaign = written()
    client, path = client_of("marketing"), f"/campaigns/{campaign.pk}/message/test/"
    client.post(path)
    assert mail.outbox == []
    people["marketing"].email = "me@shop.example"
    people["marketing"].save()
    client.post(path)
    assert [one.to for one in mail.outbox] == [["me@shop.example"]] * 2
    assert {one.subject[:6] for one in mail.outbox} == {"[Test]"}
    assert not any("List-Unsubscribe" in one.extra_headers for one in mail.outbox)
    for _ in range(12):
        client.post(path)
    assert len(mail.outbox) == 20


@pytest.mark.parametrize(
    ("without", "said"), [("server", "EMAIL_URL"), ("url", "REGULARS_URL"), ("sender", "sender's address")]
)
def test_nothing_is_launched_that_could_not_be_sent(written, actors, settings, without, said):
    campaign = written()
    if without == "server":
        settings.MAILERS = {"default": {"BACKEND": "django.core.mail.backends.dummy.EmailBackend"}}
    elif without == "url":
        settings.BASE_URL = ""
    else:
        MailSetting.objects.update(sender="")
    with pytest.raises(ValidationError, match=said):
        campaigns.submit(campaign=campaign, version=campaign.version, by=actors["marketing"])


def test_the_page_of_a_campaign_shows_how_far_it_is_and_steers(sink, mailing, send, client_of):
    campaign = mailing(keep=5)
    client, page = client_of("marketing"), f"/campaigns/{campaign.pk}/"
    steer = f"{page}e-mails/steer/"
    assert "Send no more" in client.get(page).content.decode()
    client.post(steer, {"pause": "1"})
    assert "Paused: what has not left waits." in client.get(page).content.decode()
    client.post(steer, {"resume": "1"})
    first, second = Outgoing.objects.order_by("id")[:2]
    Outgoing.objects.filter(pk__in=[first.pk, second.pk]).update(state="uncertain", gone_at=timezone.now(), subject="S")
    text = client.get(page).content.decode()
    assert "Of 2 e-mails nobody knows whether they have left" in text
    assert "Count all as sent" in client.get(f"{page}e-mails/").content.decode()
    assert client_of("viewer").post(f"{page}e-mails/doubts/", {"again": "1"}).status_code == 403
    client.post(f"{page}e-mails/doubts/", {"sent": "1", "message": first.pk})
    client.post(f"{page}e-mails/doubts/", {"again": "1"})
    assert set(Outgoing.objects.order_by("id").values_list("pk", "state")[:2]) == {
        (first.pk, "sent"),
        (second.pk, "queued"),
    }
    send()
    assert client_of("viewer").get(f"{page}e-mails/?state=sent").status_code in (200, 403)
    MailSetting.objects.update(trouble={"en": "The mail server takes nothing", "zh": "不收"}, retry_at=timezone.now())
    Outgoing.objects.filter(pk=second.pk).update(state="queued")
    assert "The mail server takes nothing" in client.get(page).content.decode()


def test_what_came_back_closes_the_address_and_marks_it_at_the_customer(sink, mailing, send, client_of, people):
    campaign = mailing(keep=1)
    send()
    row = Outgoing.objects.get()
    path = f"/campaigns/{campaign.pk}/e-mails/{row.pk}/bounced/"
    Customer.objects.filter(pk=row.customer_id).update(owner=people["viewer"], team=None)
    assert client_of("manager").post(path).status_code == 404, "somebody else's customer"
    assert client_of("marketing").post(path).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.why, Suppressed.objects.get().why) == ("failed", "address", "bounced")
    page = client_of("service").get(f"/customers/{row.customer_id}/").content.decode()
    assert "no longer works" in page
    point = ContactPoint.objects.get(customer=row.customer_id, kind="email")
    edit = f"/customers/{row.customer_id}/points/{point.pk}/"
    client_of("administrator").post(edit, {"kind": "email", "value": "new@mail.example", "note": ""})
    point.refresh_from_db()
    assert (point.value, point.failing_since) == ("new@mail.example", None)


def test_the_settings(ready, client_of):
    client = client_of("administrator")
    values = {
        "sender_name": "Tea", "sender": "tea@shop.example", "reply_to": "", "imprint": "", "quiet_from": "21:00",
        "quiet_to": "07:30", "most": "3", "within_days": "10", "a_minute": "60", "version": "0",
    }  # fmt: skip
    assert client.get("/settings/e-mail/").status_code == 200
    assert client.post("/settings/e-mail/", values).status_code == 302
    assert (MailSetting.current().most, str(MailSetting.current().quiet_to)) == (3, "07:30:00")
    assert client.post("/settings/e-mail/", values).status_code == 409
    assert client_of("viewer").get("/settings/e-mail/").status_code == 403


@pytest.fixture
def sent(sink, mailing, send):
    mailing(keep=2)
    send()
    return Outgoing.objects.order_by("id").first()


def test_unsubscribing_takes_one_press_and_no_more(sent, settings):
    stranger = Client(enforce_csrf_checks=True)
    path = link_of(sent.pk).removeprefix(settings.BASE_URL)
    page = stranger.get(path)
    assert (page.status_code, page.headers["Referrer-Policy"]) == (200, "no-referrer")
    assert "<button" in page.content.decode()
    assert not Suppressed.objects.exists(), "to look changes nothing: scanners open every link"
    before = Consent.objects.count()
    for _ in range(2):
        answer = stranger.post(path, "List-Unsubscribe=One-Click", content_type="application/x-www-form-urlencoded")
        assert answer.status_code == 200
    said = Consent.objects.filter(customer=sent.customer_id).order_by("-at").first()
    assert (said.state, said.channel, said.purpose, said.recorded_by) == ("withdrawn", "email", "marketing", None)
    assert "Spring" in said.evidence
    assert Consent.objects.count() == before + 1
    assert Suppressed.objects.get().digest == sent.digest
    made_up = stranger.post(path[:-5] + ("AAAA/" if path[-5:] != "AAAA/" else "BBBB/"))
    assert made_up.status_code == 404
    assert Consent.objects.count() == before + 1, "nobody else is touched"


def test_the_link_works_on_after_erasure_and_a_new_import_finds_the_address_closed(sent, settings, actors):
    from regulars.web.customers.actions import erase

    address = ContactPoint.objects.get(customer=sent.customer_id, kind="email").value
    erase(customer=sent.customer, by=actors["administrator"])
    assert Client().post(link_of(sent.pk).removeprefix(settings.BASE_URL)).status_code == 200
    assert not Consent.objects.filter(customer=sent.customer_id).exists()
    assert Suppressed.objects.get().digest == sent.digest
    other = Customer.objects.create(name="Again")
    ContactPoint(customer=other, kind="email", value=address.upper()).save()
    from regulars.web.mail.checking import _addresses

    assert _addresses([other.pk]) == {other.pk: None}


def test_who_asks_too_often_waits(sent, settings):
    path = link_of(sent.pk).removeprefix(settings.BASE_URL)
    answers = [Client().get(path).status_code for _ in range(125)]
    assert answers.count(200) == 120
    assert answers[-1] == 429


def test_pages_are_in_chinese_too(sink, mailing, client_of, people):
    campaign = mailing(keep=1)
    people["marketing"].language = "zh-hans"
    people["marketing"].save()
    page = client_of("marketing").get(f"/campaigns/{campaign.pk}/").content.decode()
    assert "不再发" in page
    assert not re.search(r"Send no more|Waiting", page)
