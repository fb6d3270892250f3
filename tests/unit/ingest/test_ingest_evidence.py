"""What names leave open and numbers tell: whose cost a cost is, whether an amount is the order's, which currency."""

import datetime as dt
from decimal import Decimal

import polars as pl
import pytest

from regulars import engine, ingest
from regulars.errors import InputError
from regulars.words import Ask

DAY = dt.date(2024, 3, 1)
PRODUCTS = {"tea": (12.5, 7), "pot": (80, 52), "cup": (9, 3.2), "tray": (33, 20)}


def read(frame, **options):
    return ingest.read_orders(pl.DataFrame(frame), options=ingest.ReadOptions(**options))


def mapped(orders):
    return {m["canonical"]: m["column"] for m in orders.mapping}


def asked(orders):
    return [note for note in orders.notes if isinstance(note, Ask)]


def total(orders, column):
    return sum(engine.to_arrow(orders.lines.select(column))[column].to_pylist())


def basket(cost, n=40, **columns):
    """Lines of four products in several quantities; `cost` is reckoned from quantity and the cost of one piece."""
    rows = [(i, *list(PRODUCTS.items())[i % 4], 1 + (i * 7) % 5) for i in range(n)]
    frame = {
        "customer": [f"c{i % 9}" for i, *_ in rows],
        "order_id": [f"o{i // 2}" for i, *_ in rows],
        "date": [DAY + dt.timedelta(days=i) for i, *_ in rows],
        "product_id": [name for _, name, *_ in rows],
        "quantity": [q for *_, q in rows],
        "unit_price": [float(price) for _, _, (price, _), _ in rows],
        "cost": [float(cost(q, each)) for _, _, (_, each), q in rows],
    }
    return frame | columns


UNIT = basket(lambda q, each: each)
LINE = basket(lambda q, each: q * each)


@pytest.mark.parametrize("header", ["cost", "成本", "商品成本", "Cost (EUR)"])
def test_a_bare_cost_is_told_from_how_it_grows_with_the_quantity(header):
    costs = []
    for frame, canonical, words in ((UNIT, "unit_cost", "one piece"), (LINE, "cost_amount", "whole line")):
        orders = read({(header if name == "cost" else name): cells for name, cells in frame.items()})
        assert mapped(orders)[canonical] == header
        assert [words in note.en and header in note.en for note in orders.notes].count(True) == 1
        assert asked(orders) == []
        costs.append(total(orders, "cost_amount"))
    assert costs[0] == costs[1]


def test_it_is_told_without_products_and_with_prices_that_only_the_amount_shows():
    for frame, canonical in ((UNIT, "unit_cost"), (LINE, "cost_amount")):
        amounts = [q * p for q, p in zip(frame["quantity"], frame["unit_price"], strict=True)]
        bare = {k: v for k, v in frame.items() if k not in ("product_id", "unit_price", "order_id")}
        assert canonical in mapped(read(bare | {"amount": amounts}))


def test_texts_tell_as_well_as_numbers():
    texts = {k: [f"￥{v:.2f}" for v in UNIT[k]] for k in ("unit_price", "cost")}
    assert mapped(read(UNIT | texts))["unit_cost"] == "cost"


def test_where_nothing_tells_the_line_is_taken_and_the_user_asked():
    few = {name: cells[:6] for name, cells in UNIT.items()}
    orders = read(few)
    assert mapped(orders)["cost_amount"] == "cost"
    assert "map unit_cost" in asked(orders)[0].en
    assert orders.notes[0] is asked(orders)[0]


def test_where_every_quantity_is_one_there_is_nothing_to_ask():
    orders = read(UNIT | {"quantity": [1] * 40})
    assert asked(orders) == []
    assert not any("cost" in note.en for note in orders.notes)


@pytest.mark.parametrize("name", ["unit_cost", "cost_amount"])
def test_a_map_settles_it(tmp_path, name):
    path = tmp_path / "map.toml"
    path.write_text(f'[columns]\n{name} = "cost"\n')
    for frame in (UNIT, LINE):
        orders = read(frame, map_file=path)
        assert mapped(orders)[name] == "cost"
        assert asked(orders) == []


@pytest.mark.parametrize("header", ["total cost", "成本价"])
def test_a_name_that_says_it_is_believed(header):
    orders = read({(header if k == "cost" else k): v for k, v in UNIT.items()})
    assert {"total cost": "cost_amount", "成本价": "unit_cost"}[header] in mapped(orders)


def repeated(**columns):
    """Orders of two lines whose amount is the whole order's."""
    frame = dict(UNIT)
    worth = [q * p for q, p in zip(frame["quantity"], frame["unit_price"], strict=True)]
    frame["amount"] = [worth[i - i % 2] + worth[i - i % 2 + 1] for i in range(40)]
    return frame | columns


