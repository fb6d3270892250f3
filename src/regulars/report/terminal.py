"""What the terminal says when a valuation is done: some 25 lines, aligned whatever the script's width."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import PurePath
from typing import Any

from regulars.report import sentences
from regulars.report.columns import title
from regulars.report.formats import amount, between, chance, clipped, integer, known, percent, words
from regulars.report.monospace import display_width, fit, pad, wrap
from regulars.report.sentences import Figures
from regulars.report.wording import (
    AT_RISK,
    AT_STAKE,
    BASIS_HEAD,
    CLASS,
    COLUMNS_FOUND,
    CURRENT,
    CUSTOMER,
    CUSTOMERS,
    DECIDE,
    FUTURE,
    NOT_ENOUGH,
    NOW_LATER,
    P_ALIVE,
    SECTIONS,
    SHARE,
    STILL_BUYING,
    WHY,
)
from regulars.segment import MATRIX_CLASSES
from regulars.words import Lang, T

LISTED = 5
BOLD, FAINT, OFF = "\x1b[1m", "\x1b[2m", "\x1b[0m"


def _written(files: Sequence[str], width: int) -> list[str]:
    """Return the files written: their folder once, then their names."""
    folders = {str(PurePath(f).parent) for f in files}
    if len(folders) != 1:
        return [line for f in files for line in wrap(f"→ {f}", width, indent=0)]
    folder = folders.pop()
    return wrap(
        f"→ {'' if folder == '.' else folder + ': '}{', '.join(PurePath(f).name for f in files)}", width, indent=0
    )


def _found(figures: Figures, lang: Lang, width: int) -> list[str]:
    """Return which column was taken for what."""
    rows = figures.get("mapping") or []
    colon = "：" if lang == "zh" else ": "
    said = " · ".join(f"{title(str(row['canonical']))[lang]} ← {clipped(row['column'], 40)}" for row in rows)
    return wrap(f"{COLUMNS_FOUND[lang]}{colon}{said}", width, indent=0) if said else []


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
        _given(figures, lang, width),
        _spending(figures, lang, width),
        _groups(figures, lang, width),
        _asks(figures, lang, width, ink),
        _classes(figures, lang, width, ink),
        _contact(figures, lang, width, ink),
        _end(figures, lang, width, ink),
        [ink.faint(line) for line in (*_found(figures, lang, width), *_written(files, width))],
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
    told = known(still.get("low")) and integer(still["low"]) != integer(still["high"])
    summed = interval if told else T(zh="活跃概率合计", en="sum of P(alive)")
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


def _given(figures: Figures, lang: Lang, width: int) -> list[str]:
    """Return with whose parameters scores were made and whether a refit is due, where nothing was fitted."""
    given = figures.get("given")
    return wrap(words(given["text"])[lang], width, indent=0) if given else []


def _spending(figures: Figures, lang: Lang, width: int) -> list[str]:
    """Return how the worth of a purchase is forecast, where losses made ways compete."""
    said = sentences.spending(figures)
    return wrap(said[lang], width, indent=0) if said else []


def _groups(figures: Figures, lang: Lang, width: int) -> list[str]:
    """Return whether groups earned their place, where some were asked for."""
    groups = figures.get("groups")
    return wrap(words(groups["verdict"]["reason"])[lang], width, indent=0) if groups else []


def _classes(figures: Figures, lang: Lang, width: int, ink: _Ink) -> list[str]:
    rows: dict[str, Mapping[str, Any]] = {r["key"]: r for r in figures.get("pyramid") or []}
    currency = figures["meta"].get("currency")
    if not any(r["n"] for r in rows.values()):
        return []
    cells = [[CLASS[lang], CUSTOMERS[lang], SHARE[lang], NOW_LATER[lang], SHARE[lang], ""]]
    for key in (k for k in MATRIX_CLASSES if k in rows):
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


def _asks(figures: Figures, lang: Lang, width: int, ink: _Ink) -> list[str]:
    """Return what has to be decided before the numbers can be trusted, in full."""
    asked = [words(ask)[lang] for ask in figures.get("asks") or []]
    return [ink.bold(DECIDE[lang]), *(line for ask in asked for line in wrap(ask, width))] if asked else []


def _contact(figures: Figures, lang: Lang, width: int, ink: _Ink) -> list[str]:
    """Return the first few to contact: what is at stake, whether they still buy, why, and below it what to do."""
    rows, note = list(figures.get("contact") or []), words(figures.get("contact_note"))[lang]
    said = wrap(note, width) if note else []
    if not rows:
        return [ink.bold(SECTIONS["contact"][lang]), *said] if said else []
    head = [CUSTOMER[lang], AT_STAKE[lang], P_ALIVE[lang], WHY[lang]]
    cells = [head, *(_contact_cells(row, figures["meta"].get("currency"), lang) for row in rows[:LISTED])]
    if not any(known(row.get("p_alive")) for row in rows):
        cells = [[name, stake, "", why] for name, stake, _, why in cells]
    sizes = [min(28, max(display_width(row[i]) for row in cells)) for i in range(3)]
    lines = [fit(_contact_line(row, sizes), width) for row in cells]
    shown = [ink.faint(lines[0])]
    for line, row in zip(lines[1:], rows, strict=False):
        shown += [line, *(ink.faint(do) for do in wrap(f"→ {words(row.get('what'))[lang]}", width, indent=4))]
    if len(rows) > LISTED:
        more = T(zh="另有 {n} 位，见 report.html", en="{n} more in report.html").format(n=len(rows) - LISTED)
        shown.append(ink.faint(f"  {more[lang]}"))
    return [ink.bold(SECTIONS["contact"][lang]), *shown, *said]


def _contact_cells(row: Mapping[str, Any], currency: str | None, lang: Lang) -> list[str]:
    alive = chance(row["p_alive"]) if known(row.get("p_alive")) else NOT_ENOUGH[lang]
    stake = amount(row.get("at_stake"), currency)[lang]
    return [clipped(row["customer_id"], 40), stake, alive, clipped(words(row.get("why"))[lang], 200)]


def _contact_line(row: Sequence[str], sizes: Sequence[int]) -> str:
    name, stake, alive, why = row
    parts = [
        pad(name, sizes[0]),
        pad(stake, sizes[1], right=True),
        *([pad(alive, sizes[2], right=True)] if sizes[2] else []),
    ]
    return "  " + "  ".join([*parts, why])


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
