"""``python -m benchmarks.contracts``: who leaves next, beside gradient boosting, on IBM's Telco customers.

Each customer is scored by models that have not seen them: five folds, drawn anew several times. The measure is Brier's
mean squared error of the probability; the difference to the rival is taken over customers drawn again and again, the
same for both. Reliability: ten equal groups by predicted chance, what was said beside what happened. The file lists who
was a customer in the last month and says who left in it, so each tells of one renewal (`--last-period-only`). Needs
REGULARS_TEST_DATA and scikit-learn.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Mapping
from pathlib import Path

import duckdb
import numpy as np

from benchmarks.measure import row
from regulars.ingest.contracts import ContractRows, read_contracts
from regulars.measure.lifetime.hazard import RenewalHazard

Features = dict[str, np.ndarray]
LEFT_OUT = ("customerID", "tenure", "Churn")
OURS, PLAIN = "RenewalHazard", "gradient boosting (scikit-learn)"


def telco() -> tuple[np.ndarray, np.ndarray, Features]:
    """Return tenure, churn and all features as given."""
    file = Path(os.environ["REGULARS_TEST_DATA"]) / "telco_churn.parquet"
    with duckdb.connect() as connection:
        names = [str(r[0]) for r in connection.execute(f"describe from read_parquet('{file}')").fetchall()]
        features = [name for name in names if name not in LEFT_OUT]
        found: ContractRows = read_contracts(file, connection=connection, features=features)
    churned = found.columns["churned"].astype(bool)
    return found.columns["tenure"].astype(np.int64), churned, dict(found.features)


def ours(train: np.ndarray, test: np.ndarray, tenure: np.ndarray, left: np.ndarray, known: Features) -> np.ndarray:
    t = np.maximum(tenure, 1)  # who joined this month is in the first
    model = RenewalHazard().fit(t[train] - 1, t[train], left[train], {n: c[train] for n, c in known.items()})
    return model.leaving(t[test], {n: c[test] for n, c in known.items()})


def boosted(train: np.ndarray, test: np.ndarray, tenure: np.ndarray, left: np.ndarray, known: Features) -> np.ndarray:
    from sklearn.ensemble import GradientBoostingClassifier

    columns = [tenure.astype(np.float64)]
    for column in known.values():
        if column.dtype == object:
            columns += [(column == level).astype(np.float64) for level in sorted({str(v) for v in column})[1:]]
        else:
            columns.append(np.where(np.isnan(column), 0.0, column))
    x = np.column_stack(columns)
    return GradientBoostingClassifier(random_state=0).fit(x[train], left[train]).predict_proba(x[test])[:, 1]


WAYS: Mapping[str, Callable[..., np.ndarray]] = {OURS: ours, PLAIN: boosted}


def held_out(repeats: int, seed: int = 1) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Return who left and, by way, each customer's predicted chance in every repeat, (repeats, customers)."""
    tenure, left, known = telco()
    rng, said = np.random.default_rng(seed), {name: np.zeros((repeats, len(left))) for name in WAYS}
    for k in range(repeats):
        fold = rng.permutation(len(left)) % 5
        for out in range(5):
            for name, way in WAYS.items():
                said[name][k, fold == out] = way(fold != out, fold == out, tenure, left, known)
    return left, said


def brier(left: np.ndarray, said: np.ndarray) -> np.ndarray:
    """Return each customer's squared error, the mean over repeats."""
    return np.asarray(((said - left) ** 2).mean(axis=0))


def difference(left: np.ndarray, a: np.ndarray, b: np.ndarray, draws: int = 2000) -> tuple[float, float, float]:
    """Return how much larger a's Brier score is than b's, with a 95 % interval by the paired bootstrap."""
    gap, rng = brier(left, a) - brier(left, b), np.random.default_rng(2)
    means = np.sort([gap[rng.integers(0, len(gap), len(gap))].mean() for _ in range(draws)])
    return float(gap.mean()), float(means[int(0.025 * draws)]), float(means[int(0.975 * draws)])


def deciles(left: np.ndarray, said: np.ndarray) -> list[tuple[float, float, int]]:
    """Return said, happened and size of ten equal groups by predicted chance."""
    chance = said.mean(axis=0)
    parts = np.array_split(np.argsort(chance, kind="stable"), 10)
    return [(float(chance[part].mean()), float(left[part].mean()), len(part)) for part in parts]


def unreliability(left: np.ndarray, said: np.ndarray) -> float:
    """Return the mean distance between said and happened over the ten groups."""
    return float(np.mean([abs(a - b) for a, b, _ in deciles(left, said)]))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=10)
    left, said = held_out(parser.parse_args().repeats)
    row("who leaves next", "Brier", "mean gap over deciles", "largest gap")
    row("---", "---", "---", "---")
    for name, chances in said.items():
        gaps = [abs(a - b) for a, b, _ in deciles(left, chances)]
        row(name, f"{brier(left, chances).mean():.4f}", f"{np.mean(gaps):.4f}", f"{max(gaps):.4f}")
    row("everybody the same", f"{left.mean() * (1 - left.mean()):.4f}", "", "")
    more, low, high = difference(left, said[OURS], said[PLAIN])
    row("difference", f"{more:+.4f}", f"95 %: {low:+.4f} to {high:+.4f}", "")
    print()
    row("group by predicted chance", *(str(k) for k in range(1, 11)))
    row("---", *["---"] * 10)
    for name, chances in said.items():
        row(f"said, {name}", *(f"{a:.1%}" for a, _, _ in deciles(left, chances)))
        row("happened", *(f"{b:.1%}" for _, b, _ in deciles(left, chances)))


if __name__ == "__main__":
    main()
