"""Each chart's finding, in words, with its number."""

from __future__ import annotations

from typing import Any

import pytest

from regulars.report import sentences

CHARTS = ("contact", "concentration", "pyramid", "matrix", "tiers", "rfm", "cohort", "alive", "tracking", "holdout")


@pytest.mark.parametrize("name", CHARTS)
def test_every_chart_has_a_finding_with_a_number_in_both_languages(name: str, figures: dict[str, Any]) -> None:
    said = getattr(sentences, name)(figures)
    assert any(c.isdigit() for c in said.zh)
    assert any(c.isdigit() for c in said.en)
    assert said.zh.endswith("。")
    assert said.en.endswith(".")
    assert "None" not in said.zh + said.en
    assert "{" not in said.zh + said.en


@pytest.mark.parametrize("name", ["contact", "pyramid", "matrix", "rfm", "cohort", "alive", "tracking", "holdout"])
def test_there_is_no_finding_without_data(name: str, thin: dict[str, Any]) -> None:
    assert getattr(sentences, name)(thin) is None


def test_concentration_names_the_share_and_what_losing_customers_eat(figures: dict[str, Any]) -> None:
    said = sentences.concentration(figures)
    assert said is not None
    assert said.en == (
        "The top 20% bring 88% of net profit. Four fifths of net profit come from 16% of customers. "
        "1,801 lose money, −¥476k together: the part above 100% is what they eat."
    )


def test_values_are_called_revenue_where_no_cost_is_known(thin: dict[str, Any]) -> None:
    said = sentences.concentration(thin)
    assert said is not None
    assert "revenue" in said.en
    assert "净利" not in said.zh


def test_one_customer_is_not_customers(figures: dict[str, Any]) -> None:
    figures["meta"]["n_customers"] = 1
    assert sentences.title(figures).en == "What 1 customer is worth, and what to do"


def test_retention_weighs_cohorts_by_size_and_leaves_thin_ones_out() -> None:
    rows = [
        {"cohort": "2026-01", "n": 100, "retention": [0.5]},
        {"cohort": "2026-02", "n": 300, "retention": [0.1]},
        {"cohort": "2026-03", "n": 29, "retention": [1.0]},
        {"cohort": "2026-04", "n": 500, "retention": []},
    ]
    assert sentences.retention({"cohort": {"rows": rows, "min_size": 30}}, 1) == pytest.approx(0.2)
    assert sentences.retention({"cohort": {"rows": rows, "min_size": 30}}, 2) is None


def test_a_missed_interval_is_said_plainly(figures: dict[str, Any]) -> None:
    figures["holdout"]["contains"] = False
    said = sentences.holdout(figures)
    assert said is not None
    assert "fell outside its interval" in said.en
    assert "之外" in said.zh


def test_no_month_before_means_no_word_about_downgrades(thin: dict[str, Any]) -> None:
    said = sentences.tiers(thin)
    assert said is not None
    assert "less often" not in said.en


def test_the_list_says_where_the_others_are(figures: dict[str, Any]) -> None:
    said = sentences.customers(figures, 60)
    assert said is not None
    assert said.en.startswith("60 customers listed, of 8,420")
    assert "customer_value.parquet" in said.zh


def test_lines_left_out_come_with_their_money(figures: dict[str, Any], thin: dict[str, Any]) -> None:
    assert sentences.left_out(figures).en.startswith("10,051 lines were left out, ¥1.50M in all.")
    assert sentences.left_out(thin).zh == "没有漏掉任何一行。"


def test_the_money_of_sums_is_no_money_left_out(figures: dict[str, Any]) -> None:
    text = {"zh": "合计行", "en": "summary rows"}
    figures["left_out"] = [
        {"reason": "summary", "text": text, "rows": 1, "money": 1e9, "overlaps": {}},
        {"reason": "no_customer", "text": text, "rows": 2, "money": 30.0, "overlaps": {}},
    ]
    assert sentences.left_out(figures).en == "3 lines were left out, ¥30 in all. Row by row in rejected.csv."
