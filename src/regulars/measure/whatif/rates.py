"""The discount rate, explained with its own arithmetic."""

from __future__ import annotations

from regulars.measure.annuity import compound_interest, present_value
from regulars.words import T

_WHICH = T(
    zh="折现率通常取无风险利率（如国债利率）；把客户关系当作有风险的投资时，再加上风险。",
    en="The discount rate is normally the risk-free rate, such as that of government bonds; add to it where you see "
    "your customers as a risky investment.",
)
_YEARS = T(
    zh="按 {rate}，明年的 100 等于今天的 100 ÷ (1 + {rate}) = {one}；"
    "后年的 100 等于 100 ÷ [(1 + {rate}) × (1 + {rate})] = {two}。",
    en="At {rate}, 100 next year is worth 100 / (1 + {rate}) = {one} today, and 100 the year after "
    "100 / [(1 + {rate}) × (1 + {rate})] = {two}.",
)
_FIFTY = T(
    zh="时间比看上去更有力：100 万按 3 % 复利 50 年，利息是 {interest}。",
    en="Time weighs more than it seems: 1,000,000 at 3 % for 50 years earns {interest} in interest.",
)
_FALLS = T(
    zh="折现率越高，将来的购买今天值得越少：期限越长，差别越大。",
    en="The higher the rate, the less a future purchase is worth today, and the further ahead one looks the more so.",
)


def rate_help(rate: float = 0.1) -> list[T]:
    """Return what a discount rate is, in sentences whose figures are computed at an annual `rate`.

    Raises
    ------
    InputError
        For a negative rate.

    Examples
    --------
    >>> rate_help()[1]["en"].partition(", and ")[2]
    '100 the year after 100 / [(1 + 10 %) × (1 + 10 %)] = 82.64.'
    """
    one, two = (float(present_value(100, years, rate)) for years in (1, 2))
    interest = float(compound_interest(1_000_000, 50, 0.03))
    return [
        _WHICH,
        _YEARS.format(rate=f"{100 * rate:.4g} %", one=f"{one:.2f}", two=f"{two:.2f}"),
        _FIFTY.format(interest=T(zh=f"{interest / 1e4:.0f} 万", en=f"{interest:,.0f}")),
        _FALLS,
    ]
