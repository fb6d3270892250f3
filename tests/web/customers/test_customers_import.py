"""Customers from a source: recognised, added, brought up to date, never past the rules of a person's own edits."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied

from regulars.web.accounts.access import actor_of
from regulars.web.customers import actions
from regulars.web.customers.actions import CustomerRow
from regulars.web.customers.models import Card, Change, ContactPoint, Customer, ExternalIdentity
from regulars.web.customers.selectors import find

pytestmark = pytest.mark.django_db

ROWS = [
    CustomerRow(
        "C1", {"name": "周敏", "region": "East"}, phone="138 0013 8000", email="min@example.com", card="VIP 8800"
    ),
    CustomerRow("C2", {"name": "Yueqi Hotels", "kind": "organisation"}, phone="021-6234 5678", address="1 Lake Road"),
]


def take(rows, by, source="shop"):
    return actions.take_in(source=source, rows=rows, by=by)


def test_new_customers_come_with_what_is_known(actors):
    done = take(ROWS, actors["manager"])
    assert (done.created, done.updated, done.refused) == (2, 0, {})
    person = Customer.objects.get(identities__external_id="C1")
    assert (person.name, person.nature, person.source_channel) == ("周敏", "individual", "imported")
    assert sorted(person.points.values_list("kind", flat=True)) == ["email", "mobile"]
    assert [match.customer for match in find(actors["manager"], "VIP8800")] == [person]
    hotel = Customer.objects.get(identities__external_id="C2")
    assert (hotel.kind, hotel.nature) == ("organisation", "")


def test_the_same_rows_twice_change_nothing(actors):
    take(ROWS, actors["manager"])
    done = take(ROWS, actors["manager"])
    assert (done.created, done.updated, done.same) == (0, 0, 2)
    assert (Customer.objects.count(), ContactPoint.objects.count(), Card.objects.count()) == (2, 4, 1)
    assert not Change.objects.exists()


def test_what_is_different_is_brought_up_to_date_and_noted_what_is_not_named_stays(actors):
    take(ROWS, actors["manager"])
    version = Customer.objects.get(identities__external_id="C1").version
    done = take([CustomerRow("C1", {"region": "West"}, phone="139 0000 1111")], actors["manager"])
    assert (done.created, done.updated, done.same) == (0, 1, 0)
    person = Customer.objects.get(identities__external_id="C1")
    assert (person.name, person.region, person.version) == ("周敏", "West", version + 1)
    assert person.points.filter(kind="mobile").count() == 2
    assert Change.objects.get().fields == {"region": None}


def test_the_same_id_in_two_sources_is_two_customers(actors):
    take(ROWS[:1], actors["manager"])
    take(ROWS[:1], actors["manager"], source="till")
    assert Customer.objects.count() == 2
    assert Card.objects.count() == 1


def test_orders_alone_make_customers_named_by_their_id(actors):
    first = actions.identify(source="shop", external_ids=["A", "B", "A"], by=actors["administrator"])
    again = actions.identify(source="shop", external_ids=["B", "C"], by=actors["administrator"])
    assert first["B"] == again["B"]
    assert sorted(Customer.objects.values_list("name", flat=True)) == ["A", "B", "C"]
    assert Customer.objects.filter(owner=None).count() == 3


def test_who_reaches_only_their_own_gets_what_they_import(actors, people):
    take(ROWS, actors["account_manager"])
    assert set(Customer.objects.values_list("owner", flat=True)) == {people["account_manager"].pk}


def test_strangers_customers_are_left_alone(actors, strangers):
    take(ROWS, actor_of(strangers["manager"]))
    done = take([CustomerRow("C1", {"name": "Mine now"})], actors["manager"])
    assert done.refused == {"C1": "not_yours"}
    assert Customer.objects.get(identities__external_id="C1").name == "周敏"


def test_sensitive_columns_need_the_right_to_read_them(actors):
    for row in (ROWS[0], CustomerRow("C9", {"birthday": "1990-01-01"})):
        with pytest.raises(PermissionDenied):
            take([row], actors["service"])
    assert not Customer.objects.exists()


def test_a_field_that_cannot_be_refuses_its_row_and_says_which(actors):
    done = take(
        [CustomerRow("C1", {"name": ""}), CustomerRow("C2", {"name": "B", "kind": "alien"}), *ROWS[1:]][:2],
        actors["manager"],
    )
    assert done.refused == {"C1": "name", "C2": "kind"}
    assert not ExternalIdentity.objects.exists()


def test_unknown_columns_are_a_fault_of_the_caller(actors):
    with pytest.raises(ValueError, match="shoe_size"):
        take([CustomerRow("C1", {"shoe_size": "43"})], actors["manager"])
    with pytest.raises(ValueError, match="owner_id"):
        take([CustomerRow("C1", {"owner_id": 1})], actors["manager"])


def test_a_card_of_somebody_else_stays_theirs(actors):
    take(ROWS[:1], actors["manager"])
    take([CustomerRow("C3", {"name": "Thief"}, card="vip-8800")], actors["manager"])
    assert Card.objects.get().customer.name == "周敏"
