"""Customers by the wizard: added, brought up to date, left alone; sensitive fields only by who may read them."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from regulars.web.customers.models import Card, ContactPoint, Customer, ExternalIdentity
from regulars.web.importing import actions, steps
from regulars.web.importing.models import Holds, Import, State

pytestmark = pytest.mark.django_db

HEAD = "客户编号,姓名,类型,手机,邮箱,生日,性别,会员卡号,地区,负责人\n"
LI = "K1,李雷,个人,138 0013 8000,li@example.com,1990-02-03,男,VIP-001,华东,lin\n"
HAN = "K2,悦栖酒店,企业,021-55512345,,,,,华南,\n"
FILE = (HEAD + LI + HAN).encode()


@pytest.fixture
def bring(actors):
    """Import customers step by step, without pages: `bring(content, role=…, **options)`."""

    def through(content: bytes, name: str = "customers.csv", *, role="administrator", **options) -> Import:
        by = actors[role]
        one = actions.take(holds=Holds.CUSTOMERS, source="shop", file=SimpleUploadedFile(name, content), by=by)
        steps.look(one, lambda *_: None)
        one.options = {**one.options, **options}
        one.state = State.CHECKING
        steps.check(one, by, lambda *_: None)
        one.checked = dict(one.account)
        steps.write(one, by, lambda *_: None)
        return one

    return through


def customer(external_id: str) -> Customer:
    return ExternalIdentity.objects.get(source="shop", external_id=external_id).customer


def test_a_chinese_file_is_understood(bring):
    one = bring(FILE)
    assert (one.checked["new"], one.result["new"]) == (2, 2)
    li, hotel = customer("K1"), customer("K2")
    assert (li.name, li.kind, li.gender, li.birthday.isoformat()) == ("李雷", "person", "male", "1990-02-03")
    assert (hotel.name, hotel.kind, hotel.region) == ("悦栖酒店", "organisation", "华南")
    points = set(ContactPoint.objects.values_list("customer", "kind", "key"))
    assert (li.pk, "mobile", "13800138000") in points
    assert (li.pk, "email", "li@example.com") in points
    assert Card.objects.get().customer == li


def test_the_same_file_twice_changes_nothing(bring):
    bring(FILE)
    before = list(Customer.objects.order_by("pk").values())
    again = bring(FILE)
    assert (again.checked["new"], again.checked["changed"], again.checked["same"]) == (0, 0, 2)
    assert (again.result["new"], again.result["changed"], again.result["same"]) == (0, 0, 2)
    assert list(Customer.objects.order_by("pk").values()) == before
    assert ContactPoint.objects.count() == 3


def test_what_changed_is_brought_up_to_date_and_empty_cells_take_nothing_away(bring):
    bring(FILE)
    one = bring(FILE.replace("华东".encode(), "华北".encode()).replace(b"1990-02-03", b""))
    assert (one.checked["changed"], one.result["changed"], one.result["same"]) == (1, 1, 1)
    assert (customer("K1").region, customer("K1").birthday.isoformat()) == ("华北", "1990-02-03")


def test_known_customers_can_be_left_as_they_are(bring):
    bring(FILE)
    more = FILE.replace("华东".encode(), "华北".encode()) + "K3,新客户,个人,,,,,,,\n".encode()
    one = bring(more, leave_known=True)
    assert (one.checked["new"], one.result["new"], one.result["same"]) == (1, 1, 2)
    assert customer("K1").region == "华东"


def test_a_check_changes_nothing(bring, actors):
    bring(FILE)
    changed = FILE.replace("华东".encode(), "华北".encode())
    file = SimpleUploadedFile("c.csv", changed)
    one = actions.take(holds=Holds.CUSTOMERS, source="shop", file=file, by=actors["administrator"])
    steps.look(one, lambda *_: None)
    steps.check(one, actors["administrator"], lambda *_: None)
    assert one.account["changed"] == 1
    assert customer("K1").region == "华东"


def test_orders_and_customers_meet_by_their_number(bring, actors):
    from regulars.web.customers.actions import identify

    found = identify(source="shop", external_ids=["K1"], by=actors["administrator"])
    bring(FILE)
    assert customer("K1").pk == found["K1"]
    assert customer("K1").name == "李雷"


def test_owners_are_colleagues_by_name(bring, person):
    lin = person("account_manager", username="lin")
    bring(FILE)
    assert customer("K1").owner == lin
    assert customer("K2").owner is None


def test_who_may_not_read_a_field_does_not_fill_it_in(bring):
    one = bring(FILE, role="analyst")
    assert one.result["new"] == 2
    li = customer("K1")
    assert (li.name, li.birthday, li.gender) == ("李雷", None, "")
    assert not ContactPoint.objects.exists()
    assert not Card.objects.exists()
    assert "phone" not in {row["canonical"] for row in one.account["mapping"]}


def test_customers_of_others_are_not_touched(bring, people, strangers, teams):
    bring(FILE)
    Customer.objects.update(owner=strangers["manager"], team=teams.other)
    one = bring(FILE.replace("华东".encode(), "华北".encode()), role="manager")
    assert one.result["changed"] == 0
    assert {"not_yours"} == {row["reason"] for row in one.account["left_out"]}
    assert customer("K1").region == "华东"


def test_bad_rows_are_left_out_with_their_reason(bring):
    rows = "".join(f"N{i},Name {i},,,,,,,,\n" for i in range(80))
    bad = ",没有编号,,,,,,,,\nB1,坏日子,,,,三月三,,,,\nN5,Another,,,,,,,,\n" + f"B2,{'长' * 300},,,,,,,,\n"
    one = bring((HEAD + rows + bad).encode())
    counted = {row["reason"]: row["rows"] for row in one.account["left_out"]}
    assert counted == {"no_id": 1, "unreadable_date": 1, "twice": 1, "too_long": 1}
    assert one.result["new"] == 80


def test_cells_that_are_not_understood_stay_empty_and_are_counted(bring):
    one = bring((HEAD + "K1,李雷,外星人,找小王,不是邮箱,,,,,\n").encode())
    assert {row["canonical"]: row["cells"] for row in one.account["unknown"]} == {"kind": 1, "phone": 1, "email": 1}
    assert not ContactPoint.objects.exists()


def test_too_many_bad_rows_refuse_the_file(bring):
    from regulars.errors import InputError

    with pytest.raises(InputError, match=r"customers\.csv, row 2"):
        bring((HEAD + ",a,,,,,,,,\n" + LI).encode())
    assert not Customer.objects.exists()


def test_a_file_without_numbers_asks_for_them(bring):
    from regulars.errors import InputError

    with pytest.raises(InputError, match="customer's number"):
        bring("姓名,手机\n李雷,13800138000\n".encode())


def test_persons_or_organisations_by_choice(bring):
    bring("客户编号,名称\nA1,东方\n".encode(), kind="organisation")
    assert customer("A1").kind == "organisation"
