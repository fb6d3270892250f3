"""Help and refusals of arguments, as a reader of either language meets them."""

import re
import unicodedata

import pytest

from regulars.cli.main import main

COMMANDS = ("value", "backtest", "demo")


def width(text):
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


@pytest.fixture
def helped(capsys):
    def go(*arguments):
        with pytest.raises(SystemExit) as left:
            main([*arguments])
        assert left.value.code == 0
        return capsys.readouterr().out

    return go


@pytest.mark.parametrize("command", COMMANDS)
def test_chinese_help_is_chinese_down_to_what_stands_for_a_value(helped, command):
    text = helped(command, "--help", "--lang", "zh")
    bare = re.sub(r"\{[^}]*\}|--?[a-z-]+|Excel|Parquet|CSV|JSON|TOML|UTC|ISO|CNY|Asia/Shanghai|MB|GB", "", text)
    assert re.findall(r"\b[A-Z]{2,}\b", bare) == []
    assert "--out 文件" in text
    assert "选项：\n" in text
    assert "用法：regulars" in text


def test_english_help_keeps_its_capitals(helped):
    text = helped("value", "--help", "--lang", "en")
    assert "--map FILE" in text
    assert "options:\n" in text


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_explanations_stand_below_each_other(helped, command, lang):
    text = helped(command, "--help", "--lang", lang)
    rows = re.findall(r"^(  -\S.*?\S {2,})\S", text, re.MULTILINE)
    assert len(rows) >= 5
    assert len({width(row) for row in rows}) == 1


@pytest.mark.parametrize(
    ("arguments", "lang", "said"),
    [
        (["backtest", "a.csv"], "en", "regulars: --split and --until are missing"),
        (["backtest", "a.csv"], "zh", "regulars: 还缺 --split 和 --until"),
        (["backtest", "a.csv", "--until", "2026-01-01"], "en", "regulars: --split is missing"),
        (["backtest"], "en", "regulars: ORDERS, --split and --until are missing"),
        (["backtest"], "zh", "regulars: 还缺 订单、--split 和 --until"),
        (["value"], "zh", "regulars: 还缺 订单"),
        (["value", "a.csv", "--lang"], "en", "regulars: --lang: takes a value"),
    ],
)
def test_what_is_missing_is_said_in_a_sentence(run, arguments, lang, said):
    ran = run(*arguments, *(["--lang", lang] if arguments[-1] != "--lang" else []))
    assert ran.code == 2
    assert ran.err.splitlines()[0] == said
