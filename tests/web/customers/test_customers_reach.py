"""Who sees which customers."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.db import connection

from regulars.web.accounts.access import NOBODY, actor_of
from regulars.web.customers import actions, selectors
from regulars.web.customers.models import ContactPoint, Customer

pytestmark = pytest.mark.django_db


def names(actor):
    return set(selectors.visible(actor).values_list("name", flat=True))


def test_own_team_and_all(theirs, actors):
    assert names(actors["account_manager"]) == {"Own"}
    assert names(actors["manager"]) == {"Own", "Team"}
    assert names(actors["viewer"]) == names(actors["administrator"]) == {"Own", "Team", "Foreign"}


def test_a_region_sees_its_branches(theirs, person, teams):
    region = person("manager", username="region", team=teams.region)
    assert names(actor_of(region)) == {"Own", "Team", "Foreign"}


def test_indexes_find_whom_one_owns_or_helps_with(theirs, actors):
    """Beside an "or", a list of those one helps with must not turn into a question to each customer there is."""
    mine = selectors.visible(actors["account_manager"]).order_by()
    if connection.vendor == "sqlite":
        assert "MULTI-INDEX OR" in mine.explain()
        return
    with connection.cursor() as cursor:  # so few customers would else be read one after the other
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_indexscan = off")
    assert "BitmapOr" in mine.explain()


@pytest.mark.parametrize("role", ["account_manager", "manager", "administrator"])
def test_rows_of_customers_are_seen_with_them_and_of_merged_records_by_nobody(theirs, actors, customer, role):
    customer("Gone", merged_into=theirs.own)
    ContactPoint.objects.bulk_create(
        [ContactPoint(customer=one, kind="mobile", value="1") for one in Customer.objects.all()]
    )
    seen = ContactPoint.objects.visible_to(actors[role])
    assert set(seen.values_list("customer__name", flat=True)) == names(actors[role])


def test_who_has_not_signed_in_or_lacks_the_right_sees_nobody(theirs, actors):
    assert names(NOBODY) == set()
    assert names(replace(actors["administrator"], permissions=frozenset())) == set()


def test_working_in_an_accounts_team_opens_the_record_and_leaving_it_closes_it(theirs, actors, strangers):
    outsider = strangers["account_manager"]
    member = actions.add_member(customer=theirs.own, user_id=outsider.pk, part="contract", by=actors["administrator"])
    assert names(actor_of(outsider)) == {"Own", "Foreign"}
    actions.remove_member(member=member, by=actors["administrator"])
    assert names(actor_of(outsider)) == {"Foreign"}


def test_an_account_team_takes_only_colleagues_that_one_reaches(theirs, actors, strangers):
    from django.core.exceptions import ValidationError

    with pytest.raises(ValidationError):
        actions.add_member(customer=theirs.own, user_id=strangers["service"].pk, part="lead", by=actors["manager"])


def test_a_number_tells_nothing_about_how_many_there_are(customer):
    numbers = [customer(f"C{i}").pk for i in range(20)]
    assert len(set(numbers)) == 20
    assert all(2**32 <= number < 2**53 for number in numbers)
    assert numbers != sorted(numbers)


def test_someone_elses_customer_is_not_found_and_cannot_be_changed(theirs, client_of, actors):
    from django.core.exceptions import PermissionDenied

    client = client_of("account_manager")
    assert client.get(f"/customers/{theirs.own.pk}/").status_code == 200
    assert client.get(f"/customers/{theirs.team.pk}/").status_code == 404
    with pytest.raises(PermissionDenied):
        actions.update(customer=theirs.foreign, version=0, name="Mine", by=actors["account_manager"])
    theirs.foreign.refresh_from_db()
    assert theirs.foreign.name == "Foreign"
