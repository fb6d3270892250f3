"""The value matrix: who is high now, who later."""

import pyarrow as pa
import pytest

from regulars import engine
from regulars.errors import InputError
from regulars.segment import matrix


def classed(now, later, **options):
    table = {"customer_id": list(range(len(now))), "net_profit": pa.array(now, pa.float64())}
    if later is not None:
        table["future_value"] = pa.array(later, pa.float64())
    frame, rule = matrix(engine.frame(pa.table(table)), **options)
    found = engine.to_arrow(frame).sort_by("customer_id")
    return found["matrix"].to_pylist(), found["matrix_reason"].to_pylist(), rule


def test_the_four_classes():
    classes, reasons, rule = classed([10, 10, 1, 1], [10, 1, 10, 1], threshold=0.5)
    assert classes == ["IV", "III", "II", "I"]
    assert reasons == ["high_now_high_later", "high_now_low_later", "low_now_high_later", "low_now_low_later"]
    assert (rule.current, rule.future) == (10, 10)


def test_a_value_exactly_on_the_line_is_high():
    classes, _, rule = classed(list(range(1, 11)), list(range(1, 11)))
    assert rule.current == 9
    assert classes == ["I"] * 8 + ["IV"] * 2


def test_most_customers_at_zero_are_not_high_though_the_percentile_is_zero():
    classes, _, rule = classed([0] * 9 + [5], [0] * 8 + [3, 5])
    assert (rule.current, rule.future) == (5, 3)
    assert classes == ["I"] * 8 + ["II", "IV"]


def test_a_loss_is_never_high():
    classes, _, rule = classed([-9, -8, -7, -6, -1], [1, 2, 3, 4, 5])
    assert rule.current is None
    assert classes == ["I", "I", "I", "I", "II"]


def test_without_future_value_there_is_no_class_but_a_reason():
    for later in (None, [None, None]):
        classes, reasons, rule = classed([5, 6], later)
        assert classes == [None, None]
        assert reasons == ["not_enough_data"] * 2
        assert not rule.known


def test_one_customer_without_future_value_has_no_class():
    classes, reasons, _ = classed([1, 2, 3], [1, None, 3], threshold=0.5)
    assert classes[1] is None
    assert reasons[1] == "not_enough_data"


@pytest.mark.parametrize("threshold", [0, 1, 1.2, -0.1])
def test_the_threshold_is_a_share(threshold):
    with pytest.raises(InputError, match="cannot be"):
        classed([1], [1], threshold=threshold)
