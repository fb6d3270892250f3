"""Pareto/NBD: buying is Poisson, and a customer may stop at any time, seen or unseen.

λ ~ Gamma(r, α) and the dropout rate μ ~ Gamma(s, β) over customers (Schmittlein, Morrison & Colombo 1987). The
likelihood's 2F1 terms are differences that cancel; here it is the sum of two positive integrals over the dropout
time τ instead, one that depends on (x, T) and one on (x, t_x):

    G(T) = ∫_T^∞ (r+x) (α+τ)^−(r+x+1) (β+τ)^−s dτ         nobody dropped out before the purchase after T
    F(t) = ∫_t^∞ s (α+τ)^−(r+x) (β+τ)^−(s+1) dτ           the dropout after t
    L = Γ(r+x)/Γ(r) α^r β^s (G(T) + F(t_x)),   G(t) + F(t) = A(t) = (α+t)^−(r+x) (β+t)^−s
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt
from scipy.special import betaln, exprel, gammaln, psi

from regulars.measure.lifetime.gaps import RandomGaps
from regulars.measure.lifetime.optimum import Coordinates, Objective, gamma_pair
from regulars.measure.lifetime.quadrature import Floats, half_line, laguerre, legendre
from regulars.measure.lifetime.triples import Ints, Triples, cells
from regulars.words import T as Words

PAIRS = 2_048
"""Pairs (x, t) evaluated at a time in the dropout-time integrals."""


@dataclass(frozen=True)
class Pareto:
    """Parameters of the Pareto/NBD."""

    r: float
    alpha: float
    s: float
    beta: float

    def probability_alive(self, x: Floats, t_x: Floats, T: Floats) -> Floats:
        """Return P(alive at T | x, t_x, T) = A(T) / (G(T) + F(t_x)), each integral once per distinct pair."""
        x_T, T_, i = cells(x, T)
        x_t, t_, j = cells(x, t_x)
        log_A = -(self.r + x_T) * np.log(self.alpha + T_) - self.s * np.log(self.beta + T_)
        G = integrals(self.r, x_T, self.alpha + T_, self.s, self.beta + T_).log_G[i]
        F = integrals(self.r, x_t, self.alpha + t_, self.s, self.beta + t_).log_F[j]
        return np.minimum(np.exp(log_A[i] - np.logaddexp(G, F)), 1.0)

    def given_alive(self, x: Floats, t_x: Floats, T: Floats) -> tuple[ParetoFuture, Ints]:
        """Return the law of the future for customers alive at T, one cell each (x, T), and each customer's cell."""
        x, T, cell = cells(x, T)
        return self.future(x, T), cell

    def future(self, x: Floats, T: Floats) -> ParetoFuture:
        """Return the law of the future for customers alive at T with x repeat purchases so far, one cell a customer."""
        return ParetoFuture(self.r + x, self.alpha + T, self.s, self.beta + T)


@dataclass(frozen=True)
class Integrals:
    """ln F and ln G of pairs, with their gradients in (r, α, s, β)."""

    log_F: Floats
    log_G: Floats
    d_log_F: Floats
    d_log_G: Floats


def integrals(r: float, x: Floats, alpha: Floats, s: float, beta: Floats) -> Integrals:
    """Evaluate F and G and their logarithmic gradients from 0 on, for A(τ) = (α+τ)^−(r+x) (β+τ)^−s, a pair a row.

    Where the integral runs from t, give α + t and β + t.
    """
    out = Integrals(np.empty(len(x)), np.empty(len(x)), np.empty((4, len(x))), np.empty((4, len(x))))
    k = r + x
    big, small = np.maximum(alpha, beta), np.minimum(alpha, beta)
    easy = (big < 2.0 * small) & (k + s > 4.0)
    single = ~easy & _one_factor_decides(k, alpha, s, beta)
    hard = ~easy & ~single
    # two far scales that both matter need more nodes
    far = hard & (big > 100.0 * small) & (np.where(alpha < beta, k, s) * np.log(big / small) < 40.0)
    for chosen, rule in (
        (easy, _slow_factor_rule),
        (single, _main_factor_rule),
        (hard & ~far & (x == 0), partial(_any_rule, slowest=r + s, dense=9)),
        (hard & ~far & (x > 0), partial(_any_rule, slowest=1.0, dense=9)),
        (far & (x == 0), partial(_any_rule, slowest=r + s, dense=24)),
        (far & (x > 0), partial(_any_rule, slowest=1.0, dense=24)),
    ):
        index = np.flatnonzero(chosen)
        for start in range(0, len(index), PAIRS):
            part = index[start : start + PAIRS]
            here = (k[part], alpha[part], s, beta[part])
            _integrate(part, *here, rule(*here), out)
    return out


