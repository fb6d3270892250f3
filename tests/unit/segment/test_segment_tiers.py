"""Gold, silver, bronze by current value."""

from collections import Counter
from decimal import Decimal

import pyarrow as pa
import pytest

from regulars import engine
from regulars.errors import InputError
from regulars.segment import crosstab, tier_summary, tiers


def tiered(values, **options):
    frame = engine.frame(
        pa.table({"customer_id": list(range(len(values))), "net_profit": pa.array(values, pa.decimal128(38, 4))})
    )
    return tiers(frame, **options)


def tier_of(frame):
    return engine.to_arrow(frame).sort_by("customer_id")["tier"].to_pylist()


def money(*values):
    return [None if v is None else Decimal(str(v)) for v in values]


def test_ten_percent_gold_twenty_percent_silver():
    frame, rule = tiered(money(*range(1, 101)))
    assert Counter(tier_of(frame)) == {"gold": 10, "silver": 20, "bronze": 70}
    assert (rule.gold, rule.silver) == (91, 71)


def test_equal_values_share_a_tier():
    frame, _ = tiered(money(*[1] * 70, *[5] * 25, *[9] * 5))
    assert Counter(tier_of(frame)) == {"gold": 5, "silver": 25, "bronze": 70}


def test_nothing_or_a_loss_is_bronze_however_few_earn():
    frame, rule = tiered(money(*[0] * 90, *[-4] * 9, 3))
    assert Counter(tier_of(frame)) == {"gold": 1, "bronze": 99}
    assert rule.silver is None


def test_unknown_value_has_no_tier():
    frame, _ = tiered(money(None, 1, 2, 3))
    assert tier_of(frame)[0] is None
    assert engine.to_arrow(frame).sort_by("customer_id")["tier_reason"][0].as_py() == "not_enough_data"


def test_one_customer_is_bronze_and_no_error():
    frame, rule = tiered(money(50))
    assert tier_of(frame) == ["bronze"]
    assert (rule.gold, rule.silver) == (None, None)


@pytest.mark.parametrize(("gold", "silver"), [(0, 0.2), (0.1, 1), (0.6, 0.4)])
def test_shares_that_leave_nobody_are_refused(gold, silver):
    with pytest.raises(InputError):
        tiered(money(1, 2), gold=gold, silver=silver)


def test_the_summary_shows_the_actual_shares():
    frame, _ = tiered(money(*range(1, 11)))
    gold, silver, bronze = tier_summary(frame)
    assert (gold["key"], gold["n"], gold["current"]) == ("gold", 1, Decimal("10.0000"))
    assert silver["n"] == 2
    assert gold["share"] + silver["share"] + bronze["share"] == pytest.approx(1)


def test_the_summary_of_losses_has_no_shares():
    frame, _ = tiered(money(-1, -2))
    assert [row["share"] for row in tier_summary(frame)] == [None, None, None]


def test_two_schemes_side_by_side():
    frame = engine.frame(pa.table({"matrix": ["IV", "I", "I", None], "tier": ["gold", "bronze", "bronze", "gold"]}))
    assert crosstab(frame) == [{"matrix": "I", "tier": "bronze", "n": 2}, {"matrix": "IV", "tier": "gold", "n": 1}]
