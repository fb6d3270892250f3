"""The numbers beneath: quadrature against many digits, gradients against differences, the same bits on any threads."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Any

import numpy as np
import pytest

from regulars.measure.lifetime import bg, pareto, spend
from regulars.measure.lifetime.quadrature import beta_nodes, half_line, laguerre, legendre
from regulars.measure.lifetime.triples import as_rows

mp = pytest.importorskip("mpmath", reason="mpmath is the referee of these digits")


@pytest.mark.parametrize(("a", "b", "r", "y"), [
    (0.79, 2.4, 0.24, 18.0), (0.3, 0.4, 0.24, 100.0), (0.05, 3.0, 1.2, 50.0), (0.79, 102.4, 100.24, 1.0),
    (0.79, 102.4, 100.24, 20.0), (5.0, 30.0, 4.0, 100.0), (5.0, 5002.0, 5000.0, 2.0), (20.0, 30.0, 4.0, 100.0),
    (2.5, 7.0, 2.5, 3e3), (0.79, 302.0, 300.24, 3.0),
])  # fmt: skip
def test_expected_purchases_to_nine_digits(a: float, b: float, r: float, y: float) -> None:
    with mp.workdps(40):
        A, B, R, Y = map(mp.mpf, (a, b, r, y))
        exact = (A + B - 1) / (A - 1) * (1 - (1 + Y) ** -R * mp.hyp2f1(R, B, A + B - 1, Y / (1 + Y)))
    future = bg.BGFuture(np.array([r]), np.array([1.0]), a, np.array([b]))
    assert future.expected(y)[0] == pytest.approx(float(exact), rel=2e-8)
    if y <= 20:
        assert future.rough(y)[0] == pytest.approx(float(exact), rel=1e-4)


@pytest.mark.parametrize("parameters", [
    (0.55, 10.6, 0.6, 11.7), (0.05, 0.1, 0.05, 300.0), (0.05, 300.0, 0.05, 0.1), (3.0, 2.0, 8.0, 1.0),
    (1e4, 7e4, 0.6, 12.0), (0.5, 10.0, 1e4, 1e5), (1e4, 1.5e5, 0.09, 4e-4),
])  # fmt: skip
@pytest.mark.parametrize("x", [0, 1, 20, 5_000])
def test_dropout_integrals_to_nine_digits(parameters: tuple[float, ...], x: int) -> None:
    t = np.array([0.0, 30.0])
    r, alpha, s, beta = parameters
    found = pareto.integrals(r, np.full(2, float(x)), alpha + t, s, beta + t)
    with mp.workdps(30):
        r, alpha, s, beta = map(mp.mpf, parameters)
        for i in range(2):
            A, B, k = alpha + t[i], beta + t[i], r + x
            big, z = max(A, B), abs(A - B) / max(A, B)
            first, second = (s + 1, s) if A >= B else (k, k + 1)
            scale = big ** -(k + s) / (k + s)
            F = mp.log(s * scale * mp.hyp2f1(k + s, first, k + s + 1, z))
            G = mp.log(k * scale * mp.hyp2f1(k + s, second, k + s + 1, z))
            assert found.log_F[i] == pytest.approx(float(F), rel=1e-9, abs=2e-9)
            assert found.log_G[i] == pytest.approx(float(G), rel=1e-9, abs=2e-9)


def test_discounted_residual_purchases_of_the_bg_family() -> None:
    with mp.workdps(20):
        for r, alpha, a, b in ((0.24, 4.41, 0.79, 2.43), (2.24, 43.3, 0.79, 4.43), (7.24, 81.4, 1.0, 9.4)):
            delta = mp.mpf("0.0018")
            end = mp.log1p(45 / (delta * alpha))
            exact = mp.quad(
                lambda u, p=(r, alpha, a, b), d=delta: p[0] * mp.hyp2f1(p[0] + 1, p[2], p[2] + p[3], -mp.expm1(u))
                * mp.exp(u - d * p[1] * mp.expm1(u)), [end * k / 6 for k in range(7)],
            )  # fmt: skip
            future = bg.BGFuture(np.array([r]), np.array([alpha]), a, np.array([b]))
            assert future.residual(0.0018)[0] == pytest.approx(float(exact), rel=1e-7)


def test_rules_integrate_what_they_must() -> None:
    nodes, weights = beta_nodes(0.79, np.array([2.4, 500.0]), 24)
    mean = 0.79 / (0.79 + np.array([2.4, 500.0]))
    assert np.sum(weights * nodes, axis=1) == pytest.approx(mean, rel=1e-12)
    nodes, weights = legendre(16)
    assert np.sum(weights * nodes**9) == pytest.approx(0.1, rel=1e-13)
    nodes, weights = laguerre(20)
    assert np.sum(weights * nodes**5) == pytest.approx(120.0, rel=1e-12)
    nodes, weights = half_line(1.0)
    assert np.sum(weights * np.exp(-nodes)) == pytest.approx(1.0, rel=1e-9)
    assert np.sum(weights / (1 + nodes) ** 2) == pytest.approx(1.0, rel=1e-9)


def _data() -> Any:
    g = np.random.default_rng(0)
    T = g.integers(1, 80, 300).astype(float)
    x = g.poisson(0.1 * T)
    return as_rows(x, np.where(x > 0, np.floor(T * g.beta(np.maximum(x, 1), 1)), 0.0), T).triples()


@pytest.mark.parametrize("name", ["bg", "mbg", "pareto", "spend"])
@pytest.mark.parametrize("at", [(0.5, 7.0, 0.9, 3.0), (20.0, 200.0, 0.05, 0.1), (0.02, 0.5, 50.0, 90.0)])
def test_gradients_are_the_slopes(name: str, at: tuple[float, ...]) -> None:
    g = np.random.default_rng(1)
    likelihood = {
        "bg": lambda: bg.Likelihood(_data(), 0),
        "mbg": lambda: bg.Likelihood(_data(), 1),
        "pareto": lambda: pareto.Likelihood(_data()),
        "spend": lambda: spend.Likelihood(g.integers(1, 9, 200).astype(float), g.gamma(5, 6, 200)),
    }[name]()
    here = np.log(np.array(at[: 3 if name == "spend" else 4]))
    gradient = likelihood(here)[1]
    for i in range(len(here)):
        e = np.zeros(len(here))
        e[i] = 1e-5
        slope = (likelihood(here + e)[0] - likelihood(here - e)[0]) / 2e-5
        assert gradient[i] == pytest.approx(slope, rel=1e-5, abs=2e-4)


SCRIPT = """
import numpy as np
from regulars.measure.lifetime import ModifiedBetaGeoNBD, ParetoNBD, GammaGamma
g = np.random.default_rng(0)
T = g.integers(1, 500, 4000) / 7
x = g.poisson(0.1 * T)
t_x = np.where(x > 0, T * g.beta(np.maximum(x, 1), 1), 0.0)
spend = GammaGamma().fit_arrays(x, g.gamma(3, 9, 4000))
for kind in (ModifiedBetaGeoNBD, ParetoNBD):
    model = kind().fit_grouped(x, t_x, T, 1)
    value = model.value_interval(x, t_x, T, 27.0, 52, spend)
    residual = model.discounted_residual_purchases_at(x, t_x, T, 0.01)
    numbers = [model.expected_purchases_at(x, t_x, T, 52), *value, residual]
    print(repr(model.get_params()), spend.p_.hex(), [float(np.sum(v)).hex() for v in numbers])
"""


def test_the_same_bits_whatever_the_threads() -> None:
    outputs = {
        subprocess.run(
            [sys.executable, "-c", SCRIPT], check=True, capture_output=True, text=True,
            env={**os.environ, "OPENBLAS_NUM_THREADS": n, "OMP_NUM_THREADS": n},
        ).stdout
        for n in ("1", "4")
    }  # fmt: skip
    assert len(outputs) == 1
