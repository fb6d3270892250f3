"""Where losses make two forecasts of a purchase's profit compete: the model card and the customer's page say which."""

from __future__ import annotations

import re

import pytest

from regulars.measure.lifetime import NormalNormal
from regulars.prove.spending import GAMMA_GAMMA, NORMAL_NORMAL, SpendChoice, SpendError
from regulars.web.valuations.pages.reasons import reasons
from regulars.words import T

pytestmark = pytest.mark.django_db

CHOICE = SpendChoice(
    NORMAL_NORMAL,
    T(zh="直接预测利润更准", en="forecasting profit itself was better"),
    (SpendError(GAMMA_GAMMA, 22.0, 1.5), SpendError(NORMAL_NORMAL, 17.0, -1.0)),
    (SpendError(GAMMA_GAMMA, 16.0, -1.2), SpendError(NORMAL_NORMAL, None, None, T(zh="太少", en="too few"))),
)


@pytest.fixture
def losing(value):
    """A published valuation that rests on profit itself."""
    valuation = value()
    spend = NormalNormal.from_params(mu=6.0, tau=30.0, sigma=25.0).kept()
    valuation.card["model"] |= {"spend": spend, "margin_rate": None, "margin_purchase": None}
    valuation.card["spend_choice"] = CHOICE.as_dict()
    valuation.save()
    return valuation


def test_the_model_card_says_which_forecast_of_a_purchase_and_how_far_either_was_off(client_of, losing):
    page = client_of("viewer").get(f"/value/runs/{losing.pk}/model/").text
    part = page.split('id="spend"')[1].split("</section>")[0]
    assert "forecasting profit itself was better" in part
    rows = re.findall(r'<th scope="row">(.*?)</th>(.*?)</tr>', part)
    assert [name for name, _ in rows] == [GAMMA_GAMMA, NORMAL_NORMAL]
    assert [len(re.findall("<td", cells)) for _, cells in rows] == [2, 2]
    assert "¥22 (¥2)" in rows[0][1]
    assert "¥17 (−¥1)" in rows[1][1]
    assert "–" in rows[1][1]
    assert "one line in a hundred sold below cost" in part
    for fact in ("Mean profit of a purchase expected", "It differs between customers by"):
        assert fact in page


def test_in_chinese_as_well(client_of, people, losing):
    people["viewer"].language = "zh-hans"
    people["viewer"].save()
    page = client_of("viewer").get(f"/value/runs/{losing.pk}/model/").text
    for said in ("每次购买值多少", "直接预测利润更准", "预计每次利润", "误差（偏差），每次"):
        assert said in page


def test_the_customers_page_explains_profit_instead_of_spend(client_of, actors, losing):
    from regulars.web.facts.selectors import table

    [row] = table(actors["viewer"], ["customer_id"], order=("-x", "customer_id")).to_pylist()[:1]
    page = client_of("viewer").get(f"/value/customers/{row['customer_id']}/why/", headers={"HX-Request": "true"}).text
    assert "Profit each" in page
    assert re.search(r"losses included, count for \d+%, the ¥6(\.0+)? of all customers for the rest", page)
    assert "Spend each" not in page
    assert "Left of it after costs" not in page


def test_an_older_card_has_no_such_part(client_of, value):
    valuation = value()
    valuation.card.pop("spend_choice", None)
    valuation.save()
    assert 'id="spend"' not in client_of("viewer").get(f"/value/runs/{valuation.pk}/model/").text


def test_a_reason_names_profit_where_spend_is_not_forecast():
    row = {
        "p_alive": 0.9, "x": 5, "usual_gap_days": 10.0, "days_since_last_purchase": 12, "at_risk": False,
        "expected_purchases": 20.0, "expected_purchases_low": 9, "expected_purchases_high": 33, "expected_spend": None,
        "future_value": -400, "value_at_risk": 0,
    }  # fmt: skip
    said = reasons(row, horizon_days=364, currency="CNY")[-1].words
    assert said.en.endswith("of profit each")
    assert "¥20" in said.en
    assert "每次利润约" in said.zh
    nothing = reasons({**row, "expected_purchases": 0.0}, horizon_days=364, currency="CNY")[-1].words
    assert nothing.en.endswith(")")
