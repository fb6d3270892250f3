"""What each rule of reading orders means, on every engine."""

import datetime as dt
from decimal import Decimal

import pyarrow as pa
import pytest

from regulars import engine, ingest
from regulars.errors import InputError

DAY = dt.datetime(2024, 3, 1)


def at(day, hour=0):
    return dt.datetime(2024, 3, day, hour)


def table(**columns):
    return pa.table(columns)


def money(*values):
    return pa.array([None if v is None else Decimal(v) for v in values], pa.decimal128(12, 4))


def found(orders, *columns):
    rows = engine.to_arrow(orders.lines.select(list(columns))).to_pylist()
    return sorted(
        (tuple(row[c] for c in columns) for row in rows), key=lambda row: [(value is None, str(value)) for value in row]
    )


def counts(orders):
    return {e.reason: (e.rows, e.money, e.overlaps) for e in orders.left_out}


def read(on_engine, options=None, **columns):
    return ingest.read_orders(on_engine(table(**columns)), options=options)


def test_lines_have_the_columns_and_types_of_the_contract(on_engine):
    orders = read(
        on_engine,
        CustomerID=[7, 8],
        OrderDate=[at(1, 9), at(2, 10)],
        Quantity=[2, 1],
        UnitPrice=money("1.25", "3"),
        UnitCost=money("1", "1"),
    )
    schema = orders.lines.collect_schema()
    assert schema.names() == [
        "source", "row", "order_id", "line_no", "customer_id", "ordered_at", "business_date", "product_id", "category",
        "quantity", "net_amount", "cost_amount", "currency", "channel", "store", "kind", "returns_order_id",
        "named_order_id", "occasion_date", "is_product",
    ]  # fmt: skip
    assert {schema[c] for c in ("quantity", "net_amount", "cost_amount")} == {engine.MONEY}
    assert schema["customer_id"].is_integer()
    assert found(orders, "customer_id", "business_date", "net_amount", "cost_amount", "kind") == [
        (7, dt.date(2024, 3, 1), Decimal("2.5000"), Decimal("2.0000"), "sale"),
        (8, dt.date(2024, 3, 2), Decimal("3.0000"), Decimal("1.0000"), "sale"),
    ]
    assert (orders.n_rows_read, orders.n_lines, orders.has_cost) == (2, 2, True)
    assert (orders.first_date, orders.as_of) == (dt.date(2024, 3, 1), dt.date(2024, 3, 2))


def test_texts_give_the_same_lines_as_types(on_engine):
    orders = read(
        on_engine,
        client=[" a ", "b", "NULL"],
        date=["2024-03-01 09:30", "2024-03-02", "2024-03-02"],
        qty=["2", "1", "1"],
        price=["1.25", "3", "9.5"],
    )
    assert found(orders, "customer_id", "ordered_at", "quantity", "net_amount") == [
        ("a", dt.datetime(2024, 3, 1, 9, 30), Decimal("2.0000"), Decimal("2.5000")),
        ("b", dt.datetime(2024, 3, 2), Decimal("1.0000"), Decimal("3.0000")),
    ]
    assert counts(orders) == {"no_customer": (1, Decimal("9.5000"), {})}


def test_numbers_with_commas_signs_and_brackets(on_engine):
    amounts = ["€ 1.234,50", "12,5", "(3,00)", "1.000,00-", "７，５", "−2,25"]
    orders = read(on_engine, customer=list("abcdef"), date=[at(1)] * 6, amount=amounts)
    assert found(orders, "customer_id", "net_amount") == [
        ("a", Decimal("1234.5000")),
        ("b", Decimal("12.5000")),
        ("c", Decimal("-3.0000")),
        ("d", Decimal("-1000.0000")),
        ("e", Decimal("7.5000")),
        ("f", Decimal("-2.2500")),
    ]


