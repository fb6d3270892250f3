"""The pre-registered comparison: the tournament on real orders and on simulated worlds, written to docs/tournament.md.

``REGULARS_TEST_DATA=… python -m benchmarks.tournament`` runs it. What is compared, where, and what counts as a loss
stands in `PLAN`, fixed before the figures; nothing in the product is tuned to them.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.calibration_page import percent, table
from benchmarks.measure import process, row
from regulars import engine
from regulars.cli.demo import complete_journey
from regulars.errors import InputError
from regulars.ingest import ReadOptions, read_orders
from regulars.measure import purchase_occasions
from regulars.prove.backtest import backtest
from regulars.prove.candidates import YARDSTICK, fit_candidate
from regulars.prove.forecast import Floats, Forecast
from regulars.prove.judged import measures
from regulars.prove.origins import Cells, plan
from regulars.simulate import Company, simulate

DRAWS = 200
SEED = 20260101
CDNOW = (date(1997, 9, 30), date(1998, 6, 30))
REAL: dict[str, tuple[str, tuple[date, date] | None]] = {
    "CDNOW, 1/10 sample": ("cdnow_sample.parquet", CDNOW),
    "CDNOW, all": ("cdnow_master.parquet", CDNOW),
    "Online Retail": ("online_retail.parquet", None),
    "AdventureWorks, resellers": ("adventureworks_dw/fact_reseller_sales.parquet", None),
}
WORLD = Company(n_customers=5000, seed=1, weeks=104, future_weeks=0, r=0.7, alpha=7.0)
WORLDS: dict[str, Company] = {
    "Pareto/NBD's own": WORLD,
    "MBG/NBD's own": replace(WORLD, process="mbg_nbd", seed=2),
    "BG/NBD's own": replace(WORLD, process="bg_nbd", seed=3),
    "nobody leaves (almost)": replace(WORLD, s=0.05, beta=200.0, seed=4),
    "season of ±50 %": replace(WORLD, season=0.5, seed=5),
    "regular buyers (Erlang-4)": replace(WORLD, regular=4, alpha=1.75, seed=6),
    "spend that drifts": replace(WORLD, drift=0.3, drift_sd=0.3, seed=7),
}
COLUMNS = {"mae": "MAE", "spearman": "Spearman", "gini": "Gini", "capture20": "top 20 %"}
BETTER_LOW = {"mae", "rmse"}
SMALLEST = 0.00005
"""A difference that prints as 0.0000 is none."""


@dataclass(frozen=True)
class Found:
    """One tournament: its card, and each figure of the chosen model less the yardstick's, with its 90 % interval."""

    name: str
    held: dict[str, Any]
    scores: list[dict[str, Any]]
    against: dict[str, tuple[float, float, float]]
    seconds: float

    @property
    def rows(self) -> dict[str, dict[str, Any]]:
        return {row["key"]: row for row in self.held["models"]}

    @property
    def mine(self) -> dict[str, Any]:
        return self.rows[self.held["chosen"]]


def differences(mine: Floats, theirs: Floats, cells: Cells) -> dict[str, tuple[float, float, float]]:
    """Return each figure of one forecast less that of another with its interval, by a paired Poisson bootstrap."""
    rng = np.random.default_rng(SEED)
    names = ("rmse", *COLUMNS)

    def gaps(count: Floats) -> list[float]:
        drawn = replace(cells, count=count)
        a, b = (measures(each, drawn) for each in (mine, theirs))
        return [float(a[n] or 0.0) - float(b[n] or 0.0) for n in names]

    here = gaps(cells.count)
    drawn = np.array([gaps(rng.poisson(cells.count).astype(float)) for _ in range(DRAWS)])
    low, high = np.quantile(drawn, [0.05, 0.95], axis=0)
    return {n: (here[i], float(low[i]), float(high[i])) for i, n in enumerate(names)}


