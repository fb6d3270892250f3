"""The model card's pictures and tournament: what they say of a card, of a wider one, of an older one."""

from __future__ import annotations

from datetime import timedelta

import pytest

from regulars.web.valuations.pages import certainty, held_out, standing
from regulars.web.valuations.pages.tournament import tournament

pytestmark = pytest.mark.django_db

LEVEL_BARS = [0.1] * 10


def groups(*pairs, n=40):
    return [{"x": float(i), "customers": n, "expected": e, "actual": a} for i, (e, a) in enumerate(pairs)]


def card(**more):
    row = {"bias": -0.1, "rmse": 2.0, "gini": 0.8, "capture20": 0.6, "total_actual": 900.0, "total_expected": 810.0}
    used = {"name": "MBG/NBD", "kind": "model", **row}
    other = {"name": "Pareto/NBD", "kind": "model", **row, "rmse": 2.1}
    rule = {"name": {"zh": "没有人再来", "en": "nobody returns"}, "kind": "baseline", **row, "rmse": 4.0}
    held = {"chosen": "MBG/NBD", "models": [other, rule, used], "coverage90": 0.93, "mean_width": 4.2}
    return {"holdout": held | more}


def test_the_page_asks_every_question_of_a_card(client_of, value):
    valuation = value()
    figures = valuation.figures
    figures["holdout"] |= {"by_repeats": groups((0.3, 0.4), (5.0, 7.0)), "deciles": groups((0.1, 0.1), (6.0, 5.0))}
    valuation.save()
    page = client_of("viewer").get(f"/value/runs/{valuation.pk}/model/").text
    for title in ("Beside other forecasts", "All customers together", "Purchases added up", "Purchases week by week",
                  "go on buying more", "good and for poor customers", "Is the stated certainty right"):  # fmt: skip
        assert title in page
    assert page.count("What does this mean?") >= 8
    assert "with 1+ repeat purchases so far 5.00 more were expected, 7.00 came" in page
    assert "The best tenth was expected to buy 6.00 times each and bought 5.00" in page


def test_an_older_card_is_shown_without_what_it_has_not(client_of, value):
    valuation = value()
    for name in ("by_repeats", "deciles", "pit", "total_interval", "coverage90", "against", "challenger"):
        valuation.figures["holdout"].pop(name, None)
    for row in valuation.figures["holdout"]["models"]:
        row.pop("rmse_against", None)
    valuation.save()
    answer = client_of("viewer").get(f"/value/runs/{valuation.pk}/model/")
    assert answer.status_code == 200
    assert "Beside other forecasts" in answer.text
    assert "go on buying more" not in answer.text
    assert "against Pareto/NBD" not in answer.text


def test_the_page_says_which_fit_gave_the_scores_and_what_no_model_sees(client_of, value):
    valuation = value()
    page = client_of("viewer").get(f"/value/runs/{valuation.pk}/model/").text
    for said in ("Which fit gave the scores", "The model was fitted in this run", "Which kind of relationship",
                 "What the model does not see", "How regular customers are"):  # fmt: skip
        assert said in page
    assert "season" in page
    refit = {"due": True, "days": 100, "expected": 80.0, "interval": [60.0, 101.0], "actual": 160.0,
             "pit_distance": 0.21, "reason": {"zh": "旧了", "en": "A refit is due: it was 100 days ago."}}  # fmt: skip
    text = {"zh": "旧参数", "en": "by old parameters"}
    valuation.card["given"] = {"as_of": "2026-01-01", "renewed": False, "refit": refit, "text": text}
    valuation.card["model"]["fitted_on"] = (valuation.as_of - timedelta(days=100)).isoformat()
    valuation.save()
    page = client_of("viewer").get(f"/value/runs/{valuation.pk}/model/").text
    for said in ("a refit is due", "A refit is due: it was 100 days ago.", "100 days before this valuation",
                 "80 (60 – 101)", "160", "0.21", "Look at it", "Fit the models: Always"):  # fmt: skip
        assert said in page


