"""The outcome that decides, read within segments: declared before, or exploratory and said so."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

from scipy.stats import chi2

from regulars.prove.experiments.comparing import collapsed
from regulars.prove.experiments.effects import Effect, SegmentEffect
from regulars.prove.experiments.moments import Moments, Prepared, moments_by
from regulars.prove.experiments.rules import Rules

FEWEST_OF_A_SEGMENT = 30
"""Units of each arm that a segment must have to be read."""


def read_segments(prepared: Prepared, wanted: Mapping[str, bool], rules: Rules) -> list[SegmentEffect]:
    """Read the first outcome within segments; declared and exploratory ones are corrected apart."""
    found: list[SegmentEffect] = []
    for declared in (True, False):
        group: list[SegmentEffect] = []
        for at, (column, was_declared) in enumerate(wanted.items()):
            if was_declared == declared:
                group += _of_column(prepared, at, column, declared, rules)
        effects = iter(rules.corrected([each.effect for each in group if each.effect is not None]))
        found += [each if each.effect is None else replace(each, effect=next(effects)) for each in group]
    return found


def _of_column(prepared: Prepared, at: int, column: str, declared: bool, rules: Rules) -> list[SegmentEffect]:
    parts = {value: collapsed(moments)[0] for value, moments in moments_by(prepared, at).items()}
    arms = sorted({arm for moments in parts.values() for arm in rules.treated(moments)})
    found = []
    for arm in arms:
        effects = {
            value: rules.effect(moments, arm, prepared.outcomes[0], primary=True)
            if _readable(moments, arm, rules.control)
            else None
            for value, moments in parts.items()
        }
        p = heterogeneity([effect for effect in effects.values() if effect is not None])
        for value, effect in effects.items():
            n = sum(parts[value].arm(each).customers for each in parts[value].arms if each in (arm, rules.control))
            found.append(SegmentEffect(column, value, declared, arm, n, effect, p))
    return found


def _readable(moments: Moments, arm: str, control: str) -> bool:
    return all(
        each in moments.arms
        and moments.arm(each).units >= FEWEST_OF_A_SEGMENT
        and all(
            (each, stratum) in moments.cells and moments.cells[each, stratum].units > 1 for stratum in moments.strata
        )
        for each in (arm, control)
    )


def heterogeneity(effects: Sequence[Effect]) -> float | None:
    """Return the probability of effects so unlike each other where all are the same (Cochran's Q).

    References
    ----------
    Cochran (1954), The combination of estimates from different experiments, Biometrics 10.
    """
    usable = [effect for effect in effects if effect.se > 0]
    if len(usable) < 2:
        return None
    weights = [effect.se**-2 for effect in usable]
    middle = math.fsum(w * e.net for w, e in zip(weights, usable, strict=True)) / math.fsum(weights)
    q = math.fsum(w * (e.net - middle) ** 2 for w, e in zip(weights, usable, strict=True))
    return float(chi2.sf(q, len(usable) - 1))
