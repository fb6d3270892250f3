"""BG/BB: buying or not at each of a row of opportunities, until the customer stops, which is not seen."""

from __future__ import annotations

from typing import Any, ClassVar, Self

import numpy as np
import numpy.typing as npt
from scipy.special import betaln, gammaln, psi

from regulars.errors import InputError
from regulars.measure.lifetime.discrete import DiscreteModel, sum_ahead, whole
from regulars.measure.lifetime.optimum import Coordinates, beta_pair
from regulars.measure.lifetime.quadrature import Floats
from regulars.measure.lifetime.triples import collect
from regulars.words import T as Words


class BetaGeoBetaBinomial(DiscreteModel):
    """BG/BB: at each opportunity a customer stops for good with chance θ ~ Beta(γ, δ), else buys with p ~ Beta(α, β).

    A history is `x` purchases, the last at opportunity `t_x` (0: none), out of `n` opportunities. For purchases that
    can happen only at given times: a yearly appeal, a monthly market, a season's order.

    References
    ----------
    Fader, Hardie & Shang (2010), Customer-base analysis in a discrete-time noncontractual setting, Marketing Science
    29(6).
    """

    names: ClassVar[tuple[str, ...]] = ("alpha", "beta", "gamma", "delta")
    alpha_: float
    beta_: float
    gamma_: float
    delta_: float

    def fit(self, summary: Any) -> Self:
        """Fit on any frame with columns `x, t_x, n`, one row a customer.

        Raises
        ------
        InputError
            For missing columns or impossible histories.
        NotEnoughData
            Without customers.
        """
        got = collect(summary, ("x", "t_x", "n"), ())
        return self.fit_grouped(got["x"], got["t_x"], got["n"], np.ones(len(got["x"])))

    def fit_grouped(self, x: npt.ArrayLike, t_x: npt.ArrayLike, n: npt.ArrayLike, count: npt.ArrayLike) -> Self:
        """Fit on distinct (x, t_x, n) and the number of customers with each."""
        rows = np.stack(_histories(x, t_x, n))
        (hits, last, seen), place = np.unique(rows, axis=1, return_inverse=True)
        size = np.bincount(place.ravel(), weights=np.asarray(count, dtype=np.float64), minlength=len(hits))

        def objective(log_parameters: Floats) -> tuple[float, Floats]:
            value, slopes = _log_likelihood(log_parameters, hits, last, seen)
            return float(np.sum(size * value)), np.sum(size * slopes, axis=1)

        return self._maximise(objective, float(size.sum()))

    def _coordinates(self) -> Coordinates:
        def pair(phi: Floats) -> Floats:
            mean = 1.0 / (1.0 + np.exp(-phi[1]))
            return np.array([[1.0, 1.0 - mean], [1.0, -mean]])

        nothing = np.zeros((2, 2))
        return Coordinates(
            lambda phi: np.array([*beta_pair(phi[:2]), *beta_pair(phi[2:])]),
            lambda phi: np.block([[pair(phi[:2]), nothing], [nothing, pair(phi[2:])]]),
            lower=np.array([-6.0, -9.0, -6.0, -9.0]),
            upper=np.array([9.0, 9.0, 9.0, 9.0]),
            starts=((0.5, 0.0, 1.0, -1.5), (1.5, -1.0, 0.5, 0.0), (0.0, 0.5, 2.0, -3.0)),
            at_lower=(
                Words(zh="α 与 β 一同趋于 0：客户要么次次买，要么从不买",
                      en="alpha and beta run to zero together: customers buy always or never"),
                Words(zh="α 趋于 0：几乎没有人再买", en="alpha runs to zero: hardly anyone buys"),
                Words(zh="γ 与 δ 一同趋于 0：客户要么永不流失，要么立刻流失",
                      en="gamma and delta run to zero together: customers never drop out or do so at once"),
                Words(zh="γ 趋于 0：数据里看不到流失", en="gamma runs to zero: no dropout is seen in the data"),
            ),
            at_upper=(
                Words(zh="α 与 β 一同趋于无穷：所有客户的购买概率几乎相同",
                      en="alpha and beta run off together: all customers buy alike"),
                Words(zh="β 趋于 0：活跃客户次次都买", en="beta runs to zero: who is active always buys"),
                Words(zh="γ 与 δ 一同趋于无穷：所有客户的流失概率几乎相同",
                      en="gamma and delta run off together: dropout is nearly the same for all"),
                Words(zh="δ 趋于 0：几乎所有客户立刻流失", en="delta runs to zero: nearly everyone drops out at once"),
            ),
            idle=((3, 2),),
        )  # fmt: skip

    # predictions

    def probability_alive_at(self, x: npt.ArrayLike, t_x: npt.ArrayLike, n: npt.ArrayLike, *, ahead: int = 0) -> Floats:
        """Return the chance of being active at opportunity `n + ahead`."""
        x, t_x, n = _histories(x, t_x, n)
        return np.exp(self._log_active(x, t_x, n, np.array([float(ahead)]))[..., 0])

    def expected_purchases_at(self, x: npt.ArrayLike, t_x: npt.ArrayLike, n: npt.ArrayLike, t: int) -> Floats:
        """Return the expected purchases at the next `t` opportunities."""
        return self.discounted_purchases_at(x, t_x, n, t, discount=0.0)

    def discounted_purchases_at(
        self, x: npt.ArrayLike, t_x: npt.ArrayLike, n: npt.ArrayLike, t: int | None = None, *, discount: float
    ) -> Floats:
        """Return the expected purchases at the next `t` opportunities, discounted (None: at all to come, DERT).

        Raises
        ------
        InputError
            For negative numbers, or without `t` and without a discount.
        """
        x, t_x, n = _histories(x, t_x, n)
        shape = x.shape
        distinct, place = np.unique(np.stack([x.ravel(), t_x.ravel(), n.ravel()]), axis=1, return_inverse=True)
        dx, dt, dn = distinct
        alpha, beta = self.alpha_, self.beta_
        rate = (alpha + dx) / (alpha + beta + dn)  # of who was active all along, which is all who can still be
        total = sum_ahead(
            lambda k: np.exp(self._log_active(dx, dt, dn, k)), periods=t, discount=discount, due_now=False
        )
        return np.asarray((rate * total)[place.ravel()].reshape(shape))

    def expected_purchases_new(self, n: npt.ArrayLike) -> Floats:
        """Return E[X(n)], the purchases of a new customer at `n` opportunities."""
        at = whole("n", np.ravel(n))
        steps = np.arange(1.0, at.max(initial=0.0) + 1.0)
        active = np.exp(betaln(self.gamma_, self.delta_ + steps) - betaln(self.gamma_, self.delta_))
        sums = np.concatenate([[0.0], np.cumsum(active)])[at.astype(np.int64)]
        return (self.alpha_ / (self.alpha_ + self.beta_) * sums).reshape(np.shape(n))

    def probability_of_count(self, x: npt.ArrayLike, n: int) -> Floats:
        """Return P(X(n) = x) of a new customer."""
        counts = whole("x", np.ravel(x))
        a, b, g, d = self.alpha_, self.beta_, self.gamma_, self.delta_
        i = np.arange(n + 1.0)[None, :]
        k = counts[:, None]
        inside = i >= k
        j = np.where(inside, i, k)
        chosen = gammaln(j + 1) - gammaln(k + 1) - gammaln(j - k + 1) + betaln(a + k, b + j - k) - betaln(a, b)
        stopped = np.where(i < n, betaln(g + 1, d + i), betaln(g, d + i)) - betaln(g, d)
        return np.asarray(np.where(inside, np.exp(chosen + stopped), 0.0).sum(axis=1).reshape(np.shape(x)))

    def _log_active(self, x: Floats, t_x: Floats, n: Floats, ahead: Floats) -> Floats:
        """Return the log chance of being active at n + ahead, (…, len(ahead))."""
        log = self._log
        value = _log_likelihood(log, x, t_x, n)[0]
        a, b, g, d = np.exp(log)
        bought = betaln(a + x, b + n - x) - betaln(a, b)
        until = betaln(g, d + n[..., None] + ahead) - betaln(g, d)
        return np.asarray(np.minimum((bought - value)[..., None] + until, 0.0))  # rounding may leave 1e-16 above


