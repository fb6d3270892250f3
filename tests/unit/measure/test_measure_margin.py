"""Margin rates as a user states them."""

from decimal import Decimal

import pytest

from regulars.errors import InputError
from regulars.measure.margin import Margin


@pytest.mark.parametrize(
    ("text", "rate"),
    [("0.35", "0.35"), ("35%", "0.35"), ("35 ％", "0.35"), (0.35, "0.35"), ("-0.1", "-0.1"), ("1", "1")],
)
def test_one_rate(text, rate):
    assert Margin.read(text) == Margin(Decimal(rate))


@pytest.mark.parametrize("text", ["35", "1.01", "nan", "inf", "-11", "350%"])
def test_an_impossible_rate_is_refused_with_the_remedy(text):
    with pytest.raises(InputError, match=r"0\.35 means 35%"):
        Margin.read(text)


@pytest.mark.parametrize("text", ["a third", "no_such_file.toml", ""])
def test_what_is_neither_rate_nor_file_says_so(text):
    with pytest.raises(InputError, match="neither a margin rate nor a readable file"):
        Margin.read(text)


@pytest.mark.parametrize(
    "content", ["\"茶\" = 0.5\ncups = '20%'\n'*' = 0.3\n", '[margin]\n"茶" = 0.5\ncups = 0.2\ndefault = 0.3\n']
)
def test_a_toml_file(tmp_path, content):
    path = tmp_path / "margin.toml"
    path.write_text(content, encoding="utf-8")
    assert Margin.read(str(path)) == Margin(Decimal("0.3"), {"茶": Decimal("0.5"), "cups": Decimal("0.2")})


@pytest.mark.parametrize(
    "content", ["category,margin\n茶,0.5\n\ncups,20%\n", "\ufeff茶;0.5\ncups;0.2\n", "茶\t0.5\ncups\t0.2"]
)
def test_a_csv_file_with_and_without_header(tmp_path, content):
    path = tmp_path / "margin.csv"
    path.write_text(content, encoding="utf-8")
    assert Margin.read(path) == Margin(None, {"茶": Decimal("0.5"), "cups": Decimal("0.2")})


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("m.csv", "tea,0.5\ncups,cheap\n", "m.csv:2: cannot read the margin rate of 'cups': cheap"),
        ("m.csv", "tea,0.5\ntea,0.4\n", "m.csv:2: 'tea' stands twice"),
        ("m.csv", "tea,7\n", "m.csv:1: a margin rate cannot be 7"),
        ("m.csv", "tea\n", "m.csv:1: there is no rate"),
        ("m.csv", "category,margin\n", "the file has no margin rate"),
        ("m.toml", "tea = true\n", "cannot read the margin rate of 'tea'"),
        ("m.toml", "茶 = 0.5\n", "Quote the names"),
    ],
)
def test_a_bad_file_names_the_place(tmp_path, name, content, says):
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    with pytest.raises(InputError) as raised:
        Margin.read(path)
    assert says in raised.value.message("en")
    assert raised.value.message("zh")
