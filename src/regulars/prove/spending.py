"""What a purchase is worth: spend times a margin, or profit as it is, losses included; chosen on earlier origins."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from regulars.errors import NotEnoughData
from regulars.prove.earnings import Earnings
from regulars.prove.origins import Floats
from regulars.words import T

GAMMA_GAMMA, NORMAL_NORMAL = "Gamma-Gamma", "Normal-normal"
SPEND_CANDIDATES: dict[str, Callable[[Earnings], Floats]] = {
    GAMMA_GAMMA: Earnings.by_spend,
    NORMAL_NORMAL: Earnings.by_profit,
}
LOSING = 0.01
"""The profit model competes where at least one line in a hundred was sold for less than it cost."""
MATTERS = 0.01
"""A mean squared error that is smaller by less than 1 % is no smaller, however surely."""
NOT_FITTED = T(
    zh="{other} 在较早的起点上无法拟合：{why}。", en="{other} could not be fitted at earlier origins: {why}."
)
FEWEST = 50
"""Customers who came back, and customers known, at an origin that anything is judged on."""

RULE = T(
    zh="在较早的检验起点上，比较两种办法预测的每次利润和之后实际每次利润的平均平方误差（每次购买等权）："
    "Gamma-Gamma 的金额乘以毛利率，或直接对利润建模、允许亏损的 Normal-normal。"
    "默认是 Gamma-Gamma；Normal-normal 的误差要小一个标准误以上、而且小 1% 以上才采用。"
    "亏本卖出的行不到百分之一时不比。",
    en="At earlier origins the profit per purchase that each way forecasts is compared with what purchases then left, "
    "by the mean squared error, each purchase alike: Gamma-Gamma spend times the margin, or Normal-normal, a model of "
    "profit itself that allows losses. Gamma-Gamma is the default; Normal-normal is taken where its error is smaller "
    "by more than one standard error and by more than 1 %. With fewer than one line in a hundred sold below cost "
    "nothing is compared.",
)
FITS = T(zh="很少亏本卖：亏本卖出的行占 {p}", en="little is sold at a loss: {p} of lines were below cost")
NO_PROFIT = T(zh="没有成本，价值按收入算", en="no costs are known, and values are revenue")
NO_ORIGIN = T(zh="没有较早的检验起点可比", en="there is no earlier origin to compare on")
TOO_FEW = T(zh="较早的起点上客户太少", en="too few customers at the earlier origins")


@dataclass(frozen=True, slots=True)
class SpendError:
    """How far one way was off at the origins, in money a purchase: root mean squared error, and bias (too much: > 0).

    `failed` says why there are none.
    """

    name: str
    rmse: float | None
    bias: float | None
    failed: T | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return the errors as the model card carries them."""
        failed = None if self.failed is None else self.failed.as_dict()
        return {"name": self.name, "rmse": self.rmse, "bias": self.bias, "failed": failed}


