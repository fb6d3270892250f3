"""The fast path for tests of models: sufficient statistics with their truth, without orders or lines."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Literal

import numpy as np
import numpy.typing as npt

from regulars.simulate.baskets import Ints, spend
from regulars.simulate.block import block_sizes, stream
from regulars.simulate.company import Company
from regulars.simulate.future import days_per_purchase, expected_future
from regulars.simulate.people import Floats, draw_people
from regulars.simulate.purchases import live


@dataclass(frozen=True, slots=True)
class Counts:
    """One element a customer; times in weeks.

    `x` repeat purchases, `t_x` week of the last one after the first, `T` weeks observed, `mean_repeat_spend`
    (NaN where x = 0), `future` purchases actually made in the future window, and the truth: `lam`, `mu`, `p`,
    `nu`, `alive` at the end, `expected_future` purchases given all true parameters.
    """

    x: Ints
    t_x: Floats
    T: Floats
    mean_repeat_spend: Floats
    future: Ints
    lam: Floats
    mu: Floats
    p: Floats
    nu: Floats
    alive: npt.NDArray[np.bool_]
    expected_future: Floats


def arrivals_and_counts(company: Company, *, grain: Literal["exact", "day"] = "exact") -> Counts:
    """Return x, t_x, T and the future purchases of every customer of a company, without its order lines.

    Parameters
    ----------
    company
        The settings; any process, season, regularity, drift. Dirt and returns play no part.
    grain
        ``"exact"`` keeps continuous times, as the models assume; ``"day"`` merges the purchases of a day and
        measures in whole days up to the last business date, as a summary of order lines does.

    Returns
    -------
    Counts
        Arrays of length `company.n_customers`.

    Examples
    --------
    >>> counts = arrivals_and_counts(Company(n_customers=5, seed=3))
    >>> bool((counts.t_x <= counts.T).all())
    True
    """
    blocks = [_block(company, number, size, grain) for number, _, size in block_sizes(company)]
    return Counts(*(np.concatenate([getattr(block, f.name) for block in blocks]) for f in fields(Counts)))


def _block(company: Company, number: int, n: int, grain: str) -> Counts:
    rng = stream(company, 2, number)
    people = draw_people(company, n, rng)
    purchases = live(company, people, rng)
    value = spend(company, people, purchases, rng)
    week, who = purchases.week, purchases.customer
    observed = week < company.weeks
    birth, end = people.birth, float(company.weeks)
    if grain == "day":
        week, birth = np.floor(week * 7) / 7, np.floor(birth * 7) / 7
        end -= 1 / 7
    new = np.ones(len(week), dtype=bool)
    if grain == "day":
        new[1:] = (who[1:] != who[:-1]) | (week[1:] != week[:-1])
    later = observed & (week > birth[who])
    x = np.bincount(who[later & new], minlength=n)
    last = birth.copy()
    np.maximum.at(last, who[observed], week[observed])
    spent = np.bincount(who[later], weights=value[later], minlength=n)
    exact_last = people.birth.copy()
    np.maximum.at(exact_last, who[observed], purchases.week[observed])
    alive = purchases.dropout > company.weeks
    expected, _ = expected_future(company, people, alive, company.weeks - exact_last, None)
    if grain == "day":
        expected = expected * days_per_purchase(company, people)
    return Counts(
        x=x,
        t_x=last - birth,
        T=end - birth,
        mean_repeat_spend=np.where(x > 0, spent / np.maximum(x, 1), np.nan),
        future=np.bincount(who[~observed & new], minlength=n),
        lam=people.lam,
        mu=people.mu,
        p=people.p,
        nu=people.nu,
        alive=alive,
        expected_future=expected,
    )