def run(name: str, orders: Path, days: tuple[date, date] | None) -> Found:
    """Run the tournament on an orders file: from the split to the end, or on the last origin that a run would take."""
    started = time.process_time()
    with engine.session() as connection:
        options = ReadOptions(as_of=days[1] if days else None)
        read = read_orders(orders, options=options, connection=connection)
        occasions = engine.persist(purchase_occasions(read.lines))
        n = engine.n_rows(occasions.select("customer_id").unique())
        last = plan(read.first_date, read.as_of).card
        split, until = days or ((last.origin, last.until) if last else (read.first_date, read.as_of))
        held = backtest(occasions, first=read.first_date, split=split, until=until, n_customers=n)
        card, said = held.card, held.as_dict()
    assert card is not None, said["why_no_card"]
    seconds = time.process_time() - started
    chosen = card.forecast.expected
    theirs = Forecast(fit_candidate(YARDSTICK, card.cells).law, card.cells).expected
    return Found(name, said["holdout"], said["choice"]["scores"], differences(chosen, theirs, card.cells), seconds)


def everything() -> Iterator[Found]:
    """Run every tournament; a real data set that is not there is left out and named on stderr."""
    data = Path(os.environ.get("REGULARS_TEST_DATA", "data"))
    for name, (file, days) in REAL.items():
        if (data / file).exists():
            yield run(name, data / file, days)
        else:
            print(f"{name}: no {data / file}", file=sys.stderr)
    try:
        yield run("The Complete Journey", complete_journey(), None)
    except InputError as error:
        print(error, file=sys.stderr)
    for name, company in WORLDS.items():
        with tempfile.TemporaryDirectory() as room:
            yield run(name, simulate(company, Path(room)).orders, None)


PLAN = f"""\
# The tournament, published

How the model that `regulars value` would choose fares on the last origin, which chose nothing. `make tournament`
writes this page (`REGULARS_TEST_DATA` is the folder of the real data). Fixed before the figures:

- **Data.** CDNOW from 39 weeks to the next 39; Online Retail, AdventureWorks' resellers and The Complete Journey on the
  last quarter of their span; companies of 5,000 customers and 104 weeks (`regulars.simulate`) whose world is that of
  one of the models or of none.
- **Primary.** RMSE a customer, and calibration: how far the randomised PIT lies from uniform (Kolmogorov's distance),
  beside Pareto/NBD, fitted on the same customers.
- **The others.** MAE, rank correlation, Gini and capture of the best fifth should lie within the noise of Pareto/NBD's:
  the 90 % interval of the difference over {DRAWS} paired Poisson draws of customers holds 0, or the difference is for
  the better. A difference that prints as 0.0000 is none: at a boundary several models are one.
- **A loss** is a figure worse than Pareto/NBD's beyond that noise, a naive rule or the challenger with a smaller RMSE,
  a total outside its interval, or intervals of customers that cover less than they say. All are listed below. Nothing
  is tuned to them.

Neither a season that was never seen before nor a change of habits can be told from the past: totals miss by what those
do. The challenger learns such things where a year ago is in the data, and says so here where it was closer.
"""


OTHERS = """
## The other columns

The chosen model's figure less Pareto/NBD's, with its 90 % interval; **bold** where it is worse beyond noise.
"""
EVERY = """
## Every model

RMSE a customer; below, the mean log probability at the earlier origins, which is what chooses.
"""


def page(found: list[Found]) -> str:
    """Return the page: how each did, what was lost, and every model on every data set."""
    parts = [PLAN, "## Primary: RMSE and calibration\n", table(
        ["", "customers", "chosen", "RMSE", "less Pareto/NBD's (90 %)", "PIT off", "Pareto/NBD's", "intervals cover"],
        [_primary(each) for each in found],
    )]  # fmt: skip
    parts += [OTHERS, table(["", *COLUMNS.values()], [_others(each) for each in found])]  # fmt: skip
    parts += ["\n## Totals\n", table(
        ["", "bought", "expected", "90 % interval", "inside", "bias", "sd: chance, parameters, models"],
        [_total(each) for each in found],
    )]  # fmt: skip
    lost = [f"- **{each.name}.** {text}" for each in found for text in losses(each)]
    parts += ["\n## What was lost\n", *(lost or ["Nothing."])]
    parts += [EVERY, _models(found)]
    return "\n".join(parts) + "\n"


def _primary(each: Found) -> list[str]:
    held, mine, other = each.held, each.mine, each.rows.get(YARDSTICK, {})
    return [
        each.name, f"{held['n_customers']:,}", held["chosen"], f"{mine['rmse']:.3f}",
        "–" if held["chosen"] == YARDSTICK else _gap("rmse", each), f"{held['pit_distance']:.3f}",
        f"{other['pit_distance']:.3f}" if "pit_distance" in other else "–", percent(held["coverage90"]),
    ]  # fmt: skip


