"""Whether groups of customers, such as stores, differ: the verdict of the hold-outs, and each group in figures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from regulars.report.formats import amount, integer, known, number, percent, words
from regulars.report.markup import Html, Node, Writer
from regulars.report.parts import note, section, table
from regulars.report.sentences import Figures
from regulars.report.wording import CUSTOMERS
from regulars.words import T

GROUP = T(zh="组", en="Group")
REST = T(zh="其余", en="the rest")
NEW = T(zh="新客 {n} 周内复购", en="Repeats of a new customer, {n} weeks")
MEAN = T(zh="人均未来价值", en="Future value per customer")
PACE, LEAVING = T(zh="购买快慢：自己占", en="Pace: own share"), T(zh="流失：自己占", en="Leaving: own share")
PARAMETERS = T(zh="参数", en="Parameters")
SHRUNK = T(
    zh="“自己占”是这一组的参数里，自己的数据占几成；其余来自所有组共有的。组越小，越靠近一般的组。",
    en="“Own share” is how much of a group's parameters its own data have; the rest is what all groups have in common. "
    "The smaller a group, the closer to the typical one.",
)
TRIED = T(
    zh="没有采用：下面是留出期开始时试拟合的各组，只供对照。",
    en="Not in use: these are the groups as tried when the hold-out began, for comparison.",
)
_LEAVING = ("a/(a+b)", "s/beta")
_LETTERS = {"alpha": "α", "beta": "β"}


def groups(w: Writer, figures: Figures) -> Html:
    """Return the section on groups; nothing where none were asked for."""
    found = figures.get("groups")
    if not found:
        return Html("")
    verdict = found["verdict"]
    held = [words(found["held_out"]["text"])] if found["held_out"] else []
    notes = [note(w, said) for said in (*held, *(words(verdict[key]) for key in ("whose", "rule")))]
    if not found["rows"]:
        return section(w, "groups", words(verdict["reason"]), *notes)
    head = [GROUP, CUSTOMERS, NEW.format(n=number(found["weeks"], 0)), MEAN, PACE, LEAVING, PARAMETERS]
    rows = [_row(row, figures["meta"].get("currency")) for row in found["rows"]]
    listed = w.tag(
        "div",
        table(w, head, rows, left=(0, 6), class_="tight wide"),
        class_="scroll-x",
        tabindex="0",
        role="region",
        aria_label=GROUP,
    )
    if not found["in_use"]:
        notes.insert(0, note(w, TRIED))
    return section(w, "groups", words(verdict["reason"]), listed, note(w, SHRUNK), *notes)


def _row(row: Mapping[str, Any], currency: str | None) -> list[Node]:
    weight = row["weight"]
    leaving = next((weight[name] for name in _LEAVING if name in weight), None)
    parameters = " · ".join(f"{_LETTERS.get(name, name)} {value:.3g}" for name, value in row["parameters"].items())
    return [
        REST if row["name"] is None else row["name"],
        integer(row["customers"]),
        number(row["new_purchases"]),
        amount(row["mean_value"], currency) if known(row["mean_value"]) else "–",
        percent(weight["r/alpha"], 0),
        percent(leaving, 0),
        parameters,
    ]