def _one_factor_decides(k: Floats, alpha: Floats, s: float, beta: Floats) -> npt.NDArray[np.bool_]:
    """Tell where one factor of A(τ) falls so much quicker that the other hardly varies over its decay."""
    rate_alpha, rate_beta = k / alpha, s / beta
    by_alpha = rate_alpha > rate_beta
    exponent = np.where(by_alpha, k, s)
    main, other = np.where(by_alpha, alpha, beta), np.where(by_alpha, beta, alpha)
    slow = np.minimum(rate_alpha, rate_beta) < 0.4 * np.maximum(rate_alpha, rate_beta)
    with np.errstate(divide="ignore", invalid="ignore"):
        distance = np.where(other < main, -exponent * np.log1p(-other / main), np.inf)  # of the nearest singularity
    return (exponent > 5.0) & slow & (distance > 6.0)


def _slow_factor_rule(k: Floats, alpha: Floats, s: float, beta: Floats) -> tuple[Floats, Floats]:
    """Return nodes τ and weights with the slower factor's decay at the full exponent as the Laguerre weight.

    Where α and β are not far apart and the decay is quick, what is left hardly varies.
    """
    return _laguerre(k + s, np.maximum(alpha, beta))


def _main_factor_rule(k: Floats, alpha: Floats, s: float, beta: Floats) -> tuple[Floats, Floats]:
    """Return nodes τ and weights with the quicker factor's decay as the Laguerre weight."""
    by_alpha = k / alpha > s / beta
    return _laguerre(np.where(by_alpha, k, s), np.where(by_alpha, alpha, beta))


def _laguerre(exponent: Floats, scale: Floats) -> tuple[Floats, Floats]:
    xi, w = laguerre(20)
    u = xi[None, :] / exponent[:, None]
    y = scale[:, None] * np.expm1(u)
    return y, np.exp(xi + np.log(w))[None, :] * (y + scale[:, None]) / exponent[:, None]


def _any_rule(k: Floats, alpha: Floats, s: float, beta: Floats, slowest: float, dense: int) -> tuple[Floats, Floats]:
    """Return nodes τ and weights of the double exponential rule, scaled to how fast A(τ) falls at 0."""
    nodes, w = half_line(slowest, dense)
    scale = 1.0 / (k / alpha + s / beta)
    return nodes[None, :] * scale[:, None], w[None, :] * scale[:, None]


def _integrate(
    index: Ints, k: Floats, alpha: Floats, s: float, beta: Floats, rule: tuple[Floats, Floats], out: Integrals
) -> None:
    y, w = rule
    log_alpha, log_beta = np.log(alpha), np.log(beta)
    alpha, beta = alpha[:, None], beta[:, None]
    ln_alpha, ln_beta = np.log1p(y / alpha), np.log1p(y / beta)
    mass = w * np.exp(-k[:, None] * ln_alpha - s * ln_beta)  # A(τ) / A(0) dτ
    inverse_alpha, inverse_beta = 1.0 / (alpha + y), 1.0 / (beta + y)
    f, g = mass * s * inverse_beta, mass * k[:, None] * inverse_alpha
    F, G = np.sum(f, axis=1), np.sum(g, axis=1)
    both = F + G  # 1 up to the rule's error, which the normalisation halves again
    log_A = -k * log_alpha - s * log_beta
    out.log_F[index], out.log_G[index] = log_A + np.log(F / both), log_A + np.log(G / both)
    for density, total, d, own in ((f, F, out.d_log_F, 0.0), (g, G, out.d_log_G, 1.0)):
        share = density / total[:, None]
        d[0, index] = own / k - log_alpha - np.sum(share * ln_alpha, axis=1)
        d[1, index] = -(k + own) * np.sum(share * inverse_alpha, axis=1)
        d[2, index] = (1.0 - own) / s - log_beta - np.sum(share * ln_beta, axis=1)
        d[3, index] = -(s + 1.0 - own) * np.sum(share * inverse_beta, axis=1)


