"""Two valuations compared: the table of classes counts everybody, and each move has its reason."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

from regulars.web.facts.totals import FEWEST
from regulars.web.valuations import selectors

pytestmark = pytest.mark.django_db


@pytest.fixture
def two(value):
    """Two runs: in the later one the first customer in gold has fallen, one is new, one is gone."""
    seen = {}

    def drop_one(rows):
        seen["new"] = rows[-1]["customer_id"]
        del rows[-1]

    def fall(rows):
        seen["gone"] = rows[0]["customer_id"]
        del rows[0]
        row = next(row for row in rows if row["matrix"] == "IV")
        seen["fallen"] = row["customer_id"]
        row.update(
            matrix="III", future_value=Decimal(10), customer_value=row["net_profit"] + 10, p_alive=0.05,
            days_since_last_purchase=90,
        )  # fmt: skip

    return value(drop_one), value(fall), seen


def test_the_table_counts_every_customer_once(two, actors, shop):
    earlier, later, _ = two
    table = selectors.compare(actors["administrator"], earlier, later)
    assert sum(cell.n for cell in table) == len(shop.ids)
    (moved,) = [cell for cell in table if (cell.before, cell.after) == ("IV", "III")]
    assert moved.n == 1
    assert moved.change < 0
    off_the_diagonal = [cell for cell in table if cell.before != cell.after]
    assert sum(cell.n for cell in off_the_diagonal) == 3  # fallen, new, gone


def test_who_fell_and_why(two, actors):
    earlier, later, seen = two
    (one,) = selectors.who_moved(actors["administrator"], earlier, later, before="IV", after="III")
    assert one.customer_id == seen["fallen"]
    assert one.change < 0
    assert "以后" in one.why.zh
    assert "界线" in one.why.zh
    assert "近 12 个月" not in one.why.zh  # what they bring now is still high
    assert "nothing bought between, 90 days since the last order" in one.why.en
    assert "P(alive)" in one.why.en


def test_who_is_new_and_who_is_gone(two, actors):
    earlier, later, seen = two
    by = actors["administrator"]
    new = [c for c in selectors.compare(by, earlier, later) if c.before is None]
    gone = [c for c in selectors.compare(by, earlier, later) if c.after is None]
    (who,) = selectors.who_moved(by, earlier, later, before=None, after=new[0].after)
    assert (who.customer_id, who.why.en) == (seen["new"], "in a valuation for the first time")
    (who,) = selectors.who_moved(by, earlier, later, before=gone[0].before, after=None)
    assert (who.customer_id, who.why.en) == (seen["gone"], "not in this valuation")


@pytest.mark.parametrize("scheme", ["matrix", "tier", "visit_class"])
def test_every_scheme_is_compared(scheme, two, actors, shop):
    earlier, later, _ = two
    table = selectors.compare(actors["administrator"], earlier, later, scheme=scheme)
    assert sum(cell.n for cell in table) == len(shop.ids)


def test_only_ones_own_customers_are_counted_and_named(two, actors, people, give):
    earlier, later, _ = two
    mine = give(people["account_manager"], 6)
    by = actors["account_manager"]
    table = selectors.compare(by, earlier, later)
    assert sum(cell.n for cell in table) == 6
    named = {
        one.customer_id
        for cell in table
        for one in selectors.who_moved(by, earlier, later, before=cell.before, after=cell.after)
    }
    assert named == set(mine)


def test_small_cells_are_hidden_from_who_cannot_open_records(two, actors):
    earlier, later, _ = two
    outsider = replace(actors["viewer"], permissions=frozenset({"valuations.read"}))
    table = selectors.compare(outsider, earlier, later)
    assert all(cell.hidden or cell.n >= FEWEST for cell in table)
    assert any(cell.hidden and cell.n is None and cell.change is None for cell in table)
    with pytest.raises(PermissionDenied):
        selectors.who_moved(outsider, earlier, later, before="IV", after="III")


def test_an_unknown_scheme_is_no_query(two, actors):
    earlier, later, _ = two
    with pytest.raises(ValueError):
        selectors.compare(actors["administrator"], earlier, later, scheme="matrix from x; --")
