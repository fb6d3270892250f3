"""Totals over all customers, with process variance and parameter uncertainty."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.special import ndtr

from regulars.measure.lifetime.counts import table
from regulars.measure.lifetime.grouped_law import AnyLaw, Drawable, Membership, law_of
from regulars.measure.lifetime.quadrature import Floats
from regulars.measure.lifetime.triples import Rows, Triples
from regulars.measure.lifetime.worth import LEAST, Scored, Worth, drawn_spend

if TYPE_CHECKING:
    from regulars.measure.lifetime.model import LifetimeModel

GROUPS = 1_000
"""Distinct triples on which parameter draws are evaluated."""
Seen = tuple[Floats, Floats, Floats, Any]


@dataclass(frozen=True)
class Total:
    """A total over all customers with its interval.

    `process`, `parameter` and `model` are standard deviations: of what chance does where the model is right, of what
    the doubt of its parameters adds, and of what the models say that cannot be told from it.
    """

    value: float
    low: float
    high: float
    process: float
    parameter: float
    model: float = 0.0


def totals(
    model: LifetimeModel, rows: Rows, t: float, delta: float, seen: Seen | None, level: float, draws: int, seed: int
) -> dict[str, Total]:
    """Return the totals of `WithIntervals.interval_total`."""
    groups, member = rows.grouped()
    alive, expected, second, ratio = _at(model, groups, t, delta)
    variances = {
        "still_buying": float(np.sum(groups.count * alive * (1.0 - alive))),
        "purchases": float(np.sum(groups.count * (alive * second - (alive * expected) ** 2))),
    }
    values = {
        "still_buying": float(np.sum(groups.count * alive)),
        "purchases": float(np.sum(groups.count * alive * expected)),
    }
    masses = {"still_buying": groups.count, "purchases": groups.count}
    spread: dict[str, Floats] = {}
    if seen is not None:
        n, m, w, spend = seen
        each = spend.expected_spend_at(n, m) * w
        masses["value"] = np.bincount(member, each, len(groups.x)) * ratio
        values["value"] = float(np.sum(masses["value"] * alive * expected))
        variances["value"] = float(np.sum(
            ratio[member] ** 2 * _value_variance(alive[member], expected[member], second[member], n, m, w, spend.spend)
        ))  # fmt: skip
        spread["value"] = _spend_draws(spend, n, m, w * (alive * expected * ratio)[member], draws, seed)
    some_lose = seen is not None and bool(np.any(seen[2] < 0))
    return _intervals(model, groups, values, variances, masses, spread, some_lose, t, level, draws, seed)


def totals_of_groups(
    model: Drawable,
    groups: Triples,
    scored: Scored,
    worth: Worth,
    t: float,
    *,
    level: float = 0.9,
    draws: int = 200,
    seed: int = 0,
    rivals: Sequence[AnyLaw] = (),
    member: Membership | None = None,
) -> dict[str, Total]:
    """Return the same totals from sums a group, for bases whose customers need not leave the engine.

    `rivals` are models that cannot be told apart, the one in use first, all fitted on the same customers: what they say
    of these groups widens the intervals. `member` says which group of customers each row belongs to, where the model
    has parameters by group.
    """
    g, n = scored, groups.x
    alive, mean = g.alive, g.alive * g.expected
    masses = {"still_buying": groups.count, "purchases": groups.count, "value": worth.expected(n) * g.ratio}
    values = {
        "still_buying": float(np.sum(groups.count * alive)),
        "purchases": float(np.sum(groups.count * mean)),
        "value": float(np.sum(masses["value"] * mean)),
    }
    variances = {
        "still_buying": float(np.sum(groups.count * alive * (1.0 - alive))),
        "purchases": float(np.sum(groups.count * (alive * g.second - mean**2))),
        "value": worth.variance(n, g),
    }
    spread = {"value": worth.drawn(n, mean * g.ratio, draws, seed)}
    return _intervals(model, groups, values, variances, masses, spread, worth.some_lose, t, level, draws, seed, rivals,
                      member)  # fmt: skip


def _intervals(
    model: Drawable,
    groups: Triples,
    values: dict[str, float],
    variances: dict[str, float],
    masses: dict[str, Floats],
    spread: dict[str, Floats],
    some_lose: bool,
    t: float,
    level: float,
    draws: int,
    seed: int,
    rivals: Sequence[AnyLaw] = (),
    member: Membership | None = None,
) -> dict[str, Total]:
    sums = _sums(groups, masses, t, member)
    drawn = [sums(law) for law in model.drawn_laws(draws, seed)]
    changes, by_model = _changes(drawn, sums(model.law)), _between([sums(law) for law in rivals])
    # purchases cannot be fewer than none; a value can be, where some are sold to at a loss
    floors = {"value": -np.inf if some_lose else 0.0}
    return {k: total_of(values[k], changes[k] * spread.get(k, np.ones(draws)), variances[k], level=level,
                        models=by_model.get(k), floor=floors.get(k, 0.0)) for k in values}  # fmt: skip


def _at(model: LifetimeModel, groups: Triples, t: float, delta: float) -> tuple[Floats, Floats, Floats, Floats]:
    alive = model.law.probability_alive(groups.x, groups.t_x, groups.T)
    future, index = model.law.given_alive(groups.x, groups.t_x, groups.T)
    expected = future.expected(t)
    second = table(future, t).moments()[1]
    ratio = future.discounted(t, delta) / np.maximum(expected, 1e-300) if delta > 0 else np.ones(len(future))
    return alive, expected[index], second[index], ratio[index]


def _value_variance(
    alive: Floats, first: Floats, second: Floats, n: Floats, m: Floats, w: Floats, spend: Any
) -> Floats:
    """Return the variance of w · total spend: BetaPrime moments given the count, mixed over the count."""
    q = spend.p * n + spend.q
    scale = w * (spend.v + n * m)
    mean = scale * spend.p * alive * first / np.maximum(q - 1.0, LEAST)
    square = alive * (spend.p**2 * second + spend.p * first)
    square *= scale**2 / (np.maximum(q - 1.0, LEAST) * np.maximum(q - 2.0, LEAST))
    return np.asarray(np.maximum(square - mean**2, 0.0))


def _sums(
    groups: Triples, masses: dict[str, Floats], t: float, member: Membership | None
) -> Callable[[AnyLaw], dict[str, float]]:
    """Return what adds up each total by a law, on an even subset of the groups."""
    stride = max(1, -(-len(groups.x) // GROUPS))
    x, t_x, T = groups.x[::stride], groups.t_x[::stride], groups.T[::stride]
    mass = {k: v[::stride] for k, v in masses.items()}
    of = None if member is None else member.at(slice(None, None, stride))

    def sums(any_law: AnyLaw) -> dict[str, float]:
        law = law_of(any_law, of)
        alive = law.probability_alive(x, t_x, T)
        future, index = law.given_alive(x, t_x, T)
        bought = alive * future.rough(t)[index]
        return {k: float(np.sum(v * (alive if k == "still_buying" else bought))) for k, v in mass.items()}

    return sums


def _changes(drawn: Sequence[dict[str, float]], here: dict[str, float]) -> dict[str, Floats]:
    """Return each total as drawn over the one here."""
    return {
        k: np.array([d[k] for d in drawn]) / here[k] if here[k] != 0 else np.ones(len(drawn)) for k in here
    }  # fmt: skip


def _between(by_model: Sequence[dict[str, float]]) -> dict[str, Floats]:
    """Return each total by each model over that by the first."""
    return _changes(by_model, by_model[0]) if by_model else {}


def _spend_draws(spend: Any, n: Floats, m: Floats, weight: Floats, draws: int, seed: int) -> Floats:
    """Return the spend-weighted total at drawn Gamma-Gamma parameters over the total at the estimates."""
    return drawn_spend(spend, n, weight, weight * n * m, draws, seed)


def total_of(
    value: float,
    drawn: Floats,
    variance: float,
    *,
    models: Floats | None = None,
    level: float = 0.9,
    floor: float = 0.0,
) -> Total:
    """Return a total with its central interval.

    Parameters
    ----------
    value
        The total at the estimates.
    drawn
        The total at each draw of the parameters over `value`, each predicting the original customers.
    variance
        Of the total given the parameters.
    models
        The total by each model that cannot be told from the one in use over that one's; all count alike.
    floor
        What the total cannot fall below.

    Notes
    -----
    Given model and parameters the total of many independent customers is close to normal; over draws and models it is a
    mixture of such normals with equal weights, whose quantiles are solved for.

    References
    ----------
    Samuels & Sekkel (2017), Model confidence sets and forecast combination: equal weights over the models that past
    forecasts cannot tell apart.
    """
    others = np.ones(1) if models is None or not len(models) else models
    means = value * np.ravel(drawn[:, None] * others[None, :])
    sd = float(np.sqrt(max(variance, 0.0)))
    low, high = (max(_mixture_quantile(means, sd, q), floor) for q in (0.5 * (1 - level), 0.5 * (1 + level)))
    doubts = (float(np.std(value * each)) for each in (drawn, others))
    return Total(value, min(low, value), max(high, value), sd, *doubts)


def _mixture_quantile(means: Floats, sd: float, level: float) -> float:
    """Solve mean over the draws of Φ((q − m) / sd) = level by bisection."""
    if sd <= 0:
        return float(np.quantile(means, level))
    low, high = float(means.min() - 9 * sd), float(means.max() + 9 * sd)
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if ndtr((middle - means) / sd).mean() < level else (low, middle)
    return (low + high) / 2
