"""What every library's run shares: orders in, a clock for each stage, answers out. It needs NumPy alone."""

from __future__ import annotations

import json
import os
import resource
import sys
import time
import warnings
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

X = np.array([0.0, 2, 26, 5])
T_X = np.array([0.0, 30.43, 30.86, 10])
T = np.array([38.86, 38.86, 31, 39])
"""Histories asked of every model, in weeks: a one-time buyer, the examples of two papers, one long silent."""
WEEKS = 39
MONTHS, MONTHLY = 12, 0.01
YEAR, WEEKLY = 52, 0.002


class Run:
    """One library on one file of orders: `customer` (numbers from 0), `day` (datetime64), `amount`, up to `as_of`."""

    def __init__(self, library: str) -> None:
        warnings.simplefilter("ignore")
        orders, self._answers, self.as_of, models = sys.argv[1:5]
        with np.load(orders) as file:
            self.customer, self.day, self.amount = file["customer"], file["day"], file["amount"]
        self.models = models.split(",")
        self.found: dict[str, Any] = {
            "version": version(library), "stages": {}, "failed": {}, "parameters": {}, "answers": {}
        }  # fmt: skip
        self._arrays: dict[str, Any] = {}

    def stage(self, name: str, call: Callable[[], Any]) -> Any:
        """Return what the call returns, timed; None where it failed, which is kept in words."""
        started, before = time.perf_counter(), _processor()
        try:
            done = call()
        except Exception as failure:
            self.found["failed"][name] = f"{type(failure).__name__}: {failure}".splitlines()[0][:160]
            return None
        self.found["stages"][name] = [_processor() - before, time.perf_counter() - started]
        return done

    def fitted(self, model: str, **parameters: float) -> None:
        self.found["parameters"][model] = {name: float(value) for name, value in parameters.items()}

    def answer(self, name: str, values: Any) -> None:
        """Keep what was answered to the histories of this file."""
        self.found["answers"][name] = [float(value) for value in np.ravel(values)]

    def customers(self, name: str, values: Any) -> None:
        """Keep one number a customer, in the order of their numbers."""
        self._arrays[name] = np.asarray(values, dtype=np.float64)
        self.found["answers"][f"{name}, all"] = [float(self._arrays[name].sum())]

    def close(self) -> None:
        self.found["megabytes"] = _largest()
        np.savez(f"{self._answers}.npz", **self._arrays)
        Path(f"{self._answers}.json").write_text(json.dumps(self.found))


def _processor() -> float:
    """Return processor seconds so far, of all threads and of finished children (compilers)."""
    children = os.times()
    return time.process_time() + children.children_user + children.children_system


def _largest() -> float:
    """Return the largest resident memory of this process, in MB: getrusage would begin with that of its parent."""
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return float(next(line for line in status.read_text().splitlines() if line.startswith("VmHWM")).split()[1]) / 1024


def months(expected: Callable[[float], Any], month: float) -> Any:
    """Return 12 months' purchases, each month's discounted from its end at 1 %: `expected(t)` within t weeks."""
    total, before = 0.0, 0.0
    for k in range(1, MONTHS + 1):
        until = expected(k * month)
        total, before = total + (until - before) / (1 + MONTHLY) ** k, until
    return total
