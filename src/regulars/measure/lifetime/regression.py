"""Lifetime models with covariates: rates of buying and of leaving that differ with what is known of a customer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from regulars.errors import InputError, NotEnoughData
from regulars.measure.lifetime.ahead import no_end
from regulars.measure.lifetime.calendars import Calendar
from regulars.measure.lifetime.covariates import codes
from regulars.measure.lifetime.designs import Design, Question
from regulars.measure.lifetime.forecasts import Forecasts, Known
from regulars.measure.lifetime.kernels import BGKernel, Cases, Kernel, OnlyRepeatBGKernel, ParetoKernel
from regulars.measure.lifetime.model import NOT_ENOUGH, NOT_FITTED, LifetimeModel, joined
from regulars.measure.lifetime.optimum import Optimum
from regulars.measure.lifetime.purchases import BetaGeoNBD, ModifiedBetaGeoNBD, ParetoNBD
from regulars.measure.lifetime.quadrature import Floats
from regulars.measure.lifetime.regression_fit import fit
from regulars.periods import unit_days
from regulars.words import T as Words

KERNELS: dict[type[LifetimeModel], type[Kernel]] = {
    BetaGeoNBD: OnlyRepeatBGKernel,
    ModifiedBetaGeoNBD: BGKernel,
    ParetoNBD: ParetoKernel,
}


@dataclass(frozen=True)
class Coefficient:
    """One effect: with one unit more of `name`, the rate is exp(`value`) times as high.

    `process` is "purchase" or, for dropout, "dropout" (Pareto/NBD: the rate of leaving) or "dropout a", "dropout b"
    (BG/NBD, MBG/NBD: the Beta's two parameters). `std_error` is not a number where the data set no bound.
    """

    process: str
    name: str
    value: float
    std_error: float


class LifetimeRegression(Forecasts):
    """A lifetime model whose customers differ by covariates.

    A customer with covariates z buys at λ·exp(γ'z), that is α becomes α·exp(−γ'z). In the Pareto/NBD they leave at
    μ·exp(γ'z), β becoming β·exp(−γ'z); in the BG/NBD and the MBG/NBD a becomes a·exp(γ'z) and b becomes b·exp(γ'z),
    each with coefficients of its own. The parameters themselves are those of a customer whose covariates are all zero.
    Coefficients describe who buys more; they do not say what a change of the covariate would do.

    Parameters
    ----------
    model
        `BetaGeoNBD`, `ModifiedBetaGeoNBD` or `ParetoNBD`.
    purchase, dropout
        Columns of the summary that act on buying and on leaving: numbers, or texts as categories.
    calendar
        Where covariates change with time: any frame with `starts_on`, their columns and, where they differ by customer,
        `customer_id`; `ends_on` (the last day) may be left out where all periods are equally long. It has to cover
        every day from the first purchase to the end of the horizon. In the BG/NBD and the MBG/NBD, where customers
        leave at a purchase, it acts on buying only.
    base
        Level of a category that the others are measured against; by default the first in sorted order.
    unit
        As for the model.

    Attributes
    ----------
    coefficients_
        Every effect with its standard error, in the order in which they were named.
    plain_
        The same model without covariates, fitted to the same customers.
    log_likelihood_, n_customers_, boundary_, optimum_
        As for the model.
    theta_, covariance_
        The logarithms of the four parameters followed by the coefficients, and their covariance.

    References
    ----------
    Fader & Hardie (2007), Incorporating time-invariant covariates into the Pareto/NBD and BG/NBD models.
    """

    log_likelihood_: float
    n_customers_: int
    boundary_: Words | None
    optimum_: Optimum
    plain_: LifetimeModel
    theta_: Floats
    covariance_: Floats

    def __init__(
        self,
        model: type[LifetimeModel],
        *,
        purchase: Sequence[str] = (),
        dropout: Sequence[str] = (),
        base: Mapping[str, str] | None = None,
        calendar: Any = None,
        unit: str = "week",
    ) -> None:
        if model not in KERNELS:
            raise InputError(
                Words(zh="{m} 不接受协变量，可用：{n}", en="{m} takes no covariates; these do: {n}").format(
                    m=getattr(model, "__name__", model), n=", ".join(k.__name__ for k in KERNELS)
                )
            )
        unit_days(unit)
        self.model, self.unit, self.base = model, unit, dict(base or {})
        self.purchase, self.dropout = tuple(purchase), tuple(dropout)
        self._kernel = KERNELS[model]
        self.calendar = calendar
        self._calendar = None if calendar is None else Calendar.read(calendar)
        slots = [self.purchase, *(self.dropout for _ in self._kernel.slots[1:])]
        self._design = Design(self._kernel, slots, self.base, self._calendar, unit)

    def get_params(self) -> dict[str, Any]:
        """Return the settings."""
        return {"model": self.model, "purchase": self.purchase, "dropout": self.dropout, "base": self.base,
                "unit": self.unit}  # fmt: skip

    def __repr__(self) -> str:
        inside = ", ".join(f"{k}={v.__name__ if k == 'model' else repr(v)}" for k, v in self.get_params().items())
        return f"LifetimeRegression({inside})"

    # fitting

    def fit(self, summary: Any, orders: Any = None) -> Self:
        """Fit by maximum likelihood on any frame with x, t_x, T and the covariates, one row a customer.

        Parameters
        ----------
        summary
            With a calendar also `customer_id`, `first_purchase`, `t_x_days` and `T_days`, as `customer_summary` makes.
        orders
            Where the calendar acts on buying: any frame with `customer_id` and `business_date` of the purchases that
            the summary counts. x, t_x and T do not say in which weeks people bought.

        Raises
        ------
        InputError
            For missing columns or values, a covariate that is the same for all or follows from others, a calendar that
            does not cover all days, orders that do not add up to x, and as the model's own `fit`.
        NotEnoughData
            When nobody has bought twice.
        """
        table = self._design.read(summary)
        if not len(table.rows.x) or table.rows.x.max() <= 0 or table.rows.T.max() <= 0:
            raise NotEnoughData(NOT_ENOUGH)
        self._design.learn(table)
        question = self._design.ask(table, 0.0)
        bought = self._design.bought(question, table, orders)
        self.plain_ = self.model(unit=self.unit)._fit(table.rows.triples())
        self._fitted = fit(self._kernel, question.cases, question.effects, self._design.names, bought, self.plain_)
        self.theta_, self.covariance_ = self._fitted.theta, self._fitted.covariance
        self.optimum_, self.boundary_ = self._fitted.optimum, joined(self._fitted.optimum.boundary)
        self.log_likelihood_, self.n_customers_ = self._fitted.log_likelihood, round(question.cases.size)
        for name, value in zip(self.model.names, np.exp(self.theta_[:4]), strict=True):
            setattr(self, f"{name}_", float(value))
        return self

    @property
    def coefficients_(self) -> tuple[Coefficient, ...]:
        """Every effect with its standard error."""
        self._require_fit()
        named = [(s, n) for s, names in zip(self._kernel.slots, self._design.names, strict=True) for n in names]
        variance = np.diag(self.covariance_)[4:]
        error = np.where(variance > 0, np.sqrt(np.maximum(variance, 0.0)), np.nan)
        return tuple(
            Coefficient(slot, name, float(value), float(e))
            for (slot, name), value, e in zip(named, self.theta_[4:], error, strict=True)
        )

    def _require_fit(self) -> None:
        if not hasattr(self, "theta_"):
            raise InputError(NOT_FITTED, remedy=Words(zh="先 fit。", en="Call fit first."))

    # forecasts

    def _ask(self, summary: Any, t: float) -> Question:
        self._require_fit()
        if self._calendar is not None and not np.isfinite(t):
            raise no_end()
        return self._design.ask(self._design.read(summary), t)

    def _score(self, asked: Question, theta: Floats | None = None) -> Known:
        cases, effects = asked.cases, asked.effects
        theta = self.theta_ if theta is None else theta
        first, cell = codes([cases.x, cases.T, cases.profile], len(cases.x))
        last = Cases(cases.x[first], cases.T[first], cases.T[first], cases.profile[first], cases.count[first],
                     cases.profiles)  # fmt: skip
        future = self._kernel(last, effects).future(theta, asked.t)
        return Known(self._kernel(cases, effects).alive(theta), future, cell, asked.case, cases.count, cases.x)

    def _draws(self, n: int, seed: int) -> Floats:
        return self._fitted.draws(n, seed)

    def at(self, **covariates: Any) -> LifetimeModel:
        """Return the plain model of customers with these covariates: ``at(channel="web", age=30)``.

        Raises
        ------
        InputError
            When a covariate is missing or unknown.
        """
        self._require_fit()
        if self._calendar is not None:
            raise no_end()
        wanted = {*self.purchase, *self.dropout}
        if wanted != set(covariates):
            raise InputError(
                Words(zh="要给出协变量：{n}", en="give the covariates: {n}").format(n=", ".join(sorted(wanted)))
            )
        got = {c: np.array([v]) for c, v in covariates.items()}
        logs, begin = self.theta_[:4].copy(), 4
        for (coding, _), (index, sign) in zip(self._design.codings, self._kernel.anchors, strict=True):
            z = coding.matrix(got, 1)[0]
            logs[index] += sign * float(np.sum(z * self.theta_[begin : begin + len(z)]))
            begin += len(z)
        return self.model.from_params(
            unit=self.unit, **dict(zip(self.model.names, map(float, np.exp(logs)), strict=True))
        )
