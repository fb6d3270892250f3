"""Who has orders is classified by them, soon after a valuation."""

from __future__ import annotations

from datetime import date

import pytest

from regulars.web.audit.models import Entry
from regulars.web.core.models import Workspace
from regulars.web.customers.actions import classify, identify
from regulars.web.customers.actions.classifying import classes
from regulars.web.customers.jobs import classify_by_newest
from regulars.web.customers.models import Customer

pytestmark = pytest.mark.django_db

AS_OF = date(2026, 6, 30)


@pytest.mark.parametrize(
    ("n_purchases", "last_purchase", "expected"),
    [
        (1, date(2026, 6, 30), ("new", "current")),
        (1, date(2026, 4, 1), ("new", "current")),
        (1, date(2026, 3, 31), ("established", "current")),
        (2, date(2026, 6, 30), ("established", "current")),
        (9, date(2025, 6, 30), ("established", "current")),
        (9, date(2025, 6, 29), ("established", "past")),
    ],
)
def test_the_rule(n_purchases, last_purchase, expected):
    assert classes(n_purchases, last_purchase, AS_OF) == expected


@pytest.fixture
def valued(customer):
    """Publish purchases of customers: `valued({customer: (number, last day)})`."""
    from django.db import connection

    from regulars.web.valuations.models import CustomerFigure, Valuation

    def publish(purchases):
        made = Valuation.objects.create(as_of=AS_OF, currency="CNY", basis="net_profit", state="published")
        if connection.vendor == "postgresql":
            from regulars.web.valuations.partitions import TABLE

            with connection.cursor() as cursor:
                cursor.execute(f"CREATE TABLE {TABLE}_{made.pk} PARTITION OF {TABLE} FOR VALUES IN ({made.pk})")
        CustomerFigure.objects.bulk_create(
            [
                CustomerFigure(valuation=made, customer=one, n_purchases=n, last_purchase=last)
                for one, (n, last) in purchases.items()
            ]
        )
        Workspace.objects.update_or_create(pk=1, defaults={"current_valuation_id": made.pk})
        return made.pk

    return publish


def state(one):
    return Customer.objects.values_list("seniority", "dealing", "version").get(pk=one.pk)


def test_a_valuation_classifies_who_bought_and_leaves_the_others_as_typed(customer, valued):
    fresh, old = customer("Fresh"), customer("Old", version=3)
    typed = customer("Typed", seniority="established", dealing="upcoming")
    looked = customer("Looked", dealing="upcoming")
    valued({fresh: (1, date(2026, 6, 1)), old: (9, date(2024, 1, 1)), looked: (0, None)})
    classify_by_newest()
    assert [state(one) for one in (fresh, old, typed, looked)] == [
        ("new", "current", 0), ("established", "past", 3), ("established", "upcoming", 0),
        ("prospective", "upcoming", 0),
    ]  # fmt: skip
    assert Entry.objects.get(verb="classify").details["changed"] == 2


def test_one_valuation_is_looked_at_once(customer, valued):
    one = customer()
    first = valued({one: (1, date(2026, 6, 1))})
    assert (classify(first), classify(first)) == (1, 0)
    second = valued({one: (2, date(2026, 6, 20))})
    assert classify(second) == 1
    assert state(one)[0] == "established"


def test_without_a_valuation_nothing_happens(customer):
    one = customer()
    classify_by_newest()
    assert state(one) == ("prospective", "", 0)


def test_who_comes_with_orders_is_not_prospective(actors):
    identify(source="shop", external_ids=["A"], by=actors["administrator"])
    assert Customer.objects.values_list("seniority", "dealing").get() == ("new", "current")
