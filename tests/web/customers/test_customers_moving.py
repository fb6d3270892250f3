"""Hand-over, consent, merging: what becomes of a customer's things when the record moves."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from regulars.web.accounts.access import actor_of
from regulars.web.core.conflict import Conflict
from regulars.web.customers import actions, selectors
from regulars.web.customers.models import Change, Customer, ExternalIdentity
from regulars.web.journal import actions as journal
from regulars.web.journal.models import Entry
from regulars.web.journal.selectors import open_promises, pinned, waiting

pytestmark = pytest.mark.django_db


def test_a_successor_finds_log_and_open_promises(theirs, actors, trail):
    journal.record(
        customer=theirs.own,
        kind="promise",
        text="Written price",
        by=actors["account_manager"],
        due_on=timezone.localdate(),
    )
    successor = actor_of(theirs.teammate)
    assert not waiting(successor).exists()
    moved = actions.assign(
        customers=[theirs.own.pk, theirs.foreign.pk],
        owner_id=theirs.teammate.pk,
        by=actors["manager"],
        text="Ask for Xu",
    )
    assert moved == 1
    theirs.own.refresh_from_db()
    assert (theirs.own.owner, theirs.own.owner_since) == (theirs.teammate, timezone.localdate())
    assert [entry.summary for entry in waiting(successor)] == ["Written price"]
    assert [entry.summary for entry in pinned(successor, theirs.own)] == ["Written price"]
    assert open_promises(successor, user_id=theirs.teammate.pk).count() == 1
    newest = selectors.changes(successor, theirs.own)[0]
    assert (newest.note, newest.fields) == ("Ask for Xu", (("owner", "account_manager", "teammate"),))
    assert len(trail(theirs.own, "assign")) == 1


def test_customers_are_handed_only_to_colleagues_whom_one_reaches(theirs, actors, strangers):
    with pytest.raises(ValidationError):
        actions.assign(customers=[theirs.own.pk], owner_id=strangers["service"].pk, by=actors["manager"])
    with pytest.raises(PermissionDenied):
        actions.assign(customers=[theirs.own.pk], owner_id=theirs.teammate.pk, by=actors["account_manager"])
    strangers["service"].is_active = False
    strangers["service"].save()
    with pytest.raises(ValidationError):
        actions.assign(customers=[theirs.own.pk], owner_id=strangers["service"].pk, by=actors["administrator"])


def test_someone_who_left_hands_over_everything(customer, theirs, actors, people):
    for i in range(3):
        customer(f"More {i}")
    people["account_manager"].is_active = False
    people["account_manager"].save()
    owners = selectors.owners(actors["administrator"])
    assert next((person.username, n) for person, n in owners) == ("account_manager", 4)
    moved = actions.hand_over(
        from_id=people["account_manager"].pk, owner_id=theirs.teammate.pk, by=actors["administrator"]
    )
    assert moved == 4
    assert Customer.objects.filter(owner=theirs.teammate).count() == 5


def test_the_latest_word_about_a_channel_holds(customer, actors):
    one, by, now = customer(), actors["account_manager"], timezone.now()

    def say(state, channel, ago):
        actions.say_consent(
            customer=one, purpose="marketing", channel=channel, state=state, evidence="on the phone", by=by,
            at=now - timedelta(days=ago),
        )  # fmt: skip

    assert selectors.may_contact(one, "marketing", "email") is None
    say("granted", "email", 30)
    assert selectors.may_contact(one, "marketing", "email") is True
    assert selectors.may_contact(one, "marketing", "sms") is None
    say("withdrawn", "", 10)
    assert selectors.may_contact(one, "marketing", "email") is False
    say("granted", "email", 5)
    say("refused", "email", 20)  # an older word that is noted later
    assert selectors.may_contact(one, "marketing", "email") is True
    other = customer("Never asked")
    agreeing = selectors.agreeing(selectors.visible(by), "marketing", "email")
    assert set(agreeing) == {one}
    assert other not in agreeing


def test_consent_says_how_we_know_and_lies_in_the_past(customer, actors):
    for wrong in (
        {"evidence": " "},
        {"evidence": "x", "at": timezone.now() + timedelta(hours=1)},
        {"evidence": "x", "channel": "pigeon"},
        {"evidence": "x", "purpose": "all"},
    ):
        given = {"purpose": "marketing", "state": "granted", **wrong}
        with pytest.raises(ValidationError):
            actions.say_consent(customer=customer(), by=actors["account_manager"], **given)


def test_profiling_is_agreed_to_or_not_whatever_the_channel(customer, actors):
    said = actions.say_consent(
        customer=customer(), purpose="profiling", channel="email", state="refused", evidence="letter",
        by=actors["account_manager"],
    )  # fmt: skip
    assert said.channel == ""


@pytest.fixture
def twins(actors):
    by = actors["account_manager"]
    keep = actions.create(by=by, name="Zhou Min", phone="13800138000", tags=["tea"], needs="boxes")
    other = actions.create(
        by=by, name="周敏", phone="138 0013 8000", email="min@example.com", card="VIP 8800", tags=["vip"],
        region="East", needs="cups",
    )  # fmt: skip
    ExternalIdentity.objects.create(source="shop", external_id="C1", customer=keep)
    ExternalIdentity.objects.create(source="till", external_id="77", customer=other)
    journal.record(customer=other, kind="call", text="Asked for cups", by=by)
    actions.say_consent(customer=other, purpose="marketing", state="refused", evidence="form", by=by)
    return keep, other


def test_merging_moves_everything_and_doubles_nothing(twins, actors, trail):
    keep, other = twins
    actions.merge(keep=keep, other=other, version=keep.version, by=actors["manager"])
    keep.refresh_from_db()
    assert sorted(keep.points.values_list("kind", "key")) == [("email", "min@example.com"), ("mobile", "13800138000")]
    assert sorted(keep.identities.values_list("source", "external_id")) == [("shop", "C1"), ("till", "77")]
    assert [card.key for card in keep.cards.all()] == ["VIP8800"]
    assert set(keep.tags.values_list("name", flat=True)) == {"tea", "vip"}
    assert (keep.region, keep.needs) == ("East", "boxes")
    assert Entry.objects.get().customer == keep
    assert selectors.may_contact(keep, "marketing", "sms") is False
    assert len(trail(keep, "merge")) == 1


def test_a_merged_record_names_nobody_and_leads_on(twins, actors, client_of, strangers):
    keep, other = twins
    actions.merge(keep=keep, other=other, version=keep.version, by=actors["manager"])
    other.refresh_from_db()
    assert (other.name, other.region == "", other.needs, other.merged_into) == ("", False, "", keep)
    assert list(selectors.visible(actors["administrator"])) == [keep]
    answer = client_of("account_manager").get(f"/customers/{other.pk}/")
    assert answer.headers["location"] == f"/customers/{keep.pk}/"
    assert client_of(strangers["account_manager"]).get(f"/customers/{other.pk}/").status_code == 404


def test_merging_a_chain_leads_to_its_end(twins, customer, actors):
    keep, other = twins
    actions.merge(keep=keep, other=other, version=keep.version, by=actors["manager"])
    last = customer("Last")
    actions.merge(keep=last, other=keep, version=0, by=actors["manager"])
    assert set(Customer.objects.filter(merged_into=last)) == {keep, other}


def test_what_cannot_be_one_is_not_merged(twins, customer, theirs, actors):
    keep, other = twins
    by = actors["manager"]
    with pytest.raises(ValidationError):
        actions.merge(keep=keep, other=keep, version=keep.version, by=by)
    with pytest.raises(ValidationError):
        actions.merge(keep=keep, other=customer("Hotel", kind="organisation"), version=keep.version, by=by)
    with pytest.raises(PermissionDenied):
        actions.merge(keep=keep, other=theirs.foreign, version=keep.version, by=by)
    with pytest.raises(PermissionDenied):
        actions.merge(keep=keep, other=other, version=keep.version, by=actors["account_manager"])
    with pytest.raises(Conflict):
        actions.merge(keep=keep, other=other, version=99, by=by)
    assert Customer.objects.exclude(merged_into=None).count() == 0
    assert Change.objects.filter(verb="merge").count() == 0