@dataclass(frozen=True, slots=True)
class SpendChoice:
    """Which way the worth of a purchase is forecast, why, and how either did.

    `scores` are of the earlier origins, on which it was chosen; `held_out` of the last, on which nothing was chosen.
    """

    name: str
    reason: T
    scores: tuple[SpendError, ...] = ()
    held_out: tuple[SpendError, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Return the choice as the model card carries it."""
        return {
            "name": self.name,
            "reason": self.reason.as_dict(),
            "rule": RULE.as_dict(),
            "scores": [each.as_dict() for each in self.scores],
            "held_out": [each.as_dict() for each in self.held_out],
        }


def default_spend(why: T) -> SpendChoice:
    """Return the default, which nothing was compared with, and why."""
    reason = T(zh="用默认的 {name}：{why}。", en="The default {name}: {why}.").format(name=GAMMA_GAMMA, why=why)
    return SpendChoice(GAMMA_GAMMA, reason)


def choose_spend(earlier: Sequence[Earnings], last: Earnings | None) -> SpendChoice:
    """Choose by the error at the earlier origins; that at the last one is reckoned beside and chooses nothing.

    Notes
    -----
    Squared errors are paired: each customer's under one way less that under the other, weighed by purchases. Their
    standard error takes customers as independent. As at `choose_model` the same customers stand at several origins, so
    the origins' own standard errors are averaged as if they agreed perfectly.
    """
    usable = [each for each in earlier if _enough(each)]
    if not usable:
        return default_spend(TOO_FEW if earlier else NO_ORIGIN)
    held_out = tuple(_judged([last])[0].values()) if last is not None and _enough(last) else ()
    errors, forecasts = _judged(usable)
    scores, default = tuple(errors.values()), errors[GAMMA_GAMMA]
    failed = [each for each in scores if each.failed is not None]
    if failed or default.rmse is None:
        name = NORMAL_NORMAL if failed[0].name == GAMMA_GAMMA and len(failed) == 1 else GAMMA_GAMMA
        return SpendChoice(name, NOT_FITTED.format(other=failed[0].name, why=failed[0].failed), scores, held_out)
    gain, error = _gain(usable, forecasts)
    square = default.rmse**2
    name = NORMAL_NORMAL if gain > max(error, MATTERS * square) else GAMMA_GAMMA
    return SpendChoice(name, _reason(name, square, gain, error, len(usable)), scores, held_out)


def _enough(each: Earnings) -> bool:
    return len(each.n) >= FEWEST and int(np.count_nonzero(each.later)) >= FEWEST


def _judged(origins: Sequence[Earnings]) -> tuple[dict[str, SpendError], dict[str, list[Floats]]]:
    """Return how far each way was off, and what it forecast at each origin."""
    errors, forecasts = {}, {}
    for name, way in SPEND_CANDIDATES.items():
        try:
            forecasts[name] = [way(each) for each in origins]
        except NotEnoughData as error:
            errors[name] = SpendError(name, None, None, error.why)
        else:
            errors[name] = _error(name, origins, forecasts[name])
    return errors, forecasts


def _error(name: str, origins: Sequence[Earnings], forecasts: Sequence[Floats]) -> SpendError:
    off = [forecast - each.later_profit for each, forecast in zip(origins, forecasts, strict=True)]
    bought = sum(float(np.sum(each.later)) for each in origins)
    square = sum(float(np.sum(each.later * by**2)) for each, by in zip(origins, off, strict=True))
    bias = sum(float(np.sum(each.later * by)) for each, by in zip(origins, off, strict=True))
    return SpendError(name, float(np.sqrt(square / bought)), bias / bought)


def _gain(origins: Sequence[Earnings], forecasts: dict[str, list[Floats]]) -> tuple[float, float]:
    """Return how much smaller the squared error a purchase is with profit than with spend, and its standard error."""
    gain = error = bought = 0.0
    for each, spend, profit in zip(origins, forecasts[GAMMA_GAMMA], forecasts[NORMAL_NORMAL], strict=True):
        n = float(np.sum(each.later))
        less = (spend - each.later_profit) ** 2 - (profit - each.later_profit) ** 2
        mean = float(np.sum(each.later * less) / n)
        gain += n * mean
        error += float(np.sqrt(np.sum((each.later * (less - mean)) ** 2)))
        bought += n
    return gain / bought, error / bought


def _reason(name: str, square: float, gain: float, error: float, n_origins: int) -> T:
    on = T(zh="{n} 个较早的起点上", en="{n} earlier origin{s}").format(n=n_origins, s="" if n_origins == 1 else "s")
    if name == NORMAL_NORMAL:
        said = T(
            zh="在 {on}，直接预测利润（{other}）比金额乘毛利率（{default}）准："
            "平方误差小 {gain:.0%}（标准误 {error:.0%}）。",
            en="On {on} forecasting profit itself ({other}) beat spend times the margin ({default}): the squared error "
            "was {gain:.0%} smaller (standard error {error:.0%}).",
        )
    elif gain > 0:
        said = T(
            zh="在 {on}，直接预测利润（{other}）只略准一点："
            "平方误差小 {gain:.1%}（标准误 {error:.1%}），因此留用默认的 {default}。",
            en="On {on} forecasting profit itself ({other}) did little better: the squared error was {gain:.1%} "
            "smaller (standard error {error:.1%}), so the default {default} stays.",
        )
    else:
        said = T(
            zh="在 {on}，默认的 {default} 乘毛利率比直接预测利润（{other}）准："
            "后者的平方误差大 {loss:.0%}（标准误 {error:.0%}）。",
            en="On {on} the default {default} times the margin forecast profit better than {other} did, whose squared "
            "error was {loss:.0%} larger (standard error {error:.0%}).",
        )
    return said.format(
        on=on, default=GAMMA_GAMMA, other=NORMAL_NORMAL, gain=gain / square, loss=-gain / square, error=error / square
    )
