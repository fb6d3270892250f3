"""What is still to come of contracts that run: renewals, and their money, with exact intervals."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from regulars.measure.lifetime.quadrature import Floats

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Outlook:
    """The chances of renewals to come.

    Parameters
    ----------
    share
        (groups, periods): the chance that one of this group makes 1, 2, … renewals more.
    derl
        Each group: discounted renewals to come without end, the first as if due at once.
    group
        Each customer's group.
    """

    share: Floats
    derl: Floats
    group: Ints


@dataclass(frozen=True)
class Worth:
    """Renewals and money to come within the horizon, and money without end, one element a customer.

    `low` and `high` hold the number of renewals with at least the level asked for; it is a whole number, so that they
    often hold it with more. `spread` is the variance of the renewals, `variance` that of the money within the horizon.
    """

    renewals: Floats
    low: Ints
    high: Ints
    value: Floats
    value_low: Floats
    value_high: Floats
    spread: Floats
    variance: Floats
    residual: Floats


def worth(
    outlook: Outlook, *, amount: Floats, wait: Floats, within: Ints, discount: float, level: float = 0.9
) -> Worth:
    """Return what running contracts are still worth.

    Parameters
    ----------
    amount
        What a renewal brings, each customer.
    wait
        Periods until the next renewal, from 0 to 1.
    within
        Renewals that can come up within the horizon.
    discount
        Rate a period; money of a renewal that lies w periods ahead counts (1 + d)^−w.
    """
    n, most = len(outlook.group), outlook.share.shape[1]
    k = np.arange(most)
    tail = (1.0 - level) / 2.0
    decay = np.exp(-np.log1p(discount) * k)
    paid = np.append(0.0, np.cumsum(decay))
    renewals, many, value, square = (np.zeros(n) for _ in range(4))
    low, high = np.zeros(n, dtype=np.int64), np.zeros(n, dtype=np.int64)
    for part in np.array_split(np.arange(n), max(n * max(most, 1) // 4_000_000, 1)):
        share = outlook.share[outlook.group[part]] * (k < within[part, None])
        renewals[part] = share.sum(axis=1)
        value[part] = (share * decay).sum(axis=1)
        many[part] = (share * (2.0 * k + 1.0)).sum(axis=1)
        # E[paid(N)²] = Σ P(N ≥ k) (paid(k)² − paid(k − 1)²)
        square[part] = (share * (paid[1:] ** 2 - paid[:-1] ** 2)).sum(axis=1)
        low[part] = (share >= 1.0 - tail).sum(axis=1)
        high[part] = (share > tail).sum(axis=1)
    first = amount * np.exp(-np.log1p(discount) * wait)
    return Worth(
        renewals, low, high, first * value, first * paid[low], first * paid[high],
        many - renewals**2, first**2 * np.maximum(square - value**2, 0.0), first * outlook.derl[outlook.group],
    )  # fmt: skip
