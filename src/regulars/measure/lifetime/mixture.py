"""Cells that are mixtures of a few parts: many histories whose futures are blends of far fewer futures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from regulars.measure.lifetime.quadrature import Floats
from regulars.measure.lifetime.triples import Ints


@dataclass(frozen=True)
class Mixture:
    """A cell is part `first[cell] + j` with chance `weight[cell, j]`; the weights of a cell add up to 1."""

    first: Ints
    weight: Floats

    def __len__(self) -> int:
        return len(self.first)

    def mean(self, of: Callable[[Ints], Floats], cell: Ints | None = None) -> Floats:
        """Return Σ_j weight[cell, j] · of(part j), one element a cell named, or of all."""
        first, weight = (self.first, self.weight) if cell is None else (self.first[cell], self.weight[cell])
        total = np.zeros(len(first))
        for j in range(weight.shape[1]):
            part, share = of(first + j), weight[:, j]
            total += np.multiply(part, share, out=np.zeros_like(total), where=share != 0.0)  # a part may be infinite
        return total

    def at(self, cell: Ints) -> Mixture:
        """Return the mixture of the cells named, parts as they are."""
        return Mixture(self.first[cell], self.weight[cell])

    def split(self, value: Floats) -> tuple[Ints, Floats, Mixture]:
        """Return parts of their own for cells that share parts but differ in `value`.

        Returns
        -------
        tuple
            Which part each new one was, the value that goes with it, and the mixture of the new parts.
        """
        k = self.weight.shape[1]
        key, group = np.unique(np.stack([self.first.astype(np.float64), value]), axis=1, return_inverse=True)
        part = (key[0].astype(np.int64)[:, None] + np.arange(k)).ravel()
        return part, np.repeat(key[1], k), Mixture(group.reshape(-1) * k, self.weight)
