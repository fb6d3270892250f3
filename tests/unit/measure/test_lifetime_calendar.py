"""Covariates that change with time: equal to the plain and the fixed ones where they must be, else true."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from scipy.integrate import quad

from regulars.errors import InputError
from regulars.measure.lifetime import BetaGeoNBD, LifetimeRegression, ModifiedBetaGeoNBD, ParetoNBD
from regulars.measure.lifetime.ahead import BGAhead, ParetoAhead, Stretches
from regulars.measure.lifetime.bg import BGFuture
from regulars.measure.lifetime.pareto import ParetoFuture

MODELS = (BetaGeoNBD, ModifiedBetaGeoNBD, ParetoNBD)
START, DAYS, WEEKS, N = date(2024, 1, 1), 546, 104, 300


def calendar(n: int = WEEKS) -> pa.Table:
    week = np.arange(n)
    return pa.table({
        "starts_on": [START + timedelta(weeks=int(w)) for w in week],
        "campaign": ((week % 9) < 3) * 1.0,
        "season": np.where(week % 52 < 26, "low", "high"),
    })  # fmt: skip


def by_day(column: Any) -> Any:
    """Return the column for every day from the start to the end, both included."""
    return np.repeat(np.asarray(column), 7)[: DAYS + 1]


@pytest.fixture(scope="module")
def campaigns(world: Any) -> tuple[pa.Table, pa.Table]:
    rng = np.random.default_rng(4)
    age = rng.integers(20, 70, N)
    on = by_day(calendar()["campaign"])
    mu = rng.gamma(0.9, 1 / 15.0, N)
    data: tuple[pa.Table, pa.Table] = world(
        N, buying=np.exp(0.01 * age), mu=mu, pace=np.exp(0.7 * on), age=age.astype(float), seed=9
    )
    return data


@pytest.fixture(scope="module", params=MODELS, ids=lambda m: m.__name__)
def fitted(request: Any, campaigns: Any) -> LifetimeRegression:
    dropout = ["campaign"] if request.param is ParetoNBD else ["age"]
    return LifetimeRegression(
        request.param, purchase=["age", "campaign", "season"], dropout=dropout, calendar=calendar()
    ).fit(*campaigns)


def test_a_calendar_without_effect_is_the_plain_model(fitted: LifetimeRegression, campaigns: Any) -> None:
    asked, plain = fitted._ask(campaigns[0], 25.0), fitted.plain_
    zero = np.zeros(len(fitted.theta_))
    zero[:4] = np.log(plain._parameters())
    assert fitted._kernel(asked.cases, asked.effects)(zero)[0] == pytest.approx(plain.log_likelihood_, rel=1e-10)
    known = fitted._score(asked, zero)
    assert np.allclose(known.alive[known.case], plain.probability_alive(campaigns[0]), rtol=1e-9)
    for t, delta in ((25.0, 0.0), (25.0, 0.01)):
        there = plain.discounted_purchases(campaigns[0], t, delta)
        assert np.allclose(known.mean(known.future.discounted(t, delta)), there, rtol=1e-6)


def test_a_constant_in_the_calendar_is_a_fixed_covariate(fitted: LifetimeRegression, campaigns: Any) -> None:
    summary, orders = campaigns
    ids = np.repeat(np.asarray(summary["customer_id"]), WEEKS)
    rows = calendar().take(np.tile(np.arange(WEEKS), len(summary)))
    own = rows.append_column("customer_id", pa.array(ids)).append_column(
        "age", pa.array(np.repeat(np.asarray(summary["age"]), WEEKS))
    )
    if fitted.model is not ParetoNBD:
        with pytest.raises(InputError, match="can only act on buying"):
            LifetimeRegression(fitted.model, purchase=["age"], dropout=["age"], calendar=own).fit(
                summary.drop_columns("age"), orders
            )
        return
    model = LifetimeRegression(
        fitted.model, purchase=["age", "campaign", "season"], dropout=["campaign"], calendar=own
    ).fit(summary.drop_columns("age"), orders)
    assert model.log_likelihood_ == pytest.approx(fitted.log_likelihood_, abs=1e-6)
    assert np.allclose(model.theta_, fitted.theta_, atol=2e-4)
    near = fitted.expected_purchases(summary, 20)
    assert np.allclose(model.expected_purchases(summary.drop_columns("age"), 20), near, rtol=1e-3)


def test_gradients_agree_with_differences(fitted: LifetimeRegression, campaigns: Any) -> None:
    asked = fitted._ask(campaigns[0], 0.0)
    kernel = fitted._kernel(asked.cases, asked.effects)
    theta = fitted.theta_ + 0.02 * np.cos(np.arange(len(fitted.theta_)))
    differences = [(kernel(theta + h)[0] - kernel(theta - h)[0]) / 2e-6 for h in np.eye(len(theta)) * 1e-6]
    assert np.allclose(kernel(theta)[1], differences, rtol=1e-5, atol=2e-3)


@pytest.mark.parametrize("fitted", [ParetoNBD], indirect=True)  # it has two clocks
def test_the_likelihood_is_the_integral_that_defines_it(fitted: LifetimeRegression, campaigns: Any) -> None:
    rows = campaigns[0].slice(0, 5)
    r, alpha, s, beta = np.exp(fitted.theta_[:4])
    effect = {(c.process, c.name): c.value for c in fitted.coefficients_}
    table = calendar()
    a = np.exp(effect["purchase", "campaign"] * by_day(table["campaign"])
               + effect["purchase", "season=low"] * (by_day(table["season"]) == "low"))  # fmt: skip
    b = np.exp(effect["dropout", "campaign"] * by_day(table["campaign"]))
    alive = fitted.probability_alive(rows)
    for i, row in enumerate(rows.to_pylist()):
        born = (row["first_purchase"] - START).days
        own = np.exp(effect["purchase", "age"] * row["age"])
        A = own * np.concatenate([[0.0], np.cumsum(a[born + 1 :])]) / 7
        B = np.concatenate([[0.0], np.cumsum(b[born + 1 :])]) / 7
        k, left = r + row["x"], row["t_x_days"]

        def rate(u: float, d: int, A: Any = A, B: Any = B, k: float = k) -> float:
            there = (alpha + A[d] + u * (A[d + 1] - A[d])) ** -k * (beta + B[d] + u * (B[d + 1] - B[d])) ** -(s + 1)
            return float(there * s * (B[d + 1] - B[d]))

        dropped = sum(quad(rate, 0, 1, args=(d,))[0] for d in range(left, len(A) - 1))
        at_end = (alpha + A[-1]) ** -k * (beta + B[-1]) ** -s
        assert alive[i] == pytest.approx(at_end / (at_end + dropped), rel=1e-7)


AHEAD = Stretches(6.0, np.array([[1.0, 3.0, 2.0, 0.0]] * 2), np.array([[1.0, 4.0, 0.3, 1.0], [0.5, 1.0, 2.0, 1.0]]))
LEAVING = Stretches(6.0, AHEAD.length, np.array([[2.0, 0.5, 1.0, 1.0], [1.0, 1.0, 3.0, 1.0]]))
BG = BGAhead(BGFuture(np.array([2.3, 0.4]), np.array([5.0, 0.3]), 0.8, np.array([3.4, 2.4])), AHEAD)
PARETO = ParetoAhead(
    ParetoFuture(np.array([2.3, 0.4]), np.array([5.0, 0.3]), 0.7, np.array([3.0, 0.4])), AHEAD, LEAVING
)


@pytest.mark.parametrize("future", [BG, PARETO], ids=["BG", "Pareto"])
def test_futures_on_an_uneven_clock_add_up(future: Any) -> None:
    n = np.arange(1.0, 400.0)
    for cell in (0, 1):
        tail = future.survival(n, np.full(len(n), cell), 6.0)
        assert np.all(np.diff(tail) <= 1e-12)
        assert tail.sum() == pytest.approx(future.expected(6.0)[cell], rel=1e-6)

    def bought(t: float, cell: int) -> float:
        """Return E[X(t)] from the parts of the stretches that lie before t."""
        parts = [Stretches(t, np.clip(t - s.begins, 0.0, s.length), s.pace) for s in (AHEAD, LEAVING)]
        cut = BGAhead(BG.steady, parts[0]) if future is BG else ParetoAhead(PARETO.steady, *parts)
        return float(cut.expected(t)[cell])

    for cell in (0, 1):
        whole = sum(quad(lambda t, cell=cell: 0.05 * np.exp(-0.05 * t) * bought(t, cell), a, b, epsrel=1e-9)[0]
                    for a, b in ((0, 1), (1, 4), (4, 6)))  # fmt: skip
        worth = future.discounted(6.0, 0.05)[cell]
        assert worth == pytest.approx(np.exp(-0.3) * bought(6.0, cell) + whole, rel=1e-6)


@pytest.mark.parametrize(("model", "leaving"), [(ParetoNBD, -0.8), (ModifiedBetaGeoNBD, 0.0)])
def test_a_campaign_put_into_a_world_is_found_again(world: Any, model: Any, leaving: float) -> None:
    rng, n = np.random.default_rng(3), 1_200 if model is ParetoNBD else 5_000
    on = by_day(calendar()["campaign"])
    vip = rng.integers(0, 2, n)
    dropout = {"mu": rng.gamma(0.9, 1 / 15.0, n)} if model is ParetoNBD else {"p": rng.beta(0.9, 2.5, n)}
    data = world(
        n, buying=np.exp(0.5 * vip), pace=np.exp(0.7 * on), leaving_pace=np.exp(leaving * on), vip=vip, **dropout
    )
    acts = ["campaign"] if leaving else []
    fit = LifetimeRegression(model, purchase=["vip", "campaign"], dropout=acts, calendar=calendar()).fit(*data)
    truth = {("purchase", "vip"): 0.5, ("purchase", "campaign"): 0.7, ("dropout", "campaign"): leaving}
    for c in fit.coefficients_:
        assert abs(c.value - truth[c.process, c.name]) < 3.3 * c.std_error, c
    assert fit.plain_.log_likelihood_ is not None
    assert fit.log_likelihood_ > fit.plain_.log_likelihood_ + 20
    few = data[0].slice(0, 200)
    low, high = fit.purchase_interval(few, 13)
    moments = fit.moments(few, 13)
    assert np.allclose(moments.mean, fit.expected_purchases(few, 13), rtol=1e-5)
    assert np.all(low <= high)


def changed(**columns: Any) -> pa.Table:
    table = calendar()
    return pa.table({**{n: table[n] for n in table.column_names}, **columns})


def test_calendars_that_cannot_be_used_are_named(campaigns: Any) -> None:
    summary, orders = campaigns
    starts = calendar()["starts_on"].to_pylist()
    weekly = [d + timedelta(days=6) for d in starts]
    late = [*starts[:10], starts[10] + timedelta(days=2), *starts[11:]]
    for table, said in (
        (changed(starts_on=late), "unequal length .5 to 9 days."),
        (changed(starts_on=late, ends_on=weekly), "days between periods .1, first at 2024-03-10."),
        (changed(ends_on=[weekly[0] + timedelta(days=1), *weekly[1:]]), "periods overlap"),
        (changed(ends_on=[starts[0] - timedelta(days=1), *weekly[1:]]), "ends before it begins"),
        (changed(starts_on=[None, *starts[1:]]), "starts_on has values that are missing"),
        (calendar().drop_columns("starts_on"), "no such covariates: starts_on"),
    ):  # fmt: skip
        with pytest.raises(InputError, match=said):
            LifetimeRegression(BetaGeoNBD, purchase=["campaign"], calendar=table)

    def fit(table: Any, purchase: str = "campaign", rows: Any = summary, bought: Any = orders) -> LifetimeRegression:
        return LifetimeRegression(BetaGeoNBD, purchase=[purchase], calendar=table).fit(rows, bought)

    half = calendar().slice(0, 40)
    own = half.append_column("customer_id", pa.array(np.full(40, 3)))
    mistakes: list[tuple[Callable[[], Any], str]] = [
        (lambda: fit(half), "days after those that the calendar of covariates covers: up to 2025-06-30"),
        (lambda: fit(calendar().slice(20)), "days before those"),
        (lambda: fit(own), "no period of 299 customers"),
        (lambda: fit(changed(campaign=np.arange(WEEKS) >= 90)), "campaign is the same for all"),
        (lambda: fit(changed(campaign=[None] * WEEKS)), "campaign is missing in 104 rows"),
        (lambda: fit(changed(age=np.arange(WEEKS)), "age"), "in the calendar and in the summary"),
        (lambda: fit(calendar(), bought=None), "needs the day of every purchase"),
        (lambda: fit(calendar(), bought=orders.slice(5)), "not as many as x"),
        (lambda: fit(calendar(), rows=summary.drop_columns("first_purchase")), "no such covariates: first_purchase"),
    ]
    for call, said in mistakes:
        with pytest.raises(InputError, match=said):
            call()
    model = fit(calendar())
    with pytest.raises(InputError, match="days after those"):
        model.expected_purchases(summary, 52)
    with pytest.raises(InputError, match="for ever"):
        model.discounted_residual_purchases(summary, 0.01)
    with pytest.raises(InputError, match="horizon"):
        model.expected_purchases(summary, -3)
