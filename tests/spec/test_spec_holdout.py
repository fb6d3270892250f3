"""The hold-out's table work, on every engine."""

import datetime as dt
import hashlib

import pyarrow as pa

from regulars import engine
from regulars.prove.features import features_at
from regulars.prove.origins import hashed_sample, holdout_cells

D = dt.date
OCCASIONS = pa.table(
    {
        "customer_id": [1, 1, 1, 2, 2, 3, 4, 5],
        "occasion_date": [D(2024, 1, 1), D(2024, 2, 29), D(2024, 3, 1), D(2024, 1, 1), D(2024, 4, 1), D(2024, 3, 2),
                          D(2024, 1, 1), D(2024, 1, 1)],
    }
)  # fmt: skip


def test_cells_count_customers_by_history_and_outcome(on_engine):
    found = holdout_cells(on_engine(OCCASIONS), origin=D(2024, 2, 29), until=D(2024, 3, 31)).to_pylist()
    rows = sorted((row["x"], row["t_x_days"], row["T_days"], row["actual"], row["count"]) for row in found)
    assert rows == [(0, 0, 59, 0, 3), (1, 59, 59, 1, 1)]


def test_a_hashed_sample_is_the_same_customers(on_engine):
    found = engine.to_arrow(engine.frame(hashed_sample(on_engine(OCCASIONS), size=3, of=5)))
    share = 3 / 5 * 16**7
    chosen = [k for k in range(1, 6) if int(hashlib.md5(f"hold-out:{k}".encode()).hexdigest()[:7], 16) < share]
    assert sorted(set(found["customer_id"].to_pylist())) == chosen


def test_features_stop_at_the_origin(on_engine):
    rows = engine.to_arrow(features_at(on_engine(OCCASIONS), D(2024, 3, 1), days=28)).to_pylist()
    found = {row["customer_id"]: row for row in rows}
    assert set(found) == {1, 2, 4, 5}
    assert found[1] == {
        "customer_id": 1, "x": 2, "t_x_days": 60, "T_days": 60, "silent": 0, "silent_share": 0, "silent_gaps": 0,
        "usual_gap": 30, "gap_last": 1, "gap_before": 59, "gap_spread": 29 / 30, "season": 0,
        "in_28": 2, "in_91": 3, "in_182": 3, "in_364": 3,
    }  # fmt: skip
    assert (found[2]["x"], found[2]["usual_gap"], found[2]["gap_last"]) == (0, None, None)
