"""Cuts that keep equal values together."""

import pyarrow as pa
import pytest

from regulars import engine
from regulars.segment.ladder import Ladder, even, ladder, top


def rungs(counts):
    """A ladder from {value: how many}."""
    return Ladder(tuple(map(float, sorted(counts))), tuple(counts[v] for v in sorted(counts)))


def test_a_ladder_counts_equal_values_on_one_rung():
    frame = engine.frame(pa.table({"v": [3, 1, 1, None, 2, 1]}))
    assert ladder(frame, "v") == Ladder((1.0, 2.0, 3.0), (3, 1, 1))


def test_a_column_of_nulls_gives_an_empty_ladder():
    assert ladder(engine.frame(pa.table({"v": pa.array([None, None], pa.int64())})), "v") == Ladder((), ())


def test_a_long_column_leaves_the_engine_in_at_most_a_thousand_rungs_that_are_exact_at_each_share():
    frame = engine.frame(pa.table({"v": list(range(25_000))}))
    found = ladder(frame, "v")
    assert len(found.lowest) == 1000
    assert found.total == 25_000
    assert top(found, 0.2).at == 20_000
    assert top(found, 0.2).n == 5_000
    assert top(found, 0.001).n == 25


@pytest.mark.parametrize(
    ("counts", "share", "at", "n"),
    [
        (dict.fromkeys(range(1, 11), 1), 0.2, 9, 2),
        ({0: 85, 5: 10, 9: 5}, 0.2, 5, 15),  # the percentile is 0: nobody with 0 is at the top
        ({0: 100}, 0.2, None, 0),
        ({-5: 50, -1: 50}, 0.2, None, 0),
        ({7: 100}, 0.2, None, 0),  # all alike: nearest to 20 % is nobody
        ({1: 60, 7: 40}, 0.2, 7, 40),  # 40 % and 0 % are equally near: the lower cut counts
        ({1: 50, 7: 35, 9: 15}, 0.2, 9, 15),
        ({1: 1}, 0.1, None, 0),
        ({1: 1, 2: 1, 3: 1, 4: 1, 5: 1}, 0.1, 5, 1),
    ],
)
def test_the_top_is_as_near_to_its_share_as_equal_values_allow(counts, share, at, n):
    cut = top(rungs(counts), share)
    assert (cut.at, cut.n) == (at, n)


def test_a_crowded_lowest_value_leaves_all_other_classes_to_the_rest():
    assert even(rungs({1: 60, 2: 10, 3: 10, 4: 10, 9: 10}), 5) == (2, 3, 4, 9)


def test_even_classes_where_nothing_is_tied():
    assert even(rungs(dict.fromkeys(range(100), 1)), 5) == (20, 40, 60, 80)


def test_few_days_are_best_where_low_is_best():
    assert even(rungs({1: 10, 2: 10, 3: 10, 4: 10, 400: 60}), 5, low_is_best=True) == (2, 3, 4, 400)


@pytest.mark.parametrize(
    ("counts", "edges"), [({}, ()), ({1: 9}, ()), ({1: 9, 2: 1}, (2,)), ({1: 1, 2: 9, 3: 1}, (2, 3))]
)
def test_fewer_values_than_classes_give_one_class_each(counts, edges):
    assert even(rungs(counts), 5) == edges
