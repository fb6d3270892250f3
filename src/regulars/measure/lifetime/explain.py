"""P(alive) in a salesperson's words."""

from __future__ import annotations

from regulars.words import T

ONE_TIME_NOTE = T(
    zh="BG/NBD 假定客户只会在复购之后流失，所以只买过一次的客户一律算作 100 % 活跃。这是模型的假定，不是数据说的；"
       "MBG/NBD 和 Pareto/NBD 允许首购之后就流失。",
    en="The BG/NBD lets a customer drop out only after a repeat purchase, so everyone who bought once counts as 100 % "
       "alive. That is the model's assumption and not a finding; the MBG/NBD and the Pareto/NBD let people leave after "
       "the first purchase.",
)  # fmt: skip


def _days(days: float, longest: bool = False) -> T:
    n = max(round(days), 0 if longest else 1)
    return T(zh=f"{n} 天", en="1 day" if n == 1 else f"{n} days")


def alive_sentence(x: int, gap_days: float, silent_days: float, alive: float) -> T:
    """Return e.g. "Usually buys every 9 days, last seen 40 days ago: 12 % likely to come back"."""
    last = _days(silent_days, longest=True)
    share = T(zh=f"{_percent(alive)} %", en=f"{_percent(alive)} %")
    if x == 0:
        sentence = T(
            zh="只在 {last}前买过一次：还会再来的可能是 {share}",
            en="Bought once, {last} ago: {share} likely to come back",
        )
    elif x == 1:
        sentence = T(
            zh="买过两次，相隔 {gap}，最近一次在 {last}前：还会再来的可能是 {share}",
            en="Bought twice, {gap} apart, last seen {last} ago: {share} likely to come back",
        )
    else:
        sentence = T(
            zh="平时每 {gap}买一次，最近一次在 {last}前：还会再来的可能是 {share}",
            en="Usually buys every {gap}, last seen {last} ago: {share} likely to come back",
        )
    return sentence.format(gap=_days(gap_days), last=last, share=share)


def _percent(share: float) -> str:
    """Return a percentage that never rounds to a certainty that is none."""
    percent = 100.0 * share
    if 0.0 < percent < 1.0:
        return "< 1"
    return "> 99" if 99.0 < percent < 100.0 else f"{percent:.0f}"