def test_a_kind_that_the_models_do_not_fit_is_marked():
    kind = {"kind": "discrete", "reason": {"zh": "固定", "en": "each customer has a day of their own"},
            "fits": {"zh": "用 BG/BB", "en": "BG/BB fits"},
            "figures": {"repeat_purchases": 400.0, "whole_months": 0.9}}  # fmt: skip
    found = standing.relationship({"relationship": kind, "model": {"name": "MBG/NBD"}})
    assert found.alarm
    assert "each customer has a day of their own" in found.say
    assert ("Gaps that are whole months", "90%") in [(name, value.replace(".0", "")) for name, value in found.rows]
    assert standing.relationship({}) is None
    assert not standing.relationship({"relationship": {**kind, "kind": "continuous"}, "model": {"name": "x"}}).alarm


@pytest.mark.parametrize(("k", "said"), [(1, "as uneven as chance"), (3, "(k = 3; 1 is chance)"), (None, "")])
def test_regularity_in_plain_words(k, said):
    found = standing.regularity({"choice": {"k": k}})
    assert said in found[0] if said else found == []


def test_the_one_used_comes_first_then_the_naive_rules():
    found = tournament(card())
    assert [(name, used) for name, used, _ in found.rows] == [
        ("MBG/NBD", True), ("nobody returns", False), ("Pareto/NBD", False),
    ]  # fmt: skip
    assert "50% less error" in found.say


def test_a_rule_that_came_closer_is_said():
    figures = card(lost_to={"zh": "输", "en": "a naive rule came closer"})
    figures["holdout"]["models"][1]["rmse"] = 1.0
    found = tournament(figures)
    assert "A rule of thumb came as close" in found.say
    assert found.remarks == ["a naive rule came closer"]


def test_a_difference_that_chance_explains_is_marked():
    figures = card()
    figures["holdout"]["models"][2]["rmse_against"] = {"value": -0.01, "low": -0.03, "high": 0.01}
    figures["holdout"]["models"][1]["rmse_against"] = {"value": 1.9, "low": 1.8, "high": 2.0}
    rows = {name: cells for name, _, cells in tournament(figures).rows}
    assert "~ −0.01 (−0.03 – +0.01)" in rows["MBG/NBD"]
    assert "+1.90 (+1.80 – +2.00)" in rows["nobody returns"]


@pytest.mark.parametrize(
    ("bins", "distance", "said"),
    [
        (LEVEL_BARS, 0.01, "the stated certainty is right"),
        ([0.07] * 9 + [0.37], 0.2, "more was bought than forecast"),
        ([0.37] + [0.07] * 9, 0.2, "less was bought than forecast"),
        ([0.18] + [0.08] * 8 + [0.18], 0.08, "too narrow"),
        ([0.02] + [0.12] * 8 + [0.02], 0.08, "wider than need be"),
    ],
)
def test_the_form_of_the_bars_is_read(bins, distance, said):
    assert said in certainty.pit({"holdout": {"pit": bins, "pit_distance": distance}}).say


def test_the_total_inside_its_interval_or_outside():
    assert "inside the interval of 700 to 950" in certainty.totals(card(total_interval=[700.0, 950.0])).say
    outside = certainty.totals(card(total_interval=[700.0, 850.0]))
    assert "Habits changed" in outside.say
    assert outside.least < 700 < outside.actual < outside.most


def test_small_groups_are_for_who_opens_records():
    figures = {"holdout": {"by_repeats": [*groups((1.0, 1.0), (2.0, 2.0)), *groups((9.0, 3.0), n=4)]}}
    assert len(held_out.by_repeats(figures, True).rows) == 3
    assert len(held_out.by_repeats(figures, False).rows) == 2


def test_a_last_week_that_is_not_whole_is_left_out():
    tracking = {"start": "2026-01-01", "weeks": [0, 1, 2, 3, 3.4], "actual": [0, 5, 9, 19, 20],
                "model": [0, 4, 8, 12, 13], "split_week": 1.5}  # fmt: skip
    found = held_out.weekly({"tracking": tracking})
    assert found.data["weeks"] == [1, 2, 3]
    assert found.data["actual"] == [5, 4, 10]
    assert "had 10 repeat purchases, 4 expected; the mean week 7, 4 expected" in found.say
