"""Which column is which: names in two languages, content, and the user's map."""

import datetime as dt
from decimal import Decimal

import polars as pl
import pytest

from regulars import engine, ingest
from regulars.errors import InputError
from regulars.ingest import headers

DATES = [dt.date(2024, 3, 1), dt.date(2024, 3, 2)]


def found(frame, **options):
    orders = ingest.read_orders(pl.DataFrame(frame), options=ingest.ReadOptions(**options))
    return {m["canonical"]: (m["column"], m["how"]) for m in orders.mapping}, orders


def amounts(orders, column="net_amount"):
    return sorted(engine.to_arrow(orders.lines.select(column))[column].to_pylist())


def test_no_name_stands_for_two_columns():
    everything = [name for names in headers.SYNONYMS.values() for name in names]
    assert len(everything) == len(set(everything))
    assert all(headers.compact(name) == name for name in everything)


@pytest.mark.parametrize(
    ("header", "canonical"),
    [
        ("客户编号", "customer_id"), ("会员卡号", "customer_id"), ("买家会员名", "customer_id"),
        ("Customer ID", "customer_id"), ("customer_no", "customer_id"), ("household_id", "customer_id"),
        ("ResellerKey", "customer_id"), ("client", "customer_id"), ("订单编号", "order_id"),
        ("InvoiceNo", "order_id"), ("basket_id", "order_id"), ("SalesOrderNumber", "order_id"),
        ("下单时间", "ordered_at"), ("付款时间", "ordered_at"), ("transaction_timestamp", "ordered_at"),
        ("Order Date", "ordered_at"), ("商品编码", "product_id"), ("StockCode", "product_id"),
        ("宝贝标题", "product_name"), ("品类", "category"), ("件数", "quantity"),
        ("Qty", "quantity"), ("单价（元）", "unit_price"), ("unit price", "unit_price"),
        ("实付金额(元)", "net_amount"), ("dollar_value", "net_amount"), ("sales_value", "net_amount"),
        ("SalesAmount", "net_amount"), ("成本", "cost_amount"), ("TotalProductCost", "cost_amount"),
        ("成本价", "unit_cost"), ("unit_cost", "unit_cost"), ("币种", "currency"),
        ("渠道", "channel"), ("门店编号", "store"), ("原订单号", "returns_order_id"),
    ],
)  # fmt: skip
def test_names_in_two_languages(header, canonical):
    assert headers.compact(header) in headers.SYNONYMS[canonical]


def test_the_more_telling_name_wins():
    mapping, _ = found(
        {"master_id": [1, 2], "customer_id": [3, 4], "ship_date": DATES, "order_date": DATES, "amount": [1, 2]}
    )
    assert mapping["customer_id"] == ("customer_id", "name")
    assert mapping["ordered_at"] == ("order_date", "name")


def test_content_overrules_a_name():
    mapping, _ = found({"customer": ["a", "b"], "date": DATES, "sales": ["north", "south"], "total": [1.5, 2]})
    assert mapping["net_amount"] == ("total", "name")
    mapping, orders = found({"customer": [1, 2], "date": DATES, "amount": [1, 2], "currency": [100, 6]})
    assert "currency" not in mapping
    assert orders.currency is None


def test_a_date_and_an_amount_are_found_by_their_content():
    mapping, _ = found({"customer": ["a", "b"], "wann": ["2024-03-01", "2024-03-02"], "betrag": ["1,50", "2,25"]})
    assert mapping["ordered_at"] == ("wann", "content")
    assert mapping["net_amount"] == ("betrag", "content")


def test_a_map_overrules_and_completes(tmp_path):
    path = tmp_path / "map.toml"
    path.write_text(
        '[columns]\ncustomer_id = "Who"\nunit_price = ""\n[options]\ncurrency = "EUR"\nas_of = 2024-03-09\n'
    )
    mapping, orders = found(
        {
            "who": ["x", "y"],
            "customer": ["a", "b"],
            "date": DATES,
            "price": [9, 9],
            "quantity": [2, 2],
            "amount": [1, 2],
        },
        map_file=path,
    )
    assert mapping["customer_id"] == ("who", "map")
    assert "unit_price" not in mapping
    assert (orders.currency, orders.as_of) == ("EUR", dt.date(2024, 3, 9))


def test_the_mapping_found_is_a_map(tmp_path):
    frame = {"客户": ["a", "b"], "日期": DATES, '金 "额"': [1.5, 2]}
    _, orders = found(frame)
    path = tmp_path / "map.toml"
    path.write_text(orders.mapping_toml(), encoding="utf-8")
    mapping, again = found(frame, map_file=path)
    assert {column for column, _ in mapping.values()} == set(frame)
    assert amounts(again) == amounts(orders)


def test_rates_come_from_the_map(tmp_path):
    path = tmp_path / "map.toml"
    path.write_text('[options]\ncurrency = "CNY"\n[rates]\nUSD = 7.2\n')
    frame = {"customer": ["a", "b"], "date": DATES, "amount": [10, 10], "ccy": ["cny", "USD"]}
    _, orders = found(frame, map_file=path)
    assert amounts(orders) == [Decimal("10.0000"), Decimal("72.0000")]
    with pytest.raises(InputError, match="no rate for EUR"):
        found({**frame, "ccy": ["USD", "EUR"]}, map_file=path)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[columns]\nwho = 'a'", "unknown name who"),
        ("[columns", "not TOML"),
        ("[columns]\ncustomer_id = 3", "takes names"),
        ("[columns]\ncustomer_id = 'buyer'", "no column 'buyer'"),
        ("[rates]\nUSD = 'much'", "takes numbers"),
    ],
)
def test_a_wrong_map_is_refused(tmp_path, text, said):
    path = tmp_path / "map.toml"
    path.write_text(text)
    with pytest.raises(InputError, match=said) as refused:
        found({"customer": ["a", "b"], "date": DATES, "amount": [1, 2]}, map_file=path)
    assert "map.toml" in refused.value.message("en")


def test_an_absent_map_is_refused(tmp_path):
    with pytest.raises(InputError, match="--map"):
        found({"customer": ["a", "b"], "date": DATES, "amount": [1, 2]}, map_file=tmp_path / "no.toml")


@pytest.mark.parametrize(
    "wrong",
    [{"timezone": "Mars/Olympus"}, {"date_order": "dym"}, {"max_rejected": 2}],
    ids=["timezone", "order", "share"],
)
def test_wrong_options_are_refused(wrong):
    with pytest.raises(InputError):
        ingest.ReadOptions(**wrong)


def test_a_discount_that_is_not_taken_off_is_said():
    frame = {"customer": ["a", "b"], "date": DATES, "quantity": [1, 2], "price": [1, 2], "Discount": [0.1, 0]}
    _, orders = found(frame)
    assert any("Discount" in note.en for note in orders.notes)