def test_dates_find_their_order_from_the_content(on_engine):
    orders = read(on_engine, customer=["a", "b"], date=["01/02/2024", "13/02/2024"], amount=[1, 1])
    assert found(orders, "business_date") == [(dt.date(2024, 2, 1),), (dt.date(2024, 2, 13),)]
    with pytest.raises(InputError, match="--date-order"):
        read(on_engine, customer=["a", "b"], date=["01/02/2024", "03/04/2024"], amount=[1, 1])
    told = read(
        on_engine,
        ingest.ReadOptions(date_order="mdy"),
        customer=["a", "b"],
        date=["01/02/2024", "03/04/2024"],
        amount=[1, 1],
    )
    assert found(told, "business_date") == [(dt.date(2024, 1, 2),), (dt.date(2024, 3, 4),)]


def test_excel_day_numbers_and_chinese_dates(on_engine):
    orders = read(
        on_engine, 客户编号=["a", "b", "c"], 下单时间=["45352.5", "2024年3月2日", "20240303"], 金额=["1", "2", "3"]
    )
    assert found(orders, "ordered_at") == [
        (dt.datetime(2024, 3, 1, 12),), (dt.datetime(2024, 3, 2),), (dt.datetime(2024, 3, 3),)
    ]  # fmt: skip


def test_times_with_a_zone_become_days_of_the_business(on_engine):
    moments = pa.array([dt.datetime(2024, 3, 1, 20, tzinfo=dt.UTC)], pa.timestamp("us", "UTC"))
    options = ingest.ReadOptions(timezone="Asia/Shanghai")
    orders = read(on_engine, options, customer=["a"], date=moments, amount=[1.5])
    assert found(orders, "ordered_at", "business_date") == [(dt.datetime(2024, 3, 2, 4), dt.date(2024, 3, 2))]
    plain = read(on_engine, customer=["a"], date=moments, amount=[1.5])
    assert found(plain, "business_date") == [(dt.date(2024, 3, 1),)]
    assert any("--timezone" in note.en for note in plain.notes)


def test_texts_with_an_offset_become_days_of_the_business(on_engine):
    texts = ["2024-03-01T20:00:00Z", "2024-03-01T20:00:00+08:00"]
    options = ingest.ReadOptions(timezone="Asia/Shanghai")
    orders = read(on_engine, options, customer=["a", "b"], date=texts, amount=[1, 1])
    assert found(orders, "customer_id", "ordered_at") == [
        ("a", dt.datetime(2024, 3, 2, 4)),
        ("b", dt.datetime(2024, 3, 1, 20)),
    ]


def test_an_amount_alone_counts_one_piece_with_its_sign(on_engine):
    orders = read(on_engine, customer=["a", "b", "c"], date=[at(1)] * 3, amount=money("5", "0", "-2"))
    assert found(orders, "customer_id", "quantity", "kind") == [
        ("a", Decimal("1.0000"), "sale"),
        ("b", Decimal("1.0000"), "sale"),
        ("c", Decimal("-1.0000"), "return"),
    ]


def test_every_row_is_counted_under_the_first_reason_and_overlaps_are_shown(on_engine):
    orders = read(
        on_engine,
        options=ingest.ReadOptions(as_of=dt.date(2024, 3, 5), max_rejected=0.5),
        order_id=["1", "1", "1", "2", "3", "4", "5", "TEST-1", "6", "7"],
        customer=["a", "a", "a", None, None, "b", "c", "d", "e", None],
        date=["2024-03-01"] * 5 + ["2024-03-02", "2024-03-09", "2024-03-01", "?", "2024-03-01"],
        quantity=["1", "1", "2", "1", "-5", "-3", "1", "1", "1", "1"],
        price=["4", "4", "4", "0", "0", "0", "10", "6", "1", "3"],
    )
    assert counts(orders) == {
        "unreadable_date": (1, Decimal(1), {}),
        "no_customer": (3, Decimal(3), {}),
        "test": (1, Decimal(6), {}),
        "duplicate": (1, Decimal(4), {}),
        "zero_price": (0, Decimal(0), {"no_customer": 1}),
        "stock_adjustment": (1, Decimal(0), {"no_customer": 1}),
        "after_as_of": (1, Decimal(10), {}),
    }
    assert found(orders, "customer_id", "net_amount") == [("a", Decimal("4.0000")), ("a", Decimal("8.0000"))]
    reasons = engine.to_arrow(orders.rejected.select("reason", "column", "value").sort("reason")).to_pylist()
    assert len(reasons) == 8
    assert {"reason": "unreadable_date", "column": "date", "value": "?"} in reasons


