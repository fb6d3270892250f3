"""Scoring again after new orders: day by day gives what one run over everything gives, with the same parameters."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from regulars import engine
from regulars.errors import InputError
from regulars.ingest import ReadOptions, read_orders
from regulars.lake import Lake
from regulars.lake.orders import external_ids, lines_from
from regulars.simulate import Company, simulate
from regulars.valuation import Given, model_card, value_orders
from regulars.valuation.from_lake import orders_for_valuation
from regulars.valuation.rescore import Rescored, changed_customers, rescore

COMPANY = Company(n_customers=500, weeks=78, seed=11, return_share=0.2)
FITTED = date(2025, 5, 20)
STEPS = [date(2025, 5, 21), date(2025, 5, 26), date(2025, 6, 3), date(2025, 6, 29)]
"""A day, some days, over the end of a month, some weeks."""
FIRST = datetime(2026, 1, 1, tzinfo=UTC)


def recorded(step: int) -> datetime:
    return FIRST + timedelta(days=step)


def import_into(lake: Lake, lines: pa.Table, room: Path, step: int) -> None:
    pq.write_table(lines, room / "batch.parquet")
    with engine.session(threads=2) as connection:
        orders = read_orders(room / "batch.parquet", options=ReadOptions(currency="EUR"), connection=connection)
        ids = engine.stable_hash(external_ids(orders), "external_id", salt="surrogate", name="customer_id")
        identities = engine.to_arrow(ids).append_column("source", pa.array(["shop"] * engine.n_rows(ids)))
        rows = lines_from(orders, identities, source="shop")
        lake.write("transaction_lines", rows, source="shop", recorded_at=recorded(step), zone="UTC")


def whole(lake: Lake, as_of: date, path: Path, given: Given | None = None) -> dict[str, Any]:
    with engine.session(threads=2):
        return model_card(value_orders(orders_for_valuation(lake, as_of=as_of), given=given, path=path))


def again(
    lake: Lake, was: Any, earlier: Path, as_of: date, before: date, step: int, given: Given, to: Path
) -> Rescored:
    with engine.session(threads=2) as connection:
        name = "transaction_lines"
        lines = lake.table(name)
        changed = changed_customers(lines, lake.table(name, at=was), recorded_from=recorded(step))
        kept = engine.frame(connection.read_parquet(str(earlier)))
        return rescore(kept, lines, changed, given, before=before, as_of=as_of, path=to)


@pytest.fixture(scope="module")
def lines(tmp_path_factory: pytest.TempPathFactory) -> pa.Table:
    """A shop's lines, whose returns do not say what they return; a fiftieth is only imported at the end."""
    return pq.read_table(simulate(COMPANY, tmp_path_factory.mktemp("company")).orders).drop(["original_order_no"])


@pytest.fixture(scope="module")
def told(lines: pa.Table, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The fit, then scores step by step, and beside the last ones those of one run over all lines."""
    room = tmp_path_factory.mktemp("lake")
    lake = Lake(room / "lake", threads=2)
    newcomers = pc.is_in(lines["customer_no"], pc.unique(lines["customer_no"])[:10])
    day = pc.cast(lines["order_time"], pa.date32())
    day = pc.if_else(newcomers, pc.max_element_wise(day, pa.scalar(STEPS[1])), day)  # the day of their import
    late = pa.array(np.arange(lines.num_rows) % 50 == 0)
    on_time = lines.filter(pc.invert(late))
    when = day.filter(pc.invert(late))
    import_into(lake, on_time.filter(pc.less_equal(when, pa.scalar(FITTED))), room, 0)
    file, before = room / "fitted.parquet", FITTED
    given = Given.of(json.loads(json.dumps(whole(lake, FITTED, file))))
    touched = []
    for step, as_of in enumerate(STEPS, start=1):
        was = lake.snapshot()
        new = pc.and_(pc.greater(when, pa.scalar(before)), pc.less_equal(when, pa.scalar(as_of)))
        import_into(lake, on_time.filter(new), room, step)
        to = room / f"step{step}.parquet"
        found = again(lake, was, file, as_of, before, step, given, to)
        touched.append((found.n_touched, found.n_customers))
        file, before = to, as_of
    whole(lake, before, room / "whole.parquet", given)
    was = lake.snapshot()
    import_into(lake, lines.filter(late), room, 9)
    found = again(lake, was, file, before, before, 9, given, room / "late.parquet")
    touched.append((found.n_touched, found.n_customers))
    whole(lake, before, room / "all.parquet", given)
    return {"room": room, "file": file, "touched": touched, "given": given, "lake": lake}


def test_rescore_day_by_day_is_the_whole_run_bit_for_bit(told: dict[str, Any]) -> None:
    day_by_day, at_once = pq.read_table(told["file"]), pq.read_table(told["room"] / "whole.parquet")
    assert day_by_day.column_names == at_once.column_names
    assert [n for n in at_once.column_names if day_by_day[n].to_pylist() != at_once[n].to_pylist()] == []
    assert day_by_day.num_rows > pq.read_table(told["room"] / "fitted.parquet").num_rows  # new customers, too
    few, everybody = told["touched"][0]
    assert few < everybody / 4


def test_rescore_of_late_lines_touches_few_and_gives_the_whole_run(told: dict[str, Any]) -> None:
    anew, at_once = pq.read_table(told["room"] / "late.parquet"), pq.read_table(told["room"] / "all.parquet")
    before = pq.read_table(told["file"])
    assert anew["revenue"].to_pylist() != before["revenue"].to_pylist()
    for name in at_once.column_names:
        kind = at_once.schema.field(name).type
        pairs = [(a, b) for a, b in zip(anew[name].to_pylist(), at_once[name].to_pylist(), strict=True) if a != b]
        if pa.types.is_floating(kind):
            assert all(abs(a - b) <= 1e-9 * abs(b) for a, b in pairs), name
        elif name in {"future_value_low", "future_value_high"}:
            assert all(abs(a - b) <= Decimal("0.01") * b for a, b in pairs), name
        elif pa.types.is_decimal(kind):
            assert all(abs(a - b) <= Decimal("0.0001") for a, b in pairs), name
        else:
            assert not pairs, name
    few, everybody = told["touched"][-1]
    assert few < everybody


def test_rescore_of_nothing_new_changes_nothing(told: dict[str, Any]) -> None:
    lake, day, to = told["lake"], STEPS[-1], told["room"] / "same.parquet"
    assert again(lake, None, told["room"] / "all.parquet", day, day, 10, told["given"], to).n_touched == 0
    assert pq.read_table(to) == pq.read_table(told["room"] / "all.parquet")


def test_rescore_does_not_go_back(told: dict[str, Any]) -> None:
    with pytest.raises(InputError, match="do not go back"):
        again(told["lake"], None, told["file"], FITTED, STEPS[-1], 9, told["given"], told["room"] / "none.parquet")
