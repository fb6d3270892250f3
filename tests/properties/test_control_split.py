"""Splitting a list at random: shares, balance, reproducibility, equal chances."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from itertools import pairwise
from math import ceil, floor

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regulars import engine
from regulars.errors import InputError
from regulars.prove.control import assign, split

CLASSES = st.sampled_from(["IV", "III", "II", "I", None])
SHARES = st.integers(1, 5000).map(lambda parts: Decimal(parts) / 10_000)
SEEDS = st.text(st.characters(codec="ascii", categories=("L", "N")), min_size=1, max_size=20)


def arms(ids, classes, **options):
    table = pa.table({"customer_id": pa.array(ids, pa.int64()), "matrix": pa.array(classes, pa.string())})
    rows = engine.to_arrow(split(engine.frame(table), stratum="matrix", **options)).to_pylist()
    return {row["customer_id"]: (row["arm"], row["stratum"]) for row in rows}


@given(classes=st.lists(CLASSES, max_size=120), share=SHARES, seed=SEEDS)
def test_every_class_and_the_whole_list_give_their_share_to_the_next_customer(classes, share, seed):
    found = arms(range(len(classes)), classes, share=share, seed=seed)
    left_alone = Counter(stratum for arm, stratum in found.values() if arm == "control")
    for stratum, n in Counter(c or "" for c in classes).items():
        assert floor(n * share) <= left_alone[stratum] <= ceil(n * share)
    assert floor(len(classes) * share) <= sum(left_alone.values()) <= ceil(len(classes) * share)


@given(
    st.lists(st.tuples(st.integers(-(2**62), 2**62), CLASSES), unique_by=lambda one: one[0], max_size=80),
    SEEDS,
    st.randoms(),
)
def test_the_same_list_and_seed_give_the_same_split_in_any_order(customers, seed, random):
    shuffled = random.sample(customers, len(customers))
    first, again = (arms(*zip(*rows, strict=True), seed=seed) if rows else {} for rows in (customers, shuffled))
    assert first == again


def test_over_many_seeds_everyone_has_the_same_chance():
    """60 customers, 400 seeds, a share of 0.1: each is control 40 times on average, within 5.5 standard deviations."""
    ids, classes = range(60), ["IV"] * 3 + ["III"] * 7 + ["II"] * 20 + ["I"] * 30
    times = Counter(
        customer
        for seed in range(400)
        for customer, (arm, _) in arms(ids, classes, seed=f"s{seed}").items()
        if arm == "control"
    )
    assert sum(times.values()) == 400 * 6
    assert all(abs(times[customer] - 40) < 5.5 * 6 for customer in ids)


def test_another_seed_is_another_split():
    ids, classes = range(200), ["I"] * 200
    chosen = [
        frozenset(c for c, (arm, _) in arms(ids, classes, seed=s).items() if arm == "control") for s in ("a", "b")
    ]
    assert len(chosen[0]) == len(chosen[1]) == 20
    assert chosen[0] != chosen[1]


@pytest.mark.parametrize("share", [0, -0.1, 0.51, 1, Decimal("0.00001"), float("nan"), float("inf")])
def test_a_share_out_of_range_is_refused_in_words(share):
    with pytest.raises(InputError, match=r"between 0\.01% and 50%"):
        arms([1], ["I"], seed="s", share=share)


@settings(max_examples=20)
@given(
    classes=st.lists(CLASSES, max_size=100),
    cuts=st.lists(st.integers(1, 9_999), min_size=1, max_size=3, unique=True),
    seed=SEEDS,
)
def test_several_arms_get_their_shares_of_every_class_to_a_customer_or_two(classes, cuts, seed):
    edges = [0, *sorted(cuts), 10_000]
    shares = {f"arm {i}": Decimal(b - a) / 10_000 for i, (a, b) in enumerate(pairwise(edges))}
    table = pa.table({"customer_id": range(len(classes)), "matrix": pa.array(classes, pa.string())})
    rows = engine.to_arrow(assign(engine.frame(table), seed=seed, shares=shares, stratum="matrix")).to_pylist()
    counts = Counter((row["stratum"], row["arm"]) for row in rows)
    for stratum, n in Counter(c or "" for c in classes).items():
        for arm, share in shares.items():
            assert abs(counts[stratum, arm] - n * share) < len(shares)
    assert all(abs(Decimal(str(row["propensity"])) - shares[row["arm"]]) < Decimal("1e-9") for row in rows)


@pytest.mark.parametrize(
    "shares", [{}, {"a": 1}, {"a": 0.5, "b": 0.4}, {"a": 1.0, "b": 0.0}, {"a": 0.5, "b": float("nan")}]
)
def test_shares_that_are_none_are_refused_in_words(shares):
    with pytest.raises(InputError, match="no shares of arms"):
        assign(engine.frame(pa.table({"customer_id": [1]})), seed="s", shares=shares)
