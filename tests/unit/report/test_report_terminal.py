"""The summary in the terminal: aligned, short, safe."""

from __future__ import annotations

from typing import Any

import pytest

from regulars.report import terminal_summary
from regulars.report.monospace import display_width, fit, pad, wrap


def test_wide_characters_take_two_columns() -> None:
    assert display_width("熟客 ok") == 7
    assert display_width("e\u0301") == 1
    assert pad("客", 4) == "客  "
    assert pad("客", 4, right=True) == "  客"
    assert fit("客客客", 4) == "客…"


FILES = [f"out/结果/{name}" for name in ("customer_value.parquet", "report.html", "rejected.csv", "model_card.json")]


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("width", [40, 80, 120])
def test_no_line_is_wider_than_the_terminal(lang: Any, width: int, figures: dict[str, Any]) -> None:
    lines = terminal_summary(figures, lang, width, files=FILES).splitlines()
    assert max(map(display_width, lines)) <= width
    assert 20 <= len(lines) <= 42 + 16 * (width < 80)


def test_the_folder_is_named_once(figures: dict[str, Any]) -> None:
    text = terminal_summary(figures, "en", 120, files=FILES)
    assert "→ out/结果: customer_value.parquet, report.html, rejected.csv, model_card.json" in text
    assert "→ report.html" in terminal_summary(figures, "en", 120, files=["report.html"])
    assert "→ b/y" in terminal_summary(figures, "en", 120, files=["a/x", "b/y"])


def test_sentences_wrap_between_words_and_after_stops() -> None:
    assert wrap("one two three", 9) == ["  one two", "  three"]
    assert wrap("你好，世界。", 8) == ["  你好，", "  世界。"]
    assert all(not line.strip().startswith(("，", "。")) for line in wrap("留出期里，预测少了 25%；可能同样偏。", 14))


def test_class_columns_line_up_in_chinese(figures: dict[str, Any]) -> None:
    lines = terminal_summary(figures, "zh", 100).splitlines()
    at = next(i for i, line in enumerate(lines) if "Ⅳ" in line)
    ends = {display_width(line[: line.index("%") + 1]) for line in lines[at : at + 4]}
    assert len(ends) == 1


def test_headline_values_come_with_their_doubt(figures: dict[str, Any]) -> None:
    text = terminal_summary(figures, "en", 100)
    assert "90% in ¥16.9M – ¥18.8M" in text
    assert "90% in 5,190 – 5,440" in text
    assert "10,051 lines were left out" in text
    assert "report.html" in text


def test_what_is_missing_is_said(thin: dict[str, Any]) -> None:
    text = terminal_summary(thin, "en", 100)
    assert "Not enough data  No customer has bought a second time." in text
    assert "None" not in text


def test_names_cannot_steer_the_terminal(figures: dict[str, Any]) -> None:
    figures["contact"][0]["customer_id"] = "\x1b]0;owned\x07\x1b[2J\nx"
    figures["contact"][0]["why"] = {"zh": "\x1b[31m", "en": "\x1b[31m"}
    figures["meta"]["source"] = "a\x1b[5mb"
    assert "\x1b" not in terminal_summary(figures, "en", 100)


def test_colour_only_where_asked_for(figures: dict[str, Any]) -> None:
    assert "\x1b[1m" in terminal_summary(figures, "en", 100, color=True)
    assert "\x1b" not in terminal_summary(figures, "en", 100, color=False)


def test_whom_to_contact_comes_with_what_is_at_stake_the_chance_why_and_what(figures: dict[str, Any]) -> None:
    lines = terminal_summary(figures, "en", 120).splitlines()
    at = lines.index("Contact these first")
    assert lines[at + 1].split() == ["Customer", "At", "stake", "P(alive)", "Why"]
    assert lines[at + 2].endswith("¥86.4k       71%  No order for 31 days; usually one every 10.")
    assert lines[at + 3] == "    → Call, ask how things are, agree the date and size of the next order."
    chinese = terminal_summary(figures, "zh", 120)
    assert "活跃概率  为什么" in chinese
    assert "→ 打电话问近况，确认下一单的时间和数量。" in chinese


def test_without_a_model_no_column_of_chances_stands_empty(figures: dict[str, Any]) -> None:
    for row in figures["contact"]:
        row["p_alive"] = None
    figures["contact_note"] = {"zh": "还估不出未来价值。", "en": "No future value yet."}
    text = terminal_summary(figures, "en", 100)
    assert "P(alive)  Why" not in text
    assert "  No future value yet." in text


def test_nobody_to_contact_is_said(figures: dict[str, Any]) -> None:
    figures["contact"] = []
    figures["contact_note"] = {"zh": "没有人晚得反常。", "en": "Nobody is unusually late."}
    assert "Contact these first\n  Nobody is unusually late." in terminal_summary(figures, "en", 100)


def test_what_has_to_be_decided_stands_under_the_headline_in_full(figures: dict[str, Any]) -> None:
    said = "Column amount looks like the order's total repeated on each of its lines. " * 3
    figures["asks"] = [{"zh": "列 amount 像是整单的总额。", "en": said}]
    lines = terminal_summary(figures, "en", 60).splitlines()
    at = lines.index("Decide this first")
    assert lines[at - 2].startswith("  Value at risk")
    assert " ".join(line.strip() for line in lines[at + 1 : at + 6]).startswith(said.strip())
    assert "先定下这件事" in terminal_summary(figures, "zh", 60)


def test_the_columns_found_are_shown(figures: dict[str, Any]) -> None:
    figures["mapping"] = [{"canonical": "customer_id", "column": "客户\x1b编号", "how": "name"}]
    assert "Columns found: Customer ← 客户 编号" in terminal_summary(figures, "en", 100)


def test_an_interval_of_one_point_is_not_shown(figures: dict[str, Any]) -> None:
    figures["totals"]["still_buying"] = {"value": 4324.2, "low": 4324.0, "high": 4324.4}
    assert "4,324 – 4,324" not in terminal_summary(figures, "en", 100)