def test_an_orders_total_on_each_line_is_asked_about():
    orders = read(repeated())
    [question] = asked(orders)
    assert orders.notes[0] is question
    assert "20 of 20 orders" in question.en
    assert "such as o0" in question.en
    assert 'net_amount = ""' in question.en
    assert 'net_amount = ""' in question.zh
    assert "20 张多行订单里有 20 张" in question.zh


def test_the_remedy_it_names_gives_the_true_total(tmp_path):
    path = tmp_path / "map.toml"
    path.write_text('[columns]\nnet_amount = ""\n')
    orders = read(repeated(), map_file=path)
    assert asked(orders) == []
    assert float(total(orders, "net_amount")) == sum(
        q * p for q, p in zip(UNIT["quantity"], UNIT["unit_price"], strict=True)
    )


def test_it_is_seen_without_prices_and_then_the_remedy_is_another():
    frame = {k: v for k, v in repeated().items() if k != "unit_price"}
    [question] = asked(read(frame))
    assert "each line's own amount" in question.en


OWN = {
    "each line its own amount": {"amount": [q * p for q, p in zip(UNIT["quantity"], UNIT["unit_price"], strict=True)]},
    "everything costs the same": {"amount": [9.9] * 40, "quantity": [1] * 40, "unit_price": [9.9] * 40},
    "one line an order": {"order_id": [f"o{i}" for i in range(40)]},
    "no orders": {"order_id": [None] * 40},
}


@pytest.mark.parametrize("columns", OWN.values(), ids=list(OWN))
def test_amounts_that_are_each_lines_own_are_not_asked_about(columns):
    assert asked(read(repeated(**columns))) == []


def signed(pattern, **columns):
    frame = {"customer": ["a", "b", "a"], "date": [DAY] * 3, "amount": [pattern.format(n) for n in (12.5, 3, 0.5)]}
    return frame | columns


@pytest.mark.parametrize(
    ("pattern", "lang", "currency"),
    [
        ("￥{}", "en", "CNY"), ("¥{}", "zh", "CNY"), ("{}元", "en", "CNY"), ("{} €", "en", "EUR"), ("£{}", "zh", "GBP"),
        ("${}", "en", "USD"), ("EUR {}", "en", "EUR"), ("RMB {}", "en", "CNY"), ("¥{}", "en", None),
    ],
)  # fmt: skip
def test_the_sign_before_every_amount_says_the_currency(pattern, lang, currency):
    orders = read(signed(pattern), lang=lang)
    assert orders.currency == currency
    assert any("Every amount carries" in note.en for note in orders.notes)
    assert bool(asked(orders)) == (currency is None)


def test_a_half_width_yen_sign_is_yuan_under_chinese_headers_and_open_under_others():
    chinese = {"客户": ["a", "b"], "下单日期": [DAY] * 2, "金额": ["¥1", "¥2"]}
    assert read(chinese).currency == "CNY"
    japanese = {"お客様": ["a", "b"], "date": [DAY] * 2, "amount": ["¥1", "¥2"], "customer": [1, 2]}
    [question] = asked(read(japanese))
    assert "--currency JPY" in question.en
    assert read(japanese, currency="JPY").currency == "JPY"
    assert asked(read(japanese, currency="JPY")) == []


def test_what_the_user_says_wins_and_the_sign_is_mentioned():
    orders = read(signed("${}"), currency="CAD")
    assert orders.currency == "CAD"
    assert any("labelled CAD as you say" in note.en for note in orders.notes)


@pytest.mark.parametrize("amounts", [["$1", "2", "3"], ["1", "2", "3"], ["$0", "2", "0"]])
def test_no_currency_is_guessed_where_an_amount_has_no_sign(amounts):
    orders = read(signed("{}", amount=amounts))
    assert orders.currency is None
    assert not any("carries" in note.en for note in orders.notes)


@pytest.mark.parametrize("deep", [2, 25_000])
def test_signs_of_two_currencies_are_refused_wherever_they_stand(deep):
    frame = {"customer": ["a"] * (deep + 1), "date": [DAY] * (deep + 1), "amount": ["$1"] * deep + ["€2"]}
    with pytest.raises(InputError, match=r"several currencies \(\$, €\)"):
        read(frame)
    assert read(frame, currency="USD").currency == "USD"


def test_a_zero_needs_no_sign_and_a_currency_column_goes_first():
    assert read(signed("￥{}", amount=["￥2", "0", "￥3"])).currency == "CNY"
    orders = read(signed("￥{}", currency=["rmb"] * 3))
    assert orders.currency == "CNY"
    assert not any("carries" in note.en for note in orders.notes)


def test_amounts_with_signs_are_still_exact():
    assert total(read(signed("￥{}")), "net_amount") == Decimal("16.0000")
