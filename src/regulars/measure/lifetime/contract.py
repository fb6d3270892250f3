"""Contracts: how many periods a customer renews before leaving, which is seen when it happens."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any, ClassVar, Self

import numpy as np
import numpy.typing as npt
from scipy.special import betaln, psi

from regulars.errors import InputError
from regulars.measure.lifetime.discrete import DiscreteModel, sum_ahead, whole
from regulars.measure.lifetime.optimum import Coordinates, beta_pair
from regulars.measure.lifetime.quadrature import Floats
from regulars.measure.lifetime.triples import collect
from regulars.words import T as Words

_ALIKE = Words(
    zh="α 与 β 一同趋于无穷：所有客户的流失概率几乎相同",
    en="alpha and beta run off together: all customers leave alike",
)
_APART = Words(
    zh="α 与 β 一同趋于 0：客户要么永不离开，要么立刻离开",
    en="alpha and beta run to zero together: customers either never leave or do so at once",
)
_NOBODY = Words(zh="α 趋于 0：数据里没有人离开", en="alpha runs to zero: nobody is seen to leave")
_EVERYBODY = Words(zh="β 趋于 0：几乎所有客户第一次就离开", en="beta runs to zero: nearly everyone leaves at once")

FAR = 1e4
"""From here on the series' next term, x⁻⁵, is nothing."""


