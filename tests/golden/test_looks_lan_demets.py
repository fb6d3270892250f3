"""Boundaries of repeated looks, as printed.

Lan & DeMets's O'Brien–Fleming-like and Pocock-like boundaries, two-sided 5 %, equal looks: Reboussin, DeMets, Kim & Lan
(2000), Controlled Clinical Trials 21, and their program, to three decimals. Classical constants: Jennison & Turnbull
(2000), Group Sequential Methods, tables 2.1 (Pocock) and 2.3 (O'Brien & Fleming); inflation: tables 2.2 and 2.4.
"""

from __future__ import annotations

import pytest

from regulars.prove.experiments import Looks
from regulars.prove.experiments.looks import crossing

OBRIEN_FLEMING = {
    2: (2.963, 1.969),
    3: (3.710, 2.511, 1.993),
    4: (4.333, 2.963, 2.359, 2.014),
    5: (4.877, 3.357, 2.680, 2.290, 2.031),
}
POCOCK = {5: (2.438, 2.427, 2.410, 2.397, 2.386)}


@pytest.mark.parametrize("looks", sorted(OBRIEN_FLEMING))
def test_obrien_fleming_like_boundaries(looks):
    assert Looks.equal(looks).boundaries == pytest.approx(OBRIEN_FLEMING[looks], abs=6e-4)


@pytest.mark.parametrize("looks", sorted(POCOCK))
def test_pocock_like_boundaries(looks):
    assert Looks.equal(looks, spending="pocock").boundaries == pytest.approx(POCOCK[looks], abs=6e-4)


@pytest.mark.parametrize(("looks", "constant"), [(2, 2.178), (3, 2.289), (4, 2.361), (5, 2.413), (10, 2.555)])
def test_pococks_constants_cross_in_five_percent(looks, constant):
    times = [k / looks for k in range(1, looks + 1)]
    assert crossing(times, [constant] * looks) == pytest.approx(0.05, abs=1e-4)


@pytest.mark.parametrize(("looks", "constant"), [(2, 1.977), (3, 2.004), (4, 2.024), (5, 2.040), (10, 2.087)])
def test_obrien_and_flemings_constants_cross_in_five_percent(looks, constant):
    times = [k / looks for k in range(1, looks + 1)]
    assert crossing(times, [constant * t**-0.5 for t in times]) == pytest.approx(0.05, abs=1e-4)


@pytest.mark.parametrize(("constant", "delta", "inflation"), [(2.413, 0.0, 1.229), (2.040, 0.5, 1.028)])
def test_the_inflation_of_five_classical_looks(constant, delta, inflation):
    """At 80 % power: the drift that many more customers bring crosses in 80 %."""
    times = [k / 5 for k in range(1, 6)]
    drift = (1.959964 + 0.841621) * inflation**0.5
    assert crossing(times, [constant * t**-delta for t in times], drift) == pytest.approx(0.8, abs=5e-4)
