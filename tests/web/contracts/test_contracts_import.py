"""Contracts through the wizard into the lake: known by contract and period, the same twice changes nothing."""

from __future__ import annotations

import pytest

from regulars.errors import InputError
from regulars.web.facts import access

pytestmark = pytest.mark.django_db

ENGLISH = "customer_id,start_date,end_date,amount,renewed\n"


def stored():
    from regulars import engine

    with access.reading():
        rows = engine.to_arrow(access.lake().table("subscriptions").sort("contract_id", "period"))
        return rows.to_pylist()


def test_a_chinese_file_goes_into_the_lake_under_surrogate_numbers(bring, numbers):
    one = bring(
        ["C1,K1,2026-01-01,2026-02-01,100", "C1,K1,2026-02-01,2026-03-01,100", "C2,K2,2026-01-15,2026-02-15,80"]
    )
    assert (one.checked["lines"], one.checked["contracts"], one.checked["customers"]) == (3, 2, 2)
    assert (one.result["new"], one.result["new_customers"]) == (3, 2)
    rows = stored()
    assert [(row["contract_id"], row["period"]) for row in rows] == [("K1", 1), ("K1", 2), ("K2", 1)]
    assert rows[0]["customer_id"] == numbers()["C1"]
    assert (str(rows[0]["amount"]), rows[0]["currency"]) == ("100.0000", "CNY")


def test_the_same_file_twice_changes_nothing_and_new_periods_go_on(bring):
    first = ["C1,K1,2026-01-01,2026-02-01,100", "C1,K1,2026-02-01,2026-03-01,100"]
    bring(first)
    again = bring(first)
    assert (again.checked["new"], again.checked["changed"], again.checked["same"]) == (0, 0, 2)
    assert (again.result["new"], again.result["same"]) == (0, 2)
    later = bring(["C1,K1,2026-03-01,2026-04-01,120"])
    assert (later.checked["new"], later.checked["changed"]) == (1, 0)
    changed = bring(["C1,K1,2026-03-01,2026-04-01,130"])
    assert (changed.checked["new"], changed.checked["changed"]) == (0, 1)
    assert [(row["period"], str(row["amount"])) for row in stored()] == [
        (1, "100.0000"), (2, "100.0000"), (3, "130.0000"),
    ]  # fmt: skip


def test_a_customer_without_contract_numbers_has_one_and_no_number_of_theirs_is_stored(bring, numbers):
    one = bring(["13800138000,2026-01-01,2027-01-01,900,yes", "B,2026-01-01,2027-01-01,900,no"], ENGLISH)
    assert one.result["new"] == 2
    rows = {row["customer_id"]: row for row in stored()}
    phone = rows[numbers()["13800138000"]]
    assert phone["contract_id"] == f"customer-{numbers()['13800138000']}"
    assert "13800138000" not in str(stored())
    assert phone["renewed_on"] is not None  # said without a day: by the last that the file tells of
    assert rows[numbers()["B"]]["renewed_on"] is None


@pytest.mark.parametrize(
    ("rows", "head", "said"),
    [
        (["C1,K1,2026-02-01,2026-01-01,100"], None, "ends on 2026-01-01, before it starts on 2026-02-01"),
        (["C1,K1,2026-02-01,2026-03-01,100"] * 2, None, "stands there twice"),
        (["C1,K1,2026-02-01,2026-03-01,-5"], None, "negative"),
        (["C1,K1,soon,2026-03-01,5", "C2,K2,2026-01-01,2026-02-01,5"], None, "no date"),
        (["C1,14,yes", "C2,3,no"], "customer_id,tenure,churn\n", "no column holds the start"),
    ],
)
def test_what_cannot_be_is_refused_with_its_line(bring, rows, head, said):
    with pytest.raises(InputError, match=said):
        bring(rows, head) if head else bring(rows)
    assert access.lake().version("subscriptions") is None


def test_contracts_of_others_are_left_out(bring, made, strangers, numbers):
    from regulars.web.customers.models import Customer

    bring(["C1,K1,2026-01-01,2026-02-01,100"])
    Customer.objects.update(owner=strangers["manager"], team_id=strangers["manager"].memberships.first().team_id)
    one = bring(["C1,K1,2026-02-01,2026-03-01,100", "C9,K9,2026-02-01,2026-03-01,100"], role="manager")
    assert {row["reason"]: row["rows"] for row in one.account["left_out"]} == {"foreign": 1}
    assert [row["contract_id"] for row in stored()].count("K1") == 1