class ContractModel(DiscreteModel):
    """A model of contracts that are renewed, or not, at the end of each period.

    Fitted on `periods` (renewals that came up for a customer, 0 or more) and `ended` (whether the last of them was
    refused): who ended after 3 periods renewed twice and left at the third; who goes on after 3 renewed three times.
    """

    def fit(self, contracts: Any) -> Self:
        """Fit on any frame with columns `periods` and `ended`, one row a contract.

        Raises
        ------
        InputError
            For missing columns or impossible values.
        NotEnoughData
            Without contracts.
        """
        got = collect(contracts, ("periods", "ended"), ())
        return self.fit_grouped(got["periods"], got["ended"], np.ones(len(got["periods"])))

    def fit_survivors(self, survivors: npt.ArrayLike) -> Self:
        """Fit on a retention table: the customers at the start, after one renewal, after two, …; never rising.

        Raises
        ------
        InputError
            For a table that rises, or has fewer than two entries.
        """
        left = np.asarray(survivors, dtype=np.float64)
        if left.ndim != 1 or len(left) < 2 or np.any(np.diff(left) > 0) or np.any(left < 0):
            raise InputError(
                Words(zh="留存表至少两项，且不能上升", en="a retention table has two entries or more and never rises")
            )
        last = len(left) - 1
        periods = np.append(np.arange(1, last + 1), last)
        return self.fit_grouped(periods, np.append(np.ones(last), 0), np.append(-np.diff(left), left[-1]))

    def fit_grouped(
        self,
        periods: npt.ArrayLike,
        ended: npt.ArrayLike,
        count: npt.ArrayLike,
        entered: npt.ArrayLike | float = 0,
    ) -> Self:
        """Fit on distinct (periods, ended, entered) and the number of customers with each.

        Parameters
        ----------
        entered
            Renewals made before the customer came into view: of those who left earlier nobody knows, so a customer
            counts on the condition of having come that far.
        """
        n, gone, size = whole("periods", periods), np.asarray(ended, dtype=bool), np.asarray(count, dtype=np.float64)
        late = np.broadcast_to(whole("entered", entered), n.shape)
        if np.any(gone & (n < 1)) or np.any(late + gone > n):
            raise InputError(
                Words(zh="结束的合同至少经过一期", en="a contract that ended has seen one period at the least")
            )
        rows, place = np.unique(np.stack([n, gone, late]), axis=1, return_inverse=True)
        size = np.bincount(place.ravel(), weights=size, minlength=rows.shape[1])
        return self._maximise(lambda log: self._grouped(log, rows, size), float(size.sum()))

    def _grouped(self, log: Floats, rows: Floats, size: Floats) -> tuple[float, Floats]:
        n, ended, late = rows
        value, slope = self._log_history(log, n, ended > 0)
        before, d_before = self._log_survival(log, late)
        return float(np.sum(size * (value - before))), np.sum(size * (slope - d_before), axis=1)

    def _log_history(self, log: Floats, n: Floats, gone: npt.NDArray[np.bool_]) -> tuple[Floats, Floats]:
        """Return ln P(renews n − 1 times and then leaves), or ln P(renews n times), and their derivatives."""
        after, d_after = self._log_survival(log, n)
        before, d_before = self._log_survival(log, np.where(gone, n - 1, n))
        ratio = np.where(gone, np.exp(after - before), 0.0)
        with np.errstate(divide="ignore"):
            value = np.where(gone, before + np.log1p(-ratio), after)
        return value, np.where(gone, (d_before - ratio * d_after) / (1.0 - ratio), d_after)

    def log_probability(self, periods: npt.ArrayLike, ended: npt.ArrayLike, entered: npt.ArrayLike = 0) -> Floats:
        """Return the log probability of each history, given that it came as far as `entered`."""
        n, late = whole("periods", periods), whole("entered", entered)
        value = self._log_history(self._log, n, np.asarray(ended, dtype=bool))[0]
        return np.asarray(value - self._log_survival(self._log, late)[0])

    @abstractmethod
    def _log_survival(self, log_parameters: Floats, t: Floats) -> tuple[Floats, Floats]:
        """Return ln S(t), and its derivatives in the log parameters, (parameters, len(t))."""

    def survival(self, t: npt.ArrayLike) -> Floats:
        """Return S(t), the part of new customers who renew `t` times or more."""
        return np.exp(self._log_survival(self._log, whole("t", np.ravel(t)))[0]).reshape(np.shape(t))

    def retention(self, t: npt.ArrayLike) -> Floats:
        """Return the retention rate S(t) / S(t − 1) of the `t`-th renewal, t from 1 up."""
        at = whole("t", np.ravel(t), least=1)
        after, before = (self._log_survival(self._log, when)[0] for when in (at, at - 1.0))
        return np.exp(after - before).reshape(np.shape(t))

    def survival_after(self, renewed: npt.ArrayLike, t: npt.ArrayLike) -> Floats:
        """Return the chance that who has renewed `renewed` times renews `t` times more."""
        n = whole("renewed", renewed)
        later, now = (self._log_survival(self._log, np.ravel(when))[0] for when in (n + whole("t", t), n + 0.0 * n))
        return np.exp(later.reshape(np.broadcast_shapes(n.shape, np.shape(t))) - now.reshape(n.shape))

    def expected_renewals(
        self, renewed: npt.ArrayLike, *, periods: int | None = None, discount: float = 0.0, due_now: bool = False
    ) -> Floats:
        """Return the discounted renewals to expect of who has renewed `renewed` times: DERL, or within `periods`.

        Parameters
        ----------
        discount
            Rate a period; above 0 where `periods` is None.
        due_now
            The next renewal is due at once: it is not discounted (Fader & Hardie's DERL). Otherwise it lies one
            period ahead.
        """
        n, place = np.unique(whole("renewed", np.ravel(renewed)), return_inverse=True)
        now = self._log_survival(self._log, n)[0]

        def share(k: Floats) -> Floats:
            ahead = (n[:, None] + k[None, :]).ravel()
            return np.exp(self._log_survival(self._log, ahead)[0].reshape(len(n), len(k)) - now[:, None])

        total = sum_ahead(share, periods=periods, discount=discount, due_now=due_now)
        return total[place].reshape(np.shape(renewed))