class Likelihood:
    """The log-likelihood of grouped triples with its gradient; the integrals once per distinct (x, T) and (x, t_x)."""

    def __init__(self, data: Triples) -> None:
        self.size, self.count = data.size, data.count
        self.x, ix = data.distinct_x
        self.n_x = np.bincount(ix, data.count, len(self.x))
        self.x_T, self.T, self.i = cells(data.x, data.T)
        self.x_t, self.t, self.j = cells(data.x, data.t_x)

    def __call__(self, log_parameters: Floats) -> tuple[float, Floats]:
        """Return the value and the gradient in log parameters."""
        model = Pareto(*(float(v) for v in np.exp(log_parameters)))
        r, alpha, s, beta = model.r, model.alpha, model.s, model.beta
        at_T = integrals(r, self.x_T, alpha + self.T, s, beta + self.T)
        at_t = integrals(r, self.x_t, alpha + self.t, s, beta + self.t)
        G, F = at_T.log_G[self.i], at_t.log_F[self.j]
        weight_G = self.count / (1.0 + np.exp(np.clip(F - G, -700.0, 700.0)))
        value = np.sum(self.count * np.logaddexp(G, F)) + np.sum(self.n_x * (gammaln(r + self.x) - gammaln(r)))
        by_T = np.bincount(self.i, weight_G, len(self.T))
        by_t = np.bincount(self.j, self.count - weight_G, len(self.t))
        gradient = np.sum(at_T.d_log_G * by_T, axis=1) + np.sum(at_t.d_log_F * by_t, axis=1)
        gradient += self.size * np.array([np.log(alpha), r / alpha, np.log(beta), s / beta])
        gradient[0] += np.sum(self.n_x * (psi(r + self.x) - psi(r)))
        value += self.size * (r * np.log(alpha) + s * np.log(beta))
        return float(value), gradient * np.array([r, alpha, s, beta])


def log_likelihood(model: Pareto, data: Triples) -> tuple[float, Floats]:
    """Return the log-likelihood of grouped triples and its gradient in (ln r, ln α, ln s, ln β)."""
    return Likelihood(data)(np.log([model.r, model.alpha, model.s, model.beta]))


