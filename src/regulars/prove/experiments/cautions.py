"""What a reader of an experiment should know beside its numbers, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import narwhals as nw

from regulars import engine
from regulars.prove.experiments.moments import Moments
from regulars.prove.experiments.sample_ratio import Mismatch
from regulars.prove.experiments.survey import ARM, Survey
from regulars.words import T

HEAVY = 0.25
"""Share of an outcome's sum of squares in one customer's hands beyond which a mean is that customer's."""


def cautions(
    looked: Survey,
    moments: Moments,
    *,
    thin: int,
    checked: Mismatch | None,
    household: str | None,
    segments: Mapping[str, bool],
) -> Iterator[T]:
    """Say what weakens a reading."""
    if checked is None:
        yield _SHARES_UNKNOWN
    elif checked.suspicious:
        sizes = ", ".join(f"{arm} {n:,} ({checked.expected[arm]:,.0f})" for arm, n in checked.counts.items())
        yield _MISMATCH.format(sizes=sizes)
    if looked.unassigned:
        yield _UNASSIGNED.format(n=f"{looked.unassigned:,}")
    if thin:
        yield _THIN.format(n=thin)
    if household is not None and (n := _torn(looked, household)):
        yield _TORN.format(n=f"{n:,}")
    for at, name in enumerate(moments.outcomes, 1):
        largest = abs(looked.columns[name].largest)
        squares = sum(
            float(cell.products[at, at] + 2 * moments.reference[at] * cell.sums[at]
                  + moments.reference[at] ** 2 * cell.sums[0])
            for cell in moments.cells.values()
        )  # fmt: skip
        if squares > 0 and largest**2 / squares > HEAVY:
            yield _HEAVY.format(outcome=name, share=f"{largest**2 / squares:.0%}")
    if not all(segments.values()):
        yield _EXPLORATORY


def _torn(looked: Survey, household: str) -> int:
    """Return how many households have customers in two arms."""
    arms = (
        looked.table.filter(~nw.col(household).is_null())
        .group_by(household)
        .agg(nw.col(ARM).min().alias("first"), nw.col(ARM).max().alias("last"))
    )
    return engine.n_rows(arms.filter(nw.col("first") != nw.col("last")))


_SHARES_UNKNOWN = T(
    zh="没有说各组本来该占多少，所以没有核对人数。",
    en="The planned shares of the arms were not given, so their sizes were not checked.",
)
_MISMATCH = T(
    zh="各组人数和计划不符（括号里是该有的）：{sizes}。",
    en="The arms have other sizes than planned (in brackets what they should be): {sizes}.",
)
_UNASSIGNED = T(zh="{n} 行没有分组，没有算进来。", en="{n} rows have no arm and were left out.")
_THIN = T(
    zh="{n} 层人太少，合在一起算。",
    en="{n} strata had too few customers of an arm and were put together.",
)
_TORN = T(
    zh="{n} 户的成员分在了不同的组：他们会互相影响，差别偏小。",
    en="{n} households have members in different arms: they influence each other, which hides part of an effect.",
)
_HEAVY = T(
    zh="“{outcome}”的波动有 {share} 来自一位客户：这个结果主要看他。",
    en="One customer makes {share} of the variation of {outcome}: the result rests on that one.",
)
_EXPLORATORY = T(
    zh="没有事先声明的分群只供探索：看得越多，碰巧越多。",
    en="Segments that were not declared before are exploratory: the more one looks at, the more chance will show.",
)
