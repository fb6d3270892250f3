"""Every sentence a user meets exists in Chinese and in English, and says the same."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "regulars"
HAN = re.compile(r"[\u4e00-\u9fff]")
PLACEHOLDER = re.compile(r"\{(\w*)[^{}]*\}")


def literal(node: ast.expr | None) -> str | None:
    """The text of a literal, with `{}` for what an f-string fills in; None for anything computed."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        parts = [part.value if isinstance(part, ast.Constant) else "{}" for part in node.values]
        return "".join(str(part) for part in parts)
    return None


@cache
def texts() -> list[tuple[str, str | None, str | None]]:
    """Place, Chinese and English of every `T(…)` in the source."""
    found = []
    for path in sorted(SOURCE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "T":
                named = {word.arg: word.value for word in node.keywords}
                positional = dict(zip(("zh", "en"), node.args, strict=False))
                both = positional | named
                place = f"{path.relative_to(ROOT).as_posix()}:{node.lineno}"
                found.append((place, literal(both.get("zh")), literal(both.get("en"))))
    return found


def is_name(text: str) -> bool:
    """A name, a sign or a number needs no translation: no two words in a row."""
    return len(re.findall(r"[A-Za-z]{2,}", PLACEHOLDER.sub("", text))) <= 1


def test_the_product_speaks():
    assert len(texts()) > 10


def test_no_language_is_left_empty():
    """Both may be: nothing to say is a text, too."""
    one_sided = [place for place, zh, en in texts() if None not in (zh, en) and bool(zh.strip()) != bool(en.strip())]
    assert one_sided == []


def test_chinese_is_chinese_and_english_is_not():
    assert [place for place, zh, en in texts() if zh and not HAN.search(zh) and not is_name(zh)] == []
    assert [place for place, _, en in texts() if en and HAN.search(en.replace("中文", ""))] == []


def test_both_languages_fill_in_the_same_values():
    """One may use fewer of them (a plural ending, a total that goes without saying), none may invent its own."""
    unlike = []
    for place, zh, en in texts():
        if zh and en and "{}" not in zh + en:
            chinese, english = set(PLACEHOLDER.findall(zh)), set(PLACEHOLDER.findall(en))
            unlike += [] if chinese <= english or english <= chinese else [place]
    assert unlike == []


@pytest.mark.parametrize("unwanted", ["您", "！", "!", "亲爱的", "请您"])
def test_the_tone_is_plain(unwanted):
    assert [place for place, zh, _ in texts() if zh and unwanted in zh] == []


def test_chinese_punctuation_is_full_width():
    """Outside of quotation marks: a piece of a file is quoted as it is."""
    assert [
        place for place, zh, _ in texts() if zh and re.search(r"[\u4e00-\u9fff][,;?]", re.sub("“.*?”", "", zh))
    ] == []
