"""What a forecast takes for granted and does not see, in sentences that are true of the models it was made with."""

from __future__ import annotations

from regulars.valuation.by_profit import ByProfit
from regulars.valuation.worth import Worth
from regulars.words import T

UNSEEN = T(zh="不看季节、促销、价格和渠道。", en="Ignores season, promotion, price and channel.")
AT_RANDOM = T(
    zh="客户活跃期间按各自不变的速率随机购买",
    en="While active, a customer buys at random, at a rate that does not change",
)
BY_THE_CLOCK = T(
    zh="客户活跃期间按各自不变的速率、以一样的规律性（k = {k}，对所有客户相同）购买",
    en="While active, a customer buys at a rate that does not change, as regularly as everybody else (k = {k})",
)
UNSEEN_BUT = T(
    zh="不看季节、促销和价格；客户之间只分 {by}。",
    en="Ignores season, promotion and price; of customers it knows the {by} and nothing else.",
)
LEAVING = {
    "NBD": T(zh="；没有人会离开。", en="; nobody ever leaves."),
    "Pareto/NBD": T(
        zh="；离开可以在任何时候，和购买速率无关。", en="; they may leave at any time, whatever their rate."
    ),
    "BG/NBD": T(
        zh="；只在复购之后离开，各自的可能性不变，和购买速率无关；只买过一次的都算还活跃。",
        en="; they leave after a repeat purchase, with a chance of their own that does not change, whatever their "
        "rate; who bought once counts as active.",
    ),
    "MBG/NBD": T(
        zh="；只在购买之后离开，各自的可能性不变，和购买速率无关。",
        en="; they leave after a purchase, with a chance of their own that does not change, whatever their rate.",
    ),
}
LEAVING |= {"BG/CNBD-k": LEAVING["BG/NBD"], "MBG/CNBD-k": LEAVING["MBG/NBD"]}
SPENDING = T(
    zh="每次金额围绕各自不变的平均数，和购买频率无关。",
    en="Spend varies round a mean of the customer's own that does not change, and has nothing to do with how often "
    "they buy.",
)
MARGIN = T(
    zh="一元收入留下多少，按近 12 个月算，当作确定的。",
    en="What a unit of revenue leaves is taken from the last twelve months, and as certain.",
)
EARNING = T(
    zh="每次利润（可以是亏损）围绕各自不变的平均数，按正态分布散开，散开多少对所有客户一样，和购买频率无关；金额本身不预测。",
    en="Profit, which may be a loss, varies by a normal law round a mean of the customer's own that does not change, "
    "as widely for everybody, and has nothing to do with how often they buy; what they spend is not forecast.",
)


def ignored(name: str, worth: Worth, *, k: int | None = None, by: str | None = None) -> T:
    """Return what the model called `name`, with this worth of a purchase, ignores and assumes.

    `k` is the regularity of regular buyers' models, `by` what groups with parameters of their own go by.
    """
    pace = AT_RANDOM if k is None else BY_THE_CLOCK.format(k=k)
    bought = T(zh=pace.zh + LEAVING[name].zh, en=pace.en + LEAVING[name].en)
    worth_of_it = (EARNING,) if isinstance(worth, ByProfit) else (SPENDING, *([MARGIN] if worth.margins else []))
    unseen = UNSEEN if by is None else UNSEEN_BUT.format(by=by)
    parts = (unseen, bought, *worth_of_it)
    return T(zh="".join(part.zh for part in parts), en=" ".join(part.en for part in parts))
