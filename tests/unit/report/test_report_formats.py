"""Numbers, dates and identifiers as people read them."""

from __future__ import annotations

import math

import pytest

from regulars.report import formats
from regulars.report.formats import between, clipped, day, full, integer, known, month, number, percent, span, words
from regulars.words import T


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [(1234.5, 1, "1,234.5"), (-3.14159, 2, "−3.14"), (-0.001, 2, "0.00"), (None, 2, "–"), (math.nan, 2, "–")],
)
def test_a_number_has_separators_and_a_true_minus(value: float | None, digits: int, text: str) -> None:
    assert number(value, digits) == text


def test_signs_are_shown_where_asked_for() -> None:
    assert percent(0.009, sign=True) == "+0.9%"
    assert percent(-0.078, sign=True) == "−7.8%"
    assert percent(0.0, sign=True) == "0.0%"


def test_the_minus_of_money_stands_before_the_currency() -> None:
    assert full(-1234.5, "GBP") == "−£1,234"
    assert full(12, None) == "12"
    assert full(1.5, "CHF", 2) == "CHF 1.50"


def test_an_interval_says_its_certainty_in_both_languages() -> None:
    said = between(360_000, 470_000, "CNY")
    assert said == T(zh="90% 在 ¥36.0 万 – ¥47.0 万", en="90% in ¥360k – ¥470k")


def test_dates_read_as_each_language_writes_them() -> None:
    assert day("2026-07-02") == T(zh="2026年7月2日", en="2 Jul 2026")
    assert month("2026-07") == T(zh="2026年7月", en="Jul 2026")
    assert day("soon").en == "soon"
    assert day(None).en == "–"
    assert month("2026").en == "2026"


def test_a_horizon_is_in_weeks_only_where_it_is_whole_weeks() -> None:
    assert span(364).en == "52 weeks"
    assert span(365).zh == "365 天"


def test_little_money_is_not_none() -> None:
    assert formats.amount(0.3, "GBP").en == "<£1"
    assert formats.amount(0.0, "GBP").en == "£0"
    assert formats.amount(-0.3, None).zh == "0"


def test_no_probability_is_said_to_be_certain() -> None:
    assert [formats.chance(p) for p in (0.0, 0.004, 0.31, 0.994, 0.999, 1.0, None)] == [
        "<1%", "<1%", "31%", "99%", ">99%", ">99%", "–",
    ]  # fmt: skip


def test_long_or_strange_identifiers_are_cut_and_made_printable() -> None:
    assert clipped("x" * 500, 10) == "xxxxxxxxx…"
    assert clipped("a\x1b[31m\nb\u202eb") == "a [31m b b"
    assert clipped(12345) == "12345"
    assert clipped(None) == ""


def test_texts_may_be_in_one_language_only() -> None:
    assert words({"zh": "好"}) == T(zh="好", en="好")
    assert words("last year") == T(zh="last year", en="last year")
    assert words(None) == T(zh="", en="")


def test_what_is_not_known() -> None:
    assert not known(None)
    assert not known(math.inf)
    assert known(0)
    assert integer(1_234_567) == "1,234,567"
    assert formats.symbol("USD") == "$"
