"""What a reading says: each arm's effect on each outcome, segments, verdicts, and what weakens them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from regulars.prove.experiments.corrections import Correction
from regulars.prove.experiments.sample_ratio import Mismatch
from regulars.prove.experiments.verdict import Verdict
from regulars.words import T


@dataclass(frozen=True, slots=True)
class Effect:
    """What one arm had more than control in one outcome, per assigned customer (intention to treat).

    `difference` is before the arm's cost, `net` after it (the same where the outcome bears no cost); `low` and `high`
    bound `net`. `total` is what the whole arm brought net, with its bounds. `p_value` asks whether `net` is zero;
    `p_adjusted` counts the other comparisons of its family and the looks, and is what a verdict goes by.
    `explained` is the share of variance that covariates took away. Where not `enough`, there are too few customers for
    an interval, and no number but the means should be shown.
    """

    arm: str
    outcome: str
    primary: bool
    customers: int
    control_customers: int
    mean: float
    control_mean: float
    difference: float
    cost: float
    net: float
    se: float
    low: float
    high: float
    p_value: float
    p_adjusted: float
    total: float
    total_low: float
    total_high: float
    explained: float
    enough: bool

    def as_dict(self) -> dict[str, Any]:
        """Return the effect for JSON; what is not a number is None."""
        values = {name: getattr(self, name) for name in self.__slots__}
        return {n: None if isinstance(v, float) and math.isnan(v) else v for n, v in values.items()}


@dataclass(frozen=True, slots=True)
class SegmentEffect:
    """The effect on the deciding outcome within one segment; exploratory unless it was declared before.

    `effect` is None where the segment has too few of an arm. `p_differs` asks whether the segments of this column
    differ from each other at all.
    """

    column: str
    value: str
    declared: bool
    arm: str
    customers: int
    effect: Effect | None
    p_differs: float | None


@dataclass(frozen=True, slots=True)
class Reading:
    """The whole reading of an experiment.

    `effects` come arm by arm for the first outcome, which decides, then for the others; `verdicts` has one for each
    treated arm. `level` is that of the intervals: 1 − alpha, higher at an early look.
    """

    control: str
    arms: tuple[str, ...]
    outcomes: tuple[str, ...]
    covariates: tuple[str, ...]
    customers: dict[str, int]
    units: dict[str, int]
    effects: tuple[Effect, ...]
    verdicts: dict[str, Verdict]
    segments: tuple[SegmentEffect, ...]
    mismatch: Mismatch | None
    alpha: float
    level: float
    look: int | None
    looks: int | None
    correction: Correction
    warnings: tuple[T, ...]

    @property
    def verdict(self) -> Verdict:
        """The verdict on the first treated arm."""
        return self.verdicts[self.arms[0]]

    def effect(self, arm: str, outcome: str | None = None) -> Effect:
        """Return the effect of an arm on an outcome (default: the one that decides)."""
        wanted = outcome or self.outcomes[0]
        return next(each for each in self.effects if each.arm == arm and each.outcome == wanted)

    def as_dict(self) -> dict[str, Any]:
        """Return the reading for JSON, texts in both languages."""
        return {
            "control": self.control,
            "verdicts": {arm: verdict.as_dict() for arm, verdict in self.verdicts.items()},
            "customers": self.customers,
            "effects": [effect.as_dict() for effect in self.effects],
            "segments": [_segment_dict(each) for each in self.segments],
            "mismatch": None
            if self.mismatch is None
            else {
                "counts": self.mismatch.counts,
                "expected": self.mismatch.expected,
                "p_value": self.mismatch.p_value,
                "suspicious": self.mismatch.suspicious,
            },
            "covariates": list(self.covariates),
            "alpha": self.alpha,
            "level": self.level,
            "look": self.look,
            "looks": self.looks,
            "correction": self.correction,
            "warnings": [each.as_dict() for each in self.warnings],
        }


def _segment_dict(segment: SegmentEffect) -> dict[str, Any]:
    plain = {name: getattr(segment, name) for name in SegmentEffect.__slots__}
    return plain | {"effect": None if segment.effect is None else segment.effect.as_dict()}
