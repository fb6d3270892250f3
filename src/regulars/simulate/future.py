"""Expected purchases and profit after the end, given a customer's true parameters: what no forecast can beat."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

from regulars.simulate.baskets import Lines, draw_returns, fill_baskets
from regulars.simulate.catalogue import Catalogue
from regulars.simulate.company import Company
from regulars.simulate.people import Floats, People
from regulars.simulate.purchases import YEAR_WEEKS, Season

_PANELS, _NODES = 6, 16


@dataclass(frozen=True, slots=True)
class MarginCurve:
    """What is left per unit of order value at list prices: profit, and value net of returns.

    Both are cubics in the log of the mean order value.
    """

    profit: Floats
    kept: Floats
    low: float
    high: float

    def rate(self, mean_spend: Floats, discount: Floats) -> Floats:
        """Return expected profit over expected value at `mean_spend` for customers with a discount d.

        The same goods are worth 1/(1 − d) at list prices; of that profit the customer keeps d/(1 − d).
        """
        listed = np.log(np.clip(mean_spend / (1 - discount), self.low, self.high))
        spared = discount * np.polyval(self.kept, listed)
        rate: Floats = (np.polyval(self.profit, listed) - spared) / (1 - discount)
        return rate


def margin_curve(company: Company, catalogue: Catalogue, rng: np.random.Generator, draws: int = 4000) -> MarginCurve:
    """Estimate by simulation what is left of an order's value after product costs and returns.

    The product mix moves with the value of an order and so does the margin, which leaves no closed form; the
    error of the curve is about half a percent of the margin.
    """
    typical = company.spend_v * company.spend_p / (company.spend_q - 1)
    grid = typical * np.geomspace(0.1, 30.0, 24)
    profit, kept = np.empty(len(grid)), np.empty(len(grid))
    for i, mean in enumerate(grid):
        value = rng.gamma(company.spend_p, mean / company.spend_p, draws)
        order, product, quantity, price = fill_baskets(company, catalogue, value, np.zeros(draws), rng)
        none = np.zeros(len(order), dtype=np.int64)
        sales = Lines(order, none, none, product, quantity, price, catalogue.unit_cost[product], none)
        both = sales.joined(draw_returns(company, sales, rng))
        profit[i], kept[i] = both.profit.sum() / 100 / value.sum(), both.amount.sum() / 100 / value.sum()
    fits = [np.polyfit(np.log(grid), rates, 3).astype(np.float64) for rates in (profit, kept)]
    return MarginCurve(fits[0], fits[1], float(grid[0]), float(grid[-1]))


def days_per_purchase(company: Company, people: People) -> Floats:
    """Return the share of purchases that do not fall on the day of another one, the grain of order data.

    A Poisson buyer has a day with a purchase with probability 1 − e^{−λ/7}. Regular buyers hardly ever buy twice
    a day.
    """
    daily = people.lam / 7
    return np.where((company.regular == 1) & (daily > 1e-9), -np.expm1(-daily) / np.maximum(daily, 1e-9), 1.0)


def expected_future(
    company: Company, people: People, alive: np.ndarray, elapsed: Floats, margin: MarginCurve | None
) -> tuple[Floats, Floats]:
    """Return expected purchases and profit over the future window for customers `alive` at the end.

    `elapsed` is weeks since the last purchase, which matters for Erlang gaps only. Exact for the three models,
    with season and drift too; Erlang gaps together with either are exact to about one percent.
    """
    t = float(company.future_weeks)
    purchases, profit = np.zeros(len(alive)), np.zeros(len(alive))
    if not alive.any() or t == 0:
        return purchases, profit
    lam, mu, p = people.lam[alive], people.mu[alive], people.p[alive]
    growth = people.growth[alive] / YEAR_WEEKS
    plain, weighted = _poisson(company, lam, mu, p, growth)
    count = plain
    if company.regular > 1:
        count = _erlang(company, lam, mu, p, elapsed[alive])
    now = people.nu[alive] * np.exp(growth * (company.weeks - people.birth[alive]))
    purchases[alive] = count
    if margin is None:
        return purchases, profit
    with np.errstate(invalid="ignore", divide="ignore"):
        lift = np.where(plain > 0, weighted / plain, 1.0)
    profit[alive] = count * lift * now * margin.rate(now * np.exp(growth * t / 2), people.discount[alive])
    return purchases, profit


def _poisson(company: Company, lam: Floats, mu: Floats, p: Floats, growth: Floats) -> tuple[Floats, Floats]:
    """Return expected purchases, plain and weighted by the growth of spend, of Poisson buyers who are alive."""
    t = float(company.future_weeks)
    pareto = company.process == "pareto_nbd"
    if not company.season:
        # E[N] = λ(1 − e^{−μt})/μ, or (1 − e^{−λpt})/p where dropout follows purchases; growth shifts the exponent.
        leave = mu if pareto else lam * p
        return lam * _discounted(leave, t), lam * _discounted(leave - growth, t)
    season = Season(company)
    nodes, weights = np.polynomial.legendre.leggauss(_NODES)
    width = t / _PANELS
    start = float(company.weeks)
    opened = season.cumulated(np.array([start]))[0]
    plain, weighted = np.zeros(len(lam)), np.zeros(len(lam))
    for panel in range(_PANELS):
        for node, weight in zip(nodes, weights, strict=True):
            u = (panel + (node + 1) / 2) * width
            moment = np.array([start + u])
            lived = mu * u if pareto else lam * p * (season.cumulated(moment)[0] - opened)
            flow = weight * width / 2 * lam * season.intensity(moment)[0] * np.exp(-lived)
            plain += flow
            weighted += flow * np.exp(growth * u)
    return plain, weighted


def _discounted(rate: Floats, t: float) -> Floats:
    """Return ∫₀ᵗ e^{−rate·u} du, also for rates near or below zero."""
    product = rate * t
    small = np.abs(product) < 1e-9
    safe = np.where(small, 1.0, rate)
    return np.where(small, t * (1 - product / 2), -np.expm1(-safe * t) / safe)


def _erlang(company: Company, lam: Floats, mu: Floats, p: Floats, elapsed: Floats) -> Floats:
    """Return expected purchases of buyers with Erlang-k gaps: sums over the hidden phase and over the n-th purchase."""
    k = company.regular
    season = Season(company)
    end = float(company.weeks)
    t = float(season.cumulated(np.array([end + company.future_weeks]))[0] - season.cumulated(np.array([end]))[0])
    passed = season.cumulated(np.array([end]))[0] - season.cumulated(end - elapsed)
    rate = k * lam
    phases = np.arange(k)[:, None]
    log_weight = phases * np.log(np.maximum(rate * passed, 1e-300)) - special.gammaln(phases + 1)
    weight = np.exp(log_weight - special.logsumexp(log_weight, axis=0))
    leave = mu * company.future_weeks / t if company.process == "pareto_nbd" else np.zeros_like(lam)
    stay = np.ones_like(lam) if company.process == "pareto_nbd" else 1 - p
    expected = np.zeros_like(lam)
    most = lam * t + 9 * np.sqrt(lam * t + 1) + 3
    n = 1
    while (open_ := np.flatnonzero(most >= n)).size:
        for phase in range(k):
            steps = n * k - phase
            reach = (rate[open_] / (rate[open_] + leave[open_])) ** steps
            reach = reach * special.gammainc(steps, (rate[open_] + leave[open_]) * t)
            expected[open_] += weight[phase, open_] * stay[open_] ** (n - 1) * reach
        n += 1
    return expected
