"""Whatever the values, classes part no equals, miss nobody, and their sums are exact."""

from decimal import Decimal
from itertools import pairwise

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from regulars import engine
from regulars.measure.concentration import concentration
from regulars.segment import matrix, rfm, tiers
from regulars.segment.ladder import Ladder, even, ladder, top

few_values = st.lists(st.integers(-3, 6), min_size=1, max_size=60)
many_values = st.lists(st.integers(-1000, 10**9), min_size=1, max_size=60)
amounts = few_values | many_values
shares = st.sampled_from([0.01, 0.1, 0.2, 0.3, 0.5, 0.9])


def exact(values):
    """The ladder of values that are few: one rung for each."""
    distinct = sorted(set(values))
    return Ladder(tuple(map(float, distinct)), tuple(values.count(v) for v in distinct))


@given(amounts)
def test_the_engines_ladder_is_the_exact_one(values):
    assert ladder(engine.frame(pa.table({"v": values})), "v") == exact(values)


@given(amounts, shares)
def test_no_other_cut_is_nearer_to_the_share(values, share):
    cut = top(exact(values), share)
    assert cut.n == sum(1 for v in values if cut.at is not None and v >= cut.at)
    possible = [0, *(sum(1 for v in values if v >= at) for at in set(values) if at > 0)]
    assert abs(cut.n - share * len(values)) == min(abs(n - share * len(values)) for n in possible)


@given(amounts, st.integers(2, 9), st.booleans())
def test_as_many_classes_as_there_can_be_none_empty(values, n, low_is_best):
    edges = even(exact(values), n, low_is_best=low_is_best)
    assert len(edges) == min(n, len(set(values))) - 1
    bounds = [float("-inf"), *edges, float("inf")]
    sizes = [sum(lo <= v < hi for v in values) for lo, hi in pairwise(bounds)]
    assert sum(sizes) == len(values)
    assert min(sizes) > 0


def frame_of(values):
    money = pa.array([Decimal(v) / 100 for v in values], pa.decimal128(38, 4))
    return engine.frame(
        pa.table(
            {
                "customer_id": list(range(len(values))),
                "days_since_last_purchase": [abs(v) % 500 for v in values],
                "n_purchases": [abs(v) % 7 for v in values],
                "lifetime_revenue": money,
                "net_profit": money,
                "future_value": [float(v % 11) for v in values],
            }
        )
    )


@settings(max_examples=20)  # three classifications in the engine each
@given(amounts)
def test_equal_customers_are_in_the_same_classes_and_better_ones_never_in_worse(values):
    frame, _ = rfm(frame_of(values))
    frame, rule = matrix(frame)
    frame, _ = tiers(frame)
    rows = engine.to_arrow(frame).sort_by("net_profit").to_pylist()
    order = {"bronze": 0, "silver": 1, "gold": 2}
    for worse, better in pairwise(rows):
        ranks = [(row["m_score"], order[row["tier"]], row["matrix"] in ("III", "IV")) for row in (worse, better)]
        assert all(a <= b for a, b in zip(*ranks, strict=True))
        if worse["net_profit"] == better["net_profit"]:
            assert ranks[0] == ranks[1]
    assert all(row["matrix"] for row in rows)
    if rule.current is not None:
        assert all((float(row["net_profit"]) >= rule.current) == (row["matrix"] in ("III", "IV")) for row in rows)


@given(amounts)
def test_concentration_adds_up_exactly(values):
    found = concentration(frame_of(values))
    money = sorted((Decimal(v) / 100 for v in values), reverse=True)
    head = -(-len(money) // 5)
    assert found.total == sum(money)
    assert found.head_value == sum(money[:head])
    assert found.head_value + found.tail_value == found.total
    assert found.n_negative == sum(v < 0 for v in values)
    assert found.negative_value == sum((m for m in money if m < 0), Decimal(0))
    if found.total > 0:
        k = next(k for k in range(1, len(money) + 1) if sum(money[:k]) * 10 >= found.total * 8)
        assert found.share_for_80 == k / len(money)
