"""A refit is due where the fit no longer says what happens, or is old; the reason says which."""

import dataclasses
import json

import pytest

from regulars.prove.candidates import fit_candidate
from regulars.prove.history import simulated_history
from regulars.prove.refit import refit_due
from regulars.simulate import Company

COMPANY = Company(n_customers=3000, seed=7, process="mbg_nbd", weeks=78, r=0.8, alpha=4.0, a=0.9, b=2.5)


@pytest.fixture(scope="module")
def history():
    return simulated_history(COMPANY).by_day()


@pytest.fixture(scope="module")
def fitted(history):
    return fit_candidate("MBG/NBD", history.cells(52.0, 8.0))


def test_a_fit_that_still_says_what_happens_is_let_be(history, fitted):
    found = refit_due(fitted.law, history.cells(52.0, 8.0), draws=fitted.draws(50, seed=1))
    assert not found.due
    assert found.low <= found.actual <= found.high
    assert "holds" in found.reason["en"]
    assert "仍然成立" in found.reason["zh"]
    json.dumps(found.as_dict(), allow_nan=False)


def test_where_customers_stop_coming_it_is_due_and_says_how_many_were_expected(history, fitted):
    cells = history.cells(52.0, 8.0)
    quiet = dataclasses.replace(cells, actual=cells.actual // 2)
    found = refit_due(fitted.law, quiet, draws=fitted.draws(50, seed=1))
    assert found.due
    assert found.actual < found.low
    assert f"{found.expected:,.0f}" in found.reason["en"]


def test_the_same_total_bought_by_others_is_seen_in_the_pit(history, fitted):
    cells = history.cells(52.0, 13.0)
    crowded = dataclasses.replace(cells, actual=cells.actual[::-1])
    alone = refit_due(fitted.law, crowded)
    assert alone.due
    assert alone.pit_distance > 0.05
    assert "distributions" in alone.reason["en"]
    assert "distributions" not in refit_due(fitted.law, crowded, card_distance=alone.pit_distance).reason["en"]


def test_an_old_fit_is_due_however_well_it_holds(history, fitted):
    cells = history.cells(52.0, 20.0)
    assert refit_due(fitted.law, cells).due
    assert "140 days ago" in refit_due(fitted.law, cells).reason["en"]
    assert not refit_due(fitted.law, cells, draws=fitted.draws(50, seed=1), oldest_days=365).due


def test_on_its_first_day_and_on_few_purchases_nothing_is_claimed(history, fitted):
    assert not refit_due(fitted.law, history.cells(52.0, 0.0)).due
    few = history.cells(52.0, 1.0).every(40)
    found = refit_due(fitted.law, few)
    assert (found.due, found.pit_distance) == (False, None)
    assert "too little" in found.reason["en"]
