"""Nothing gets lost on the way in: every row and every penny is a line or left out, whatever the dirt."""

import datetime as dt
from decimal import Decimal

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from regulars import engine, ingest
from regulars.errors import InputError
from regulars.ingest import numerals
from regulars.ingest.orders import last_day

cents = st.integers(-5_000, 5_000).map(lambda n: Decimal(n) / 100)
rows = st.lists(
    st.tuples(
        st.sampled_from(["1", "2", "3", "C4", "test", "小计"]),
        st.sampled_from(["a", "b", None, " ", "Total"]),
        st.sampled_from(["2024-03-01", "2024-03-02 10:00", "2024-05-09", "?"]),
        st.sampled_from(["p", "q"]),
        st.integers(-3, 3),
        cents,
    ),
    min_size=1,
    max_size=25,
)


def read(lines, order=None):
    frame = pl.DataFrame(
        lines, schema=["order_id", "customer", "date", "product_id", "quantity", "amount"], orient="row", strict=False
    ).with_columns(pl.col("amount").cast(pl.Decimal(12, 2)))
    if order is not None:
        frame = frame[order]
    return ingest.read_orders(frame, options=ingest.ReadOptions(as_of=dt.date(2024, 4, 1), max_rejected=1.0))


def account(orders):
    table = engine.to_arrow(orders.lines.select("customer_id", "net_amount", "quantity", "kind", "occasion_date"))
    money = sum(table["net_amount"].to_pylist(), Decimal(0))
    return table.num_rows, money, sorted(map(str, table.to_pylist()))


@given(lines=rows)
@settings(max_examples=25)
def test_every_row_and_every_penny_is_accounted_for(lines):
    try:
        orders = read(lines)
    except InputError:
        return
    kept, money, _ = account(orders)
    assert kept == orders.n_lines
    assert kept + sum(e.rows for e in orders.left_out) == orders.n_rows_read == len(lines)
    # Where quantity and amount disagree in sign, a return's amount is made negative.
    expected = sum((-a if q < 0 < a else a for _, _, _, _, q, a in lines), Decimal(0))
    assert money + sum((e.money for e in orders.left_out), Decimal(0)) == expected
    assert engine.n_rows(orders.rejected) == sum(e.rows for e in orders.left_out)


@given(lines=rows, data=st.data())
@settings(max_examples=15)
def test_the_order_of_rows_does_not_matter(lines, data):
    order = data.draw(st.permutations(range(len(lines))))
    try:
        first = account(read(lines))[:2]
    except InputError:
        return
    assert account(read(lines, list(order)))[:2] == first


@given(
    cents_=st.integers(-(10**9), 10**9),
    mark=st.sampled_from([".", ","]),
    grouped=st.booleans(),
    sign=st.sampled_from(["", "¥", "€ ", "$"]),
)
def test_numbers_read_back_however_they_are_written(cents_, mark, grouped, sign):
    value = Decimal(cents_) / 100
    text = f"{abs(value):,.2f}" if grouped else f"{abs(value):.2f}"
    if mark == ",":
        text = text.translate(str.maketrans(",.", ".,"))
    text = ("-" if value < 0 else "") + sign + text
    style = numerals.sniff([text])
    frame = engine.frame(pl.DataFrame({"raw": [text]}))
    read_ = engine.to_arrow(numerals.add_number(frame, "raw", "n", style))["n"][0].as_py()
    assert read_ == value
    assert numerals.reads(text, style)


@given(
    st.dictionaries(st.dates(dt.date(2020, 1, 1), dt.date(2030, 1, 1)), st.integers(1, 30_000), min_size=1, max_size=20)
)
def test_the_last_day_leaves_little_behind(counts):
    usable = dict(sorted(counts.items()))
    last, beyond = last_day(usable)
    assert last in usable
    assert beyond == sum(n for day, n in usable.items() if day > last)
    assert beyond * 10_000 < sum(usable.values()) or beyond == 0
