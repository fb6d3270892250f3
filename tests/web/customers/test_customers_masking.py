"""What a role may not read it neither sees, nor writes, nor finds by, nor sorts by, nor reads in the history."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied

from regulars.web.customers import actions, selectors
from regulars.web.customers.fields import GROUPS, INTERNAL, readable, sees
from regulars.web.customers.models import Customer

pytestmark = pytest.mark.django_db

PHONE, BIRTHDAY, CARD, IDENTITY = "13912345678", date(1988, 8, 8), "VIP88001234", "310101198808080011"


@pytest.fixture
def known(actors):
    return actions.create(
        by=actors["account_manager"], name="Zhou Min", phone=PHONE, card=CARD, birthday=BIRTHDAY, id_number=IDENTITY,
        gender="female", region="East",
    )  # fmt: skip


def test_every_field_is_classified():
    fields = {field.name for field in Customer._meta.fields} | {field.name for field in Customer._meta.many_to_many}
    assert fields <= set(GROUPS)


def test_a_field_that_nobody_classified_is_closed(actors):
    assert not sees(actors["administrator"], "shoe_size")
    assert not any(GROUPS[name] == INTERNAL for name in readable(actors["administrator"]))


@pytest.mark.parametrize(
    ("role", "contact", "personal"),
    [("account_manager", True, True), ("service", True, False), ("viewer", False, False), ("analyst", False, False)],
)
def test_the_page_shows_what_the_role_may_read(known, client_of, role, contact, personal):
    page = client_of(role).get(f"/customers/{known.pk}/").content.decode()
    assert (PHONE in page) == contact
    assert (CARD in page, IDENTITY in page) == (personal, personal)
    assert ("1988" in page) == personal
    assert ("Zhou Min" in page, "East" in page) == (True, True)


def test_reading_sensitive_fields_leaves_a_trail_reading_others_does_not(known, client_of, trail):
    client_of("viewer").get(f"/customers/{known.pk}/")
    assert [entry.verb for entry in trail(known) if entry.verb.startswith("read")] == []
    client_of("service").get(f"/customers/{known.pk}/")
    client_of("account_manager").get(f"/customers/{known.pk}/")
    assert sorted(entry.verb for entry in trail(known) if entry.verb.startswith("read")) == [
        "read-contact", "read-contact", "read-personal",
    ]  # fmt: skip


def test_the_form_has_only_fields_that_may_be_read(known, client_of):
    page = client_of("service").get(f"/customers/{known.pk}/edit/").content.decode()
    assert ('name="birthday"' in page, 'name="id_number"' in page, 'name="region"' in page) == (False, False, True)


def test_writing_what_one_may_not_read_is_refused_by_the_action_and_ignored_by_the_form(known, actors, client_of):
    with pytest.raises(PermissionDenied):
        actions.update(customer=known, version=known.version, by=actors["service"], birthday=None)
    with pytest.raises(PermissionDenied):
        actions.add_card(customer=known, number="NEW 1234", by=actors["service"])
    typed = {
        "version": known.version,
        "kind": "person",
        "name": "Zhou Min",
        "seniority": "new",
        "birthday": "2001-01-01",
    }
    assert client_of("service").post(f"/customers/{known.pk}/edit/", typed).status_code == 302
    known.refresh_from_db()
    assert (known.seniority, known.birthday) == ("new", BIRTHDAY)


def test_a_customer_is_not_made_with_fields_that_one_may_not_read(actors):
    for fields in ({"birthday": BIRTHDAY}, {"card": CARD}):
        with pytest.raises(PermissionDenied):
            actions.create(by=actors["service"], name="Somebody", **fields)
    assert not Customer.objects.exists()


def test_a_conflict_does_not_tell_what_the_form_hides(known, client_of):
    """The page beside what was typed shows what is saved: it must not answer for fields that were smuggled in."""
    typed = {"version": 99, "kind": "person", "name": "Zhou Min", "seniority": "new", "id_number": "guess",
             "birthday": "2001-01-01", "gender": "male", "name_key": "guess"}  # fmt: skip
    answer = client_of("service").post(f"/customers/{known.pk}/edit/", typed)
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "Zhou Min" in page
    assert (IDENTITY in page, "1988" in page, "female" in page) == (False, False, False)


def test_the_history_names_no_hidden_field(known, actors):
    actions.update(
        customer=known, version=known.version, by=actors["manager"], birthday=date(1990, 1, 1), region="West"
    )
    for role, names in (("manager", {"region", "birthday"}), ("service", {"region"})):
        newest = selectors.changes(actors[role], known)[0]
        assert {name for name, _, _ in newest.fields} == names
        assert "1990" not in str(newest.fields)


def test_values_for_programs_are_masked_and_leave_a_trail(known, actors, trail):
    seen = selectors.summary(actors["account_manager"], known)
    assert (seen["birthday"], seen["id_number"]) == (BIRTHDAY.isoformat(), IDENTITY)
    assert len(trail(known, "read-personal")) == 1
    hidden = selectors.summary(actors["service"], known)
    assert not {"birthday", "gender", "id_number", "name_key", "version"} & set(hidden)
    assert hidden["region"] == "East"


def test_no_page_prints_sensitive_fields_past_the_profile():
    from pathlib import Path

    import regulars.web.customers as app

    templates = list((Path(app.__file__).parent / "templates").rglob("*.html"))
    assert len(templates) > 10
    wrong = [
        (path.name, word)
        for path in templates
        for word in ("birthday", "gender", "get_gender", "id_number", "points", "cards", "identities")
        if f"customer.{word}" in path.read_text(encoding="utf-8")
    ]  # fmt: skip
    assert wrong == []


def test_duplicates_are_no_oracle(known, actors, person, teams):
    from regulars.web.accounts.access import actor_of

    assert [m.by for m in selectors.duplicates(actors["manager"], phone=PHONE)] == ["phone"]
    assert selectors.duplicates(actors["viewer"], phone=PHONE, card=CARD, email="x@example.com") == []
    outsider = actor_of(person("account_manager", username="outsider", team=teams.other))
    assert selectors.duplicates(outsider, name="Zhou Min", phone=PHONE, card=CARD) == []


def test_numbers_that_a_role_may_not_read_cannot_be_opened(known, client_of):
    point = known.points.get()
    assert client_of("service").get(f"/customers/{known.pk}/points/{point.pk}/").status_code == 200
    assert client_of("service").get(f"/customers/{known.pk}/cards/").status_code == 403
    assert client_of("viewer").get(f"/customers/{known.pk}/points/").status_code == 403


def test_a_number_of_another_customer_is_not_reached_through_ones_own(known, customer, client_of, actors):
    mine = customer("Mine")
    point = known.points.get()
    known.owner = None
    known.team = None
    known.save()
    assert client_of("account_manager").get(f"/customers/{mine.pk}/points/{point.pk}/").status_code == 404