def test_equal_lines_without_an_order_number_are_two_purchases(on_engine):
    orders = read(on_engine, customer=["a", "a"], date=[at(1)] * 2, amount=[1, 1])
    assert orders.n_lines == 2


def test_duplicates_must_agree_in_columns_that_nobody_mapped(on_engine):
    same = {"order_id": [1, 1, 1], "customer": ["a"] * 3, "date": [at(1)] * 3, "amount": [2, 2, 2]}
    assert read(on_engine, **same, remark=["x", "y", "x"]).n_lines == 2
    assert read(on_engine, **same, remark=[None, None, None]).n_lines == 1


def test_a_return_is_linked_to_the_latest_sale_that_carries_it(on_engine):
    orders = read(
        on_engine,
        order_id=["1", "2", "3", "C4", "C5", "C6"],
        customer=["a"] * 6,
        product_id=["p"] * 6,
        date=[at(1), at(2), at(9), at(5), at(6), at(7)],
        quantity=[10, 3, 5, -2, -2, -40],
        price=[1, 1, 1, 1, 1, 1],
    )
    assert found(orders, "order_id", "returns_order_id", "occasion_date") == [
        ("1", None, dt.date(2024, 3, 1)),
        ("2", None, dt.date(2024, 3, 2)),
        ("3", None, dt.date(2024, 3, 9)),
        ("C4", "2", dt.date(2024, 3, 2)),
        ("C5", "1", dt.date(2024, 3, 1)),
        ("C6", None, dt.date(2024, 3, 7)),
    ]


def test_a_return_prefers_the_sale_at_its_own_price(on_engine):
    orders = read(
        on_engine,
        order_id=["1", "2", "3"],
        customer=["a"] * 3,
        product_id=["p"] * 3,
        date=[at(1), at(2), at(5)],
        quantity=[1, 1, -1],
        price=[7, 9, 7],
    )
    assert found(orders, "order_id", "returns_order_id")[-1] == ("3", "1")


def test_a_return_before_any_sale_or_of_a_stranger_stays_on_its_day(on_engine):
    orders = read(
        on_engine,
        order_id=["1", "2", "3"],
        customer=["a", "a", "b"],
        product_id=["p"] * 3,
        date=[at(2), at(5), at(9)],
        quantity=[-1, 1, -1],
        price=[7, 7, 7],
    )
    assert found(orders, "order_id", "returns_order_id", "occasion_date") == [
        ("1", None, dt.date(2024, 3, 2)),
        ("2", None, dt.date(2024, 3, 5)),
        ("3", None, dt.date(2024, 3, 9)),
    ]


def test_a_return_keeps_the_name_of_an_order_that_the_file_does_not_hold(on_engine):
    orders = read(
        on_engine,
        order_id=["1", "2", "3"],
        original_order_id=[None, "0", "1"],
        customer=["a", "b", "a"],
        product_id=["p"] * 3,
        date=[at(2), at(5), at(9)],
        quantity=[1, -1, -1],
        price=[7, 7, 7],
    )
    assert found(orders, "order_id", "returns_order_id", "named_order_id") == [
        ("1", None, None),
        ("2", None, "0"),
        ("3", "1", None),
    ]


def test_a_reference_wins_and_a_discount_belongs_to_its_own_order(on_engine):
    orders = read(
        on_engine,
        order_id=["1", "2", "2", "3"],
        original_order_id=[None, None, None, "1"],
        customer=["a"] * 4,
        product_id=["p", "p", "rebate", "p"],
        date=[at(1), at(2), at(2), at(9)],
        amount=money("5", "5", "-1", "-5"),
    )
    assert found(orders, "order_id", "net_amount", "returns_order_id", "occasion_date")[-3:] == [
        ("2", Decimal("-1.0000"), "2", dt.date(2024, 3, 2)),
        ("2", Decimal("5.0000"), None, dt.date(2024, 3, 2)),
        ("3", Decimal("-5.0000"), "1", dt.date(2024, 3, 1)),
    ]


