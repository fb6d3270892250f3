"""Writing into the log: recording, settling, pinning; editing for a day, correcting for ever."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from regulars.web.audit.models import Entry as Trail
from regulars.web.core.conflict import Conflict
from regulars.web.customers import actions as customers
from regulars.web.journal import actions, selectors
from regulars.web.journal.models import Entry
from regulars.web.journal.taxonomy import ICONS, SECTION_OF, Kind

pytestmark = pytest.mark.django_db

TOMORROW = date(2027, 1, 1)


def test_an_entry_says_when_what_who_and_by_which_channel(write, people):
    entry = write("Asked for Q3 prices\nWants steps from 500k.", minutes=6, topic="price")
    assert (entry.summary, entry.channel, entry.minutes) == ("Asked for Q3 prices", "phone", 6)
    assert (entry.representative, entry.author) == (people["account_manager"], people["account_manager"])
    assert timezone.now() - entry.occurred_at < timedelta(minutes=1)
    trail = Trail.objects.get(subject_type="journal.entry", verb="create")
    assert trail.details == {"customer": entry.customer_id, "kind": "call"}


def test_every_kind_stands_in_a_ledger_and_has_a_sign():
    assert set(SECTION_OF) == set(ICONS) == set(Kind)


def test_a_long_first_line_is_cut_in_the_summary_and_kept_in_the_text(write):
    entry = write("word " * 100)
    assert len(entry.summary) <= 80
    assert entry.summary.endswith("…")
    assert entry.event == ("word " * 100).strip()


def test_what_was_promised_in_a_call_becomes_a_promise_of_its_own(write, actors):
    call = write("Asked for prices", promise="Written price", promise_due=TOMORROW)
    promise = Entry.objects.get(kind="promise")
    assert (promise.about, promise.state, promise.due_on, promise.summary) == (call, "open", TOMORROW, "Written price")
    assert list(selectors.pinned(actors["account_manager"], call.customer)) == [promise]


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"text": "   "}, "text"),
        ({"kind": "promise"}, "due_on"),
        ({"kind": "gossip"}, "kind"),
        ({"topic": "weather"}, "topic"),
        ({"minutes": -5}, "minutes"),
        ({"promise": "Prices"}, "due_on"),
    ],
)
def test_what_is_no_entry_is_refused_and_nothing_is_left(write, fields, wrong):
    with pytest.raises(ValidationError) as refused:
        write(**fields)
    assert wrong in refused.value.message_dict
    assert not Entry.objects.exists()


def test_a_contact_of_another_customer_is_refused(write, customer, actors):
    hotel = customer("Hotel", kind="organisation")
    contact = customers.add_contact(customer=hotel, name="Xu", by=actors["account_manager"])
    with pytest.raises(ValidationError):
        write(contact=contact)
    assert write(of=hotel, contact=contact).contact == contact


def test_who_may_write(theirs, actors):
    for role, customer in (("viewer", theirs.own), ("marketing", theirs.own), ("account_manager", theirs.team),
                           ("manager", theirs.foreign)):  # fmt: skip
        with pytest.raises(PermissionDenied):
            actions.record(customer=customer, kind="call", text="x", by=actors[role])
    actions.record(customer=theirs.foreign, kind="call", text="x", by=actors["service"])


def test_the_same_origin_twice_is_one_entry(write, customer):
    one = customer()
    first = write("Done", kind="task", of=one, origin="tasks.task:7")
    assert write("Done again", kind="task", of=one, origin="tasks.task:7") == first
    assert Entry.objects.count() == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        Entry.objects.create(
            customer=one, kind="task", occurred_at=timezone.now(), origin="tasks.task:7", summary="x",
            representative=first.author, author=first.author,
        )  # fmt: skip


def test_a_promise_is_kept_once(write, actors):
    promise = write("Prices", kind="promise", due_on=TOMORROW)
    assert actions.resolve(entry=promise, by=actors["account_manager"]) is True
    assert actions.resolve(entry=promise, by=actors["manager"], state="dropped") is False
    promise.refresh_from_db()
    assert (promise.state, promise.settled_by_id) == ("done", actors["account_manager"].user_id)
    assert not selectors.open_promises(actors["account_manager"]).exists()
    actions.reopen(entry=promise, by=actors["manager"])
    assert selectors.open_promises(actors["account_manager"]).exists()


def test_a_complaint_is_not_resolved_without_saying_how(write, actors):
    complaint = write("12 cups broken", kind="complaint")
    assert complaint.state == "open"
    with pytest.raises(ValidationError):
        actions.resolve(entry=complaint, by=actors["account_manager"])
    actions.resolve(entry=complaint, by=actors["account_manager"], resolution="Refunded, thicker cartons")
    complaint.refresh_from_db()
    assert (complaint.state, complaint.resolution) == ("done", "Refunded, thicker cartons")


def test_only_promises_and_complaints_are_open(write, actors):
    call = write()
    with pytest.raises(ValueError, match="only promises and complaints"):
        actions.reopen(entry=call, by=actors["account_manager"])
    with pytest.raises(IntegrityError), transaction.atomic():
        Entry.objects.filter(pk=call.pk).update(state="open")


def test_what_matters_is_pinned(write, customer, actors):
    one = customer()
    old, _ = write("Allergic to nuts", kind="note", of=one), write("Later", of=one)
    actions.pin(entry=old, by=actors["account_manager"])
    assert list(selectors.pinned(actors["account_manager"], one)) == [old]
    actions.unpin(entry=old, by=actors["account_manager"])
    assert not selectors.pinned(actors["account_manager"], one).exists()


def test_settling_and_pinning_need_the_reach(write, theirs, actors):
    promise = write("Prices", kind="promise", due_on=TOMORROW, of=theirs.team, by=actors["manager"])
    for act in (actions.resolve, actions.reopen, actions.pin, actions.unpin):
        with pytest.raises(PermissionDenied):
            act(entry=promise, by=actors["account_manager"])


def test_the_author_edits_for_a_day(write, actors):
    entry = write("Asked for cups")
    actions.edit(entry=entry, version=0, by=actors["account_manager"], event="Asked for mugs", minutes=3)
    entry.refresh_from_db()
    assert (entry.event, entry.summary, entry.minutes) == ("Asked for mugs", "Asked for mugs", 3)
    assert entry.edited_at is not None
    trail = Trail.objects.get(subject_type="journal.entry", verb="update")
    assert trail.details["fields"] == ["event", "minutes"]


def test_others_and_later_it_is_closed(write, actors):
    entry = write()
    with pytest.raises(PermissionDenied):
        actions.edit(entry=entry, version=0, by=actors["manager"], event="Mine")
    Entry.objects.filter(pk=entry.pk).update(recorded_at=timezone.now() - timedelta(hours=25))
    entry.refresh_from_db()
    with pytest.raises(PermissionDenied):
        actions.edit(entry=entry, version=0, by=actors["account_manager"], event="Late")
    generated = write("Done", kind="task", origin="tasks.task:1")
    assert not actions.may_edit(generated, actors["account_manager"], now=timezone.now())


def test_two_windows_of_one_author_conflict(write, actors):
    entry = write()
    actions.edit(entry=Entry.objects.get(pk=entry.pk), version=0, by=actors["account_manager"], event="First")
    with pytest.raises(Conflict):
        actions.edit(entry=entry, version=0, by=actors["account_manager"], event="Second")
    assert Entry.objects.get(pk=entry.pk).event == "First"


def test_an_edit_leaves_a_promise_a_promise_with_its_day(write, actors):
    promise, by = write("Prices", kind="promise", due_on=TOMORROW), actors["account_manager"]
    for wrong in ({"kind": "call"}, {"due_on": None}, {"event": "", "due_on": TOMORROW, "kind": "complaint"}):
        with pytest.raises(ValidationError), transaction.atomic():
            actions.edit(entry=Entry.objects.get(pk=promise.pk), version=0, by=by, **wrong)
    with pytest.raises(ValueError, match="customer"):
        actions.edit(entry=promise, version=0, by=by, customer=None)


def test_a_correction_stands_beside_what_was_written(write, actors):
    entry = write("12 cups broken", kind="complaint")
    first = actions.correct(entry=entry, text="14, not 12", by=actors["manager"])
    second = actions.correct(entry=first, text="13, counted again", by=actors["service"])
    assert (first.kind, first.about, second.about) == ("correction", entry, entry)
    entry.refresh_from_db()
    assert entry.event == "12 cups broken"


def test_an_entry_can_lie_in_the_past(write):
    at = timezone.make_aware(datetime(2025, 3, 1, 9, 30))
    assert write(at=at).occurred_at == at
