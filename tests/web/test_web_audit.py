"""The trail only grows."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

from regulars.web import audit
from regulars.web.audit.models import Entry

pytestmark = pytest.mark.django_db


@pytest.fixture
def entry(actors):
    audit.record(
        actor=actors["manager"],
        verb="update",
        subject_type="customers.customer",
        subject_id=7,
        details={"fields": ["name"]},
    )
    return Entry.objects.get()


def test_a_deed_is_kept_with_who_what_and_which(entry, people):
    assert (entry.user, entry.verb, entry.subject_type, entry.subject_id) == (
        people["manager"], "update", "customers.customer", "7",
    )  # fmt: skip
    assert entry.details == {"fields": ["name"]}


@pytest.mark.parametrize(
    "statement",
    ["UPDATE audit_entry SET verb = 'nothing'", "DELETE FROM audit_entry", "UPDATE audit_entry SET user_id = NULL"],
)
def test_the_database_refuses_to_change_the_trail(entry, statement):
    with pytest.raises(DatabaseError, match="only grows"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert Entry.objects.get().verb == "update"


@pytest.mark.django_db(transaction=True)
def test_tests_that_commit_can_still_be_cleared_and_are_guarded_again():
    audit.record(actor=audit.recording.Actor(), verb="sign-in", subject_type="accounts.user", subject_id=1)


@pytest.mark.django_db(transaction=True)
def test_the_guard_is_back_after_clearing(entry):
    with pytest.raises(DatabaseError, match="only grows"), transaction.atomic():
        Entry.objects.all().delete()
