"""``make calibrate``: simulated truth recovered, intervals that keep their word, small samples without faults.

``python -m benchmarks.calibrate [--replications K] [--pareto K] [--simple K] [--trials K] [--bases K] [--subsamples K]
[--campaigns K] [--only PART …] [--page]``

Results go to docs/calibration.json.gz (experiments: docs/calibration-experiments.json.gz) as they come, so that a run
may be stopped and taken up again; the pages and pictures are drawn from these files (``--page`` draws them alone).
The full run of a release has 2,000 replications.
"""

from __future__ import annotations

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # many small matrices: threads would only wait for each other

import argparse
import gzip
import json
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict
from itertools import zip_longest
from pathlib import Path
from typing import Any

from benchmarks import calibration_page, experiments_page, subsamples
from regulars.prove.alarms import watch
from regulars.prove.backtest import hold_out
from regulars.prove.calibration import PROCESSES, recover
from regulars.prove.counted import WORLDS as COUNTED
from regulars.prove.counted import recover_counted
from regulars.prove.trials import trial
from regulars.simulate import Company

DOCS = Path(__file__).parent.parent / "docs"

SHOP = {"n_customers": 1500, "weeks": 130, "future_weeks": 0, "arrival_share": 0.6}
WORLDS: dict[str, dict[str, Any]] = {
    "MBG/NBD is true": {"process": "mbg_nbd"},
    "Pareto/NBD is true": {"process": "pareto_nbd"},
    "BG/NBD is true": {"process": "bg_nbd"},
    "a yearly season of ±50 %": {"process": "pareto_nbd", "season": 0.5},
    "regular buyers (Erlang-3 gaps)": {"process": "pareto_nbd", "regular": 3},
    "regular buyers with a season": {"process": "mbg_nbd", "regular": 3, "season": 0.5},
}


Lane = tuple[str, Iterable[str], Callable[[str], Any]]
"""A part, its keys, and how one of them is measured."""
ALL = ["recovery", "worlds", "refit", "small", "real", "experiments"]
SIZES = (500, 2000, 10_000)
"""Customers of the bases whose fits are watched."""


class Results:
    """What was measured so far, kept in a file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.parts: dict[str, dict[str, Any]] = self.read()

    def fill(self, *lanes: Lane) -> None:
        """Measure the keys that are missing from each part, one of each in turn, saving now and then."""
        missing = [
            [(part, key, measure) for key in keys if key not in self.parts.setdefault(part, {})]
            for part, keys, measure in lanes
        ]
        rounds = [each for row in zip_longest(*missing) for each in row if each]
        started = saved = time.monotonic()
        for done, (part, key, measure) in enumerate(rounds, 1):
            self.parts[part][key] = measure(key)
            if time.monotonic() - saved > 20 or done == len(rounds):
                saved = time.monotonic()
                self.save()
                print(f"{part}: {done} of {len(rounds)}, {saved - started:.0f} s", flush=True)

    def read(self) -> dict[str, dict[str, Any]]:
        """Return what the file holds."""
        return json.loads(gzip.decompress(self.path.read_bytes())) if self.path.exists() else {}

    def save(self) -> None:
        """Write everything; the file is replaced whole, and what another run has added meanwhile is kept."""
        for part, found in self.read().items():
            mine = self.parts.setdefault(part, {})
            mine.update({key: each for key, each in found.items() if key not in mine})
        fresh = self.path.with_suffix(f".{os.getpid()}")
        text = json.dumps(rounded(self.parts), separators=(",", ":"), sort_keys=True) + "\n"
        fresh.write_bytes(gzip.compress(text.encode(), mtime=0))
        fresh.replace(self.path)


def rounded(value: Any) -> Any:
    """Keep five significant digits: more are noise."""
    if isinstance(value, float):
        return None if value != value else float(f"{value:.5g}")
    if isinstance(value, dict):
        return {key: rounded(each) for key, each in value.items()}
    return [rounded(each) for each in value] if isinstance(value, list) else value


def one_trial(key: str) -> dict[str, Any]:
    world, seed = key.rsplit("#", 1)
    return asdict(trial(Company(seed=int(seed), **SHOP, **WORLDS[world])))


def cdnow(name: str) -> Any:
    import duckdb

    path = Path(os.environ["REGULARS_TEST_DATA"]) / f"{name}.parquet"
    return duckdb.connect().sql(f"select distinct customer_id, date as occasion_date from '{path}'").to_arrow_table()


def real(key: str) -> dict[str, Any]:
    """Run the product's own hold-out on a real data set."""
    import duckdb

    table = OCCASIONS[key](duckdb.connect(), Path(os.environ["REGULARS_TEST_DATA"]))
    days = table["occasion_date"].to_pylist()
    customers = len(table["customer_id"].unique())
    found = hold_out(table, first=min(days), as_of=max(days), n_customers=customers).as_dict()
    return {"choice": found["choice"], "holdout": found["holdout"]}


