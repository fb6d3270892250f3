"""Whether groups of customers, such as stores, earn parameters of their own: one more candidate, judged alike."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from regulars.errors import NotEnoughData
from regulars.measure.lifetime.grouped import RULE, Grouped
from regulars.prove.candidates import GROUPABLE, grouped_name
from regulars.prove.forecast import Floats
from regulars.prove.members import WHOSE
from regulars.prove.origins import Cells
from regulars.words import T

Scored = Callable[[str, Cells], Floats]
"""Fits the candidate of that name and returns the log score of every cell."""

TAKEN = T(
    zh="按 {by} 分组站得住：在 {on} 个较早的起点上，每位客户的平均对数概率比所有人共用一组参数高 {gain:.4f}"
    "（标准误 {error:.4f}）。",
    en="Groups by {by} earned their place: on {on} earlier origin{s} they gained {gain:.4f} in mean log probability a "
    "customer over one set of parameters for everyone (standard error {error:.4f}).",
)
NOT_TAKEN = T(
    zh="按 {by} 分组没有站住：在 {on} 个较早的起点上，每位客户的平均对数概率比所有人共用一组参数只差 {gain:+.4f}"
    "（标准误 {error:.4f}；一个标准误或 {least} 以内不算），所以所有人共用一组参数。",
    en="Groups by {by} did not earn their place: on {on} earlier origin{s} they changed the mean log probability a "
    "customer by {gain:+.4f} against one set of parameters for everyone (standard error {error:.4f}; within one of "
    "these or {least} does not count), so one set serves all.",
)
NOT_TRIED = T(zh="没有按 {by} 分组：{why}。", en="No groups by {by}: {why}.")
NO_ORIGIN = T(zh="没有较早的起点可以检验", en="there is no earlier origin to judge them on")
NO_KIND = T(
    zh="选中的是规律型客户的模型，它不能按组拟合",
    en="the model chosen is one of regular buyers, which cannot be fitted by groups",
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether groups earned their place: `gain` in mean log score a customer over the same model for everyone.

    `name` is the candidate's, None where it could not be tried.
    """

    by: str
    name: str | None
    taken: bool
    reason: T
    gain: float | None = None
    standard_error: float | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return the verdict as the model card carries it."""
        return {
            "by": self.by,
            "name": self.name,
            "taken": self.taken,
            "gain": self.gain,
            "standard_error": self.standard_error,
            "reason": self.reason.as_dict(),
            "rule": RULE.as_dict(),
            "whose": WHOSE.format(by=self.by).as_dict(),
        }


def untried(by: str, why: T) -> Verdict:
    """Return the verdict on groups that could not be tried."""
    return Verdict(by, None, taken=False, reason=NOT_TRIED.format(by=by, why=why))


def weigh(
    model: str, plain: Sequence[Floats], cells: Sequence[Cells], score: Scored, matters: float
) -> tuple[Verdict, list[Floats] | None]:
    """Hold a model by groups against the same model for everyone, whose log scores of the origins' cells are `plain`.

    Groups are taken where they are better by more than one standard error and by more than `matters`: where nothing is
    to be told, the simpler model stays.

    Returns
    -------
    tuple
        The verdict, and the log scores by groups where every origin has them.
    """
    assert cells[0].group is not None
    by = cells[0].group.by
    if model not in GROUPABLE:
        return untried(by, NO_KIND), None
    name, found = grouped_name(model, by), list[Floats | None]()
    why: T | None = None
    for each in cells:
        try:
            found.append(score(name, each))
        except NotEnoughData as error:
            found.append(None)
            why = error.why
    both = [(c, p, g) for c, p, g in zip(cells, plain, found, strict=True) if g is not None]
    if not both or found[-1] is None:  # the last is the nearest to today
        return untried(by, why or NO_ORIGIN), None
    sizes = np.array([c.n for c, _, _ in both], dtype=np.float64)
    share = sizes / sizes.sum()
    gain = float(share @ [c.count @ (g - p) / c.n for c, p, g in both])
    error_ = float(share @ [standard_error(g - p, c.count) for c, p, g in both])
    taken = gain > max(error_, matters)
    said = (TAKEN if taken else NOT_TAKEN).format(
        by=by, on=len(both), s="" if len(both) == 1 else "s", gain=gain, error=error_, least=matters
    )
    scores = [g for g in found if g is not None]
    return Verdict(by, name, taken, said, gain, error_), scores if len(scores) == len(cells) else None


def standard_error(values: Floats, count: Floats) -> float:
    """Return the standard error of the mean of values with counts."""
    n = count.sum()
    mean = count @ values / n
    return float(np.sqrt(count @ (values - mean) ** 2 / max(n - 1, 1) / n))


def group_rows(model: Grouped, *, weeks: float) -> list[dict[str, Any]]:
    """Return each group as cards and reports show it, the largest first, those taken together last.

    `new_purchases` are the repeat purchases to expect within `weeks` of somebody who has just bought for the first
    time.
    """
    order = sorted(model.groups.items(), key=lambda item: (item[0] == "", -item[1].customers, item[0]))
    return [
        {
            "name": name or None,
            "customers": each.customers,
            "parameters": {p: getattr(each.model, f"{p}_") for p in each.model.names},
            "weight": each.weight,
            "new_purchases": float(each.model.expected_purchases_new(weeks)),
        }
        for name, each in order
    ]
