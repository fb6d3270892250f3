"""Before an experiment starts: how many customers it needs, and what it can show with those there are."""

from __future__ import annotations

import math
from dataclasses import dataclass

from scipy.special import ndtr, ndtri

from regulars.errors import InputError
from regulars.prove.experiments.looks import Looks, Spending
from regulars.words import T


@dataclass(frozen=True, slots=True)
class Design:
    """How many customers an experiment needs, and what it shows with other numbers of them.

    `customers` in all, of whom `per_arm` in each of the `arms` treated arms and `control` left alone; they show a
    difference of `difference` per customer with probability `power`, where there is one.
    """

    customers: int
    per_arm: int
    control: int
    difference: float
    sd: float
    control_share: float
    alpha: float
    power: float
    explained: float
    design_effect: float
    inflation: float
    arms: int

    def standard_error(self, customers: int) -> float:
        """Return the standard error of one arm's difference from control with so many customers in all."""
        share = (1 - self.control_share) / self.arms
        variance = self.sd**2 * (1 - self.explained) * self.design_effect * self.inflation
        return math.sqrt(variance / customers * (1 / share + 1 / self.control_share))

    def power_of(self, customers: int, difference: float | None = None) -> float:
        """Return the probability of showing `difference` (default: the planned one) with so many customers in all."""
        shift = abs(self.difference if difference is None else difference) / self.standard_error(customers)
        reach = float(-ndtri(self.alpha / self.arms / 2))
        return float(ndtr(shift - reach) + ndtr(-shift - reach))

    def detectable(self, customers: int | None = None) -> float:
        """Return the smallest difference per customer that so many customers show with the planned power."""
        return _reach(self.alpha / self.arms, self.power) * self.standard_error(customers or self.customers)


def required_size(
    *,
    sd: float,
    difference: float,
    control_share: float = 0.5,
    alpha: float = 0.05,
    power: float = 0.8,
    explained: float = 0.0,
    arms: int = 1,
    looks: int | Looks | None = None,
    spending: Spending = "obrien-fleming",
    design_effect: float = 1.0,
) -> Design:
    """Return how many customers it takes to show a difference in the outcome per assigned customer.

    Parameters
    ----------
    sd
        Standard deviation of the outcome per customer, those who bought nothing included as 0: from the customers' own
        past (`past_outcome`).
    difference
        The smallest difference per assigned customer worth finding, net of costs, in the outcome's unit.
    control_share
        Part of all customers that is left alone; the rest is split evenly over the treated arms.
    alpha, power
        Two-sided rate of false alarms, over all arms and looks together; chance to find the difference.
    explained
        Share of the variance that covariates known before explain: the squared correlation with last period's outcome.
    arms
        Number of treated arms, each compared with control; alpha is divided by it (Bonferroni), as the strictest step
        of Holm's correction does.
    looks, spending
        Looks at the result declared before; more customers are then needed in all.
    design_effect
        1 for customers assigned one by one; for households see `design_effect`.

    Raises
    ------
    InputError
        For numbers that describe no experiment.

    Notes
    -----
    n = (z₁₋α/₂ + z_power)² · sd² (1 − R²) · deff · inflation · (1/share + 1/control share) / difference², by the normal
    law of means; both arms are taken to vary alike.

    References
    ----------
    Cohen (1988), ch. 2. Deng et al. (2013) for R². Jennison & Turnbull (2000), §2 and §7, for the inflation.

    Examples
    --------
    >>> required_size(sd=1.0, difference=0.1).customers
    3140
    """
    _refuse(sd, difference, control_share, alpha, power, explained, arms, design_effect)
    plan = Looks.equal(looks, alpha=alpha, spending=spending) if isinstance(looks, int) else looks
    inflation = plan.inflation(power) if plan is not None else 1.0
    one = Design(1, 0, 0, difference, sd, control_share, alpha, power, explained, design_effect, inflation, arms)
    need = (_reach(alpha / arms, power) * one.standard_error(1) / abs(difference)) ** 2
    control = math.ceil(need * control_share - 1e-9)
    per_arm = math.ceil(need * (1 - control_share) / arms - 1e-9)
    return Design(
        control + arms * per_arm, per_arm, control, difference, sd, control_share, alpha, power, explained,
        design_effect, inflation, arms,
    )  # fmt: skip


def design_effect(mean_size: float, correlation: float, *, variation: float = 0.0) -> float:
    """Return how many times the variance grows when households are assigned together.

    Parameters
    ----------
    mean_size
        Customers a household.
    correlation
        Intraclass correlation of the outcome within households.
    variation
        Standard deviation of the sizes over their mean.

    Notes
    -----
    1 + ((1 + cv²) m − 1) ρ (Eldridge, Ashby & Kerry 2006, Int. J. Epidemiology 35; Kish 1965 for equal sizes).

    Examples
    --------
    >>> round(design_effect(2.0, 0.5), 3)
    1.5
    """
    return 1 + ((1 + variation**2) * mean_size - 1) * correlation


def _reach(alpha: float, power: float) -> float:
    return float(-ndtri(alpha / 2) + ndtri(power))


def _refuse(
    sd: float,
    difference: float,
    control_share: float,
    alpha: float,
    power: float,
    explained: float,
    arms: int,
    effect: float,
) -> None:
    for name, value, fine in (
        ("sd", sd, sd > 0),
        ("difference", difference, difference != 0),
        ("control_share", control_share, 0 < control_share < 1),
        ("alpha", alpha, 0 < alpha < 1),
        ("power", power, alpha < power < 1),
        ("explained", explained, 0 <= explained < 1),
        ("arms", arms, arms >= 1),
        ("design_effect", effect, effect > 0),
    ):
        if not (fine and math.isfinite(value)):
            raise InputError(
                T(zh=f"{name} 不能是 {value}", en=f"{name} cannot be {value}"),
                remedy=T(
                    zh="标准差和差别不为零，各种比例在 0 和 1 之间，把握大于误报率。",
                    en="sd and difference are not zero, shares lie between 0 and 1, power above alpha.",
                ),
            )
