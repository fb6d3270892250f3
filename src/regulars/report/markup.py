"""HTML from Python values: everything that is not `Html` is escaped, so a customer's name can never become markup."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from html import escape
from typing import Any

from regulars.words import Lang, T

VOID = frozenset({"br", "circle", "col", "input", "line", "link", "meta", "path", "rect"})


class Html(str):
    """Markup that is safe as it stands; a plain `str` is text and will be escaped."""

    __slots__ = ()


Node = Html | str | int | T | None


def join(parts: Iterable[Html]) -> Html:
    """Return the parts one after the other."""
    return Html("".join(parts))


def json_block(value: Any) -> str:
    """Return JSON that is safe inside a `script` element: no `<`, `>`, `&`, no line separators, no lone surrogates."""
    raw = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False, default=_plain)
    for bad, good in (
        ("<", "\\u003c"),
        (">", "\\u003e"),
        ("&", "\\u0026"),
        ("\u2028", "\\u2028"),
        ("\u2029", "\\u2029"),
    ):
        raw = raw.replace(bad, good)
    return raw.encode("utf-8", "replace").decode("utf-8")


def _plain(value: Any) -> float | str:
    return float(value) if isinstance(value, Decimal) else str(value)


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes elements whose texts carry both languages; `lang` is the one shown first."""

    lang: Lang

    def tag(self, name: str, /, *children: Node, **attributes: str | int | bool | T | None) -> Html:
        """Return one element. `class_` means `class`, other underscores are hyphens; None and False are left out."""
        opening = "".join(self._attribute(key, value) for key, value in attributes.items())
        if name in VOID:
            return Html(f"<{name}{opening}>")
        return Html(f"<{name}{opening}>{''.join(self.node(child) for child in children)}</{name}>")

    def node(self, child: Node) -> Html:
        """Return a child as markup: `Html` as it is, a `T` as a span that can be switched, the rest escaped."""
        if child is None:
            return Html("")
        if isinstance(child, Html):
            return child
        if isinstance(child, T):
            return self.text(child)
        return Html(escape(str(child)))

    def text(self, words: T) -> Html:
        """Return a span that the language switch can turn."""
        if words.zh == words.en:
            return Html(escape(words.zh))
        zh, en = escape(words.zh), escape(words.en)
        return Html(f'<span data-zh="{zh}" data-en="{en}">{zh if self.lang == "zh" else en}</span>')

    def _attribute(self, key: str, value: str | int | bool | T | None) -> str:
        name = "class" if key == "class_" else key.rstrip("_").replace("_", "-")
        if value is None or value is False:
            return ""
        if value is True:
            return f" {name}"
        if isinstance(value, T):
            both = f' data-zh-{name}="{escape(value.zh)}" data-en-{name}="{escape(value.en)}"'
            return f' {name}="{escape(value[self.lang])}"{both}'
        return f' {name}="{escape(str(value))}"'
