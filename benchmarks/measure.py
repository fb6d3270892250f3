"""How a thing is timed: in turn with its rivals, several times, the median quoted."""

from __future__ import annotations

import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

REPEATS = 5


@dataclass(frozen=True)
class Run:
    """One process: wall seconds, processor seconds and its largest resident memory in MB."""

    seconds: float
    cpu: float
    megabytes: float


def in_turn(rivals: Mapping[str, Callable[[], object]], repeats: int = REPEATS) -> dict[str, float]:
    """Time each rival `repeats` times, A B C A B C …, after one warm-up of each; return the median seconds."""
    for run in rivals.values():
        run()
    times: dict[str, list[float]] = {name: [] for name in rivals}
    for _ in range(repeats):
        for name, run in rivals.items():
            started = time.perf_counter()
            run()
            times[name].append(time.perf_counter() - started)
    return {name: statistics.median(found) for name, found in times.items()}


def process(arguments: Sequence[str], cwd: Path) -> Run:
    """Run one process to its end and measure it from outside."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    watcher = (
        "import resource, subprocess, sys, time; s = time.perf_counter();"
        "c = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL).returncode;"
        "print(time.perf_counter() - s, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024);"
        "sys.exit(c)"
    )
    done = subprocess.run(
        [sys.executable, "-c", watcher, *arguments], cwd=cwd, check=True, stdout=subprocess.PIPE, text=True
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds, megabytes = (float(word) for word in done.stdout.split())
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Run(seconds, cpu, megabytes)


def median(runs: Sequence[Run]) -> Run:
    """Return the median of each figure."""
    return Run(
        statistics.median(r.seconds for r in runs),
        statistics.median(r.cpu for r in runs),
        statistics.median(r.megabytes for r in runs),
    )


def row(what: str, *figures: str) -> None:
    """Print one row of a Markdown table."""
    print("| " + " | ".join((what, *figures)) + " |", flush=True)
