"""Facts are read by whom they concern: own, team, everyone; costs by right; small cells not at all."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import duckdb
import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404

from regulars.web.core.actor import NOBODY
from regulars.web.customers.models import Customer
from regulars.web.facts import access, selectors, totals
from regulars.web.facts.selectors import Cell, Condition

pytestmark = pytest.mark.django_db

ONE_CUSTOMER = [
    selectors.orders_of,
    selectors.returns_of,
    selectors.products_of,
    selectors.waterfall,
    selectors.rhythm,
    selectors.value_row,
]


@pytest.mark.parametrize("read", ONE_CUSTOMER, ids=lambda f: f.__name__)
def test_one_customer_is_read_by_who_reaches_them(read, people, strangers, actors, give, value):
    mine, theirs = give(people["account_manager"], 1)[0], give(strangers["account_manager"], 1)[0]
    value()
    assert read(actors["account_manager"], mine) is not None
    assert read(actors["manager"], mine) is not None
    assert read(actors["analyst"], theirs) is not None
    for role in ("account_manager", "manager"):
        with pytest.raises(Http404):
            read(actors[role], theirs)
    with pytest.raises(PermissionDenied):
        read(NOBODY, mine)


def test_who_is_whose_is_asked_at_the_time_of_the_request(people, actors, give):
    (number,) = give(people["account_manager"], 1)
    assert selectors.orders_of(actors["account_manager"], number)
    Customer.objects.filter(pk=number).update(owner=None, team=None)
    with pytest.raises(Http404):
        selectors.orders_of(actors["account_manager"], number)


def test_costs_are_for_who_may_read_them(shop, people, actors, give, value):
    (number,) = give(people["account_manager"], 1)
    value()
    plain, costly = actors["account_manager"], actors["analyst"]
    assert all(line.cost_amount is None for order in selectors.orders_of(plain, number) for line in order.lines)
    assert any(line.cost_amount for order in selectors.orders_of(costly, number) for line in order.lines)
    assert selectors.value_row(plain, number)["gross_profit"] is None
    assert [step.key for step in selectors.waterfall(plain, number).steps] == ["sales", "returns", "revenue"]
    assert selectors.waterfall(costly, number).steps[-1].key == "net_profit"
    for asked in ({"columns": ["gross_profit"]}, {"columns": ["customer_id"], "order": ["-gross_profit"]}):
        with pytest.raises(PermissionDenied):
            selectors.table(plain, **asked)
    with pytest.raises(PermissionDenied):
        selectors.customers_where(plain, [Condition("product_cost", "gt", 10)])
    with pytest.raises(PermissionDenied):
        selectors.aggregate(plain, ["matrix"], where=[Condition("product_cost", "gt", 10)])


def test_lists_hold_only_customers_within_reach(shop, people, strangers, actors, give, value):
    mine = set(give(people["account_manager"], 4))
    theirs = set(give(strangers["account_manager"], 3))
    value()
    everyone = Condition("customer_id", "known")
    assert set(selectors.customers_where(actors["account_manager"], [everyone])) == mine
    assert set(selectors.customers_where(actors["manager"], [everyone])) == mine
    assert theirs <= set(selectors.customers_where(actors["analyst"], [everyone]))
    rows = selectors.value_rows(actors["manager"], [*mine, *theirs])
    assert {row["customer_id"] for row in rows} == mine


def test_totals_are_of_customers_within_reach(shop, people, actors, give, value):
    give(people["account_manager"], 4)
    value()
    (mine,) = selectors.aggregate(actors["account_manager"], [])
    (all_of_them,) = selectors.aggregate(actors["analyst"], [])
    assert mine.n == 4
    assert all_of_them.n == len(shop.ids)


def test_small_cells_are_hidden_from_who_cannot_open_the_records(shop, people, actors, give, value):
    give(people["account_manager"], 4)
    value()
    outsider = replace(actors["viewer"], permissions=frozenset({"valuations.read"}))
    for cells in (
        selectors.aggregate(outsider, ["matrix", "tier"]),
        selectors.aggregate(actors["account_manager"], ["matrix", "tier"], everyone=True),
    ):
        assert all(cell.n is None or cell.n >= totals.FEWEST for cell in cells)
        assert any(cell.hidden and cell.customer_value is None for cell in cells)
    assert all(not cell.hidden for cell in selectors.aggregate(actors["analyst"], ["matrix", "tier"]))


def test_a_hidden_cell_does_not_follow_from_the_others():
    def cell(key: str, n: int) -> Cell:
        return Cell((key,), n, Decimal(n), Decimal(n), Decimal(n), Decimal(n), float(n), 0)

    hidden = totals.hide_small([cell("a", 3), cell("b", 40), cell("c", 12)])
    assert [one.hidden for one in hidden] == [True, False, True]


def test_what_is_asked_never_becomes_part_of_a_query(shop, actors, value):
    value()
    evil = "IV' or 1=1 --"
    assert selectors.customers_where(actors["analyst"], [Condition("matrix", "eq", evil)]) == []
    for wrong in (Condition("1=1", "eq", 1), Condition("matrix", "like", "%"), Condition("matrix", "eq", object())):
        with pytest.raises(ValueError):
            selectors.customers_where(actors["analyst"], [wrong])
    with pytest.raises(ValueError):
        selectors.aggregate(actors["analyst"], ["matrix); drop table x"])
    with pytest.raises(ValueError):
        selectors.table(actors["analyst"], ["customer_id"], order=["customer_id; select 1"])


def test_the_engine_reads_the_lake_and_nothing_else(tmp_path, workspace_home):
    secret = workspace_home / "secrets.toml"
    secret.write_text("key = 'x'")
    with access.reading() as connection:
        for statement in (
            f"select * from read_text('{secret}')",
            f"select * from read_text('{workspace_home}/lake/../secrets.toml')",
            "select * from read_csv('/etc/passwd')",
            f"copy (select 1) to '{tmp_path}/out.csv'",
            "attach '/tmp/other.db'",
            "set enable_external_access = true",
            "set memory_limit = '100GB'",
        ):
            with pytest.raises(duckdb.Error):
                connection.execute(statement).fetchall()