class ShiftedBetaGeometric(ContractModel):
    """sBG: each customer leaves at each renewal by a coin of their own, θ ~ Beta(α, β).

    Retention rises with tenure although nobody changes: who leaves easily has left.

    References
    ----------
    Fader & Hardie (2007), How to project customer retention, Journal of Interactive Marketing 21(1); (2010),
    Customer-base valuation in a contractual setting, Marketing Science 29(1).
    """

    names: ClassVar[tuple[str, ...]] = ("alpha", "beta")
    alpha_: float
    beta_: float

    def _log_survival(self, log_parameters: Floats, t: Floats) -> tuple[Floats, Floats]:
        alpha, beta = np.exp(log_parameters)
        total = psi(alpha + beta)
        in_alpha = psi(alpha + beta) - psi(alpha + beta + t)
        in_beta = psi(beta + t) - psi(alpha + beta + t) - psi(beta) + total
        return betaln(alpha, beta + t) - betaln(alpha, beta), np.stack([alpha * in_alpha, beta * in_beta])

    def _coordinates(self) -> Coordinates:
        return Coordinates(
            lambda phi: np.array(beta_pair(phi)),
            _beta_jacobian,
            lower=np.array([-6.0, -9.0]),
            upper=np.array([9.0, 9.0]),
            starts=((1.0, -1.0), (2.0, -2.5), (0.0, 0.0)),
            at_lower=(_APART, _NOBODY),
            at_upper=(_ALIKE, _EVERYBODY),
        )


class BetaDiscreteWeibull(ContractModel):
    """BdW: as sBG, and each customer's own chance of leaving changes with tenure: S(t | θ) = (1 − θ)^(t^c).

    c > 1: staying grows harder with time; c < 1: easier; c = 1 is sBG.

    References
    ----------
    Fader, Hardie, Liu, Davin & Steenburgh (2018), "How to project customer retention" revisited, Journal of
    Interactive Marketing 43.
    """

    names: ClassVar[tuple[str, ...]] = ("alpha", "beta", "c")
    alpha_: float
    beta_: float
    c_: float

    def _log_survival(self, log_parameters: Floats, t: Floats) -> tuple[Floats, Floats]:
        alpha, beta, c = np.exp(log_parameters)
        with np.errstate(divide="ignore", invalid="ignore"):
            power = np.where(t > 0, t**c, 0.0)
            growth = np.where(t > 0, power * np.log(np.where(t > 0, t, 1.0)), 0.0)
        gap = _psi_gap(beta + power, alpha)  # not as a difference: growth may be 1e20 where the gap is 1e-20
        over = psi(alpha + beta) - psi(alpha + beta + power)
        slopes = np.stack([alpha * over, beta * (_psi_gap(np.array([beta]), alpha) - gap), -c * gap * growth])
        return betaln(alpha, beta + power) - betaln(alpha, beta), slopes

    def _coordinates(self) -> Coordinates:
        return Coordinates(
            lambda phi: np.array([*beta_pair(phi[:2]), phi[2]]),
            lambda phi: np.block([[_beta_jacobian(phi[:2]), np.zeros((2, 1))], [np.zeros((1, 2)), np.ones((1, 1))]]),
            lower=np.array([-6.0, -9.0, -3.0]),
            upper=np.array([9.0, 9.0, 3.0]),
            starts=((0.5, -1.5, 0.2), (2.0, -2.5, 0.0), (0.0, 0.0, 0.5)),
            at_lower=(_APART, _NOBODY, None),
            at_upper=(_ALIKE, _EVERYBODY, None),
        )


def _psi_gap(x: Floats, a: float) -> Floats:
    """Return ψ(x + a) − ψ(x) to full relative precision where x is large, by ψ's asymptotic series."""
    y = x + a
    far = np.log1p(a / x) + 0.5 * a / (x * y) + a * (x + y) / (12.0 * (x * y) ** 2)
    return np.where(x > FAR, far, psi(y) - psi(x))


def _beta_jacobian(phi: Floats) -> Floats:
    """Return ∂(ln a, ln b) / ∂(ln(a + b), logit mean)."""
    mean = 1.0 / (1.0 + np.exp(-phi[1]))
    return np.array([[1.0, 1.0 - mean], [1.0, -mean]])
