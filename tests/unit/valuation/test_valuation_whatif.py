"""What-ifs of a valuation start from its own numbers: base and customer alike."""

from __future__ import annotations

import json
from typing import Any

import narwhals as nw
import pytest

from regulars import engine
from regulars.errors import NotEnoughData
from regulars.report.whatif import whatif_lines
from regulars.valuation.whatif import outlook, whatif_figures


@pytest.fixture(scope="module")
def customers(plain: Any) -> Any:
    with engine.session(threads=2):
        yield engine.frame(plain.table)


def test_whatif_of_the_base_is_the_valuation_itself(plain: Any, customers: Any) -> None:
    seen = outlook(customers, json.loads(json.dumps(plain.card)))
    assert seen.at(52, rate=0.1).value == pytest.approx(plain.total("future_value"), rel=1e-6)
    assert seen.at(None, rate=0.1).value == pytest.approx(plain.total("residual_value"), rel=1e-6)
    assert seen.still_buying == pytest.approx(plain.total("p_alive"))


def test_whatif_of_one_customer_is_their_value(plain: Any, customers: Any) -> None:
    values = plain.column("future_value")
    for who in list(values)[:5]:
        one = outlook(customers.filter(nw.col("customer_id") == who), plain.card)
        assert one.at(52, rate=0.1).value == pytest.approx(float(values[who]), abs=2e-4)


def test_whatif_figures_say_everything(plain: Any, customers: Any) -> None:
    found = json.loads(json.dumps(whatif_figures(customers, plain.card, lower=[0.15]), allow_nan=False))
    assert (found["weeks"], found["rate"], found["basis"]) == (52, 0.1, "net_profit")
    assert [p["weeks"] for p in found["horizons"]] == [4, 13, 26, 52, 104, 156, None]
    assert [p["lower"] for p in found["retention"]] == [0.05, 0.1, 0.15, 0.2, 0.3, 0.5]
    assert found["presets"][0]["profit_low"] == pytest.approx(0.25 * plain.total("net_profit"))
    assert "0.85" in found["words"]["scaled"]["en"]
    for lang, words in (("en", ("all that remains", "82.64", "promises nothing", "contradict")), ("zh", ("338 万",))):
        said = whatif_lines(found, lang, 100)
        assert all(word in said for word in words)
        assert max(map(len, said.splitlines())) <= 100


def test_whatif_of_nobody_says_so(plain: Any, customers: Any) -> None:
    with pytest.raises(NotEnoughData):
        outlook(customers.filter(nw.col("customer_id") == "nobody"), plain.card)
