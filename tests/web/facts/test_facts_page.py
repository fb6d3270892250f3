"""What a page reads: one session for all of it, each thing once, and never more than its reader may see."""

from __future__ import annotations

import duckdb
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from regulars import engine
from regulars.web.facts import access, selectors

pytestmark = pytest.mark.django_db


@pytest.fixture
def sessions(monkeypatch):
    """The engine of every session that was opened, one each."""
    seen, opened = [], engine.opened_in

    def noted(database):
        seen.append(database)
        return opened(database)

    monkeypatch.setattr(engine, "opened_in", noted)
    return seen


def test_a_customers_page_opens_one_session(people, give, value, client_of, sessions):
    (number,) = give(people["account_manager"], 1)
    value()
    sessions.clear()
    assert client_of("account_manager").get(f"/customers/{number}/").status_code == 200
    assert len(sessions) == 1


def test_pages_share_an_engine_and_leave_nothing_in_it(people, give, value, client_of, sessions):
    (number,) = give(people["account_manager"], 1)
    value()
    sessions.clear()
    for _ in range(2):
        assert client_of("account_manager").get(f"/customers/{number}/").status_code == 200
    first, second = sessions
    assert first is second
    kept = first.execute("select sum(memory_usage_bytes) from duckdb_memory() where tag = 'IN_MEMORY_TABLE'").fetchone()
    assert kept == (0,)


def test_sessions_of_one_engine_do_not_see_each_others_tables(workspace_home):
    with access.reading() as one, access.reading() as other:
        one.execute("create temp table mine as select 1 as a")
        with pytest.raises(duckdb.CatalogException):
            other.execute("from mine")


def test_a_customers_page_asks_the_database_once_for_each_thing(people, give, value, client_of):
    (number,) = give(people["account_manager"], 1)
    value()
    client = client_of("manager")
    client.get(f"/customers/{number}/")  # figures of the whole team are reckoned now, and kept
    with CaptureQueriesContext(connection) as asked:
        client.get(f"/customers/{number}/")
    said = [query["sql"] for query in asked]
    assert len(said) <= 40
    assert sum('FROM "core_workspace"' in one for one in said) == 2  # who acts, and the page
    assert not [one for one in said if one.startswith('SELECT "customers_customer"."id"') and str(number) not in one]


def test_a_page_that_reads_nothing_opens_none(client_of, sessions):
    assert client_of("viewer").get("/profile/").status_code == 200
    assert sessions == []


def test_what_was_read_for_one_is_masked_for_the_next(people, actors, give, value):
    (number,) = give(people["account_manager"], 1)
    value()
    with access.one_session():
        assert selectors.value_row(actors["analyst"], number)["gross_profit"] is not None
        assert selectors.value_row(actors["account_manager"], number)["gross_profit"] is None
        assert any(line.cost_amount for o in selectors.orders_of(actors["analyst"], number) for line in o.lines)
        seen = selectors.orders_of(actors["account_manager"], number)
        assert seen
        assert all(line.cost_amount is None for order in seen for line in order.lines)


def test_another_block_reads_anew(people, actors, give, value):
    (number,) = give(people["account_manager"], 1)
    assert selectors.value_row(actors["analyst"], number) is None
    with access.one_session():
        assert selectors.value_row(actors["analyst"], number) is None
    value()
    with access.one_session():
        assert selectors.value_row(actors["analyst"], number) is not None
