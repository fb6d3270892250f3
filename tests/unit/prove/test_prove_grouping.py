"""Groups with parameters of their own are one more candidate: taken where they forecast better, and only there."""

import datetime as dt

import numpy as np
import pyarrow as pa
import pytest

from regulars import engine
from regulars.prove.backtest import hold_out
from regulars.prove.grouping import weigh
from regulars.prove.history import simulated_history
from regulars.prove.members import CODE, members_of
from regulars.prove.origins import Origin, read_cells
from regulars.simulate import Company

START = dt.date(2024, 1, 1)
OFTEN = {"r": 2.0, "alpha": 4.0, "a": 0.5, "b": 6.0}
RARELY = {"r": 0.6, "alpha": 20.0, "a": 1.0, "b": 1.5}


def base(*groups):
    """Order lines of groups that each are (name, customers, world)."""
    parts, start = [], 0
    for seed, (name, n, world) in enumerate(groups):
        company = Company(seed=seed, weeks=78, process="mbg_nbd", n_customers=n, **world)
        history = simulated_history(company).by_day()
        days = np.round(history.week * 7).astype("timedelta64[D]") + np.datetime64(START)
        parts.append(pa.table({
            "customer_id": history.customer + start, "occasion_date": pa.array(days.astype("datetime64[D]")),
            "kind": ["sale"] * days.size, "store": pa.array([name] * days.size, pa.string()),
        }))  # fmt: skip
        start += n
    return pa.concat_tables(parts)


def held(lines, *, groups=True):
    members = members_of(engine.frame(lines), "store", by="store") if groups else None
    days, n = lines["occasion_date"].to_pylist(), len(set(lines["customer_id"].to_pylist()))
    occasions = lines.select(["customer_id", "occasion_date"])
    return hold_out(occasions, first=min(days), as_of=max(days), n_customers=n, members=members)


@pytest.fixture(scope="module")
def differing():
    return held(base(("busy", 700, OFTEN), ("calm", 1500, RARELY), ("tiny", 40, OFTEN), (None, 40, OFTEN)))


@pytest.fixture(scope="module")
def alike():
    lines = base(("a", 600, OFTEN), ("b", 600, OFTEN))
    return held(lines), held(lines, groups=False)


def test_groups_that_differ_are_chosen_and_forecast_better(differing):
    choice = differing.choice
    assert (choice.by_groups, choice.model.partition(" × ")[2]) == (True, "store")
    assert choice.alike[0] == choice.model
    assert choice.groups.gain > 3 * choice.groups.standard_error > 0
    assert "earned their place" in choice.reason.en
    rows = {row["key"]: row for row in differing.card.table}
    gained = differing.card.as_dict()["by_groups"]
    assert gained["gain"] > 3 * gained["standard_error"] > 0
    assert abs(rows[choice.model]["bias"]) < 0.1
    assert 0.9 <= differing.card.judged["coverage90"] < 0.99


def test_the_small_and_the_unknown_are_taken_together(differing):
    assert set(differing.card.grouped.groups) == {"busy", "calm", ""}
    assert differing.card.grouped.groups[""].customers <= 80


def test_groups_that_are_alike_are_not_chosen_and_change_nothing(alike):
    by_groups, plain = alike
    verdict = by_groups.choice.groups
    assert (verdict.taken, by_groups.choice.by_groups) == (False, False)
    assert verdict.gain <= max(verdict.standard_error, 0.002)
    assert "did not earn their place" in by_groups.choice.reason.en
    assert by_groups.choice.model == plain.choice.model
    assert by_groups.card.chosen.common.get_params() == plain.card.chosen.common.get_params()
    before = [s.log_score for s in plain.choice.scores]
    assert [s.log_score for s in by_groups.choice.scores[: len(before)]] == pytest.approx(before, abs=1e-12)


def test_one_group_is_not_tried():
    found = held(base(("a", 300, OFTEN), ("b", 30, OFTEN)))
    assert (found.choice.groups.name, found.choice.by_groups) == (None, False)
    assert "1 group of 100 customers" in found.choice.reason.en


def test_a_model_of_regular_buyers_is_not_grouped():
    lines = base(("a", 150, OFTEN), ("b", 150, OFTEN))
    members = members_of(engine.frame(lines), "store", by="store")
    at = Origin(START + dt.timedelta(weeks=40), START + dt.timedelta(weeks=60))
    cells = read_cells(lines, at, members)
    verdict, scores = weigh("MBG/CNBD-k", [np.zeros(cells.x.size)], [cells], None, 0.002)
    assert (verdict.taken, verdict.name, scores) == (False, None, None)
    assert "regular buyers, which cannot be fitted by groups" in verdict.reason.en


def test_cells_by_group_are_the_same_customers():
    lines = base(("a", 200, OFTEN), ("b", 150, RARELY), (None, 20, RARELY))
    members = members_of(engine.frame(lines), "store", by="store")
    at = Origin(START + dt.timedelta(weeks=40), START + dt.timedelta(weeks=60))
    apart, together = read_cells(lines, at, members), read_cells(lines, at)
    for one, other in zip(apart.histories(), together.histories(), strict=True):
        assert np.array_equal(one, other)
    size = {name: apart.count[apart.group.code == k].sum() for k, name in enumerate(apart.group.names)}
    assert set(size) == {"a", "b"}
    assert apart.n == together.n == sum(size.values()) + apart.count[apart.group.code == -1].sum()


def test_a_customer_is_of_the_group_of_the_first_purchase():
    day = dt.date
    lines = pa.table({
        "customer_id": list(range(100)) * 2, "kind": ["sale"] * 200,
        "occasion_date": [day(2024, 1, 1)] * 100 + [day(2024, 2, 1)] * 100, "store": ["a"] * 100 + ["b"] * 100,
    })  # fmt: skip
    members = members_of(engine.frame(lines), "store", by="store")
    assert members.names == ("a",)
    assert set(engine.to_arrow(members.frame)[CODE].to_pylist()) == {0}
