"""Settings of a simulated company: who its customers are, what they buy, and what is wrong with its data."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, fields
from datetime import date, timedelta
from typing import Literal

from regulars.errors import InputError
from regulars.words import T

Process = Literal["pareto_nbd", "bg_nbd", "mbg_nbd"]
PROCESSES: tuple[Process, ...] = ("pareto_nbd", "bg_nbd", "mbg_nbd")
MAX_CUSTOMERS = 50_000_000
MAX_DISCOUNT = 0.4


def _refuse(name: str, value: object, allowed: str, allowed_zh: str) -> InputError:
    return InputError(
        T(zh=f"模拟公司的设置 {name} 不能是 {value!r}", en=f"a simulated company cannot have {name} = {value!r}"),
        remedy=T(zh=f"可用：{allowed_zh}。", en=f"Allowed: {allowed}."),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Dirt:
    """Shares of faulty rows, each relative to the number of clean lines.

    Every kind adds rows of its own, so that leaving exactly those out gives the clean company back; only
    `padded_ids` and `mixed_case` change the writing of clean rows, never their meaning.

    Parameters
    ----------
    duplicates
        Rows that repeat another row of the same order in every column.
    anonymous
        Orders without a customer.
    tests
        Orders numbered ``TEST-…`` of a customer ``TEST`` for a product ``TEST001``.
    zero_prices
        Free lines (unit price 0) added to real orders.
    non_products
        Postage, bank fees and manual corrections added to real orders; they cost what they bring.
    future_dates
        Orders of real customers dated more than 400 days after the last one.
    cancelled
        Orders that a credit note takes back in full on the same day; the share counts both rows.
    padded_ids
        Customer ids with spaces around them.
    mixed_case
        Product codes in lower case.
    unreadable_dates, unreadable_numbers
        Rows whose time or quantity is no date and no number; in CSV only.
    """

    duplicates: float = 0.0
    anonymous: float = 0.0
    tests: float = 0.0
    zero_prices: float = 0.0
    non_products: float = 0.0
    future_dates: float = 0.0
    cancelled: float = 0.0
    padded_ids: float = 0.0
    mixed_case: float = 0.0
    unreadable_dates: float = 0.0
    unreadable_numbers: float = 0.0

    def __post_init__(self) -> None:
        for item in fields(self):
            share = getattr(self, item.name)
            if not 0 <= share <= 1:
                raise _refuse(f"dirt.{item.name}", share, "a share from 0 to 1", "0 到 1 的比例")

    def any(self) -> bool:
        """Return whether any kind of dirt is asked for."""
        return any(getattr(self, item.name) > 0 for item in fields(self))


EVERYDAY_DIRT = Dirt(
    duplicates=0.006,
    anonymous=0.03,
    tests=0.0005,
    zero_prices=0.004,
    non_products=0.02,
    future_dates=0.00005,
    cancelled=0.006,
    padded_ids=0.01,
    mixed_case=0.01,
    unreadable_dates=0.0004,
    unreadable_numbers=0.0004,
)
"""What an export from a shop system usually looks like."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """A company with known truth. Rates are per week, money is in units of `currency`.

    Parameters
    ----------
    n_customers, seed
        Size, and the number that determines everything else.
    start, weeks
        First day and length of the observed window; the last business date is `end`.
    future_weeks
        Weeks after the end that are lived through but not written to the orders.
    arrival_share
        Customers make their first purchase uniformly over this first share of the weeks.
    process
        ``pareto_nbd`` (exponential lifetimes), ``bg_nbd`` (dropout after a repeat purchase) or ``mbg_nbd``
        (dropout after any purchase, the first included).
    r, alpha
        Purchase rates λ ~ Gamma(r, rate alpha).
    s, beta
        Dropout rates μ ~ Gamma(s, rate beta); ``pareto_nbd`` only.
    a, b
        Dropout probabilities p ~ Beta(a, b); ``bg_nbd`` and ``mbg_nbd`` only.
    spend_p, spend_q, spend_v
        Order values ~ Gamma(p, rate η), η ~ Gamma(q, rate v); a customer's mean spend is ν = p / η.
    discount
        Share of customers with negotiated prices, up to 40 % under the list: the larger the discount, the less
        profit; some are served at a loss.
    lines_per_order, n_products, return_share
        Mean lines an order (1 to 6), products in the catalogue, share of lines of which some is returned.
    season, season_peak
        Amplitude (0 to below 1) of a yearly cycle in all rates; day of the year of its peak.
    regular
        Gaps between purchases are Erlang-k with this k; 1 is the exponential of the models.
    drift, drift_sd
        Mean and spread over customers of the yearly growth of log spend.
    rate_spend_correlation
        Correlation, of the normal scores, between purchase rate and mean spend.
    dirt
        What is wrong with the data.
    """

    n_customers: int = 10_000
    seed: int = 1
    start: date = date(2024, 1, 1)
    weeks: int = 104
    future_weeks: int = 52
    arrival_share: float = 0.8
    process: Process = "pareto_nbd"
    r: float = 0.55
    alpha: float = 10.0
    s: float = 0.6
    beta: float = 12.0
    a: float = 0.8
    b: float = 2.4
    spend_p: float = 4.0
    spend_q: float = 3.4
    spend_v: float = 192.0
    discount: float = 0.0
    lines_per_order: float = 2.2
    n_products: int = 240
    return_share: float = 0.02
    season: float = 0.0
    season_peak: int = 330
    regular: int = 1
    drift: float = 0.0
    drift_sd: float = 0.0
    rate_spend_correlation: float = 0.0
    currency: str = "CNY"
    dirt: Dirt = field(default_factory=Dirt)

    def __post_init__(self) -> None:
        if self.process not in PROCESSES:
            raise _refuse("process", self.process, ", ".join(PROCESSES), "、".join(PROCESSES))
        ranges: dict[str, tuple[float, float]] = {
            "n_customers": (1, MAX_CUSTOMERS),
            "seed": (0, 2**63 - 1),
            "weeks": (1, 1040),
            "future_weeks": (0, 520),
            "arrival_share": (0, 1),
            "discount": (0, 1),
            "lines_per_order": (1, 6),
            "n_products": (10, 5000),
            "return_share": (0, 0.5),
            "season": (0, 0.95),
            "season_peak": (0, 366),
            "regular": (1, 50),
            "drift": (-2, 2),
            "drift_sd": (0, 2),
            "rate_spend_correlation": (-0.99, 0.99),
        }
        for name, (low, high) in ranges.items():
            value = getattr(self, name)
            if not low <= value <= high:
                raise _refuse(name, value, f"{low:,} to {high:,}", f"{low:,} 到 {high:,}")
        for name in ("r", "alpha", "s", "beta", "a", "b", "spend_p", "spend_v"):
            value = getattr(self, name)
            if not (value > 0 and math.isfinite(value)):
                raise _refuse(name, value, "a number above 0", "大于 0 的数")
        if not (self.spend_q > 1 and math.isfinite(self.spend_q)):
            raise _refuse("spend_q", self.spend_q, "a number above 1 (else the mean spend is infinite)", "大于 1 的数")

    @property
    def end(self) -> date:
        """Last business date of the observed window."""
        return self.start + timedelta(days=7 * self.weeks - 1)

    @property
    def n_days(self) -> int:
        """Days in the observed window."""
        return 7 * self.weeks


def demo_company(n_customers: int = 3_000, seed: int = 7) -> Company:
    """Return a tea and coffee wholesaler: 130 weeks to 2026-11-15, in CNY, with everyday dirt in its export."""
    return Company(
        n_customers=n_customers,
        seed=seed,
        start=date(2024, 5, 20),
        weeks=130,
        arrival_share=0.9,
        r=0.6,
        alpha=5.0,
        s=0.55,
        beta=12.0,
        spend_p=4.0,
        spend_q=2.9,
        spend_v=520.0,
        discount=0.12,
        lines_per_order=2.6,
        return_share=0.025,
        season=0.1,
        rate_spend_correlation=0.1,
        dirt=EVERYDAY_DIRT,
    )


def bench_company(n_customers: int = 1_000_000, seed: int = 11) -> Company:
    """Return the company that speed is measured on: about 2.6 lines and 2 orders a customer, no dirt."""
    return Company(n_customers=n_customers, seed=seed, r=0.9, alpha=26.5, lines_per_order=1.27, return_share=0.01)