def _histories(x: npt.ArrayLike, t_x: npt.ArrayLike, n: npt.ArrayLike) -> tuple[Floats, Floats, Floats]:
    x, t_x, n = np.broadcast_arrays(whole("x", x), whole("t_x", t_x), whole("n", n))
    if np.any(x > t_x) or np.any(t_x > n) or np.any((x == 0) != (t_x == 0)):
        raise InputError(
            Words(
                zh="须有 x ≤ t_x ≤ n，且 x 为 0 时 t_x 也为 0",
                en="x ≤ t_x ≤ n must hold, and t_x is 0 where x is 0",
            )
        )
    return x, t_x, n


def _log_likelihood(log_parameters: Floats, x: Floats, t_x: Floats, n: Floats) -> tuple[Floats, Floats]:
    """Return the log-likelihood of each history and its derivatives in the log parameters, (4, …).

    A history ends by having stopped after opportunity t_x + i, i = 0 … n − t_x − 1, or by being active still.
    """
    a, b, g, d = np.exp(log_parameters)
    most = int((n - t_x).max(initial=0))
    i = np.arange(most + 1.0)
    quiet = (n - t_x)[..., None]
    active = i == quiet  # the last term: nothing stopped it
    used = i <= quiet
    j = np.where(used, i, 0.0)
    misses, stop, stays = (t_x - x)[..., None] + j, np.where(active, g, g + 1.0), d + t_x[..., None] + j
    hits = a + x[..., None]
    terms = betaln(hits, b + misses) + betaln(stop, stays) - betaln(a, b) - betaln(g, d)
    terms = np.where(used, terms, -np.inf)
    top = terms.max(axis=-1, keepdims=True)
    weights = np.exp(terms - top)
    total = weights.sum(axis=-1, keepdims=True)
    value = (top + np.log(total))[..., 0]
    weights = weights / total
    pair, ends = psi(hits + b + misses), psi(stop + stays)
    slopes = (
        a * (psi(hits) - pair - psi(a) + psi(a + b)),
        b * (psi(b + misses) - pair - psi(b) + psi(a + b)),
        g * (psi(stop) - ends - psi(g) + psi(g + d)),
        d * (psi(stays) - ends - psi(d) + psi(g + d)),
    )
    return value, np.stack([(weights * slope).sum(axis=-1) for slope in slopes])
