"""A company that sells at a loss: profit itself is forecast, and every score, total and page says the same of it."""

from __future__ import annotations

import html
import json
import math
from datetime import timedelta
from pathlib import Path
from typing import Any

import narwhals as nw
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from tests.unit.valuation.losing import LAST, Losing, losing
from tests.unit.valuation.test_valuation_rescore import again, import_into, whole

from regulars import engine
from regulars.errors import InputError
from regulars.ingest import ReadOptions, read_orders
from regulars.lake import Lake
from regulars.measure.current import current_value
from regulars.measure.margin import Margin
from regulars.report.html import write_html
from regulars.report.terminal import terminal_summary
from regulars.valuation import Given, Settings, figures, model_card, value_orders
from regulars.valuation.stored import stored
from regulars.valuation.whatif import whatif_figures

EARLIER = LAST - timedelta(days=28)


def run(lines: pa.Table, folder: Path, *, as_of: Any = LAST, settings: Settings | None = None, **how: Any) -> Any:
    folder.mkdir(exist_ok=True)
    pq.write_table(lines, folder / "orders.parquet")
    with engine.session(threads=2) as connection:
        orders = read_orders(folder / "orders.parquet", options=ReadOptions(as_of=as_of), connection=connection)
        found = value_orders(orders, settings, path=folder / "customer_value.parquet", **how)
        card = json.loads(json.dumps(model_card(found), allow_nan=False))
        asked = whatif_figures(found.customers, card)
        return {
            "card": card,
            "figures": figures(found),
            "whatif": asked,
            "rows": pq.read_table(folder / "customer_value.parquet").to_pylist(),
            "bytes": (folder / "customer_value.parquet").read_bytes(),
        }


@pytest.fixture(scope="module")
def world() -> Losing:
    return losing()


@pytest.fixture(scope="module")
def valued(world: Losing, tmp_path_factory: pytest.TempPathFactory) -> Any:
    return run(world.lines, tmp_path_factory.mktemp("losses"))


def column(found: Any, name: str) -> np.ndarray:
    return np.array([float(row[name]) for row in found["rows"]])


def test_profit_is_chosen_and_its_parameters_are_the_companys(valued: Any) -> None:
    choice, spend = valued["card"]["spend_choice"], valued["card"]["model"]["spend"]
    assert (choice["name"], spend["name"]) == ("Normal-normal", "Normal-normal")
    assert spend["parameters"]["mu"] == pytest.approx(6.0, abs=4.0)
    assert spend["parameters"]["tau"] == pytest.approx(30.0, rel=0.1)
    assert spend["parameters"]["sigma"] == pytest.approx(25.0, rel=0.05)
    held = {each["name"]: each["rmse"] for each in choice["held_out"]}
    assert held["Normal-normal"] < 0.97 * held["Gamma-Gamma"]
    assert valued["card"]["model"]["margin_rate"] is None
    assert "may be a loss" in valued["card"]["model"]["ignores"]["en"]
    assert all(gate["passed"] for gate in valued["card"]["gates"])


def test_values_are_those_that_the_customers_brought_later(world: Losing, valued: Any) -> None:
    later = np.array([world.later[row["customer_id"]] for row in valued["rows"]])
    value, low, high = (column(valued, f"future_value{end}") for end in ("", "_low", "_high"))
    assert (value < 0).mean() > 0.2
    assert np.mean((later >= low) & (later <= high)) > 0.9
    total = valued["figures"]["totals"]["future_value"]
    assert total["low"] < later.sum() / 1.05 < total["high"]
    assert (low <= high).all()
    assert np.corrcoef(value, later)[0, 1] > 0.6


def test_a_purchase_is_worth_what_their_profits_say(valued: Any) -> None:
    p = valued["card"]["model"]["spend"]["parameters"]
    n, mean = column(valued, "n_purchases"), column(valued, "lifetime_profit") / column(valued, "n_purchases")
    weight = n * p["tau"] ** 2 / (n * p["tau"] ** 2 + p["sigma"] ** 2)
    theta = p["mu"] + weight * (mean - p["mu"])
    value = column(valued, "future_value")
    assert (value * theta >= 0).all()
    assert (np.abs(column(valued, "residual_value")) >= np.abs(value)).all()
    assert {row["expected_spend"] for row in valued["rows"]} == {None}
    assert (column(valued, "value_at_risk")[theta < 0] == 0).all()


def test_the_what_if_of_the_runs_own_question_is_its_future_value(valued: Any) -> None:
    year = next(point for point in valued["whatif"]["horizons"] if point["weeks"] == 52)
    assert year["value"] == pytest.approx(column(valued, "future_value").sum(), rel=1e-6)
    assert valued["figures"]["totals"]["future_value"]["value"] == pytest.approx(year["value"], rel=1e-6)


def test_new_orders_are_scored_by_the_card_alone(world: Losing, tmp_path: Path) -> None:
    fitted = run(world.lines, tmp_path / "fit", as_of=EARLIER)
    assert fitted["card"]["spend_choice"]["name"] == "Normal-normal"
    given = Given.of(fitted["card"])
    assert run(world.lines, tmp_path / "same", as_of=EARLIER, given=given)["bytes"] == fitted["bytes"]
    later = run(world.lines, tmp_path / "later", given=given)
    assert later["card"]["spend_choice"] == fitted["card"]["spend_choice"]
    assert later["card"]["model"]["spend"] == fitted["card"]["model"]["spend"]
    assert all(gate["passed"] for gate in later["card"]["gates"])


