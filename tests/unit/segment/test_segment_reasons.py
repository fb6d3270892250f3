"""Every class has a line that a salesperson understands, in both languages."""

import datetime as dt

import pytest

from regulars.segment import MatrixRule, TierRule, VisitRule
from regulars.segment.reasons import matrix_line, rfm_line, rhythm_line, tier_line, visit_line
from regulars.words import T

MATRIX = MatrixRule(0.8, 2128.0, 1243.0, "net_profit", "future_value")
TIER = TierRule(9000.0, 1200.0, 0.1, 0.2, "net_profit")
MAY, JUNE, JULY = dt.date(2026, 5, 1), dt.date(2026, 6, 1), dt.date(2026, 7, 1)


def test_the_matrix_line_shows_both_values_and_both_lines():
    line = matrix_line({"matrix": "IV", "net_profit": 412_600, "future_value": 468_200}, MATRIX, "CNY")
    assert line == T(
        zh="现在赚得多，以后也会多：近 12 个月净利 ¥41.3 万，界线 ¥2,128；以后 ¥46.8 万，界线 ¥1,243",
        en="Brings much now and will later: net profit of 12 months ¥413k, the line is ¥2,128; "
        "to come ¥468k, the line is ¥1,243",
    )


def test_without_a_class_the_line_says_how_little_is_known():
    assert matrix_line({"matrix": None, "n_purchases": 1}, MATRIX).zh == "数据不足（1 单），没有价值类别"
    assert matrix_line({"matrix": None, "n_purchases": 0}, MATRIX).en == "Not enough data (no order yet), so no class"


@pytest.mark.parametrize(
    ("tier", "value", "zh"),
    [
        ("gold", 12_000, "近 12 个月净利 1.20 万，排在前 10%（9,000 起）"),
        ("silver", 1_200, "近 12 个月净利 1,200，排在前 30%（1,200 起）"),
        ("bronze", -5, "近 12 个月净利 −5，不到上一级的 1,200"),
        (None, None, "数据不足：不知道成本"),
    ],
)
def test_the_tier_line_names_the_line_of_the_tier(tier, value, zh):
    assert tier_line({"tier": tier, "net_profit": value}, TIER).zh == zh


def test_where_there_is_no_better_tier_none_is_mentioned():
    alone = TierRule(None, None, 0.1, 0.2, "revenue")
    assert tier_line({"tier": "bronze", "revenue": 50}, alone).en == "revenue of 12 months 50"


def test_the_visit_line_of_a_fall():
    row = {"visit_class": "B", "visit_class_before": "A", "visits_month": 8, "visits_before": 11}
    line = visit_line(row, VisitRule(JUNE, MAY, None))
    assert line == T(zh="A→B：6 月买 8 次，5 月 11 次", en="A→B: 8 orders in June, 11 in May")


def test_the_visit_line_shows_a_running_month_beside():
    row = {"visit_class": "A", "visit_class_before": "A", "visits_month": 11, "visits_before": 10, "visits_running": 3}
    line = visit_line(row, VisitRule(JUNE, MAY, JULY))
    assert line.zh == "6 月买 11 次（10 次起是 A），5 月 10 次；7 月到目前 3 次"
    assert line.en == "11 orders in June (A starts at 10), 10 in May; 3 in July so far"


def test_the_visit_line_of_someone_who_stays_away():
    for before in (None, "D"):
        row = {"visit_class": None, "visit_class_before": before, "visits_month": 0, "visits_before": 0}
        assert visit_line(row, VisitRule(JUNE, MAY, None)).zh == "5 月、6 月都没来"


def test_the_rfm_line_says_what_the_digits_stand_for():
    row = {"days_since_last_purchase": 6, "n_purchases": 34, "lifetime_revenue": 1_680_000}
    assert rfm_line(row, "CNY").zh == "6 天前下单；共 34 单；累计 ¥168 万"
    assert (
        rfm_line({**row, "n_purchases": 1, "days_since_last_purchase": 1}).en
        == "Last order 1 day ago; 1 order; 1.68M in all"
    )
    assert rfm_line({"n_purchases": None}).zh == "数据不足"


@pytest.mark.parametrize(
    ("since", "usual", "zh", "en"),
    [
        (35, 16.2, "晚 19 天，平时 16 天一单", "19 days late, usually one order in 16 days"),
        (3, 1.0, "晚 2 天，平时 1 天一单", "2 days late, usually daily"),
        (9, 16.0, "9 天前下单，平时 16 天一单", "Last order 9 days ago, usually one order in 16 days"),
        (120, None, "只买过一次，120 天没再来", "Bought once, nothing for 120 days"),
    ],
)
def test_lateness_is_told_by_the_customers_own_rhythm(since, usual, zh, en):
    assert rhythm_line(since, usual) == T(zh=zh, en=en)