@dataclass(frozen=True)
class ParetoFuture(RandomGaps):
    """The future of customers alive at T, one cell each: λ ~ Gamma(r, α), μ ~ Gamma(s, β)."""

    r: Floats
    alpha: Floats
    s: float
    beta: Floats

    def __len__(self) -> int:
        return len(self.r)

    def expected(self, t: float) -> Floats:
        """Return E[X(t)] = (r/α) ∫_0^t (β/(β+τ))^s dτ, with the limit at s = 1."""
        u = np.log1p(t / self.beta)
        return np.asarray(self.r / self.alpha * self.beta * u * exprel((1.0 - self.s) * u))

    def rough(self, t: float) -> Floats:
        """Return E[X(t)]; the closed form is quick enough for parameter draws."""
        return self.expected(t)

    def discounted(self, t: float, delta: float) -> Floats:
        """Return the expected purchases within t, each discounted by e^(−δ·time)."""
        return self.expected(t) if delta == 0.0 else self._integral(np.log1p(t / self.beta), delta)

    def residual(self, delta: float) -> Floats:
        """Return the expected purchases over the remaining lifetime, discounted at δ ≥ 0 (δ = 0: infinite for s ≤ 1).

        The closed form (Fader, Hardie & Lee 2005) has Tricomi's U, which diverges in places; its integral does not.
        """
        if delta == 0.0:
            finite = self.r / self.alpha * self.beta / (self.s - 1.0) if self.s > 1.0 else np.inf
            return np.broadcast_to(np.asarray(finite, dtype=np.float64), self.r.shape).copy()
        return self._integral(np.log1p(45.0 / (delta * self.beta)), delta)

    def _integral(self, end: Floats, delta: float, n: int = 64) -> Floats:
        # S(τ) falls by e^−45 at u = 45 / (s − 1) at the latest: no nodes beyond
        if self.s > 1.5:
            end = np.minimum(end, 45.0 / (self.s - 1.0))
        s, w = legendre(n)
        u = end[:, None] * s[None, :]
        decay = np.exp((1.0 - self.s) * u - delta * self.beta[:, None] * np.expm1(u))
        return self.r / self.alpha * self.beta * end * np.sum(w[None, :] * decay, axis=1)

    def survival(self, n: Floats, cell: Ints, t: float) -> Floats:
        """Return P(X(t) ≥ n) for n ≥ 1: the time of the n-th purchase lies before t and before the dropout."""
        out = np.empty(len(n))
        order = np.argsort(n, kind="stable")
        for start in range(0, len(n), PAIRS):
            rows = order[start : start + PAIRS]
            out[rows] = self._survival(n[rows], cell[rows], t)
        return np.clip(out, 0.0, 1.0)

    def _survival(self, n: Floats, cell: Ints, t: float) -> Floats:
        r, alpha, beta = self.r[cell], self.alpha[cell], self.beta[cell]
        nodes, w = legendre(nodes_for(float(n.max())))
        end = np.log1p(t / alpha)
        v = end[:, None] * nodes[None, :]
        u = alpha[:, None] * np.expm1(v)
        log_density = (n - 1.0)[:, None] * np.log(-np.expm1(-v)) - r[:, None] * v - self.s * np.log1p(u / beta[:, None])
        return np.sum(w[None, :] * np.exp(log_density - betaln(n, r)[:, None]), axis=1) * end


def nodes_for(n: float) -> int:
    """Return how many nodes resolve the density of the n-th purchase time, whose width falls as 1/√n."""
    return int(min(512, 8 * np.ceil((24.0 + 5.0 * np.sqrt(n)) / 8.0)))


def coordinates(mean_rate: float) -> Coordinates:
    """Return the bounded coordinates for times scaled so that the oldest customer's T is 1."""

    def to_log(phi: Floats) -> Floats:
        return np.array([*gamma_pair(phi[:2]), *gamma_pair(phi[2:])])

    def jacobian(phi: Floats) -> Floats:
        return np.array([[1, 0, 0, 0], [1, -1, 0, 0], [0, 0, 1, 0], [0, 0, 1, -1]], dtype=np.float64)

    start, top = float(np.log(2.0 * mean_rate)), float(np.log(1e4))
    return Coordinates(
        to_log, jacobian,
        lower=np.array([np.log(1e-3), start - 12.0, np.log(1e-3), -10.0]),
        upper=np.array([top, start + 8.0, top, 10.0]),
        starts=((-0.6, start, -0.5, 0.5), (0.5, start - 0.5, 0.5, -1.5), (-1.2, start + 1.0, 0.0, 2.0)),
        at_lower=(
            Words(zh="r 趋于 0：购买频率的差异大得没有界限", en="r runs to zero: purchase rates differ without bound"),
            None,
            Words(zh="s 趋于 0：流失速度的差异大得没有界限", en="s runs to zero: dropout rates differ without bound"),
            Words(zh="流失速度趋于 0：数据里看不到流失",
                  en="the dropout rate runs to zero: no dropout is seen in the data"),
        ),
        at_upper=(
            Words(zh="r 与 α 一同趋于无穷：所有客户的购买频率几乎相同",
                  en="r and alpha run off together: the purchase rate is nearly the same for all"),
            None,
            Words(zh="s 与 β 一同趋于无穷：所有客户的流失速度几乎相同",
                  en="s and beta run off together: the dropout rate is nearly the same for all"),
            Words(zh="流失速度趋于无穷：几乎所有客户一买就流失",
                  en="the dropout rate runs off: nearly everyone drops out at once"),
        ),
        idle=((3, 2),),
    )  # fmt: skip


def objective(data: Triples) -> Objective:
    """Return the log-likelihood of `data` as a function of the log parameters."""
    return Likelihood(data)
