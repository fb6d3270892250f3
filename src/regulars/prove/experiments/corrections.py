"""Several comparisons at once: p-values adjusted so that one false alarm among them stays as rare as promised."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

Correction = Literal["holm", "bonferroni", "none"]
CORRECTIONS: tuple[Correction, ...] = ("holm", "bonferroni", "none")


def adjusted(p_values: Sequence[float], correction: Correction = "holm") -> list[float]:
    """Return p-values adjusted for their number, in the same order.

    References
    ----------
    Holm (1979), A simple sequentially rejective multiple test procedure, Scandinavian Journal of Statistics 6.

    Examples
    --------
    >>> adjusted([0.04, 0.01, 0.03])
    [0.06, 0.03, 0.06]
    """
    n = len(p_values)
    if correction == "none":
        return list(p_values)
    if correction == "bonferroni":
        return [min(1.0, n * p) for p in p_values]
    found, largest = [0.0] * n, 0.0
    for rank, at in enumerate(sorted(range(n), key=lambda i: p_values[i])):
        largest = max(largest, min(1.0, (n - rank) * p_values[at]))
        found[at] = largest
    return found
