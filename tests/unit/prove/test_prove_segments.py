"""Segments choose their own model only where they are large enough, by the same rule, and show what it is worth."""

import datetime as dt

import numpy as np
import pyarrow as pa
import pytest

from regulars import engine
from regulars.prove.backtest import backtest
from regulars.prove.history import simulated_history
from regulars.prove.members import first_segments
from regulars.prove.segments import compare_segments
from regulars.simulate import Company

START = dt.date(2024, 1, 1)
SPLIT, UNTIL = START + dt.timedelta(weeks=52), START + dt.timedelta(weeks=78)
WORLDS = {
    "often": {"process": "mbg_nbd", "r": 2.0, "alpha": 4.0, "a": 0.5, "b": 6.0, "n_customers": 2000},
    "rarely": {"process": "mbg_nbd", "r": 0.6, "alpha": 20.0, "a": 1.0, "b": 1.5, "n_customers": 4000},
    "few": {"process": "mbg_nbd", "r": 2.0, "alpha": 4.0, "a": 0.5, "b": 6.0, "n_customers": 300},
}


@pytest.fixture(scope="module")
def base():
    parts, members, start = [], [], 0
    for seed, (name, world) in enumerate(WORLDS.items()):
        history = simulated_history(Company(seed=seed, weeks=78, **world)).by_day()
        days = np.round(history.week * 7).astype("timedelta64[D]") + np.datetime64(START)
        parts.append(
            pa.table({"customer_id": history.customer + start, "occasion_date": pa.array(days.astype("datetime64[D]"))})
        )
        ids = np.unique(history.customer) + start
        members.append(pa.table({"customer_id": ids, "segment": [name] * ids.size}))
        start = int(ids.max()) + 1
    return pa.concat_tables(parts), pa.concat_tables(members)


@pytest.fixture(scope="module")
def found(base):
    occasions, members = base
    held = backtest(occasions, first=START, split=SPLIT, until=UNTIL, n_customers=members.num_rows)
    segments = compare_segments(occasions, members, held.plan, held.card.chosen)
    return held, {each.name: each for each in segments}


def test_every_customer_stands_in_one_segment(found):
    held, segments = found
    assert set(segments) == set(WORLDS)
    assert sum(each.customers for each in segments.values()) == held.card.cells.n


def test_what_differs_gains_by_a_model_of_its_own(found):
    often = found[1]["often"]
    assert often.own["rmse"] < often.common["rmse"]
    assert often.gap.high < 0


def test_a_small_segment_keeps_the_common_model(found):
    few = found[1]["few"].as_dict()
    assert few["customers"] < 1000
    assert (few["own"], few["choice"], few["rmse_against_common"]) == (None, None, None)
    assert few["common"]["rmse"] > 0


def test_a_customer_belongs_where_the_first_purchase_was_made():
    d = dt.date
    lines = pa.table({
        "customer_id": [1, 1, 1, 2, 3], "kind": ["sale", "sale", "return", "sale", "sale"],
        "occasion_date": [d(2024, 1, 1), d(2024, 2, 1), d(2023, 1, 1), d(2024, 1, 1), d(2024, 1, 1)],
        "channel": ["web", "shop", "mail", None, "shop"],
    })  # fmt: skip
    rows = engine.to_arrow(first_segments(lines, "channel")).sort_by("customer_id").to_pylist()
    assert rows == [{"customer_id": 1, "segment": "web"}, {"customer_id": 3, "segment": "shop"}]
