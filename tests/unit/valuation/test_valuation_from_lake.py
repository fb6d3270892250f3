"""A valuation from the lake has the figures of a valuation from the file."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from regulars import engine
from regulars.errors import InputError
from regulars.ingest import ReadOptions, read_orders
from regulars.lake import Lake, contract_of
from regulars.lake.orders import external_ids, lines_from
from regulars.simulate import EVERYDAY_DIRT, Company, simulate
from regulars.valuation import figures, model_card, value_orders
from regulars.valuation.from_lake import orders_for_valuation

FIRST = datetime(2026, 1, 1, tzinfo=UTC)
COMPANY = Company(n_customers=500, weeks=78, seed=11, return_share=0.2, dirt=EVERYDAY_DIRT)


@pytest.fixture(scope="module")
def orders_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A shop's export with many returns, which do not say what they return, and the faults of every day."""
    path = simulate(COMPANY, tmp_path_factory.mktemp("company")).orders
    pq.write_table(pq.read_table(path).drop(["original_order_no"]), path)
    return path


def import_into(lake: Lake, path: Path, *, at: datetime = FIRST) -> Any:
    with engine.session(threads=2) as connection:
        orders = read_orders(path, options=ReadOptions(currency="EUR"), connection=connection)
        ids = engine.stable_hash(external_ids(orders), "external_id", salt="surrogate", name="customer_id")
        identities = engine.to_arrow(ids).append_column("source", pa.array(["shop"] * engine.n_rows(ids)))
        rows = lines_from(orders, identities, source="shop")
        return lake.write("transaction_lines", rows, source="shop", recorded_at=at, zone="UTC")


def values_of_file(path: Path, as_of: date | None = None) -> pa.Table:
    with engine.session(threads=2) as connection:
        options = ReadOptions(currency="EUR", as_of=as_of)
        customers = value_orders(read_orders(path, options=options, connection=connection)).customers
        return engine.to_arrow(
            engine.stable_hash(customers, "customer_id", salt="surrogate", name="customer_id").sort("customer_id")
        )


def values_of_lake(lake: Lake, **how: Any) -> pa.Table:
    with engine.session(threads=2):
        return engine.to_arrow(value_orders(orders_for_valuation(lake, **how)).customers.sort("customer_id"))


def differences(one: pa.Table, other: pa.Table) -> list[str]:
    assert one.num_rows == other.num_rows
    return [name for name in one.schema.names if one[name].to_pylist() != other[name].to_pylist()]


@pytest.fixture(scope="module")
def from_file(orders_file: Path) -> pa.Table:
    return values_of_file(orders_file)


