"""Whatever is imported, compacted, pinned and swept, in any order: the lake holds what a small model holds."""

from __future__ import annotations

import shutil
import tempfile
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from tests.unit.lake.rows import FIRST, line, lines, stored

from regulars.errors import InputError
from regulars.lake import Lake, compact, layout

Row = tuple[int | None, date, Decimal, int]
"""Customer, day, money, revision."""
Content = dict[tuple[str, str], Row]

ROWS = st.dictionaries(
    st.sampled_from([f"O{i}" for i in range(8)]),
    st.tuples(
        st.sampled_from([None, 1, 2, 3]),
        st.sampled_from([date(2026, month, 10) for month in (4, 5, 6)]),
        st.sampled_from([Decimal("1.0000"), Decimal("2.0000")]),
    ),
    min_size=1,
)


class LakeMachine(RuleBasedStateMachine):
    """The model: every version ever seen, as a dictionary, and which of them are promised to stay."""

    @initialize()
    def start(self) -> None:
        self.folder = tempfile.mkdtemp()
        self.lake = Lake(self.folder, threads=1, memory_limit="200MB")
        self.now: Content = {}
        self.versions: dict[int, Content] = {}
        self.pinned: dict[str, int] = {}
        self.swept = False
        self.last: tuple[str, dict[str, Any]] | None = None

    def teardown(self) -> None:
        if hasattr(self, "folder"):
            shutil.rmtree(self.folder)

    def import_rows(self, source: str, rows: dict[str, Any]) -> None:
        brought = [line(order, customer, day=day, net_amount=money) for order, (customer, day, money) in rows.items()]
        written = self.lake.write("transaction_lines", lines(*brought), source=source, recorded_at=FIRST)
        new = changed = 0
        after = dict(self.now)
        for order, values in rows.items():
            old = self.now.get((source, order))
            new += old is None
            changed += old is not None and old[:3] != values
            if old is None or old[:3] != values:
                after[source, order] = (*values, 1 if old is None else old[3] + 1)
        assert (written.new, written.changed, written.same) == (new, changed, len(rows) - new - changed)
        if after == self.now and self.versions:
            assert written.version == max(self.versions), "the same rows make no version"
        self.now = after
        self.versions[written.version] = after
        self.learn()
        self.last = (source, rows)

    def learn(self) -> None:
        """What compaction makes is a version with the same rows."""
        newest = self.lake.version("transaction_lines")
        if newest is not None:
            self.versions[newest] = self.now

    @rule(source=st.sampled_from(["shop", "till"]), rows=ROWS)
    def import_some(self, source: str, rows: dict[str, Any]) -> None:
        self.import_rows(source, rows)

    @precondition(lambda self: self.last is not None)
    @rule()
    def import_the_last_again(self) -> None:
        before = self.lake.snapshot()
        self.import_rows(*self.last)
        assert self.lake.snapshot() == before

    @rule(many=st.integers(2, 4))
    def compact(self, many: int) -> None:
        self.lake.compact("transaction_lines", many=many)
        self.learn()

    @precondition(lambda self: self.versions)
    @rule(data=st.data())
    def pin(self, data: st.DataObject) -> None:
        snapshot = self.lake.snapshot()
        self.pinned[self.lake.pin(snapshot, "test").id] = snapshot.versions["transaction_lines"]

    @precondition(lambda self: self.pinned)
    @rule(data=st.data())
    def unpin(self, data: st.DataObject) -> None:
        pin = data.draw(st.sampled_from(sorted(self.pinned)))
        self.lake.unpin(pin)
        del self.pinned[pin]

    @rule(keep=st.sampled_from([timedelta(0), timedelta(days=7)]))
    def vacuum(self, keep: timedelta) -> None:
        self.lake.vacuum(keep=keep)
        self.swept = self.swept or keep == timedelta(0)

    @precondition(lambda self: self.versions)
    @rule(data=st.data())
    def read_an_old_version(self, data: st.DataObject) -> None:
        version = data.draw(st.sampled_from(sorted(self.versions)))
        try:
            assert self.content(at=version) == self.versions[version]
        except InputError:
            assert self.swept
            assert version not in {max(self.versions), *self.pinned.values()}

    @rule(customers=st.lists(st.sampled_from([1, 2, 3, 9])))
    def read_some_customers(self, customers: list[int]) -> None:
        expected = {key: row for key, row in self.now.items() if row[0] in customers}
        assert self.content(customers=customers) == expected

    def content(self, **how: Any) -> Content:
        rows = stored(self.lake, **how)
        found = {
            (r["source"], r["order_id"]): (r["customer_id"], r["business_date"], r["net_amount"], r["revision"])
            for r in rows
        }
        assert len(found) == len(rows), "no row is there twice"
        return found

    @invariant()
    def the_newest_is_what_the_model_holds(self) -> None:
        if hasattr(self, "lake"):
            assert self.content() == self.now


def test_the_lake_agrees_with_a_model(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(layout, "FILE_ROWS", 3)
    monkeypatch.setattr(compact, "SMALL_ROWS", 3)
    few = settings(max_examples=max(settings().max_examples // 8, 1), stateful_step_count=12)
    run_state_machine_as_test(LakeMachine, settings=few)