def test_credit_notes_are_learned_from_their_letters(on_engine):
    orders = read(
        on_engine,
        order_id=[str(100 + i) for i in range(20)] + [f"R{i}" for i in range(10)] + ["R99"],
        customer=["a"] * 31,
        date=[at(1)] * 20 + [at(2)] * 11,
        quantity=[2] * 20 + [-1] * 10 + [0],
        amount=[4] * 20 + [-2] * 10 + [0],
    )
    assert found(orders, "order_id", "kind")[-1] == ("R99", "return")
    letters = read(
        on_engine,
        order_id=[f"SO{i}" for i in range(30)],
        customer=["a"] * 30,
        date=[at(1)] * 30,
        amount=[1] * 29 + [-1],
    )
    assert sum(kind == "return" for (kind,) in found(letters, "kind")) == 1


def test_codes_out_of_shape_are_no_products(on_engine):
    orders = read(
        on_engine,
        customer=["a"] * 200 + ["b"] * 3,
        date=[at(1)] * 203,
        stock_code=[f"{10000 + i % 50}" for i in range(200)] + ["POST", "C2", "X9999"],
        description=["mug"] * 200 + ["Postage", "carriage", "lamp"],
        quantity=[1] * 203,
        price=money(*["2"] * 203),
    )
    assert set(found(orders, "product_id", "is_product")) >= {
        ("POST", False),
        ("C2", False),
        ("X9999", True),
        ("10000", True),
    }


def test_lettered_catalogues_keep_their_products(on_engine):
    orders = read(
        on_engine,
        customer=["a"] * 3,
        date=[at(1)] * 3,
        product_name=["苹果", "运费", "梨"],
        quantity=[1] * 3,
        price=[2] * 3,
    )
    assert found(orders, "product_id", "is_product") == [("梨", True), ("苹果", True), ("运费", False)]


def test_a_description_that_is_no_test_stays(on_engine):
    orders = read(
        on_engine,
        customer=["a"] * 4,
        date=[at(1)] * 4,
        product_name=["test tube", "Test product 1", "测试", "latest"],
        amount=[1] * 4,
    )
    assert found(orders, "product_id") == [("latest",), ("test tube",)]


def test_money_is_exact_whatever_the_type_it_came_in(on_engine):
    orders = read(on_engine, customer=["a"] * 10, date=[at(1)] * 10, amount=[0.1] * 9 + [0.29])
    total = engine.to_arrow(orders.lines.select(engine.money_sum("net_amount")))["net_amount"][0].as_py()
    assert total == Decimal("1.1900")


def test_numbers_that_are_none_or_absurd_are_rejected(on_engine):
    orders = read(
        on_engine,
        options=ingest.ReadOptions(max_rejected=0.9),
        customer=["a"] * 4,
        date=[at(1)] * 4,
        amount=[1.0, float("nan"), float("inf"), 1e30],
    )
    assert counts(orders) == {"unreadable_number": (3, Decimal(0), {})}


def test_several_currencies_need_rates(on_engine):
    columns = {"customer": ["a", "b"], "date": [at(1)] * 2, "amount": [10, 10], "currency": ["CNY", "USD"]}
    with pytest.raises(InputError, match="CNY, USD"):
        read(on_engine, **columns)
    options = ingest.ReadOptions(currency="CNY", rates={"USD": Decimal("7.2")})
    orders = read(on_engine, options, **columns)
    assert found(orders, "customer_id", "net_amount", "currency") == [
        ("a", Decimal("10.0000"), "CNY"),
        ("b", Decimal("72.0000"), "CNY"),
    ]