def _worse(name: str, gap: tuple[float, float, float]) -> bool:
    if abs(gap[0]) < SMALLEST:
        return False
    return gap[1] > 0 if name in BETTER_LOW else gap[2] < 0


def _gap(name: str, each: Found) -> str:
    gap = each.against[name]
    value, low, high = (f"{v:+.4f}".replace("-", "−") for v in gap)
    said = f"{value} ({low} to {high})"
    return f"**{said}**" if _worse(name, gap) else said


def _others(each: Found) -> list[str]:
    return [each.name, *("–" if each.held["chosen"] == YARDSTICK else _gap(name, each) for name in COLUMNS)]


def _total(each: Found) -> list[str]:
    held, mine = each.held, each.mine
    low, high = held["total_interval"]
    spread = ", ".join(f"{held[f'total_{kind}_sd']:,.0f}" for kind in ("process", "parameter", "model"))
    return [
        each.name, f"{mine['total_actual']:,.0f}", f"{mine['total_expected']:,.0f}", f"{low:,.0f} – {high:,.0f}",
        "yes" if held["contains"] else "**no**", percent(mine["bias"], sign=True), spread,
    ]  # fmt: skip


def losses(each: Found) -> list[str]:
    """Return every loss of the chosen model, in words."""
    held, mine, rows = each.held, each.mine, each.rows
    out = []
    if held["chosen"] != YARDSTICK:
        worse = [name for name in each.against if _worse(name, each.against[name])]
        if worse:
            named = ", ".join({"rmse": "RMSE", **COLUMNS}[name] for name in worse)
            out.append(f"{held['chosen']} was worse than {YARDSTICK} in {named}.")
    nearer = [f"{_name(r)} ({r['rmse']:.3f})" for r in rows.values()
              if r["kind"] in ("baseline", "challenger") and r["rmse"] < mine["rmse"]]  # fmt: skip
    if nearer:
        out.append(f"A smaller RMSE than {held['chosen']}'s {mine['rmse']:.3f}: {', '.join(nearer)}.")
    if not held["contains"]:
        low, high = held["total_interval"]
        out.append(f"{mine['total_actual']:,.0f} were bought, the interval was {low:,.0f} – {high:,.0f}.")
    if held["coverage90"] < held["level"]:
        out.append(f"The 90 % intervals covered {percent(held['coverage90'])}.")
    return out


def _name(found: dict[str, Any]) -> str:
    return str(found["name"] if isinstance(found["name"], str) else found["name"]["en"])


def _models(found: list[Found]) -> str:
    keys = list(dict.fromkeys(key for each in found for key in each.rows if key != "zero"))
    names = {key: _name(next(each.rows[key] for each in found if key in each.rows)) for key in keys}
    lines = []
    for each in found:
        rmse = [f"{each.rows[key]['rmse']:.3f}" if key in each.rows else "–" for key in keys]
        scores = {s["name"]: s["log_score"] for s in each.scores}
        told = [f"{scores[key]:.4f}".replace("-", "−") if scores.get(key) is not None else "" for key in keys]
        lines += [[each.name, *rmse], ["", *told]]
    return table(["", *names.values()], lines)


def bench(orders: Path, room: Path, split: date, until: date) -> None:
    """Time `regulars backtest` as a process of its own: all models, all origins, the challenger, the card."""
    days = ["--split", split.isoformat(), "--until", until.isoformat()]
    found = process([sys.executable, "-m", "regulars", "backtest", str(orders), *days, "--lang", "en"], room)
    row("regulars backtest: the whole tournament", f"{found.seconds:.1f} s ({found.cpu:.1f} s of processor)",
        f"{found.megabytes:.0f} MB")  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("docs/tournament.md"))
    found = []
    options = parser.parse_args()
    for each in everything():
        print(f"{each.name}: {each.held['chosen']}, {each.seconds:.1f} s", flush=True)
        found.append(each)
    options.out.write_text(page(found), encoding="utf-8")


if __name__ == "__main__":
    main()
