"""What if: as valued where nothing else is asked, more with a longer horizon, each person's own customers."""

from __future__ import annotations

import csv
import io
import json
import re
from html import unescape

import pytest

pytestmark = pytest.mark.django_db


def page(client, query=""):
    answer = client.get(f"/value/what-if/{query}")
    assert answer.status_code == 200
    return unescape(answer.text)


def points(client, query=""):
    """Return value by what differs, for each of the three ways to look, from the export."""
    text = client.get(f"/value/what-if/table.csv{query}").content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))[1:]
    return [(weeks, float(rate), float(lower), float(value)) for weeks, rate, lower, _, value in rows if value]


def test_nothing_asked_is_what_the_valuation_says(client_of, value):
    valuation = value()
    found = points(client_of("viewer"))
    assert found[0] == found[1]
    total = valuation.figures["totals"]["future_value"]["value"]
    assert found[0][3] == pytest.approx(total, rel=1e-6)


def test_longer_is_more_a_higher_rate_is_less_and_leaving_less_is_more(client_of, value):
    value()
    found = points(client_of("viewer"), "?weeks=104&rate=5&lower=0")[2:]
    horizon, rates, slower = found[:7], found[7:17], found[17:]
    assert [one[0] for one in horizon] == ["4", "13", "26", "52", "104", "156", "to the end"]
    for part, rising in ((horizon, True), (rates, False), (slower, True)):
        each = [one[3] for one in part]
        assert each == sorted(each, reverse=not rising)
    said = page(client_of("viewer"), "?weeks=104&rate=5&lower=20")
    assert "multiplied by 0.8" in said
    assert "This is arithmetic" in said
    assert "100 next year is worth 100 / (1 + 5 %) = 95.24" in said


def test_what_was_asked_stands_out_among_the_bars(client_of, value):
    value()
    said = page(client_of("viewer"), "?weeks=26&rate=7&lower=15")
    for key, name in (("weeks", "26 weeks"), ("rate", "7%"), ("lower", "15%")):
        data = json.loads(re.search(rf'<script id="data-{key}" type="application/json">(.*?)</script>', said)[1])
        assert data["names"][data["at"]] == name


def test_claims_stand_with_their_sources_and_contradict_each_other(client_of, value):
    value()
    said = page(client_of("viewer"), "?claim_low=10&claim_high=30")
    assert "These claims contradict each other" in said
    assert "Reichheld" in said
    assert "+50% or more" in said
    assert "+10% – +30%" in said
    assert "your own assumption" in said
    assert "from low to high" in page(client_of("viewer"), "?claim_low=30&claim_high=10")


@pytest.mark.parametrize("query", ["?weeks=9", "?rate=-1", "?rate=x", "?lower=95", "?weeks=", "?lower=nan"])
def test_nonsense_is_refused_in_words(client_of, value, query):
    value()
    said = page(client_of("viewer"), query)
    assert ('class="err"' in said) == (query != "?weeks=")


def test_ones_own_customers_and_nobody_elses(client_of, people, value, give):
    give(people["account_manager"], 30)
    value()
    own, everybody = points(client_of("account_manager"))[0], points(client_of("viewer"))[0]
    assert 0 < own[3] < everybody[3]
    assert "my customers: 30" in page(client_of("account_manager"))


def test_somebody_without_customers_has_nothing_to_reckon(client_of, value):
    value()
    assert "no value to come for these customers" in page(client_of("account_manager"))


def test_who_reads_no_values_has_no_what_if(client_of, value):
    value()
    assert client_of("service").get("/value/what-if/").status_code == 403
    assert client_of("service").get("/value/what-if/table.csv").status_code == 403


def test_before_the_first_valuation_and_in_chinese(client_of, people, value):
    assert "Not valued yet" in page(client_of("viewer"))
    value()
    people["viewer"].language = "zh-hans"
    people["viewer"].save()
    assert "这些说法互相矛盾" in page(client_of("viewer"))
