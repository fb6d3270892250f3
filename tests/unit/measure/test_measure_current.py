"""What customers brought in the trailing twelve months."""

import datetime as dt
from decimal import Decimal

import pyarrow as pa
import pytest

from regulars import engine
from regulars.measure.current import current_value
from regulars.measure.margin import Margin

AS_OF = dt.date(2026, 6, 30)
COLUMNS = ("customer_id", "business_date", "category", "net_amount", "cost_amount", "is_product")


def lines(*rows):
    """Order lines from (customer, day, category, net, cost[, is_product])."""
    filled = [(*row, True)[:6] for row in rows]
    who, day, category, net, cost, product = zip(*filled, strict=True)
    money = pa.decimal128(38, 4)
    return engine.frame(
        pa.table(
            {
                "customer_id": list(who),
                "business_date": [dt.date.fromisoformat(d) for d in day],
                "category": pa.array(category, pa.string()),
                "net_amount": pa.array([Decimal(str(v)) for v in net], money),
                "cost_amount": pa.array([None if v is None else Decimal(str(v)) for v in cost], money),
                "is_product": list(product),
            }
        )
    )


def valued(frame, **options):
    found = current_value(frame, as_of=AS_OF, **options)
    rows = {row["customer_id"]: row for row in engine.to_arrow(found.customers).to_pylist()}
    return rows, found


def test_the_window_is_the_year_up_to_the_valuation_date():
    rows, _ = valued(
        lines(
            ("a", "2025-06-30", None, 1, 0),  # a year ago to the day: outside
            ("a", "2025-07-01", None, 10, 4),
            ("a", "2026-06-30", None, 100, 40),
            ("a", "2026-07-01", None, 1000, 0),  # after the valuation date: not read
        )
    )
    assert (rows["a"]["revenue"], rows["a"]["lifetime_revenue"]) == (110, 111)
    assert (rows["a"]["net_profit"], rows["a"]["lifetime_profit"]) == (66, 67)


def test_a_return_takes_back_revenue_and_cost_on_its_own_day():
    rows, _ = valued(lines(("a", "2025-01-01", None, 50, 20), ("a", "2026-01-01", None, -50, -20)))
    assert (rows["a"]["revenue"], rows["a"]["gross_profit"]) == (-50, -30)
    assert (rows["a"]["lifetime_revenue"], rows["a"]["lifetime_profit"]) == (0, 0)


def test_no_cost_and_no_margin_is_revenue_and_never_a_profit():
    rows, found = valued(lines(("a", "2026-01-01", None, 50, None)))
    assert found.basis == "revenue"
    assert {rows["a"][c] for c in ("product_cost", "gross_profit", "net_profit", "lifetime_profit")} == {None}
    assert "--margin" in found.notes[0].en


def test_a_margin_rate_is_taken_of_the_exact_revenue():
    rows, found = valued(lines(*[("a", "2026-01-01", None, "0.03", None)] * 100), margin=Margin.read("0.35"))
    assert (found.basis, found.notes) == ("net_profit", ())
    assert rows["a"]["gross_profit"] == Decimal("1.05")


def test_margins_by_category_with_one_for_the_rest():
    margin = Margin(Decimal("0.1"), {"tea": Decimal("0.5"), "cups": Decimal("-0.2")})
    rows, _ = valued(
        lines(
            ("a", "2026-01-01", "tea", 100, None),
            ("a", "2026-01-01", "cups", 100, None),
            ("a", "2026-01-01", None, 100, None),
            ("b", "2026-01-01", "other", 100, None),
        ),
        margin=margin,
    )
    assert (rows["a"]["gross_profit"], rows["b"]["gross_profit"]) == (40, 10)


def test_a_lines_own_cost_goes_before_any_margin():
    rows, _ = valued(
        lines(("a", "2026-01-01", None, 100, 90), ("a", "2026-01-02", None, 100, None)), margin=Margin.read(0.5)
    )
    assert rows["a"]["gross_profit"] == 60


def test_too_few_known_costs_are_no_profit():
    rows, found = valued(lines(("a", "2026-01-01", None, 94, 50), ("b", "2026-01-01", None, 6, None)))
    assert found.basis == "revenue"
    assert rows["a"]["net_profit"] is None
    assert "94%" in found.notes[0].en


def test_a_few_unknown_costs_leave_only_their_own_customers_without_profit():
    rows, found = valued(
        lines(
            ("a", "2026-01-01", None, 96, 50),
            ("b", "2026-01-01", None, 4, None),
            ("c", "2024-01-01", None, 4, None),
            ("c", "2026-01-01", None, 0, 0),
        )
    )
    assert found.basis == "net_profit"
    assert (rows["a"]["net_profit"], rows["b"]["net_profit"]) == (46, None)
    assert (rows["b"]["revenue"], rows["b"]["product_cost"]) == (4, None)
    assert (rows["c"]["net_profit"], rows["c"]["lifetime_profit"]) == (0, None)
    assert "4.0%" in found.notes[0].en


def test_postage_has_no_product_cost_and_its_money_stays_in_revenue():
    rows, found = valued(lines(("a", "2026-01-01", None, 100, 60), ("a", "2026-01-01", None, 900, None, False)))
    assert found.basis == "net_profit"
    assert (rows["a"]["revenue"], rows["a"]["net_profit"]) == (1000, 940)


def test_costs_to_provide_and_serve_reduce_the_net_profit():
    costs = engine.frame(
        pa.table({"customer_id": ["a"], "cost_to_serve": pa.array([Decimal("7.5")], pa.decimal128(38, 4))})
    )
    data = lines(("a", "2026-01-01", None, 100, 60), ("b", "2026-01-01", None, 100, 60))
    rows, _ = valued(data, costs=costs)
    assert (rows["a"]["gross_profit"], rows["a"]["net_profit"]) == (40, Decimal("32.5"))
    assert (rows["b"]["cost_to_serve"], rows["b"]["net_profit"]) == (None, 40)
    assert rows["a"]["cost_to_provide"] is None


def test_nobody_bought_within_the_year():
    rows, found = valued(lines(("a", "2024-01-01", None, 100, 60)))
    assert found.basis == "net_profit"
    assert (rows["a"]["net_profit"], rows["a"]["lifetime_profit"]) == (0, 40)
    rows, found = valued(lines(("a", "2024-01-01", None, 100, None)))
    assert (found.basis, rows["a"]["revenue"]) == ("revenue", 0)


@pytest.mark.parametrize("margin", [None, Margin.read("0.35"), Margin(None, {"tea": Decimal("0.5")})])
def test_amounts_are_exact_decimals(margin):
    frame = lines(("a", "2026-01-01", "tea", "0.1", None), ("a", "2026-01-01", "tea", "0.2", None))
    found = current_value(frame, as_of=AS_OF, margin=margin)
    schema = found.customers.collect_schema()
    assert all(schema[name] == engine.MONEY for name in schema.names() if name != "customer_id")
    assert engine.to_arrow(found.customers)["revenue"][0].as_py() == Decimal("0.3")


def test_postage_without_a_cost_is_no_money_with_a_cost():
    _, found = valued(lines(("a", "2026-05-01", None, 90, None), ("a", "2026-05-01", None, 10, None, False)))
    assert found.basis == "revenue"
    assert [note["en"] for note in found.notes] == [
        "No costs and no margin: values are revenue. Give --margin for net profit."
    ]
