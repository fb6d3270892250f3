"""Adding and changing customers."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from regulars.web.core.conflict import Conflict
from regulars.web.customers import actions
from regulars.web.customers.models import Change, Customer

pytestmark = pytest.mark.django_db


def test_who_adds_a_customer_looks_after_them(actors, people, teams, trail):
    made = actions.create(by=actors["account_manager"], name=" 周 敏 ", phone="138 0013 8000", tags=["VIP", "vip ", ""])
    assert (made.name, made.owner, made.team) == ("周 敏", people["account_manager"], teams.own)
    assert (made.nature, made.seniority, made.stage) == ("individual", "prospective", "establish")
    assert [(point.kind, point.key) for point in made.points.all()] == [("mobile", "13800138000")]
    assert set(made.tags.values_list("name", flat=True)) == {"VIP", "vip"}
    assert [entry.verb for entry in trail(made, "create")] == ["create"]


def test_a_viewer_adds_nobody(actors):
    with pytest.raises(PermissionDenied):
        actions.create(by=actors["viewer"], name="Somebody")
    assert not Customer.objects.exists()


def test_a_customer_needs_a_name_and_real_codes(actors):
    with pytest.raises(ValidationError) as wrong:
        actions.create(by=actors["manager"], name="  ", kind="alien")
    assert set(wrong.value.message_dict) >= {"name", "kind"}


def test_a_wrong_phone_leaves_nothing_behind(actors):
    with pytest.raises(ValidationError) as wrong:
        actions.create(by=actors["manager"], name="Somebody", phone="12")
    assert "value" in wrong.value.message_dict
    assert not Customer.objects.exists()


def test_what_changed_is_noted_with_its_values_the_trail_names_fields_alone(customer, actors, trail):
    one = customer()
    actions.update(
        customer=one, version=0, by=actors["account_manager"], region="East", name="Lakeside", needs="secret"
    )
    change = Change.objects.get(customer=one)
    assert change.fields == {"region": ["", "East"], "needs": None}
    assert trail(one, "update")[0].details == {"fields": ["needs", "region"]}


def test_saving_what_is_there_already_notes_nothing(customer, actors, trail):
    one = customer()
    actions.update(customer=one, version=0, by=actors["account_manager"], name="Lakeside", tags=[])
    assert trail(one, "update") == []


def test_owner_stage_and_bookkeeping_are_not_changed_by_an_edit(customer, actors, strangers):
    for field, value in (("owner_id", 1), ("stage", "break"), ("erased_at", None), ("name_key", "x")):
        with pytest.raises(ValueError, match="not changed in this way"):
            actions.update(customer=customer(), version=0, by=actors["administrator"], **{field: value})


def test_two_people_edit_one_record(customer, actors):
    one, same = customer(), None
    same = Customer.objects.get(pk=one.pk)
    actions.update(customer=one, version=0, by=actors["account_manager"], region="East")
    with pytest.raises(Conflict):
        actions.update(customer=same, version=0, by=actors["manager"], region="West")
    assert Customer.objects.get(pk=one.pk).region == "East"


def test_a_relationship_ends_by_a_person_with_a_reason(customer, actors):
    one = customer()
    with pytest.raises(ValidationError):
        actions.set_stage(customer=one, version=0, stage="break", by=actors["account_manager"], reason="  ")
    actions.set_stage(customer=one, version=0, stage="break", by=actors["account_manager"], reason="Moved abroad")
    change = Change.objects.get(customer=one)
    assert (change.verb, change.fields, change.note) == ("stage", {"stage": ["establish", "break"]}, "Moved abroad")
    with pytest.raises(ValidationError):
        actions.set_stage(customer=one, version=1, stage="married", by=actors["account_manager"])


def test_the_archive_takes_out_of_lists_and_gives_back(customer, actors):
    from regulars.web.customers.selectors import visible

    one = customer()
    actions.archive(customer=one, by=actors["manager"])
    assert list(visible(actors["manager"]).active()) == []
    assert list(visible(actors["manager"])) == [one]
    actions.unarchive(customer=one, by=actors["manager"])
    assert list(visible(actors["manager"]).active()) == [one]
    with pytest.raises(PermissionDenied):
        actions.archive(customer=one, by=actors["account_manager"])


def test_contacts_belong_to_organisations_and_one_is_asked_first(customer, actors):
    by = actors["account_manager"]
    hotel = customer("Hotel", kind="organisation")
    with pytest.raises(ValidationError):
        actions.add_contact(customer=customer(), name="Nobody", by=by)
    first = actions.add_contact(customer=hotel, name="Xu Man", by=by, first=True, phone="13800138000")
    second = actions.add_contact(customer=hotel, name="Gu Yuan", by=by, first=True)
    first.refresh_from_db()
    assert (first.first, second.first) == (False, True)
    with pytest.raises(Conflict):
        actions.change_contact(contact=first, version=7, name="Xu", by=by)
    actions.remove_contact(contact=first, by=by)
    assert not hotel.points.exists()


def test_the_same_number_twice_is_one(customer, actors):
    one = customer()
    for typed in ("138 0013 8000", "+86 138-0013-8000"):
        actions.add_point(customer=one, kind="mobile", value=typed, by=actors["account_manager"])
    assert one.points.count() == 1


@pytest.mark.parametrize(
    ("kind", "value"), [("email", "no address"), ("phone", "12"), ("mobile", ""), ("fax", "12345")]
)
def test_a_wrong_address_is_refused(customer, actors, kind, value):
    with pytest.raises(ValidationError):
        actions.add_point(customer=customer(), kind=kind, value=value, by=actors["account_manager"])


def test_a_card_belongs_to_one_customer(customer, actors):
    by = actors["account_manager"]
    actions.add_card(customer=customer(), number="VIP 8800", by=by)
    with pytest.raises(ValidationError, match="another customer"):
        actions.add_card(customer=customer("Other"), number="vip-8800", by=by)
    with pytest.raises(ValidationError):
        actions.add_card(customer=customer("Third"), number="12", by=by)
