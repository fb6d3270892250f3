"""docs/migration.md: what it prints is what our side answers on CDNOW, and what other libraries answered.

Their answers were recorded by `make bench-peers` in docs/peers.json: lifetimes 0.11.3, pymc-marketing 1.3.0 (MAP with
flat priors, which is maximum likelihood) and clvkit 0.2.1, on the CDNOW 1/10 sample up to 1997-09-30.
"""

from __future__ import annotations

import datetime as dt
import doctest
import json
import re
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from regulars.measure import customer_summary
from regulars.measure.lifetime import BetaGeoNBD, GammaGamma, ModifiedBetaGeoNBD, ParetoNBD

DOCS = Path(__file__).resolve().parents[2] / "docs"
RECORDED = json.loads((DOCS / "peers.json").read_text())["CDNOW 1/10 sample"]
MODELS = {"BG/NBD": BetaGeoNBD, "MBG/NBD": ModifiedBetaGeoNBD, "Pareto/NBD": ParetoNBD}
HISTORIES = ([0, 2, 26, 5], [0, 30.43, 30.86, 10], [38.86, 38.86, 31, 39])
pytestmark = pytest.mark.real_data


@pytest.fixture(scope="module")
def orders(test_data):
    return pq.read_table(test_data / "cdnow_sample.parquet", columns=["customer_id", "date", "dollar_value"])


@pytest.fixture(scope="module")
def summary(orders):
    columns = {"customer": "customer_id", "time": "date", "amount": "dollar_value"}
    return customer_summary(orders, as_of=dt.date(1997, 9, 30), **columns).collect()


@pytest.fixture(scope="module")
def fitted(summary):
    return {name: kind().fit(summary) for name, kind in MODELS.items()}


def test_the_page_prints_what_is_answered(orders):
    blocks = re.findall(r"```pycon\n(.*?)```", (DOCS / "migration.md").read_text(encoding="utf-8"), re.DOTALL)
    page = doctest.DocTestParser().get_doctest("\n".join(blocks), {"orders": orders}, "migration.md", None, 0)
    told: list[str] = []
    assert doctest.DocTestRunner().run(page, out=told.append).failed == 0, "".join(told)


def told() -> list[tuple[str, str, str]]:
    """Library, the model by its name there, and by ours: maximum likelihood only."""
    return [
        (library, label, label.removesuffix(", flat"))
        for library in ("lifetimes", "clvkit", "pymc-marketing")
        for label in RECORDED[library]["parameters"]
        if library != "pymc-marketing" or label.endswith(", flat")
    ]


@pytest.mark.parametrize(("library", "label", "name"), told())
def test_estimates_are_those_of_others(library, label, name, fitted, summary):
    model = GammaGamma().fit(summary) if name == "Gamma-Gamma" else fitted[name]
    ours = [getattr(model, f"{parameter}_") for parameter in model.names]
    theirs = list(RECORDED[library]["parameters"][label].values())  # clvkit calls v gamma, lifetimes orders differently
    assert sorted(ours) == pytest.approx(sorted(theirs), rel=2e-4)


@pytest.mark.parametrize(
    ("library", "label", "name"), [row for row in told() if row[2] in MODELS and row[0] != "clvkit"]
)
def test_answers_are_those_of_others(library, label, name, fitted):
    flat = label.removeprefix(name)
    answers = RECORDED[library]["answers"]
    alive = fitted[name].probability_alive_at(*HISTORIES)
    ahead = fitted[name].expected_purchases_at(*HISTORIES, 39)
    assert alive == pytest.approx(answers[f"{name} P(alive){flat}"], abs=2e-5)
    assert ahead == pytest.approx(answers[f"{name} E[X(39)]{flat}"], rel=2e-4)


@pytest.mark.parametrize("library", ["lifetimes", "clvkit"])
@pytest.mark.parametrize("name", MODELS)
def test_totals_over_all_customers_are_those_of_others(library, name, fitted, summary):
    answers = RECORDED[library]["answers"]
    if f"{name} alive, all" not in answers:
        assert (library, name) == ("clvkit", "Pareto/NBD")  # it has none
        return
    assert fitted[name].probability_alive(summary).sum() == pytest.approx(answers[f"{name} alive, all"][0], rel=1e-4)
    year = fitted[name].expected_purchases(summary, 52).sum()
    assert year == pytest.approx(answers[f"{name} purchases, all"][0], rel=1e-4)


@pytest.mark.parametrize(("library", "name", "close"), [
    ("lifetimes", "CLV months of 4.345 weeks", 1e-6), ("clvkit", "CLV 52 weeks", 1e-5),
    ("pymc-marketing", "CLV months of 30.4375 days", 0.05),
])  # fmt: skip
def test_a_years_value_is_that_of_others_by_their_own_months(library, name, close):
    """Ours is of the same run, by that library's months; default priors move pymc-marketing's by some percent."""
    ours = RECORDED["regulars"]["answers"][f"{name}, all"][0]
    assert RECORDED[library]["answers"][f"{name}, all"][0] == pytest.approx(ours, rel=close)


def test_priors_move_the_mode_off_the_maximum(fitted):
    mode = RECORDED["pymc-marketing"]["parameters"]["BG/NBD"]
    assert mode["a"] < 0.9 * fitted["BG/NBD"].a_
