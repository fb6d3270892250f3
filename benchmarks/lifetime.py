"""Time the lifetime models on simulated bases at daily grain, in weeks: ``python -m benchmarks.lifetime``.

Medians of ``--repeat`` runs. Other libraries beside: `benchmarks.peers`.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pyarrow as pa

from benchmarks.measure import row
from regulars.measure.lifetime import BetaGeoNBD, GammaGamma, ModifiedBetaGeoNBD, ParetoNBD
from regulars.measure.lifetime.triples import rows_of

DAYS = 546


def simulate(n: int, dropout_at_purchase: bool, seed: int = 0) -> pa.Table:
    """Return a summary of `n` customers whose first purchases are spread over 78 weeks."""
    g = np.random.default_rng(seed)
    T = g.integers(1, DAYS, n)
    rate = g.gamma(0.55, 1 / 46.0, n)
    stop = g.beta(0.9, 1.6, n) if dropout_at_purchase else np.zeros(n)
    life = np.full(n, np.inf) if dropout_at_purchase else g.exponential(1 / g.gamma(0.61, 1 / 82.0, n))
    end = np.minimum(life, T)
    x, t_x, clock = np.zeros(n, np.int64), np.zeros(n, np.int64), np.zeros(n)
    active = np.flatnonzero(g.random(n) >= stop)
    while len(active):
        clock[active] += g.exponential(1 / rate[active])
        active = active[clock[active] < end[active]]
        day = clock[active].astype(np.int64)
        new = day > t_x[active]  # same-day purchases are one occasion
        x[active[new]] += 1
        t_x[active[new]] = day[new]
        active = active[g.random(len(active)) >= stop[active]]
    spend = np.where(x > 0, g.gamma(6.25 * np.maximum(x, 1), 1.0) / np.maximum(x, 1) / g.gamma(3.74, 1 / 15.44, n), 0.0)
    return pa.table({"x": x, "t_x": t_x / 7, "T": T / 7, "t_x_days": t_x, "T_days": T, "mean_repeat_spend": spend})


def median(call: Callable[[], Any], repeat: int) -> float:
    """Return the median seconds of `repeat` calls after one to warm up."""
    call()
    seconds = []
    for _ in range(repeat):
        start = time.perf_counter()
        call()
        seconds.append(time.perf_counter() - start)
    return statistics.median(seconds)


def say(name: str, what: str, seconds: float) -> None:
    row(f"{name}: {what}", f"{seconds:.3f} s", "")


def score(name: str, model: Any, summary: pa.Table, spend: GammaGamma, repeat: int) -> None:
    x, t_x, T, m = (summary[c].to_numpy() for c in ("x", "t_x", "T", "mean_repeat_spend"))
    for what, call in (
        ("P(alive)", lambda: model.probability_alive(summary)),
        ("E[X(52)]", lambda: model.expected_purchases(summary, 52)),
        ("12-month discounted", lambda: model.discounted_purchases(summary, 52, 0.0018)),
        ("DERT", lambda: model.discounted_residual_purchases(summary, 0.0018)),
        ("purchase intervals", lambda: model.purchase_interval(x, t_x, T, 52)),
        ("value intervals", lambda: model.value_interval(x, t_x, T, m, 52, spend)),
        ("totals, 200 draws", lambda: model.interval_total(summary, 52, spend=spend, mean_repeat_spend=m)),
    ):
        say(name, what, median(call, repeat))


def fits(kind: str, summary: pa.Table, fitted: Any, repeat: int) -> None:
    name = f"{kind} {summary.num_rows:,}"
    triples = rows_of(summary, "week").triples()
    grouped = (triples.x, triples.t_x, triples.T, triples.count)
    row(f"{name}: distinct triples", f"{len(triples.x):,}", "")
    for what, call in (
        ("grouping", lambda: rows_of(summary, "week").triples()),
        ("fit, grouped", lambda: fitted().fit_grouped(*grouped)),
        ("fit, from the summary", lambda: fitted().fit(summary)),
    ):
        say(name, what, median(call, repeat))


def bench(customers: int, pareto_customers: int, repeat: int) -> None:
    """Print every timing as a row."""
    whole = simulate(customers, dropout_at_purchase=True)
    part = simulate(pareto_customers, dropout_at_purchase=False)
    spend = GammaGamma().fit(whole)
    say("Gamma-Gamma", "fit", median(lambda: GammaGamma().fit(whole), repeat))
    for kind, summary, fitted in (
        ("BG/NBD", whole, BetaGeoNBD),
        ("MBG/NBD", whole, ModifiedBetaGeoNBD),
        ("Pareto/NBD", part, ParetoNBD),
    ):
        fits(kind, summary, fitted, repeat)
        score(f"{kind} {summary.num_rows:,}", fitted().fit(summary), summary, spend, repeat)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--customers", type=int, default=1_000_000)
    options.add_argument("--pareto-customers", type=int, default=100_000)
    options.add_argument("--repeat", type=int, default=3)
    chosen = options.parse_args()
    bench(chosen.customers, chosen.pareto_customers, chosen.repeat)


if __name__ == "__main__":
    main()