@pytest.fixture(scope="module")
def lake(orders_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Lake:
    lake = Lake(tmp_path_factory.mktemp("lake"), threads=2)
    import_into(lake, orders_file)
    return lake


def test_one_import_gives_the_figures_of_the_file(lake: Lake, from_file: pa.Table):
    assert differences(from_file, values_of_lake(lake)) == []
    assert from_file["future_value"].null_count == 0, "the company carries a model"


def test_the_file_twice_changes_nothing(lake: Lake, orders_file: Path):
    before = lake.snapshot()
    written = import_into(lake, orders_file, at=FIRST + timedelta(days=7))
    assert (written.new, written.changed) == (0, 0)
    assert lake.snapshot() == before


def test_overlapping_imports_give_the_figures_of_the_file(orders_file: Path, from_file: pa.Table, tmp_path: Path):
    """In weekly exports most returns come without their sale: they find it in the lake."""
    lake, lines = Lake(tmp_path / "lake", threads=2), pq.read_table(orders_file)
    with duckdb.connect() as connection:
        early, late = connection.sql("select quantile_disc(order_time, [0.5, 0.6]) from lines").fetchall()[0][0]
    lines = lines.filter(pc.is_valid(lines["order_time"]))
    parts = [
        lines.filter(pc.less(lines["order_time"], pa.scalar(late, lines["order_time"].type))),
        lines.filter(pc.greater_equal(lines["order_time"], pa.scalar(early, lines["order_time"].type))),
    ]
    for week, part in enumerate(parts):
        pq.write_table(part, tmp_path / f"{week}.parquet")
        import_into(lake, tmp_path / f"{week}.parquet", at=FIRST + timedelta(days=7 * week))
    assert differences(from_file, values_of_lake(lake)) == []


def test_a_day_in_the_past_reads_nothing_after_it(lake: Lake, orders_file: Path):
    day = COMPANY.start + timedelta(weeks=60)
    assert differences(values_of_file(orders_file, day), values_of_lake(lake, as_of=day)) == []


def test_an_old_snapshot_is_valued_as_it_was(lake: Lake, orders_file: Path, from_file: pa.Table, tmp_path: Path):
    grown = Lake(tmp_path / "lake", threads=2)
    import_into(grown, orders_file)
    then = grown.snapshot()
    grown.pin(then, "valuation 1")
    with engine.session():
        rows = engine.to_arrow(grown.table("transaction_lines").drop("recorded_at", "revision", "source"))
    dearer = pc.multiply(rows["net_amount"], pa.scalar(Decimal(2))).cast(pa.decimal128(18, 4))
    at = rows.schema.get_field_index("net_amount")
    doubled = rows.set_column(at, "net_amount", dearer)
    grown.write("transaction_lines", doubled, source="shop", recorded_at=FIRST + timedelta(days=1))
    grown.vacuum(keep=timedelta(0))
    assert differences(from_file, values_of_lake(grown, snapshot=then)) == []
    assert "revenue" in differences(from_file, values_of_lake(grown))


def test_the_whole_report_comes_from_the_lake(lake: Lake):
    with engine.session(threads=2):
        valuation = value_orders(orders_for_valuation(lake), consume=True)
        found, card = figures(valuation), model_card(valuation)
    assert found["meta"]["source"] == "shop"
    assert card["data"]["currency"] == "EUR"
    assert card["data"]["lines_used"] == found["meta"]["n_lines"]


def test_the_values_go_into_the_lake(lake: Lake):
    values = values_of_lake(lake)
    rows = values.append_column("valuation_id", pa.array(["v1"] * values.num_rows))
    written = lake.write("customer_value", rows, source="regulars", recorded_at=FIRST)
    assert written.new == values.num_rows
    with engine.session():
        stored = engine.to_arrow(lake.table("customer_value").sort("customer_id"))
    assert differences(values, stored) == []
    assert stored.schema.names[: len(contract_of("customer_value").columns)] == ["valuation_id", *values.schema.names]


def test_orders_after_the_day_and_of_nobody_are_counted(tmp_path: Path):
    lake = Lake(tmp_path, threads=1)
    days = [date(2026, 5, 1), date(2026, 5, 2), date(2026, 6, 1), date(2026, 6, 2)]
    table = pa.table(
        {
            "order_id": ["A", "B", "C", "D"],
            "line_no": [1] * 4,
            "customer_id": pa.array([1, None, 1, None], pa.int64()),
            "ordered_at": pa.array([datetime(2026, 5, 1, tzinfo=UTC)] * 4, pa.timestamp("us", "UTC")),
            "business_date": days,
            "occasion_date": days,
            "is_product": [True] * 4,
            "quantity": pa.array([Decimal(1)] * 4, pa.decimal128(18, 4)),
            "net_amount": pa.array([Decimal(5)] * 4, pa.decimal128(18, 4)),
            "kind": ["sale"] * 4,
        }
    )
    lake.write("transaction_lines", table, source="till", recorded_at=FIRST)
    with engine.session():
        orders = orders_for_valuation(lake, as_of=date(2026, 5, 31), currency="EUR")
    assert [(left.reason, left.rows, left.money, left.overlaps) for left in orders.left_out] == [
        ("no_customer", 2, Decimal("10.0000"), {}),
        ("after_as_of", 1, Decimal("5.0000"), {"no_customer": 1}),
    ]
    assert (orders.n_lines, orders.n_rows_read, orders.has_cost, orders.currency) == (1, 4, False, "EUR")
    with engine.session(), pytest.raises(InputError, match="the date 2026-04-01 is before the first order, 2026-05-01"):
        orders_for_valuation(lake, as_of=date(2026, 4, 1))


def test_an_empty_lake_says_what_to_import_first(tmp_path: Path):
    with engine.session(), pytest.raises(InputError, match="there are no orders yet\nImport orders first"):
        orders_for_valuation(Lake(tmp_path))


def test_amounts_in_two_currencies_are_no_valuation(lake: Lake, tmp_path: Path):
    mixed = Lake(tmp_path, threads=1)
    with engine.session():
        rows = engine.to_arrow(lake.table("transaction_lines").head(50).drop("recorded_at", "revision", "source"))
    at = rows.schema.get_field_index("currency")
    for source, currency in (("shop", "EUR"), ("till", "USD")):
        table = rows.set_column(at, "currency", pa.array([currency] * len(rows)))
        mixed.write("transaction_lines", table, source=source, recorded_at=FIRST)
    with engine.session(), pytest.raises(InputError, match=r"several currencies \(EUR, USD\)"):
        orders_for_valuation(mixed)
