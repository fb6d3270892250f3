"""What each engine verb means, on every engine."""

import datetime as dt
import hashlib
from decimal import Decimal

import duckdb
import narwhals as nw
import pyarrow as pa
import pytest

from regulars import engine

DAYS = pa.table(
    {
        "id": [1, 2, 3],
        "a": [dt.date(2024, 2, 28), dt.date(2024, 3, 30), None],
        "b": [dt.date(2024, 3, 1), dt.date(2024, 3, 31), dt.date(2024, 1, 1)],
    }
)


def rows(frame, *columns):
    names = list(columns) or frame.collect_schema().names()
    table = engine.to_arrow(frame.select(names))
    found = [tuple(row[c] for c in names) for row in table.to_pylist()]
    return sorted(found, key=lambda row: [(v is None, v) for v in row])


def test_days_between_is_an_integer_and_knows_leap_days(on_engine):
    frame = engine.days_between(on_engine(DAYS), "a", "b", name="days")
    assert frame.collect_schema()["days"] == nw.Int64
    assert rows(frame, "id", "days") == [(1, 2), (2, 1), (3, None)]
    until = engine.days_between(on_engine(DAYS), "a", dt.date(2025, 2, 28), name="days")
    assert rows(until, "id", "days") == [(1, 366), (2, 335), (3, None)]


def test_add_days_crosses_months_and_keeps_nulls(on_engine):
    table = on_engine(pa.table({"a": [dt.date(2024, 2, 28), None, dt.date(2024, 1, 1)], "n": [2, 1, None]}))
    frame = engine.add_days(table, "a", "n", name="b")
    assert frame.collect_schema()["b"] == nw.Date
    assert rows(frame, "n", "b") == [(1, None), (2, dt.date(2024, 3, 1)), (None, None)]


def test_business_date_follows_the_zone(on_engine):
    at = [dt.datetime(2024, 3, 31, 16, 30, tzinfo=dt.UTC), dt.datetime(2024, 3, 31, 15, 30, tzinfo=dt.UTC), None]
    frame = on_engine(pa.table({"id": [1, 2, 3], "at": pa.array(at, pa.timestamp("us", "UTC"))}))
    shanghai = engine.business_date(frame, "at", zone="Asia/Shanghai", name="day")
    assert rows(shanghai, "id", "day") == [(1, dt.date(2024, 4, 1)), (2, dt.date(2024, 3, 31)), (3, None)]


def test_business_date_leaves_local_times_alone(on_engine):
    frame = on_engine(pa.table({"at": pa.array([dt.datetime(2024, 3, 31, 23, 59)], pa.timestamp("us"))}))
    assert rows(engine.business_date(frame, "at", zone="Asia/Shanghai", name="day"), "day") == [(dt.date(2024, 3, 31),)]


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("int", [12, None, None, None]),
        ("float", [12.0, 1.5, None, None]),
        ("decimal", [Decimal("12.0000"), Decimal("1.5000"), None, None]),
    ],
)
def test_try_cast_gives_null_for_text_that_does_not_read(on_engine, kind, expected):
    frame = on_engine(pa.table({"id": [1, 2, 3, 4], "text": [" 12", "1.5", "twelve", None]}))
    assert rows(engine.try_cast(frame, "text", kind, name="read"), "id", "read") == list(
        zip([1, 2, 3, 4], expected, strict=True)
    )


def test_parse_time_takes_the_first_format_that_fits(on_engine):
    texts = ["2024-03-01 10:05", "2024/3/1", "2024年3月1日", "13.45.2024", None]
    frame = on_engine(pa.table({"id": [1, 2, 3, 4, 5], "text": texts}))
    formats = ["%Y-%m-%d %H:%M", "%Y/%m/%d", "%Y年%m月%d日"]
    day = dt.datetime(2024, 3, 1)
    assert rows(engine.parse_time(frame, "text", formats, name="at"), "id", "at") == [
        (1, dt.datetime(2024, 3, 1, 10, 5)), (2, day), (3, day), (4, None), (5, None)
    ]  # fmt: skip


def test_stable_hash_is_the_same_everywhere(on_engine):
    frame = on_engine(pa.table({"key": ["a", "客户7", "17850"]}))
    expected = sorted((k, int(hashlib.md5(f"s:{k}".encode()).hexdigest()[:7], 16)) for k in ["a", "客户7", "17850"])
    assert rows(engine.stable_hash(frame, "key", salt="s", name="hash"), "key", "hash") == expected


def test_stable_hash_of_a_number_is_the_hash_of_its_text(on_engine):
    number = engine.stable_hash(on_engine(pa.table({"key": [17850]})), "key", salt="s", name="hash")
    text = engine.stable_hash(on_engine(pa.table({"key": ["17850"]})), "key", salt="s", name="hash")
    assert rows(number, "hash") == rows(text, "hash")


def money(*values):
    return pa.array([None if v is None else Decimal(v) for v in values], pa.decimal128(18, 4))


def test_money_mul_is_exact_and_rounds_half_away_from_zero(on_engine):
    frame = on_engine(
        pa.table(
            {
                "id": [1, 2, 3, 4, 5],
                "a": money("1234567890.1234", "-3", "0.0001", "-0.0001", None),
                "b": money("10000.0000", "2.5000", "0.5000", "0.5000", "1"),
            }
        )
    )
    assert rows(engine.money_mul(frame, "a", "b", name="m"), "id", "m") == [
        (1, Decimal("12345678901234.0000")),
        (2, Decimal("-7.5000")),
        (3, Decimal("0.0001")),
        (4, Decimal("-0.0001")),
        (5, None),
    ]