def _retail(connection: Any, folder: Path) -> Any:
    return connection.sql(
        f"select CustomerID as customer_id, InvoiceDate::date as occasion_date from '{folder}/online_retail.parquet' "
        "where CustomerID is not null and InvoiceNo not like 'C%' and UnitPrice > 0 "
        "group by all having sum(Quantity) > 0"
    ).to_arrow_table()


def _adventure(connection: Any, folder: Path) -> Any:
    path = folder / "adventureworks_dw" / "fact_internet_sales.parquet"
    names = {name.lower().replace("_", ""): name for name in connection.sql(f"from '{path}'").columns}
    day = names["orderdate"]
    return connection.sql(
        f"select distinct {names['customerkey']} as customer_id, {day}::date as occasion_date from '{path}'"
    ).to_arrow_table()


OCCASIONS: dict[str, Callable[[Any, Path], Any]] = {
    "CDNOW, all 23,570 customers": lambda _, __: cdnow("cdnow_master"),
    "Online Retail (UCI)": _retail,
    "AdventureWorks internet sales": _adventure,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--replications", type=int, default=2000, help="simulated companies a model for recovery")
    parser.add_argument("--pareto", type=int, default=None, help="the same for Pareto/NBD, whose fits take longest")
    parser.add_argument("--simple", type=int, default=500, help="the same for models that read no times of purchases")
    parser.add_argument("--trials", type=int, default=300, help="companies a world for rolling origins")
    parser.add_argument("--bases", type=int, default=100, help="bases a size whose fit is watched for a quarter")
    parser.add_argument("--subsamples", type=int, default=400, help="random parts of real data for each model")
    parser.add_argument("--campaigns", type=int, default=2000, help="simulated campaigns a world for experiments")
    parser.add_argument("--only", choices=ALL, nargs="+", help="these parts alone")
    parser.add_argument("--page", action="store_true", help="draw the page from what was measured before")
    options = parser.parse_args()
    results = Results(DOCS / "calibration.json.gz")
    parts = [] if options.page else options.only or ALL
    lanes: list[Lane] = []
    if "recovery" in parts:
        keys = [str(k) for k in range(options.replications)]
        simple = keys[: options.simple]
        lanes += [(f"recovery {n}", simple, lambda k, n=n: asdict(recover_counted(n, int(k)))) for n in COUNTED]
        most = {"pareto_nbd": options.pareto}
        lanes += [(f"recovery {p}", keys[: most.get(p)], lambda k, p=p: asdict(recover(p, int(k)))) for p in PROCESSES]
    if "worlds" in parts:
        lanes += [("worlds", [f"{world}#{k}" for k in range(options.trials)], one_trial) for world in WORLDS]
    if "refit" in parts:
        bases = list(map(str, range(options.bases)))
        lanes += [(f"refit {n}", bases, lambda k, n=n: asdict(watch(n, int(k)))) for n in SIZES]
    results.fill(*lanes)
    data = "REGULARS_TEST_DATA" in os.environ
    if "small" in parts and data:
        numbers = list(map(str, range(options.subsamples)))
        drawn = subsamples.kinds(Path(os.environ["REGULARS_TEST_DATA"]))
        results.fill(
            *((f"small {n}", numbers, lambda k, d=draw: subsamples.part(d, int(k))) for n, draw in drawn.items())
        )
    if "real" in parts and data:
        results.fill(("real", OCCASIONS, real))
    calibration_page.draw(results.parts, DOCS)
    experiments = Results(DOCS / "calibration-experiments.json.gz")
    if "experiments" in parts:
        for part in experiments_page.PARTS:
            blocks = map(str, range(-(-options.campaigns // experiments_page.BLOCK)))
            experiments.fill((part, blocks, experiments_page.block(part)))
    experiments_page.draw(experiments.parts, DOCS)


if __name__ == "__main__":
    main()
