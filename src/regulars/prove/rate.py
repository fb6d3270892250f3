"""A share that was counted, with the interval that its number leaves open."""

from __future__ import annotations

from dataclasses import dataclass

from scipy.special import betaincinv


@dataclass(frozen=True, slots=True)
class Rate:
    """`hits` of `trials`, at least one; the interval is the exact binomial one (Clopper & Pearson 1934)."""

    hits: int
    trials: int
    level: float = 0.95

    @property
    def share(self) -> float:
        """Hits over trials."""
        return self.hits / self.trials

    @property
    def low(self) -> float:
        """Lower end of the exact binomial interval."""
        tail = (1 - self.level) / 2
        return float(betaincinv(self.hits, self.trials - self.hits + 1, tail)) if self.hits else 0.0

    @property
    def high(self) -> float:
        """Upper end of the exact binomial interval."""
        tail = (1 - self.level) / 2
        missed = self.trials - self.hits
        return float(betaincinv(self.hits + 1, missed, 1 - tail)) if missed else 1.0

    def __str__(self) -> str:
        return f"{self.share:.1%} ({self.low:.1%} – {self.high:.1%}, {self.trials:,} trials)"
