"""How well experiments keep their word, measured and drawn: docs/calibration-experiments.md.

Campaigns come in blocks of a hundred; a block is one entry of docs/calibration-experiments.json.gz, so that a run may
be stopped and taken up again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from benchmarks.calibration_page import percent, table
from regulars.prove.experiments.referee import (
    DAYS,
    WORLDS,
    Powered,
    Read,
    Watched,
    explained_before,
    read_campaign,
    try_design,
    watch,
)  # fmt: skip
from regulars.prove.rate import Rate
from regulars.simulate.campaigns import Campaign

BLOCK = 100
LISTS = {"customers join day by day": True, "the same customers day by day": False}
DESIGNS: dict[str, dict[str, Any]] = {
    "one look": {},
    "adjusted for what customers brought before": {"explained": None},
    "five looks (O'Brien–Fleming)": {"looks": 5},
}
PARTS: dict[str, Callable[[int], Any]] = {}


@lru_cache
def explained() -> float:
    return explained_before(Campaign(seed=1_000_000))


def _world(name: str) -> Callable[[int], Read]:
    return lambda seed: read_campaign(replace(WORLDS[name], seed=seed))


def _list(name: str) -> Callable[[int], Watched]:
    quiet = Campaign(discount=0.0, lift=0.0, pulled=0.0)
    return lambda seed: watch(replace(quiet, seed=seed), arriving=LISTS[name])


def _design(name: str) -> Callable[[int], Powered]:
    def run(seed: int) -> Powered:
        options = {k: explained() if v is None else v for k, v in DESIGNS[name].items()}
        return try_design(Campaign(seed=seed), **options)

    return run


PARTS |= {f"world {name}": _world(name) for name in WORLDS}
PARTS |= {f"looks {name}": _list(name) for name in LISTS}
PARTS |= {f"design {name}": _design(name) for name in DESIGNS}


def block(part: str) -> Callable[[str], dict[str, float]]:
    """Return what measures the k-th block of a part: sums over its campaigns."""

    def measure(key: str) -> dict[str, float]:
        runs = [asdict(PARTS[part](int(key) * BLOCK + k)) for k in range(BLOCK)]
        return {name: sum(each[name] for each in runs) for name in runs[0]}

    return measure


def draw(parts: dict[str, dict[str, Any]], docs: Path) -> None:
    """Write the page from what was measured."""
    (docs / "calibration-experiments.md").write_text(
        "\n\n".join([HEAD, _coverage(parts), FALSE_ALARMS, _looks(parts), POWER, _power(parts), FOOT]) + "\n"
    )


def _sum(parts: dict[str, dict[str, Any]], part: str, name: str) -> tuple[float, int]:
    blocks = parts.get(part, {})
    return sum(each[name] for each in blocks.values()), BLOCK * len(blocks)


def _rate(parts: dict[str, dict[str, Any]], part: str, name: str) -> str:
    hits, runs = _sum(parts, part, name)
    if not runs:
        return "not measured yet"
    found = Rate(round(hits), runs)
    return f"{percent(found.share)} ({percent(found.low)} – {percent(found.high)})"


def _coverage(parts: dict[str, dict[str, Any]]) -> str:
    rows = []
    for name, world in WORLDS.items():
        part = f"world {name}"
        plain, adjusted = (_sum(parts, part, f"{which}_width")[0] for which in ("plain", "adjusted"))
        rows.append(
            [name, f"{_sum(parts, part, 'plain_width')[1]:,}", f"{world.effect:+.2f}".replace("-", "−"),
             _rate(parts, part, "plain_inside"), _rate(parts, part, "adjusted_inside"),
             percent(1 - adjusted / plain, 0) if plain else "–",
             f"{world.early_effect:+.2f}".replace("-", "−"), _rate(parts, part, "early_inside")]
        )  # fmt: skip
    return table(
        ["campaign", "runs", "true effect", "inside the 95 % interval", "inside, adjusted", "narrower",
         "effect in the offer's weeks", "truth inside, read at the offer's end"],
        rows,
    )  # fmt: skip


def _looks(parts: dict[str, dict[str, Any]]) -> str:
    names = {"naive": "95 % interval each day", "obrien_fleming": "O'Brien–Fleming-like", "pocock": "Pocock-like",
             "bonferroni": "Bonferroni"}  # fmt: skip
    rows = [[name, *[_rate(parts, f"looks {name}", each) for each in names]] for name in LISTS]
    return table([f"{DAYS} daily looks at nothing", *names.values()], rows)


def _power(parts: dict[str, dict[str, Any]]) -> str:
    rows = []
    for name in DESIGNS:
        customers, runs = _sum(parts, f"design {name}", "customers")
        size = f"{customers / runs:,.0f}" if runs else "–"
        rows.append([name, f"{runs:,}", size, _rate(parts, f"design {name}", "shown")])
    return table(["design for 80 %", "runs", "customers", "shown"], rows)


HEAD = """# Calibration of experiments

`make calibrate ARGS="--only experiments"` lets campaigns with a known effect happen, reads them blind and counts
how often the truth lies inside. Figures come from `docs/calibration-experiments.json.gz`; brackets are 95 %
binomial intervals (Clopper & Pearson).

## Intervals

Each list has 800 to 4,000 customers, a third to a tenth of them left alone. Customers order at rates of their
own, their spend is skewed (a few bring most), 15 % have no history. Contacted customers buy with the discount; some
react with extra orders, the others would have bought anyway and get it for nothing; some orders of the weeks after
come while the offer holds. The effect is net profit per contacted customer over offer and weeks after, known from
the rates themselves. Strata are thirds by what customers brought before; "adjusted" takes that amount as a
covariate, too, and "narrower" is what it takes off the interval's width. The last two columns read the same
campaigns when the offer ends, as many tools do: what was only pulled forward then counts as won, and the interval
misses the truth."""

FALSE_ALARMS = """## Looking every day

Campaigns without any effect, read on each of 28 days; shares that would have stopped with "it works" or "it harms"
on any of them. Declared looks promise 5 % in all."""

POWER = """## Designs

The size is planned from the spread of a window's profit, for a difference of 0.15 standard deviations and a power
of 80 %; everybody contacted then brings that much more. Shown means: above zero, at 5 %, at a declared look."""

FOOT = """## What this does not show

Simulated customers do not talk to each other, and everybody who is contacted gets the same offer. The normal law of
means needs numbers: with fewer customers than here, or spend more skewed, intervals cover less than they say."""
