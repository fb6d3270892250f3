"""Who is left alone as control, the same on every engine."""

from __future__ import annotations

import hashlib
from collections import Counter
from decimal import Decimal

import pyarrow as pa
import pytest

from regulars import engine
from regulars.prove.control import split

LIST = pa.table({"customer_id": list(range(1, 61)), "matrix": (["IV"] * 5 + ["III"] * 15 + ["II"] * 20 + [None] * 20)})
CONTROL = {1, 18, 28, 40, 42, 44}
"""Of `LIST`, with the seed "spring" and a tenth: what every engine must find, in this version and in later ones."""


def by_hand(seed, share_parts):
    """The definition, row by row."""

    def place(text):
        return int(hashlib.md5(f"{seed}:{text}".encode()).hexdigest()[:7], 16)

    rows = zip(*(LIST[name].to_pylist() for name in ("customer_id", "matrix")), strict=True)
    order = sorted((group or "", place(key), key) for key, group in rows)
    start = place("start") % 10_000
    steps = [(i * share_parts + start) // 10_000 for i in range(len(order) + 1)]
    return {key for i, (_, _, key) in enumerate(order) if steps[i + 1] > steps[i]}


def test_the_definition_gives_these_customers():
    assert by_hand("spring", 1000) == CONTROL


def arms(frame):
    table = engine.to_arrow(frame.select("customer_id", "arm", "propensity", "stratum"))
    return {row["customer_id"]: row for row in table.to_pylist()}


def control(frame):
    return {key for key, row in arms(frame).items() if row["arm"] == "control"}


def test_every_engine_leaves_the_same_customers_alone(on_engine):
    assert control(split(on_engine(LIST), seed="spring", stratum="matrix")) == CONTROL


def test_the_order_of_the_list_does_not_matter(on_engine):
    backwards = LIST.take(list(range(LIST.num_rows - 1, -1, -1)))
    assert control(split(on_engine(backwards), seed="spring", stratum="matrix")) == CONTROL


def test_each_class_gives_its_share_and_so_does_the_list(on_engine):
    found = arms(split(on_engine(LIST), seed="autumn", share=Decimal("0.2"), stratum="matrix"))
    counts = Counter(row["stratum"] for row in found.values() if row["arm"] == "control")
    assert counts == {"IV": 1, "III": 3, "II": 4, "": 4}


def test_the_chance_of_the_arm_is_written_down(on_engine):
    found = arms(split(on_engine(LIST), seed="spring", share=0.25))
    assert {(row["arm"], round(row["propensity"], 6)) for row in found.values()} == {
        ("control", 0.25),
        ("treated", 0.75),
    }


def test_text_keys_work(on_engine):
    words = pa.table({"customer_id": [f"c{n}" for n in range(30)]})
    assert len(control(split(on_engine(words), seed="spring"))) == 3


@pytest.mark.parametrize("customers", [0, 1])
def test_a_list_of_nobody_or_of_one(on_engine, customers):
    short = LIST.slice(0, customers)
    assert len(arms(split(on_engine(short), seed="spring", stratum="matrix"))) == customers
