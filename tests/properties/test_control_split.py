"""Splitting a list at random: shares, balance, reproducibility, equal chances."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from math import ceil, floor

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars import engine
from regulars.errors import InputError
from regulars.prove.control import split

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