def test_the_terminal_says_what_a_purchase_is_worth_by_and_why(valued: Any) -> None:
    for lang in ("zh", "en"):
        said = "".join(terminal_summary(valued["figures"], lang, 100).split())
        assert "".join(valued["card"]["spend_choice"]["reason"][lang].split()) in said


def test_the_report_says_it_too_with_both_errors(valued: Any, tmp_path: Path) -> None:
    for lang in ("zh", "en"):
        write_html(valued["figures"], tmp_path / "report.html", lang)
        page = (tmp_path / "report.html").read_text(encoding="utf-8")
        card = page.split('id="model-card"')[1].split("</details>")[0]
        assert html.escape(valued["card"]["spend_choice"]["reason"][lang]) in card
        assert card.count("Normal-normal</t") == 1


def test_who_changed_is_scored_alone_as_in_a_whole_run(world: Losing, tmp_path: Path) -> None:
    lines = world.lines.append_column("quantity", pa.array([1] * world.lines.num_rows))
    until = pc.less_equal(lines["order_date"], pa.scalar(EARLIER))
    lake = Lake(tmp_path / "lake", threads=2)
    import_into(lake, lines.filter(until), tmp_path, 0)
    given = Given.of(json.loads(json.dumps(whole(lake, EARLIER, tmp_path / "fitted.parquet"))))
    assert given.card["spend_choice"]["name"] == "Normal-normal"
    was = lake.snapshot()
    import_into(lake, lines.filter(pc.invert(until)), tmp_path, 1)
    found = again(lake, was, tmp_path / "fitted.parquet", LAST, EARLIER, 1, given, tmp_path / "again.parquet")
    assert 0 < found.n_touched < found.n_customers
    whole(lake, LAST, tmp_path / "whole.parquet", given)
    assert (tmp_path / "again.parquet").read_bytes() == (tmp_path / "whole.parquet").read_bytes()


def test_a_card_with_a_worth_that_is_not_known_is_refused_in_one_line(valued: Any) -> None:
    card = {**valued["card"], "model": {**valued["card"]["model"], "spend": {"name": "Something", "parameters": {}}}}
    assert stored(card) is None
    with pytest.raises(InputError, match="older version"):
        Given.of(card)


def test_who_bought_something_of_unknown_cost_is_worth_what_everybody_is(world: Losing, tmp_path: Path) -> None:
    cost, name = world.lines["cost"].to_pylist(), world.lines["customer_id"].to_pylist()
    cost[0] = None
    lines = world.lines.set_column(world.lines.column_names.index("cost"), "cost", pa.array(cost))
    found = run(lines, tmp_path)
    assert found["card"]["spend_choice"]["name"] == "Normal-normal"
    row = next(row for row in found["rows"] if row["customer_id"] == name[0])
    assert row["lifetime_profit"] is None
    assert math.copysign(1, row["future_value"]) == math.copysign(
        1, found["card"]["model"]["spend"]["parameters"]["mu"]
    )
    assert row["future_value_low"] <= row["future_value_high"]


def test_without_losses_nothing_competes_and_no_byte_changes(lines: pa.Table, tmp_path: Path, monkeypatch: Any) -> None:
    """The lines of the simulated company are sold above cost: the same values as without any other way to forecast."""
    from regulars.valuation import spending

    found = run(lines, tmp_path / "asked", as_of=None)
    assert found["card"]["spend_choice"]["name"] == "Gamma-Gamma"
    assert found["card"]["spend_choice"]["scores"] == []
    assert "sold" in found["card"]["spend_choice"]["reason"]["en"]

    def never(*_: Any) -> None:
        raise AssertionError("profits of occasions are added up only where they may be needed")

    monkeypatch.setattr(spending, "occasion_profits", never)
    assert run(lines, tmp_path / "alone", as_of=None)["bytes"] == found["bytes"]


def test_revenue_is_never_forecast_as_profit(world: Losing, tmp_path: Path) -> None:
    found = run(world.lines.drop(["cost"]), tmp_path)
    assert found["card"]["model"]["spend"]["name"] == "Gamma-Gamma"
    assert "no costs are known" in found["card"]["spend_choice"]["reason"]["en"]


def test_the_share_sold_below_cost_is_counted_as_sold(tmp_path: Path) -> None:
    table = pa.table({"customer_id": ["a", "a", "b", "b"], "order_id": list("1234"), "order_date": ["2024-01-05"] * 4,
                      "quantity": [1, 1, 1, -1], "amount": [10.0, 10.0, 10.0, -10.0],
                      "cost": [4.0, 12.0, 4.0, -12.0]})  # fmt: skip
    pq.write_table(table, tmp_path / "orders.parquet")
    with engine.session(threads=1) as connection:
        orders = read_orders(tmp_path / "orders.parquet", options=ReadOptions(), connection=connection)
        assert current_value(orders.lines, as_of=orders.as_of).losing == 0.25
        dear = current_value(
            orders.lines.with_columns(cost_amount=nw.lit(None, dtype=nw.Decimal(38, 4))),
            as_of=orders.as_of,
            margin=Margin.read("-0.1"),
        )
        assert dear.losing == 0.75
