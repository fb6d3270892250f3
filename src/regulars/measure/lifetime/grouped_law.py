"""A law for each group of customers, taken as one: besides the history, the group says what is to be expected."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, cast

import numpy as np
import numpy.typing as npt

from regulars.measure.lifetime.counts import Future
from regulars.measure.lifetime.gaps import RandomGaps
from regulars.measure.lifetime.law import Law
from regulars.measure.lifetime.quadrature import Floats
from regulars.measure.lifetime.triples import Ints

REST = ""
"""The name under which customers of small groups, and those of whom no group is known, are taken together."""


@dataclass(frozen=True, slots=True)
class Membership:
    """Which group each row belongs to: a position in `names`, −1 where none is known."""

    by: str
    names: tuple[str, ...]
    code: Ints

    def at(self, rows: npt.NDArray[np.int64] | npt.NDArray[np.bool_] | slice) -> Membership:
        """Return the membership of the rows named, in that order."""
        return Membership(self.by, self.names, self.code[rows])


@dataclass(frozen=True)
class GroupLaw:
    """A law for each group by its name; `otherwise` for whoever belongs to none of them."""

    laws: Mapping[str, Law]
    otherwise: Law

    def of(self, member: Membership) -> Law:
        """Return the law of rows that belong to these groups."""
        found = [self.laws.get(name) for name in member.names]
        rest = self.laws.get(REST, self.otherwise)
        return _Rows([rest if each is None else each for each in (*found, None)], member.code)


type AnyLaw = Law | GroupLaw


class Drawable(Protocol):
    """A model whose parameters can be drawn from the law of their estimates."""

    @property
    def law(self) -> AnyLaw:
        """The model at its estimates."""
        ...

    def drawn_laws(self, n: int = 200, seed: int = 0) -> Sequence[AnyLaw]:
        """Return the model at `n` seeded draws of its parameters."""
        ...


def law_of(law: AnyLaw, member: Membership | None) -> Law:
    """Return the law of rows, by their groups where it differs by group.

    Raises
    ------
    ValueError
        When it does and no groups are known.
    """
    if not isinstance(law, GroupLaw):
        return law
    if member is None:
        raise ValueError("a law by groups needs to know the groups of the rows")
    return law.of(member)


class _Rows:
    """The law of certain rows: row i follows `laws[code[i]]`, the last of them where the code is −1."""

    def __init__(self, laws: Sequence[Law], code: Ints) -> None:
        parts: dict[int, list[int]] = {}
        for k, law in enumerate(laws):
            parts.setdefault(id(law), []).append(k)
        code = np.where(code < 0, len(laws) - 1, code)
        rows = ((laws[same[0]], np.flatnonzero(np.isin(code, same))) for same in parts.values())
        self._parts = [(law, chosen) for law, chosen in rows if len(chosen)]
        self._n = len(code)

    def probability_alive(self, x: Floats, t_x: Floats, T: Floats) -> Floats:
        out = np.zeros(self._n)
        for law, chosen in self._parts:
            out[chosen] = law.probability_alive(x[chosen], t_x[chosen], T[chosen])
        return out

    def given_alive(self, x: Floats, t_x: Floats, T: Floats) -> tuple[Future, Ints]:
        cell, futures, size = np.zeros(self._n, dtype=np.int64), [], 0
        for law, chosen in self._parts:
            future, own = law.given_alive(x[chosen], t_x[chosen], T[chosen])
            cell[chosen] = own + size
            futures.append(future)
            size += len(future)
        return JoinedFuture(futures), cell


class JoinedFuture:
    """The cells of several futures, one after the other."""

    def __init__(self, parts: Sequence[Future]) -> None:
        self._futures = parts
        self._ends = np.cumsum([len(part) for part in parts], dtype=np.int64)

    def __len__(self) -> int:
        return int(self._ends[-1]) if len(self._ends) else 0

    def _each(self, of: Callable[[Future], Floats]) -> Floats:
        return np.concatenate([of(part) for part in self._futures]) if self._futures else np.zeros(0)

    def expected(self, t: float) -> Floats:
        """Return E[X(t) | alive]."""
        return self._each(lambda part: part.expected(t))

    def rough(self, t: float) -> Floats:
        """Return E[X(t) | alive] to four figures, quickly."""
        return self._each(lambda part: part.rough(t))

    def discounted(self, t: float, delta: float) -> Floats:
        """Return the expected discounted purchases within t, given alive."""
        return self._each(lambda part: part.discounted(t, delta))

    def residual(self, delta: float) -> Floats:
        """Return the expected discounted purchases of the remaining lifetime, given alive."""
        return self._each(lambda part: part.residual(delta))

    def survival(self, n: Floats, cell: Ints, t: float) -> Floats:
        """Return P(X(t) ≥ n | alive) for counts n ≥ 1 of the cells named."""
        out = np.zeros(len(cell))
        owner = np.searchsorted(self._ends, cell, side="right")
        for k, part in enumerate(self._futures):
            chosen = np.flatnonzero(owner == k)
            if len(chosen):
                out[chosen] = part.survival(n[chosen], cell[chosen] - (self._ends[k] - len(part)), t)
        return out

    def gap(self, level: float) -> Floats:
        """Return the time by which the next purchase comes with chance `level`, of customers who stay."""
        return self._each(lambda part: part.gap(level))

    def usual_gap(self) -> Floats:
        """Return the gap at the mean purchase rate."""
        return self._each(lambda part: part.usual_gap())

    def rate(self) -> tuple[Floats, Floats]:
        """Return shape and rate of λ given alive, of futures at random buying."""
        rates = [cast(RandomGaps, part).rate() for part in self._futures]
        return np.concatenate([r for r, _ in rates]), np.concatenate([alpha for _, alpha in rates])
