"""Finding somebody by name, phone, card; nothing is found by what one may not read."""

from __future__ import annotations

import pytest

from regulars.web.audit.models import Entry
from regulars.web.customers import actions, selectors
from regulars.web.customers.keys import card_key, digits, name_key

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("typed", "dialled"),
    [
        ("+86 138-0013 8000", "13800138000"),
        ("0086 13800138000", "13800138000"),
        ("１３８００１３８０００", "13800138000"),
        ("(021) 6234 5678", "02162345678"),
        ("+44 20 7946 0018", "442079460018"),
        ("no number", ""),
    ],
)
def test_a_phone_is_the_same_however_it_is_typed(typed, dialled):
    assert digits(typed) == dialled


def test_a_name_and_a_card_are_the_same_however_they_are_typed():
    assert name_key("悦栖酒店集团（华东）") == name_key("悦栖 酒店集团(华东)")
    assert name_key("ＡＣＭＥ Ltd.") == name_key("acme ltd")
    assert card_key("vip 8800-1234") == "VIP88001234"


@pytest.fixture
def shop(actors):
    by = actors["account_manager"]
    hotel = actions.create(by=by, kind="organisation", name="悦栖酒店集团（华东）", phone="021-6234 5678")
    actions.add_contact(customer=hotel, name="许曼", by=by, phone="138 0013 8000")
    person = actions.create(
        by=by, name="Zhou Min", phone="+86 13912345678", email="Min@Example.com", card="VIP 8800 1234"
    )
    return {"hotel": hotel.pk, "person": person.pk}


@pytest.mark.parametrize(
    ("text", "found", "by"),
    [
        ("酒店", "hotel", "name"),
        ("悦栖酒店集团(华东)", "hotel", "name"),
        ("zhou", "person", "name"),
        ("许曼", "hotel", "contact"),
        ("5678", None, "phone"),
        ("13912345678", "person", "phone"),
        ("+86 139 1234 5678", "person", "phone"),
        ("391234", "person", "phone"),
        ("8000", "hotel", "phone"),
        ("vip 8800 1234", "person", "card"),
        ("min@example.com", "person", "email"),
    ],
)
def test_found_by(shop, actors, text, found, by):
    matches = selectors.find(actors["account_manager"], text)
    assert {match.by for match in matches} == {by}
    assert {match.customer.pk for match in matches} == ({shop[found]} if found else set(shop.values()))


@pytest.mark.parametrize("text", ["", "   ", "…", "567", "nobody of this name", "%", "_", "'; --"])
def test_found_by_nothing(shop, actors, text):
    assert selectors.find(actors["account_manager"], text) == []


def test_names_that_begin_with_the_text_come_first(customer, actors):
    for name in ("Grand Lake", "Lakeside", "A lake"):
        customer(name)
    found = [match.customer.name for match in selectors.find(actors["account_manager"], "lake")]
    assert found == ["Lakeside", "A lake", "Grand Lake"]


def test_what_a_role_may_not_read_finds_nobody(shop, actors):
    """Search must not answer what the page hides: the service reads phones, no cards; the viewer neither."""
    assert [m.by for m in selectors.find(actors["service"], "13912345678")] == ["phone"]
    assert selectors.find(actors["service"], "VIP88001234") == []
    for text in ("13912345678", "5678", "VIP88001234", "min@example.com"):
        assert selectors.find(actors["viewer"], text) == []


def test_strangers_customers_are_not_found(shop, person, teams):
    from regulars.web.accounts.access import actor_of

    outsider = actor_of(person("account_manager", username="outsider", team=teams.other))
    assert [selectors.find(outsider, text) for text in ("酒店", "13912345678", "VIP88001234")] == [[], [], []]


def test_the_archived_and_the_merged_are_not_found(shop, customer, actors):
    from regulars.web.customers.models import Customer

    actions.archive(customer=Customer.objects.get(pk=shop["hotel"]), by=actors["manager"])
    assert selectors.find(actors["account_manager"], "酒店") == []


def test_finding_somebody_by_phone_leaves_a_trail_without_the_number(shop, actors):
    selectors.find(actors["account_manager"], "酒店")
    assert not Entry.objects.filter(verb="look-up").exists()
    selectors.find(actors["account_manager"], "13912345678")
    entry = Entry.objects.get(verb="look-up")
    assert entry.details == {"by": ["phone"], "found": [shop["person"]]}


def test_the_palette_answers_with_customers(shop, client_of):
    answer = client_of("account_manager").get("/search/?q=5678", headers={"HX-Request": "true"}).content.decode()
    assert f"/customers/{shop['person']}/" in answer
    assert f"/customers/{shop['hotel']}/" in answer
    assert "/customers/" not in client_of("viewer").get("/search/?q=5678").content.decode().replace('"/customers/"', "")


def test_numbers_stand_from_their_end_however_they_are_saved(shop, actors):
    from regulars.web.customers.models import Card, ContactPoint

    point = ContactPoint.objects.get(key="13912345678")
    assert point.end == "87654321931"
    assert Card.objects.get().end == "43210088PIV"
    point.value = "139 0000 4321"
    point.save()
    assert [m.by for m in selectors.find(actors["account_manager"], "4321")] == ["phone"]
    ContactPoint.objects.bulk_create(
        [ContactPoint(customer=point.customer, kind="mobile", value="1", key="13700009876")]
    )
    assert [m.by for m in selectors.find(actors["account_manager"], "9876")] == ["phone"]


@pytest.mark.parametrize("text", ["10%", "a_c", "ZHOU", "悦", "İ", "\U0010ffff"])
def test_a_name_begins_with_what_was_typed_letter_by_letter(customer, actors, text):
    from regulars.web.customers.models import Customer

    for name in ("10% off", "100 off", "a_c", "abc", "Zhou", "悦栖", "İnci", "\U0010ffff!"):
        customer(name)
    key = name_key(text)
    begun = set(Customer.objects.filter(name_key__begins=key).values_list("pk", flat=True))
    assert begun == {one.pk for one in Customer.objects.all() if one.name_key.startswith(key)}
    assert begun
