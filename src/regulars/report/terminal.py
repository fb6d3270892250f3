"""What the terminal says when a valuation is done: some 25 lines, aligned whatever the script's width."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from pathlib import PurePath
from typing import Any

from regulars.report import sentences
from regulars.report.formats import amount, between, clipped, integer, known, percent, words
from regulars.report.sentences import Figures
from regulars.report.wording import (
    AT_RISK,
    BASIS_HEAD,
    CLASS,
    CLASSES,
    CURRENT,
    CUSTOMERS,
    FUTURE,
    NOT_ENOUGH,
    NOW_LATER,
    SECTIONS,
    SHARE,
    STILL_BUYING,
)
from regulars.words import Lang, T

# A wide character or a word, each with the stops that may not begin a line.
_PIECES = re.compile(
    r"[\u2e80-\u9fff\uff00-\uffef][，。；：、！？”）》]*|[^\s\u2e80-\u9fff\uff00-\uffef]+[，。；：、！？”）》]*\s*|\s+"
)
BOLD, FAINT, OFF = "\x1b[1m", "\x1b[2m", "\x1b[0m"


def display_width(text: str) -> int:
    """Return the columns that a text takes in a terminal: wide characters two, combining ones none.

    Examples
    --------
    >>> display_width("熟客 ok")
    7
    """
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def fit(text: str, width: int) -> str:
    """Return the text cut to `width` columns, with an ellipsis where longer; control characters become spaces."""
    text = clipped(text, 10_000)
    if display_width(text) <= width:
        return text
    kept, used = [], 0
    for c in text:
        used += display_width(c)
        if used > width - 1:
            break
        kept.append(c)
    return "".join(kept) + "…"


def pad(text: str, width: int, *, right: bool = False) -> str:
    """Return the text filled with spaces to `width` columns, cut where it is longer."""
    text = fit(text, width)
    space = " " * (width - display_width(text))
    return space + text if right else text + space


def wrap(text: str, width: int, *, indent: int = 2) -> list[str]:
    """Return the text in lines of `width` columns; Latin words stay whole, Chinese breaks anywhere."""
    lines, line = [], ""
    for piece in _PIECES.findall(clipped(text, 10_000)):
        if line and display_width(line + piece.rstrip()) > width - indent:
            lines.append(line.rstrip())
            line = ""
        line += piece if line else piece.lstrip()
    return [fit(" " * indent + part, width) for part in [*lines, line.rstrip()] if part]


def _written(files: Sequence[str], width: int) -> list[str]:
    """Return the files written: their folder once, then their names."""
    folders = {str(PurePath(f).parent) for f in files}
    if len(folders) != 1:
        return [line for f in files for line in wrap(f"→ {f}", width, indent=0)]
    folder = folders.pop()
    return wrap(
        f"→ {'' if folder == '.' else folder + ': '}{', '.join(PurePath(f).name for f in files)}", width, indent=0
    )


def terminal_summary(
    figures: Figures, lang: Lang = "zh", width: int = 100, color: bool = False, files: Sequence[str] = ()
) -> str:
    """Return the summary of one valuation for a terminal.

    Parameters
    ----------
    figures
        What the valuation reckoned.
    lang
        The language of the text.
    width
        Columns of the terminal; lines are cut to it, 40 at least.
    color
        Whether bold and faint are marked with escape codes.
    files
        Names of the files written, shown at the end.
    """
    width = max(40, width)
    ink = _Ink(color)
    blocks = [
        [
            ink.bold(fit(sentences.title(figures)[lang], width)),
            *(ink.faint(line) for line in _facts(figures, lang, width)),
        ],
        _headline(figures, lang, width),
        _classes(figures, lang, width, ink),
        _contact(figures, lang, width, ink),
        _end(figures, lang, width, ink),
        [ink.faint(line) for line in _written(files, width)],
    ]
    return "\n\n".join("\n".join(block) for block in blocks if block) + "\n"


class _Ink:
    def __init__(self, color: bool) -> None:
        self.color = color

    def bold(self, text: str) -> str:
        return f"{BOLD}{text}{OFF}" if self.color else text

    def faint(self, text: str) -> str:
        return f"{FAINT}{text}{OFF}" if self.color else text


def _facts(figures: Figures, lang: Lang, width: int) -> list[str]:
    """Return what was valued, whole facts to a line."""
    lines: list[str] = []
    for fact in (clipped(f[lang], 120) for f in sentences.facts(figures)):
        longer = f"{lines[-1]} · {fact}" if lines else ""
        if longer and display_width(longer) <= width:
            lines[-1] = longer
        else:
            lines.append(fit(fact, width))
    return lines


def _headline(figures: Figures, lang: Lang, width: int) -> list[str]:
    totals, currency = figures["totals"], figures["meta"].get("currency")
    basis = BASIS_HEAD.get(str(figures["meta"].get("basis")), BASIS_HEAD["revenue"])
    why = words(figures["not_enough"])[lang] if figures.get("not_enough") else ""
    none = NOT_ENOUGH[lang]
    rows = [
        (
            CURRENT,
            amount(totals.get("current_value"), currency)[lang],
            T(zh="近 12 个月{v}", en="{v}, 12 months").format(v=basis)[lang],
        )
    ]
    future, still, risk = (totals.get(k) or {} for k in ("future_value", "still_buying", "value_at_risk"))
    rows.append(
        (
            FUTURE,
            amount(future["value"], currency)[lang],
            between(future.get("low"), future.get("high"), currency)[lang] if known(future.get("low")) else "",
        )
        if known(future.get("value"))
        else (FUTURE, none, why)
    )
    interval = T(zh="活跃概率合计，90% 在 {a} – {b}", en="sum of P(alive), 90% in {a} – {b}").format(
        a=integer(still.get("low")), b=integer(still.get("high"))
    )
    summed = interval if known(still.get("low")) else T(zh="活跃概率合计", en="sum of P(alive)")
    rows.append(
        (STILL_BUYING, integer(still["value"]), summed[lang]) if known(still.get("value")) else (STILL_BUYING, none, "")
    )
    count = (
        T(zh="晚得反常的 {n} 位", en="{n} customers unusually late").format(n=integer(risk.get("n")))[lang]
        if known(risk.get("n"))
        else ""
    )
    rows.append(
        (AT_RISK, amount(risk["value"], currency)[lang], count) if known(risk.get("value")) else (AT_RISK, none, "")
    )
    left, middle = max(display_width(r[0][lang]) for r in rows), max(display_width(r[1]) for r in rows)
    return [
        fit(f"  {pad(label[lang], left)}  {pad(value, middle, right=True)}  {about}".rstrip(), width)
        for label, value, about in rows
    ]


def _classes(figures: Figures, lang: Lang, width: int, ink: _Ink) -> list[str]:
    rows: dict[str, Mapping[str, Any]] = {r["key"]: r for r in figures.get("pyramid") or []}
    currency = figures["meta"].get("currency")
    if not any(r["n"] for r in rows.values()):
        return []
    cells = [[CLASS[lang], CUSTOMERS[lang], SHARE[lang], NOW_LATER[lang], SHARE[lang], ""]]
    for key in (k for k in CLASSES if k in rows):
        r = rows[key]
        treated = words(r["strategy"])[lang] if r.get("strategy") else NOT_ENOUGH[lang]
        value = amount(r.get("profit"), currency)[lang] if known(r.get("profit")) else NOT_ENOUGH[lang]
        cells.append(
            [
                sentences.class_name(key)[lang],
                integer(r["n"]),
                percent(r.get("share_n")),
                value,
                percent(r.get("share_profit")),
                treated,
            ]
        )
    sizes = [max(display_width(row[i]) for row in cells) for i in range(5)]
    lines = [
        fit(
            "  "
            + "  ".join(
                [
                    pad(row[0], sizes[0]),
                    *(pad(c, s, right=True) for c, s in zip(row[1:5], sizes[1:], strict=True)),
                    row[5],
                ]
            ).rstrip(),
            width,
        )
        for row in cells
    ]
    return [ink.faint(lines[0]), *lines[1:]]


def _contact(figures: Figures, lang: Lang, width: int, ink: _Ink) -> list[str]:
    rows, currency = list(figures.get("contact") or []), figures["meta"].get("currency")
    if not rows:
        return []
    names = [clipped(r["customer_id"], 40) for r in rows[:5]]
    stakes = [amount(r.get("at_stake"), currency)[lang] for r in rows[:5]]
    left, right = min(28, max(map(display_width, names))), max(map(display_width, stakes))
    lines = [ink.bold(SECTIONS["contact"][lang])]
    for name, stake, row in zip(names, stakes, rows, strict=False):
        lines.append(
            fit(
                f"  {pad(name, left)}  {pad(stake, right, right=True)}  {clipped(words(row.get('why'))[lang], 200)}",
                width,
            )
        )
    more = len(rows) - 5
    if more > 0:
        lines.append(
            ink.faint("  " + T(zh="另有 {n} 位，见 report.html", en="{n} more in report.html").format(n=more)[lang])
        )
    return lines


def _end(figures: Figures, lang: Lang, width: int, ink: _Ink) -> list[str]:
    lines = [fit(sentences.left_out(figures)[lang], width)]
    if figures.get("left_out"):
        worst = sorted((r for r in figures["left_out"] if r["rows"]), key=lambda r: -r["rows"])
        named = [f"{words(r['text'])[lang]} {integer(r['rows'])}" for r in worst[:3]]
        others = sum(r["rows"] for r in worst[3:])
        if others:
            named.append(f"{T(zh='其他', en='others')[lang]} {integer(others)}")
        lines.append(fit("  " + " · ".join(named), width))
    weak = [words(p)[lang] for p in figures.get("weak") or []][:2]
    if weak:
        lines += [ink.bold(SECTIONS["weak"][lang]), *(line for p in weak for line in wrap(p, width)[:2])]
    return lines
