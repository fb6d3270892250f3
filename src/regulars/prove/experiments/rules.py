"""How differences become effects and verdicts: costs, levels, looks, corrections."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from regulars.errors import InputError
from regulars.prove.experiments.comparing import Difference, compare
from regulars.prove.experiments.corrections import CORRECTIONS, Correction, adjusted
from regulars.prove.experiments.effects import Effect
from regulars.prove.experiments.looks import Looks
from regulars.prove.experiments.moments import Moments
from regulars.prove.experiments.sample_ratio import Mismatch
from regulars.prove.experiments.verdict import Evidence, Verdict, enough, judge
from regulars.words import T

Money = Decimal | float | int


@dataclass(frozen=True)
class Rules:
    """What an experiment is read by."""

    control: str
    costs: Mapping[str, Money]
    alpha: float
    plan: Looks | None
    look: int | None
    correction: Correction
    worthwhile: float | None

    def __post_init__(self) -> None:
        if self.correction not in CORRECTIONS:
            raise InputError(
                T(zh=f"不认识校正 {self.correction!r}", en=f"there is no correction {self.correction!r}"),
                remedy=T(zh=f"可选 {'、'.join(CORRECTIONS)}。", en=f"Choose among {', '.join(CORRECTIONS)}."),
            )
        if not 0 < self.alpha < 1:
            raise InputError(
                T(zh=f"误报率不能是 {self.alpha}", en=f"the rate of false alarms cannot be {self.alpha}"),
                remedy=T(zh="写成 0.05 这样。", en="Write it like 0.05."),
            )
        if self.plan is None and self.look is not None:
            raise InputError(
                T(zh=f"第 {self.look} 次查看没有事先声明", en=f"look {self.look} was not declared"),
                remedy=T(
                    zh="用 --looks 说明一共声明了几次。", en="Say with --looks how many were declared before the start."
                ),
            )
        _ = self.level

    @property
    def level(self) -> float:
        """Two-sided level of this reading by itself."""
        return self.alpha if self.plan is None else self.plan.alpha_at(self.look)

    def treated(self, moments: Moments) -> tuple[str, ...]:
        """Return the arms beside control."""
        return tuple(arm for arm in moments.arms if arm != self.control)

    def effects(self, moments: Moments, outcomes: Sequence[str]) -> list[Effect]:
        """Return every arm on the first outcome, then on the others; each of the two families corrected by itself."""
        arms = self.treated(moments)
        first = [self.effect(moments, arm, outcomes[0], primary=True) for arm in arms]
        rest = [self.effect(moments, arm, name, primary=False) for name in outcomes[1:] for arm in arms]
        return self.corrected(first) + self.corrected(rest)

    def corrected(self, family: list[Effect]) -> list[Effect]:
        """Return effects with p-values adjusted for the family and for the looks."""
        looks = self.alpha / self.level
        p_values = adjusted([effect.p_value for effect in family], self.correction)
        return [replace(each, p_adjusted=min(1.0, p * looks)) for each, p in zip(family, p_values, strict=True)]

    def effect(self, moments: Moments, arm: str, outcome: str, *, primary: bool) -> Effect:
        """Return the effect of one arm on one outcome, not yet corrected."""
        found = compare(moments, arm=arm, control=self.control, outcome=outcome)
        cost = float(self.costs.get(arm, 0)) - float(self.costs.get(self.control, 0)) if primary else 0.0
        low, high = found.interval(self.level)
        mine, left, at = moments.arm(arm), moments.arm(self.control), moments.outcomes.index(outcome)
        n = mine.customers
        return Effect(
            arm=arm, outcome=outcome, primary=primary, customers=n,
            control_customers=left.customers,
            mean=found.mean, control_mean=found.control_mean, difference=found.estimate,
            cost=cost, net=found.estimate - cost, se=found.se, low=low - cost, high=high - cost,
            p_value=found.p_value(cost), p_adjusted=found.p_value(cost),
            total=n * (found.estimate - cost), total_low=n * (low - cost), total_high=n * (high - cost),
            explained=_explained(found),
            enough=enough(min(mine.units, left.units), mine.nonzero[at] + left.nonzero[at], found.se),
        )  # fmt: skip

    def verdicts(self, moments: Moments, effects: Sequence[Effect], checked: Mismatch | None) -> dict[str, Verdict]:
        """Pass a verdict on each treated arm by the outcome that decides."""
        left = moments.arm(self.control)
        found = {}
        for effect in effects:
            if not effect.primary:
                continue
            arm = moments.arm(effect.arm)
            found[effect.arm] = judge(
                Evidence(
                    net=effect.net, se=effect.se, p_adjusted=effect.p_adjusted, alpha=self.alpha,
                    units=min(arm.units, left.units), nonzero=arm.nonzero[0] + left.nonzero[0],
                    customers=arm.customers + left.customers,
                    suspicious=checked is not None and checked.suspicious,
                    last_look=self.plan is None or self.look == len(self.plan.times), worthwhile=self.worthwhile,
                )
            )  # fmt: skip
        return found


def _explained(found: Difference) -> float:
    return 0.0 if not found.plain > 0 else max(0.0, 1 - (found.se / found.plain) ** 2)
