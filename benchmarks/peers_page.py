"""The section "Beside others" of the performance page, drawn from what `make bench-peers` measured."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

Results = dict[str, dict[str, Any]]
OURS = "regulars"
STAGES = ("summary", "BG/NBD fit", "MBG/NBD fit", "Pareto/NBD fit", "Gamma-Gamma fit", "BG/NBD P(alive)",
          "BG/NBD E[X(52)]", "CLV")  # fmt: skip
WORDS = {
    "BG/NBD P(alive)": "P(alive), BG/NBD",
    "BG/NBD E[X(52)]": "expected purchases in 52 weeks, BG/NBD",
    "CLV": "discounted CLV, a year",
}
HEAD = """## Beside others

`make bench-peers` makes an environment of its own for each library (`.venv-peers`, pinned in
`benchmarks/beside/*.txt`) and runs all on the same orders: days as they are, weeks as the unit, nothing floored, one
process each, in turn. With `REGULARS_TEST_DATA` set, the CDNOW sample comes first. Seconds are the **processor's**,
compiling included where a library compiles, loading and reading files not; in brackets how many times ours.
pymc-marketing finds the mode under its default priors (MAP); where it says "flat", priors are flat, which makes it
maximum likelihood. A dash: not there, or not asked at that size. Our summary opens a database, which small data do
not repay; P(alive) of a closed form is as quick in any library. The machine was shared by a dozen busy processes:
seconds are above those of a quiet one, on all sides (lifetimes' BG/NBD fit of 1 M takes 9.8–10.0 there).
Raw figures: `docs/peers.json`.
"""
AGREE = """
**The same answers.** Estimates, and the largest distance between our number and theirs over all customers: P(alive);
purchases expected in 52 weeks (spend of a purchase in the rows of Gamma-Gamma); and how much more or less all
customers' discounted year comes to, by that library's own months and discount, which ours followed here. Priors move
pymc-marketing's numbers, not its formulas: with flat ones it lands where the others do.
[Call by call](migration.md).
"""


def draw(results: Results, page: Path) -> None:
    """Write the section into the page, in the place of the one before it."""
    text = page.read_text()
    results = dict(sorted(results.items(), key=lambda found: _customers(found[0])))
    section = "\n".join([HEAD, *_speed(results), AGREE, *_agreement(results), *_failures(results)])
    fresh, found = re.subn(r"^## Beside others\n.*?(?=^## )", lambda _: section + "\n", text, flags=re.M | re.S)
    page.write_text(fresh if found else text.replace("## Experiments\n", section + "\n## Experiments\n", 1))


def rounded(value: Any) -> Any:
    """Keep seven significant digits: enough to compare estimates."""
    if isinstance(value, float):
        return None if value != value else float(f"{value:.7g}")
    if isinstance(value, dict):
        return {key: rounded(each) for key, each in value.items()}
    return [rounded(each) for each in value] if isinstance(value, list) else value


def _customers(name: str) -> int:
    """Return the simulated size that a name begins with; the real sample comes first."""
    found = re.match(r"[\d,]+(?= customers)", name)
    return int(found[0].replace(",", "")) if found else 0


def _libraries(found: dict[str, Any]) -> list[str]:
    return [name for name, each in found.items() if name != OURS and isinstance(each, dict)]


def _table(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"


def _seconds(value: float) -> str:
    return f"{value:,.{0 if value >= 100 else 1 if value >= 1 else 2 if value >= 0.1 else 4}f}"


def _speed(results: Results) -> list[str]:
    tables = []
    for name, found in results.items():
        ours = found[OURS]
        libraries = _libraries(found)
        head = [f"{name}, {found['on']}", f"Regulars {ours['version']}",
                *[f"{each} {found[each].get('version', '')}".strip() for each in libraries]]  # fmt: skip
        rows = []
        for stage in STAGES:
            mine = ours["stages"][stage][0]
            rows.append([WORDS.get(stage, stage), _seconds(mine), *[_beside(found[o], stage, mine) for o in libraries]])
        peak = [f"{found[o]['megabytes']:,.0f} MB" if "megabytes" in found[o] else "" for o in (OURS, *libraries)]
        tables.append(_table(head, [*rows, ["largest memory", *peak]]))
    return tables


def _beside(theirs: dict[str, Any], stage: str, mine: float) -> str:
    if stage not in theirs.get("stages", {}):
        return "failed" if stage in theirs.get("failed", {}) else "–"
    seconds = theirs["stages"][stage][0]
    ratio = seconds / mine
    return f"{_seconds(seconds)} ({ratio:,.{0 if ratio >= 10 else 1}f} ×)"


def _agreement(results: Results) -> list[str]:
    rows = []
    for size, found in results.items():
        for model, mine in found[OURS]["parameters"].items():
            rows.append([f"{size}: {model}", "Regulars", _figures(mine), "", "", ""])
            for library in _libraries(found):
                theirs = found[library].get("parameters", {})
                for label in (model, f"{model}, flat"):
                    if label in theirs:
                        apart = _distances(found[OURS], found[library], model) if label == model else [""] * 3
                        rows.append(["", library + label.removeprefix(model), _figures(theirs[label]), *apart])
    return [_table(["", "library", "estimates", "P(alive)", "purchases or spend", "total value"], rows)]


def _figures(parameters: dict[str, float]) -> str:
    return ", ".join(f"{name} {value:.4f}" for name, value in parameters.items())


def _distances(mine: dict[str, Any], theirs: dict[str, Any], model: str) -> list[str]:
    apart = theirs["apart"]
    names = (f"{model} alive", "spend" if model == "Gamma-Gamma" else f"{model} purchases")
    value = next((name for name in theirs["answers"] if name.startswith("CLV")), "") if model == "BG/NBD" else ""
    total = f"{theirs['answers'][value][0] / mine['answers'][value][0] - 1:+.3%}".replace("-", "−") if value else ""
    return [*(_distance(apart[name]) if name in apart else "" for name in names), total]


def _distance(found: list[float]) -> str:
    largest, lost = found
    return f"{largest:.1g}" + (f"; {lost:,.0f} not finite" if lost else "")


def _failures(results: Results) -> list[str]:
    lines = []
    for size, found in results.items():
        for library in _libraries(found):
            failed = found[library].get("failed", {})
            lines += [f"- {size}, {library}, {stage}: {why}" for stage, why in failed.items()]
    return ["**What failed or was stopped.**\n", *lines, ""] if lines else []
