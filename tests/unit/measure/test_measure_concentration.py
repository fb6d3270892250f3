"""How concentrated value is."""

from decimal import Decimal

import pyarrow as pa
import pytest

from regulars import engine
from regulars.measure.concentration import concentration


def concentrated(values, **options):
    money = pa.array([None if v is None else Decimal(str(v)) for v in values], pa.decimal128(38, 4))
    return concentration(engine.frame(pa.table({"net_profit": money})), **options)


def test_the_best_fifth_and_what_it_brings():
    found = concentrated([80, *[5] * 4])
    assert (found.top10, found.top20, found.share_for_80) == (0.8, 0.8, 0.2)
    assert (found.head_value, found.tail_value) == (Decimal(80), Decimal(20))
    assert found.points[0] == (0, 0)
    assert found.points[-1] == (1, 1)
    assert found.sentence.zh == "前 20% 的客户带来 80% 的净利；其余 80% 带来 20%。"


def test_customers_who_cost_more_than_they_bring_push_the_curve_above_one():
    found = concentrated([100, 20, 0, -5, -15])
    assert (found.n_negative, found.negative_value) == (2, Decimal(-20))
    assert max(share for _, share in found.points) == 1.2
    assert found.sentence.en == "The top 20% of customers bring 100% of net profit; 2 at the end lose money."


def test_a_long_list_gives_a_short_curve_with_exact_shares():
    n = 12_345
    found = concentrated([f"{i}.1" for i in range(n)])
    assert len(found.points) <= 200
    best = sum(Decimal(f"{i}.1") for i in range(n - 2469, n))
    assert found.head_value == best
    assert found.top20 == float(best / found.total)
    assert list(found.points) == sorted(found.points)
    assert found.share_for_80 == pytest.approx(1 - 0.2**0.5, abs=1 / 1000)


def test_equal_customers_are_a_straight_line():
    found = concentrated([7] * 5_000)
    assert (found.top20, found.share_for_80) == (0.2, 0.8)
    assert all(people == pytest.approx(money, abs=1e-9) for people, money in found.points)


@pytest.mark.parametrize("values", [[-1, -2], [0, 0, 0], [5, -5]])
def test_a_total_of_nothing_has_no_shares(values):
    found = concentrated(values)
    assert (found.points, found.top20, found.share_for_80) == ((), None, None)
    assert "adds up to nothing" in found.sentence.en


def test_unknown_values_are_left_out_and_no_values_are_no_error():
    assert concentrated([None, 5]).n == 1
    assert concentrated([None]).n == 0
    assert concentrated([None]).sentence.zh == "净利合计不到零，谈不上集中。"


def test_revenue_is_called_revenue():
    assert "收入" in concentrated([5, 1], basis="revenue").sentence.zh