def test_isolated_future_dates_do_not_move_the_valuation_date(on_engine):
    n = 10_050
    orders = read(
        on_engine,
        customer=["a"] * (n + 1),
        date=[dt.date(2024, 3, 1)] * n + [dt.date(2042, 3, 1)],
        amount=[1] * (n + 1),
    )
    assert orders.as_of == dt.date(2024, 3, 1)
    assert counts(orders) == {"after_as_of": (1, Decimal(1), {})}
    few = read(on_engine, customer=["a", "b"], date=[dt.date(2024, 3, 1), dt.date(2042, 3, 1)], amount=[1, 1])
    assert few.as_of == dt.date(2042, 3, 1)


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"customer": ["a"], "date": [DAY], "amount": [-1]}, "only returns"),
        ({"customer": [None, ""], "date": [DAY] * 2, "amount": [1, 1]}, "no customer"),
        ({"customer": ["a"], "date": [DAY]}, "amount"),
        ({"who": ["a"], "amount": [1]}, "the customer and the order date"),
        ({"customer": ["a"] * 3, "date": ["2024-03-01", "x", "y"], "amount": [1] * 3}, "2 rows"),
    ],
)
def test_what_cannot_be_used_is_refused(on_engine, columns, said):
    with pytest.raises(InputError, match=said) as refused:
        read(on_engine, **columns)
    assert refused.value.remedy is not None
    assert len(refused.value.message("zh").partition("[columns]")[0].splitlines()) <= 3


SUMS = [("合计", None), (None, "合计："), ("总 计", None), ("Total", None), (None, "Grand total"), ("小计:", "")]


def test_rows_that_add_up_others_are_left_out_for_a_reason_of_their_own(on_engine):
    customers, numbers = zip(("a", "1"), ("b", "2"), *SUMS, strict=True)
    dates = ["2024-03-01", "2024-03-02", *[None] * 6]
    orders = read(on_engine, customer=customers, order_no=numbers, date=dates, amount=["1", "2", *["3"] * 5, "n/a"])
    assert found(orders, "customer_id", "net_amount") == [("a", Decimal("1.0000")), ("b", Decimal("2.0000"))]
    assert counts(orders) == {"summary": (6, Decimal(15), {})}
    assert orders.n_rows_read == 8
    assert orders.left_out[0].text.as_dict() == {"zh": "合计行", "en": "summary rows"}


def test_they_do_not_count_as_unreadable_however_many_they_are(on_engine):
    days = [f"2024-03-0{1 + i}" for i in range(5)]
    orders = read(
        on_engine,
        customer=[c for i in range(5) for c in (f"c{i}", "小计")],
        date=[d for day in days for d in (day, None)],
        amount=["1"] * 10,
    )
    assert counts(orders) == {"summary": (5, Decimal(5), {})}


def test_a_sum_with_a_date_is_known_by_its_order_or_customer_cell(on_engine):
    orders = read(
        on_engine,
        customer=["a", "合计", "Total", "TotalFinaElf", "b"],
        order_no=["1", None, "3", "4", "Subtotal"],
        date=["2024-03-01"] * 5,
        amount=["1", "2", "3", "4", "5"],
    )
    assert [row[0] for row in found(orders, "customer_id")] == ["Total", "TotalFinaElf", "a"]
    assert counts(orders) == {"summary": (2, Decimal(7), {})}


@pytest.mark.parametrize("label", ["合计", "本页小计", "total:", "sum"])
def test_a_label_in_a_first_column_that_means_nothing_else_is_seen(on_engine, label):
    orders = read(
        on_engine,
        no=["1", "2", label],
        customer=["a", "b", None],
        date=["2024-03-01"] * 2 + [""],
        amount=["1", "2", "3"],
    )
    assert counts(orders) == {"summary": (1, Decimal(3), {})}
    dated = read(on_engine, no=["1", label], customer=["a", "b"], date=["2024-03-01"] * 2, amount=["1", "2"])
    assert counts(dated) == {}


def test_a_row_without_date_that_says_nothing_of_sums_is_unreadable(on_engine):
    customers = [f"c{i}" for i in range(30)]
    orders = read(on_engine, customer=customers, date=["2024-03-01"] * 29 + [None], amount=["1"] * 30)
    assert list(counts(orders)) == ["unreadable_date"]


def test_a_valuation_date_before_the_first_order_is_refused(on_engine):
    with pytest.raises(InputError, match="2024-03-01"):
        read(on_engine, ingest.ReadOptions(as_of=dt.date(2024, 2, 1)), customer=["a"], date=[DAY], amount=[1])
