"""What was spent and what it returned, in one picture: experiments alone are counted, losers among them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from regulars.web.campaigns.models.proof import Verdict
from regulars.web.campaigns.selectors.ledger import Line, lines, proofs
from regulars.web.core.actor import Actor

READ_VERDICTS = (Verdict.PROVED, Verdict.LOST, Verdict.INCONCLUSIVE)


@dataclass(frozen=True, slots=True)
class Story:
    """The sums of a register.

    Parameters
    ----------
    counted
        Experiments that were read to their end, whatever came of them: to count the winners alone would flatter.
    rest
        Those not read yet or without enough data: their spending is named, and proves nothing.
    brought, low, high
        Incremental profit of the counted ones together, costs taken off, and its 95 % interval. Their errors are taken
        as independent of each other.
    together
        The universal hold-outs: all campaigns at once against none, another way to ask the same; in no sum here.
    """

    counted: Sequence[Line]
    rest: Sequence[Line]
    spent: float
    brought: float
    low: float
    high: float
    unproved: float
    together: Sequence[Line] = ()

    @property
    def proved(self) -> list[Line]:
        """The counted ones that made money beyond chance."""
        return [line for line in self.counted if line.proof.verdict == Verdict.PROVED]

    @property
    def lost(self) -> list[Line]:
        """The counted ones that lost money beyond chance."""
        return [line for line in self.counted if line.proof.verdict == Verdict.LOST]

    @property
    def back(self) -> float | None:
        """What came back for each unit of money, costs taken off."""
        return self.brought / self.spent if self.spent else None


def story(actor: Actor) -> Story:
    """Return what all experiments have brought."""
    every = lines(proofs(actor).order_by("-brought", "-pk"))
    found = [line for line in every if not line.proof.is_universal]
    counted = [line for line in found if _is_final(line)]
    rest = [line for line in found if not _is_final(line)]
    brought = math.fsum(line.proof.brought or 0 for line in counted)
    half = math.sqrt(math.fsum((((line.total_high or 0) - (line.total_low or 0)) / 2) ** 2 for line in counted))
    return Story(
        counted, rest, math.fsum(line.proof.spent or 0 for line in counted), brought, brought - half, brought + half,
        math.fsum(_spent_so_far(line) for line in rest), [line for line in every if line.proof.is_universal],
    )  # fmt: skip


def _is_final(line: Line) -> bool:
    return line.proof.verdict in READ_VERDICTS and line.proof.result.get("last_look", False)


def _spent_so_far(line: Line) -> float:
    """Return what a campaign that is not proved has cost: contacts and other costs, offers not counted yet."""
    proof = line.proof
    if proof.spent is not None:
        return proof.spent
    return float(proof.n_treated * proof.contact_cost + proof.fixed_cost)