def test_money_sum_is_exact(on_engine):
    frame = on_engine(pa.table({"k": ["a"] * 10 + ["b"], "m": money(*["0.1"] * 10, None)}))
    summed = frame.group_by("k").agg(engine.money_sum("m").alias("total"))
    assert summed.collect_schema()["total"] == engine.MONEY
    assert dict(rows(summed, "k", "total"))["a"] == Decimal("1.0000")


def test_bucket_puts_an_edge_above(on_engine):
    frame = on_engine(pa.table({"v": [0.5, 1.0, 2.0, 99.0, None]}))
    assert rows(engine.bucket(frame, "v", [1, 2], name="b"), "v", "b") == [
        (0.5, 0), (1.0, 1), (2.0, 2), (99.0, 2), (None, None)
    ]  # fmt: skip


def test_ntile_by_keeps_ties_together(on_engine):
    frame = on_engine(pa.table({"v": [1, 1, 1, 1, 1, 1, 2, 3, 4, 5]}))
    assert rows(engine.ntile_by(frame, "v", 5, name="tile"), "v", "tile") == [(1, 3)] * 6 + [
        (2, 4),
        (3, 4),
        (4, 5),
        (5, 5),
    ]


def test_distinct_gives_each_row_once_and_knows_null_as_a_value(on_engine):
    frame = on_engine(pa.table({"k": ["a", None, "a", None, "b"], "v": [1, 2, 1, 2, 3]}))
    assert rows(engine.distinct(frame)) == [("a", 1), ("b", 3), (None, 2)]
    assert rows(engine.distinct(frame, "k")) == [("a",), ("b",), (None,)]


def test_row_number_counts_within_partitions(on_engine):
    frame = on_engine(pa.table({"k": ["a", "a", "b"], "v": [5, 3, 9]}))
    numbered = engine.row_number(frame, order_by=["v"], partition_by=["k"], name="n")
    assert rows(numbered, "k", "v", "n") == [("a", 3, 1), ("a", 5, 2), ("b", 9, 1)]
    assert rows(engine.row_number(frame, order_by=["v"], name="n"), "n", "v") == [(1, 3), (2, 5), (3, 9)]


def test_group_with_first_takes_the_value_at_the_smallest(on_engine):
    frame = on_engine(pa.table({"k": ["a", "a", "b"], "t": [5, 3, 9], "v": [50, 30, 90]}))
    grouped = engine.group_with_first(
        frame, ["k"], nw.col("t").max().alias("last"), value="v", order_by="t", name="first"
    )
    assert rows(grouped, "k", "last", "first") == [("a", 5, 30), ("b", 9, 90)]


def test_asof_join_takes_the_latest_match_at_or_before(on_engine):
    left = on_engine(pa.table({"id": [1, 2, 3, 4], "k": ["a", "a", "b", None], "t": [5, 1, 5, 5]}))
    right = on_engine(pa.table({"k": ["a", "a", "a", None], "t": [2, 5, 6, 1], "order": ["x", "y", "z", "w"]}))
    joined = engine.asof_join(left, right, on="t", by=["k"], take=["order"])
    assert rows(joined, "id", "order") == [(1, "y"), (2, None), (3, None), (4, None)]


def test_unpivot(on_engine):
    frame = on_engine(pa.table({"id": [1], "a": [2], "b": [3]}))
    assert rows(engine.unpivot(frame, keys=["id"], columns=["a", "b"], name="n", value="v")) == [
        (1, "a", 2),
        (1, "b", 3),
    ]


def test_persist_computes_once_and_lookup_joins_on_the_same_engine(on_engine):
    frame = engine.persist(on_engine(DAYS).filter(nw.col("id") < 3))
    names = engine.lookup(frame, pa.table({"id": [1, 2], "name": ["one", "two"]}))
    assert rows(frame.join(names, on="id", how="left"), "id", "name") == [(1, "one"), (2, "two")]
    assert engine.n_rows(frame) == 2
    engine.release(frame)


def test_what_is_persisted_outlives_what_it_came_from():
    with engine.session() as connection:
        first = engine.persist(engine.frame(connection.sql("select range as id from range(5)")))
        second = engine.persist(first.filter(nw.col("id") > 2))
        names = engine.lookup(first, pa.table({"id": [3], "name": ["three"]}))
        engine.release(first)
        assert rows(second.join(names, on="id", how="left"), "id", "name") == [(3, "three"), (4, None)]


def test_a_users_own_connection_gets_no_tables_of_ours():
    connection = duckdb.connect()
    with engine.session():
        kept = engine.persist(engine.frame(connection.sql("select 1 as id")))
        assert rows(kept) == [(1,)]
    assert connection.execute("select count(*) from duckdb_tables()").fetchall() == [(0,)]
    assert rows(kept) == [(1,)]


def test_frames_of_arrow_and_pandas_enter_through_duckdb():
    pandas = pytest.importorskip("pandas")
    for native in (DAYS, pandas.DataFrame({"id": [1, 2, 3]})):
        entered = engine.frame(native)
        assert entered.implementation.is_duckdb()
        assert engine.n_rows(entered) == 3


def test_what_is_no_table_is_refused_with_the_remedy():
    with pytest.raises(engine.frames.InputError, match="Pass a table"):
        engine.frame([1, 2])
