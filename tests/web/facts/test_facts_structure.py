"""Figures of the customers whom a person reaches: the library's own, reckoned over them alone, and kept."""

from __future__ import annotations

import json

import pytest
from django.core.exceptions import PermissionDenied

from regulars.web.facts import structure as rooms
from regulars.web.facts.selectors import cohorts, structure, sums, values_at

pytestmark = pytest.mark.django_db

PARTS = ("concentration", "pyramid", "rfm", "tiers", "crosstab")


def plain(value):
    return json.loads(json.dumps(value, default=str))


def test_over_everybody_the_figures_are_those_of_the_valuation(actors, value):
    valuation = value()
    found = plain(structure(actors["viewer"], valuation.card["rules"]))
    for part in PARTS:
        assert found[part] == valuation.figures[part], part
    assert found["matrix"]["cells"] == valuation.figures["matrix"]["cells"]
    assert found["n"] == valuation.n_customers
    assert plain(cohorts(actors["viewer"])) == valuation.figures["cohort"]
    for name in ("current_value", "value_at_risk"):
        assert found["totals"][name] == valuation.figures["totals"][name]
    assert found["totals"]["future_value"]["value"] == valuation.figures["totals"]["future_value"]["value"]


def test_over_ones_own_customers(actors, people, value, give):
    mine = give(people["account_manager"], 25)
    valuation = value()
    found = structure(actors["account_manager"], valuation.card["rules"])
    assert found["n"] == len(mine)
    assert sum(row["n"] for row in cohorts(actors["account_manager"])["rows"]) <= len(mine)
    assert sums(actors["account_manager"])["n"] == len(mine)
    assert sums(actors["account_manager"])["current_value"] == found["totals"]["current_value"]


def test_without_a_valuation_and_without_the_right(actors):
    assert structure(actors["viewer"], {}) is None
    assert sums(actors["viewer"]) is None
    assert cohorts(actors["viewer"]) is None
    assert values_at(actors["viewer"], [0.2]) == [None]
    for ask in (lambda: structure(actors["service"], {}), lambda: sums(actors["service"])):
        with pytest.raises(PermissionDenied):
            ask()


def test_they_are_reckoned_once_a_person_and_valuation(actors, people, value, give, monkeypatch):
    give(people["account_manager"], 12)
    value()
    first = sums(actors["account_manager"])
    monkeypatch.setattr(rooms, "_sums", lambda *_: pytest.fail("reckoned again"))
    assert sums(actors["account_manager"]) == first
    with pytest.raises(BaseException, match="reckoned again"):
        sums(actors["viewer"])


def test_the_value_from_which_on_one_is_among_the_best(actors, value):
    from regulars.web.valuations.models import CustomerFigure

    value()
    tenth, half = values_at(actors["viewer"], [0.1, 0.5])
    n = CustomerFigure.objects.count()
    assert abs(CustomerFigure.objects.filter(current_value__gte=tenth).count() - n / 10) <= 1
    assert half <= tenth
