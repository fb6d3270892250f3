"""Draws customers: when they arrive, how often they buy, how they leave, what they spend."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import special

from regulars.simulate.company import MAX_DISCOUNT, Company

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class People:
    """True parameters of a block of customers, in order of arrival; one array element a customer.

    `birth` is the week of the first purchase; `lam` and `mu` are per week; `mu` is NaN where the process has
    none and `p` where it has none; `nu` is the mean order value at arrival; `growth` the yearly log growth;
    `discount` the part of the list price that the customer is spared.
    """

    birth: Floats
    lam: Floats
    mu: Floats
    p: Floats
    nu: Floats
    growth: Floats
    discount: Floats


def draw_people(company: Company, n: int, rng: np.random.Generator) -> People:
    """Draw `n` customers of the company."""
    birth = np.sort(rng.random(n)) * (company.weeks * company.arrival_share)
    lam, rate = _rates(company, n, rng)
    missing = np.full(n, np.nan)
    if company.process == "pareto_nbd":
        mu, p = rng.gamma(company.s, 1 / company.beta, n), missing
    else:
        mu, p = missing, rng.beta(company.a, company.b, n)
    growth = np.full(n, company.drift)
    if company.drift_sd:
        growth = growth + company.drift_sd * rng.standard_normal(n)
    discount = np.where(rng.random(n) < company.discount, rng.random(n) * MAX_DISCOUNT, 0.0)
    nu = company.spend_p / rate
    return People(birth=birth, lam=lam, mu=mu, p=p, nu=nu, growth=growth, discount=discount)


def _rates(company: Company, n: int, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Purchase rates λ and spend rates η; a Gaussian copula joins λ and mean spend ν = p / η where asked for."""
    if not company.rate_spend_correlation:
        lam = rng.gamma(company.r, 1 / company.alpha, n)
        eta = rng.gamma(company.spend_q, 1 / company.spend_v, n)
    else:
        rho = company.rate_spend_correlation
        z = rng.standard_normal(n)
        w = rho * z + np.sqrt(1 - rho * rho) * rng.standard_normal(n)
        lam = special.gammaincinv(company.r, special.ndtr(z)) / company.alpha
        # A high ν is a low η, hence the reflected score.
        eta = special.gammaincinv(company.spend_q, special.ndtr(-w)) / company.spend_v
    return np.maximum(lam, 1e-300), np.maximum(eta, 1e-9)
