"""``make bench-peers``: other libraries on the same orders, their seconds and their answers beside ours.

``python -m benchmarks.peers --install [--customers N …] [--only LIBRARY …] [--pareto N] [--page]``

``--install`` makes one environment a library, pinned, under ``.venv-peers``. Sizes are simulated; where
REGULARS_TEST_DATA names the folder of real data, the CDNOW 1/10 sample comes first. Results go to docs/peers.json as
they come; the section "Beside others" of docs/performance.md is drawn from it (``--page`` draws it alone). A library
that cannot be installed, or fails at a stage, is said in one line.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb
import numpy as np

from benchmarks import peers_page
from regulars.simulate import bench_company, simulate

ROOT = Path(__file__).parent.parent
FEW = 10_000
"""Customers up to which flat priors are fitted as well."""
ENVIRONMENTS = ROOT / ".venv-peers"
SCRIPTS = Path(__file__).parent / "beside"
RESULTS = ROOT / "docs" / "peers.json"
PEERS = ("lifetimes", "pymc-marketing", "clvkit")
LONGEST = 3600
"""Seconds after which a library is given up at a size."""
CDNOW = "CDNOW 1/10 sample"


def python_of(library: str) -> Path:
    """Return the Python that runs a library: our own runs ours."""
    return Path(sys.executable) if library == "regulars" else ENVIRONMENTS / library / "bin" / "python"


def install(library: str) -> None:
    """Make the library's environment from its pins, or say in one line why not."""
    python = python_of(library)
    commands = (
        [sys.executable, "-m", "venv", "--clear", str(python.parent.parent)],
        [str(python), "-m", "pip", "--quiet", "--disable-pip-version-check", "install", "-r",
         str(SCRIPTS / f"{library}.txt")],
    )  # fmt: skip
    for command in commands:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            last = (done.stderr.strip().splitlines() or ["no message"])[-1]
            print(f"{library}: not installed: {last}", flush=True)
            return
    print(f"{library}: installed into {python.parent.parent.relative_to(ROOT)}", flush=True)


def orders_of_cdnow(folder: Path, room: Path) -> tuple[Path, date]:
    """Write CDNOW's orders up to the papers' 1997-09-30."""
    query = f"select customer_id, date, dollar_value from '{folder}/cdnow_sample.parquet' where date <= '1997-09-30'"
    return _written(query, room), date(1997, 9, 30)


def simulated_orders(customers: int, room: Path) -> tuple[Path, date]:
    """Write what a simulated company sold, refunds and lines without a customer left out."""
    made = simulate(bench_company(customers), room / "company")
    query = (
        "select dense_rank() over (order by customer_no), order_time::date as day, amount "
        f"from '{made.orders}' where customer_no is not null and amount > 0"
    )
    with duckdb.connect() as connection:
        last = connection.execute(f"select max(day) from ({query})").fetchone()
    assert last is not None
    return _written(query, room), last[0]


def _written(query: str, room: Path) -> Path:
    with duckdb.connect() as connection:
        who, day, amount = connection.execute(query).fetchnumpy().values()
    path = room / "orders.npz"
    np.savez(
        path,
        customer=np.unique(who, return_inverse=True)[1].astype(np.int64),
        day=np.asarray(day).astype("datetime64[ns]"),
        amount=np.asarray(amount, dtype=np.float64),
    )
    return path


def run(library: str, orders: Path, as_of: date, models: list[str], room: Path) -> tuple[dict[str, Any], Any]:
    """Run one library in a process of its own; return what it measured and one number a customer and question."""
    if not python_of(library).exists():
        return {"failed": {"all": "not installed: python -m benchmarks.peers --install"}}, {}
    answers = room / library
    command = [str(python_of(library)), str(SCRIPTS / f"with_{library.replace('-', '_')}.py"), str(orders),
               str(answers), as_of.isoformat(), ",".join(models)]  # fmt: skip
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, timeout=LONGEST,
            env={**os.environ, "OPENBLAS_NUM_THREADS": "1", "PYTHONWARNINGS": "ignore"},
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return {"failed": {"all": f"given up after {LONGEST} s"}}, {}
    if done.returncode:
        return {"failed": {"all": (done.stderr.strip().splitlines() or ["no message"])[-1][:160]}}, {}
    with np.load(f"{answers}.npz") as file:
        arrays = dict(file)
    return json.loads(Path(f"{answers}.json").read_text()), arrays


def apart(ours: dict[str, Any], theirs: dict[str, Any]) -> dict[str, Any]:
    """Return how far customers' numbers lie apart: the largest distance, and how many of theirs are not finite."""
    found = {}
    for name in theirs.keys() & ours.keys():
        distance = np.abs(theirs[name] - ours[name])
        finite = np.isfinite(distance)
        found[name] = [float(distance[finite].max(initial=0.0)), int(np.count_nonzero(~finite))]
    return found


def compare(name: str, orders: Path, as_of: date, libraries: list[str], room: Path, more: list[str]) -> dict[str, Any]:
    """Run ours and every library on the same orders; `more` names what is not asked of others at every size."""
    models = ["BG/NBD", "MBG/NBD", *more]
    ours, mine = run("regulars", orders, as_of, ["BG/NBD", "MBG/NBD", "Pareto/NBD"], room)
    found = {"regulars": ours}
    for library in libraries:
        theirs, arrays = run(library, orders, as_of, models, room)
        found[library] = {**theirs, "apart": apart(mine, arrays)}
        seconds = sum(cpu for cpu, _ in theirs.get("stages", {}).values())
        print(f"{name}: {library}: {seconds:.1f} processor seconds", flush=True)
        for stage, why in theirs.get("failed", {}).items():
            print(f"{name}: {library}: {stage} failed: {why}", flush=True)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--install", action="store_true", help="make the libraries' environments first")
    parser.add_argument("--customers", type=int, nargs="*", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--only", choices=PEERS, nargs="+", default=list(PEERS))
    parser.add_argument("--pareto", type=int, default=100_000, help="most customers for others' Pareto/NBD")
    parser.add_argument("--page", action="store_true", help="draw the section from what was measured before")
    options = parser.parse_args()
    results = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    if options.install:
        for library in options.only:
            install(library)
    data = os.environ.get("REGULARS_TEST_DATA")
    sizes = [] if options.page else [*([CDNOW] if data else []), *options.customers]
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            room = Path(folder)
            known = 0 if size == CDNOW else size
            more = [w for w, most in (("Pareto/NBD", options.pareto), ("flat", FEW)) if known <= most]
            name = size if size == CDNOW else f"{size:,} customers"
            orders, as_of = orders_of_cdnow(Path(data), room) if size == CDNOW else simulated_orders(size, room)
            fresh = compare(name, orders, as_of, options.only, room, more)
            results[name] = {**results.get(name, {}), **fresh, "on": datetime.now(UTC).date().isoformat()}
        RESULTS.write_text(json.dumps(peers_page.rounded(results), indent=1, sort_keys=True) + "\n")
    peers_page.draw(results, ROOT / "docs" / "performance.md")


if __name__ == "__main__":
    main()
