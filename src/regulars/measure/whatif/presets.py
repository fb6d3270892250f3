"""What texts claim that keeping customers does for profit: presets with their sources, which contradict each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from regulars.errors import InputError
from regulars.words import T


@dataclass(frozen=True, slots=True)
class Preset:
    """A claim: when a lever moves by `change`, profit changes by `low` to `high` (shares; `high` None: or more).

    Parameters
    ----------
    key
        Its name in settings and links; "own" for what the user states.
    lever
        What moves, in words.
    change
        By how much, a share; None where the text does not say from where.
    source
        Who says so.
    """

    key: str
    lever: T
    change: float | None
    low: float
    high: float | None
    source: T

    def as_dict(self) -> dict[str, Any]:
        """Return the preset as JSON carries it."""
        return {
            "key": self.key,
            "lever": self.lever.as_dict(),
            "change": self.change,
            "low": self.low,
            "high": self.high,
            "source": self.source.as_dict(),
        }


PRESETS = (
    Preset(
        "retention",
        T(zh="客户保留率提高 5 %", en="retention up by 5 %"),
        0.05,
        0.25,
        0.95,
        T(
            zh="一篇讲客户价值管理与利润的文章；常见的出处是 Reichheld 与 Bain。"
            "Reichheld & Sasser（1990）原文是 25–85 %，按行业。",
            en="An article on customer value management and profit; usually traced to Reichheld and Bain. Reichheld & "
            "Sasser (1990) have 25–85 %, by industry.",
        ),
    ),
    Preset(
        "churn",
        T(zh="客户流失率控制在 5 %", en="churn held to 5 %"),
        None,
        0.5,
        None,
        T(
            zh="一篇讲金牌、银牌、铜牌客户的论文；没有说原来的流失率是多少。",
            en="A paper on gold, silver and bronze customers; it does not say from what churn.",
        ),
    ),
    Preset(
        "value",
        T(zh="客户价值提高 1 %", en="customer value up by 1 %"),
        0.01,
        0.03,
        0.03,
        T(
            zh="一篇讲客户价值分析的文章，说是哈佛的研究；没有给出处。",
            en="An article on customer value analysis, which names a study of Harvard and gives no reference.",
        ),
    ),
)

CONFLICT = T(
    zh="这些说法互相矛盾：保留率提高 5 % 的效果从 25 % 到 95 %，另一篇说流失率压到 5 % 就超过 50 %；"
    "各行业、起点和利润的算法都不同。它们是别人的说法，不是你的数据得出的结果。请填你自己的数字。",
    en="These claims contradict each other: 5 % more retention brings 25 % to 95 %, another text has more than 50 % "
    "for a churn of 5 %; industries, starting points and what counts as profit all differ. They are what others say "
    "and not a result of your data. Set your own.",
)


def own_preset(low: float, high: float | None = None, *, lever: T | None = None, change: float | None = None) -> Preset:
    """Return the user's own claim: profit changes by `low` to `high` (default: exactly `low`).

    Raises
    ------
    InputError
        Where the range is upside down, or profit would fall by more than all of it and nobody said so.
    """
    high = low if high is None else high
    if not -10 <= low <= high <= 10:
        raise InputError(
            T(
                zh="利润的变化要写成从低到高、在 −1000 % 与 1000 % 之间的比例，不能是 {low} 到 {high}",
                en="a change of profit runs from low to high between −1000 % and 1000 %, not from {low} to {high}",
            ).format(low=low, high=high)
        )
    return Preset(
        "own",
        lever or T(zh="自己的假设", en="your own assumption"),
        change,
        low,
        high,
        T(zh="自己填写", en="set by you"),
    )


@dataclass(frozen=True, slots=True)
class Effect:
    """What a claim would mean for a profit, were it true here; `high` None: or more."""

    preset: Preset
    low: float
    high: float | None

    def as_dict(self) -> dict[str, Any]:
        """Return the effect as JSON carries it."""
        return {**self.preset.as_dict(), "profit_low": self.low, "profit_high": self.high}


def profit_effects(profit: float, presets: Sequence[Preset] = PRESETS) -> list[Effect]:
    """Return by how much each claim would change a yearly `profit`, in money; say `CONFLICT` beside it."""
    return [Effect(p, profit * p.low, None if p.high is None else profit * p.high) for p in presets]
