"""The data behind each chart."""

from __future__ import annotations

from typing import Any

import pytest

from regulars.report import charts, sentences
from regulars.report.charts import place, score_ranges
from regulars.report.page import render


def test_a_value_lies_in_its_cell_by_ratio_where_the_cell_has_one_sign() -> None:
    assert place([1, 100, 10_000], 10) == pytest.approx(0.5)
    assert place([1, 100, 10_000], 1_000) == pytest.approx(1.5)
    assert place([-100, -1, 0, 1], -10) == pytest.approx(0.5)


def test_a_value_lies_in_its_cell_by_difference_where_the_cell_spans_zero() -> None:
    assert place([-10, 10, 20], 0) == pytest.approx(0.5)


def test_values_beyond_the_edges_stay_in_the_outer_cells() -> None:
    assert place([1, 10, 100], -5) == 0
    assert place([1, 10, 100], 5_000) == 2
    assert place([None, 10, None], 3) == 0.5


def test_axes_carry_round_amounts_without_idle_zeros() -> None:
    ticks = charts._ticks([10 ** (k / 4) for k in range(-4, 21)], "CNY")
    assert [t[1]["zh"] for t in ticks] == ["¥1", "¥10", "¥100", "¥1,000", "¥1 万", "¥10 万"]
    assert [t[0] for t in ticks] == sorted(t[0] for t in ticks)


def test_scores_say_their_ranges_and_fewer_days_score_higher() -> None:
    assert [r.en for r in score_ranges([2, 4, 7, 15])] == ["≤ 1", "2–3", "4–6", "7–14", "≥ 15"]
    assert [r.en for r in score_ranges([14, 35, 80, 190], days=True)] == [
        "≥ 190 d",
        "80–189 d",
        "35–79 d",
        "14–34 d",
        "≤ 13 d",
    ]
    assert [r.zh for r in score_ranges([14.0], days=True)] == ["≥ 14 天", "", "", "", "≤ 13 天"]


def test_scores_spread_with_gaps_where_values_cannot_be_told_apart() -> None:
    assert [r.en for r in score_ranges([2])] == ["≤ 1", "", "", "", "≥ 2"]
    assert [r.en for r in score_ranges([])] == ["", "", "–", "", ""]
    assert [r.en for r in score_ranges([2, 3, 9])] == ["≤ 1", "2", "", "3–8", "≥ 9"]


def test_a_negative_share_is_text_and_takes_no_area(figures: dict[str, Any]) -> None:
    data = charts.pyramid(figures)
    assert data is not None
    profit = data["columns"][1]
    assert profit["area"][3] == 0
    assert sum(profit["area"]) == pytest.approx(1)
    assert profit["share"][3] == -2.8


def test_unknown_resources_leave_their_triangle_empty(figures: dict[str, Any]) -> None:
    for row in figures["pyramid"]:
        row["resources"] = row["share_resources"] = None
    data = charts.pyramid(figures)
    assert data is not None
    assert data["columns"][2]["area"] is None
    assert data["columns"][0]["area"] is not None


def test_thin_cohorts_carry_no_share(figures: dict[str, Any]) -> None:
    data = charts.cohort(figures)
    assert data is not None
    thin_row = next(i for i, name in enumerate(data["rows"]) if "n=24" in name["en"])
    assert {c[2] for c in data["cells"] if c[1] == thin_row} == {None}


def test_where_every_cohort_is_thin_words_stand_in_the_place_of_a_grid(figures: dict[str, Any]) -> None:
    figures["cohort"] = {
        "rows": [{"cohort": "2026-01", "n": 4, "retention": [0.5]}], "unit": "month", "min_size": 30,
        "why": {"zh": "新客太少", "en": "too few new customers"},
    }  # fmt: skip
    assert charts.cohort(figures) is None
    assert sentences.cohort(figures) is None
    page = render(figures, "en")
    assert "Not enough data: too few new customers" in page
    assert 'data-chart="cohort"' not in page


def test_quarters_are_called_quarters(figures: dict[str, Any]) -> None:
    rows = [{"cohort": f"2026-Q{k}", "n": 40, "retention": [0.5, 0.4, 0.3, 0.2]} for k in (1, 2)]
    figures["cohort"] = {"rows": rows, "unit": "quarter", "min_size": 30, "why": None}
    assert sentences.cohort(figures).as_dict() == {
        "zh": "新客下一季回头 50%，第 4 季 20%。",
        "en": "50% of new customers come back in the next quarter, 20% in the fourth.",
    }
    assert charts.cohort(figures)["unit"] == "quarter"
    page = render(figures, "en")
    assert "who buy N quarters later" in page
    assert "2026-Q1" in page


def test_only_the_newest_cohorts_are_drawn(figures: dict[str, Any]) -> None:
    one = figures["cohort"]["rows"][0]
    figures["cohort"]["rows"] = [{**one, "cohort": f"{2000 + k // 12}-{k % 12 + 1:02d}"} for k in range(90)]
    data = charts.cohort(figures)
    assert data is not None
    assert len(data["rows"]) == charts.MAX_COHORTS
    assert data["rows"][-1]["en"].startswith("2007-06")


def test_key_customers_without_a_future_are_not_placed(figures: dict[str, Any]) -> None:
    figures["matrix"]["key_customers"][0]["future"] = None
    data = charts.matrix(figures)
    assert data is not None
    assert len(data["keys"]) == 7


def test_nothing_is_drawn_from_nothing(thin: dict[str, Any]) -> None:
    drawn = {name for name, data in charts.everything(thin).items() if data is not None}
    assert drawn == {"concentration"}
