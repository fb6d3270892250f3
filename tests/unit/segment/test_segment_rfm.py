"""RFM keeps equal values together and still tells customers apart."""

from collections import Counter

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from regulars import engine
from regulars.errors import InputError
from regulars.segment import rfm, rfm_cells


def customers(days, orders, money):
    return engine.frame(
        pa.table(
            {
                "customer_id": list(range(len(days))),
                "days_since_last_purchase": pa.array(days, pa.int64()),
                "n_purchases": pa.array(orders, pa.int64()),
                "lifetime_revenue": pa.array(money, pa.float64()),
            }
        )
    )


def scores(frame, *columns):
    table = engine.to_arrow(frame).sort_by("customer_id")
    return [tuple(row[c] for c in columns) for row in table.to_pylist()]


def test_the_most_recent_most_frequent_and_biggest_get_five():
    n = list(range(100))
    scored, edges = rfm(customers([99 - i for i in n], n, n))
    found = scores(scored, "r_score", "f_score", "m_score", "rfm")
    assert found[0] == (1, 1, 1, "111")
    assert found[99] == (5, 5, 5, "555")
    assert Counter(r for r, *_ in found) == dict.fromkeys(range(1, 6), 20)
    assert edges.notes == ()
    assert edges.as_dict()["f"] == [20, 40, 60, 80]


def test_the_edges_shown_are_the_edges_used():
    _, edges = rfm(customers([1, 5, 9, 20, 90], [1, 2, 3, 4, 5], [10, 20, 30, 40, 50]))
    assert edges.r.band(5) == (None, 5)
    assert edges.r.band(1) == (90, None)
    assert edges.m.band(3) == (30, 40)


def test_two_values_get_the_lowest_and_the_highest_score_and_a_note():
    scored, edges = rfm(customers([1, 2, 3, 4], [1, 1, 1, 2], [5, 6, 7, 8]))
    assert [f for (f,) in scores(scored, "f_score")] == [1, 1, 1, 5]
    said = [note.en for note in edges.notes]
    assert "The number of orders can only be told apart in 2 ways, so it has 2 of 5 scores." in said


def test_one_value_for_all_says_nothing_and_gets_the_middle():
    scored, _ = rfm(customers([3, 3], [1, 1], [9, 9]))
    assert scores(scored, "rfm") == [("333",), ("333",)]


def test_a_customer_without_purchases_has_no_score():
    scored, _ = rfm(customers([1, None], [2, None], [5, -3]))
    assert scores(scored, "r_score", "f_score", "rfm")[1] == (None, None, None)


@pytest.mark.parametrize("n", [1, 10])
def test_the_number_of_classes_is_refused_with_the_remedy(n):
    with pytest.raises(InputError, match="2 to 9"):
        rfm(customers([1], [1], [1]), n)


def test_cells_count_everybody_once_with_exact_sums():
    scored, _ = rfm(customers([1, 5, 9, 20, 90], [1, 2, 3, 4, 5], [10, 20, 30, 40, 50.25]))
    cells = rfm_cells(scored, value="lifetime_revenue")
    assert sum(c["n"] for c in cells) == 5
    assert str(sum(c["value"] for c in cells)) == "150.2500"


@pytest.mark.real_data
@pytest.mark.parametrize("name", ["cdnow_sample", "cdnow_master"])
def test_on_cdnow_no_class_collapses_although_most_bought_once(test_data, name):
    """Quartiles collapse there: more than half of the customers bought once, and the top groups come out empty."""
    table = pq.read_table(test_data / f"{name}.parquet")
    customer = next(c for c in table.column_names if c == "customer_id")
    day, money = "date", "dollar_value"
    as_of = pc.max(table[day]).as_py()
    daily = table.group_by([customer, day]).aggregate([(money, "sum")])
    summary = daily.group_by(customer).aggregate([(day, "max"), (day, "count"), (f"{money}_sum", "sum")])
    days = [(as_of - last).days for last in summary[f"{day}_max"].to_pylist()]
    orders = summary[f"{day}_count"].to_pylist()
    assert sum(n == 1 for n in orders) > len(orders) / 2
    scored, edges = rfm(customers(days, orders, [float(m) for m in summary[f"{money}_sum_sum"].to_pylist()]))
    found = scores(scored, "r_score", "f_score", "m_score", "n_purchases")
    for place in range(3):
        classes = Counter(row[place] for row in found)
        assert set(classes) == {1, 2, 3, 4, 5}
        assert min(classes.values()) > 0.04 * len(found)
    assert {f for _, f, _, n in found if n == 1} == {1}
    assert edges.notes == ()
