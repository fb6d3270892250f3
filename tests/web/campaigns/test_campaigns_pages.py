"""Every page of campaigns and proofs, as it stands before, while and after a campaign runs."""

from __future__ import annotations

import pytest

from regulars.web.campaigns import actions, on_timeline, selectors
from regulars.web.campaigns.models import Proof
from regulars.web.tasks.selectors import left_alone

pytestmark = pytest.mark.django_db


def shown(client, path):
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def test_pages_of_a_campaign_from_plan_to_result(past, draft, launched, live, client_of):
    client = client_of("administrator")
    for path in ("/campaigns/", "/proof/", "/proof/story/", "/campaigns/new/", "/campaigns/universal/"):
        shown(client, path)
    one = draft(name="Planned", starts_on=past.today, worth_knowing=5)
    page = shown(client, f"/campaigns/{one.pk}/")
    assert "With 400 customers you would see a difference of" in page
    assert "it takes" in page
    shown(client, f"/campaigns/{one.pk}/edit/")
    shown(client, f"/campaigns/{one.pk}/copy/")
    done = launched(window_days=10)
    assert "Not read yet" in shown(client, f"/campaigns/{done.pk}/")
    live(done, 10)
    actions.read_due()
    page = shown(client, f"/campaigns/{done.pk}/")
    assert "Proved: it made money" in page
    assert "more a head than control" in page
    for group in ("treated", "control", "skipped"):
        shown(client, f"/campaigns/{done.pk}/customers/?group={group}")
    proof = Proof.objects.get(holdout=done.holdout)
    assert "Spring" in shown(client, "/proof/")
    assert "1 experiment read to its end" in shown(client, "/proof/story/")
    assert client.get(f"/proof/{proof.pk}/").status_code == 302
    assert client.get("/proof/export/").status_code == 200


def test_a_customers_timeline_says_that_they_were_left_alone(shop, launched, actors):
    campaign = launched(channel="wechat")
    alone = selectors.members(actors["account_manager"], campaign, "control").first().customer
    item = on_timeline.provide(actors["account_manager"], alone, None, 5)[0]
    assert (item.title, item.chips) == ("Campaign: Spring", [("info", "Left alone")])
    assert left_alone(actors["account_manager"], [alone.pk]) == {alone.pk: [""]}
    stranger = actors["account_manager"].__class__(user_id=10**6, permissions=actors["account_manager"].permissions)
    assert selectors.members(stranger, campaign, "control").count() == 0
