"""Where these numbers are weak: what a careful reader would ask, answered before they ask."""

from __future__ import annotations

from regulars.measure.lifetime.kind import FITS
from regulars.valuation.run import Valuation
from regulars.words import T

FEW = 300
BIASED = 0.15
LEFT_OUT = 0.1
NOBODY_LEFT = 0.95
FIXED = T(zh="{why}。这里的模型却假定随时可买；{fits}。", en="{why}. The models here assume any day; {fits}.")

HELD = 0.9
"""The level of the hold-out's intervals, whatever that of the customers' is."""


def weaknesses(v: Valuation) -> list[T]:
    """Return the weaknesses of this run, the gravest first."""
    return [*_forecast(v), *_models(v), *_data(v)]


def _forecast(v: Valuation) -> list[T]:
    if v.future is None:
        return []
    card, found = v.holdout, []
    if card is None:
        return [v.untested] if v.untested else []
    if v.refit is not None and v.refit.due and v.given is not None:
        found.append(v.refit.reason)
    chosen = next(row for row in card["models"] if row["name"] == card["chosen"])
    bias = chosen["bias"]
    if bias is not None and abs(bias) > BIASED:
        much = T(zh="多", en="too many") if bias > 0 else T(zh="少", en="too few")
        found.append(
            T(
                zh="留出期里，预测的总购买次数{much}了 {bias:.0%}；未来价值可能同样偏。",
                en="In the hold-out the forecast had {bias:.0%} {much} purchases; future value may be off alike.",
            ).format(much=much, bias=abs(bias))
        )
    if not card["contains"]:
        found.append(
            T(
                zh="留出期的实际总数落在预测的 90% 区间之外：买法在变，总数的区间太窄。",
                en="The hold-out's total lies outside the forecast's 90% interval: habits change, so intervals of "
                "totals are too narrow.",
            )
        )
    if card["coverage90"] < HELD:
        found.append(
            T(zh="90% 区间只盖住了 {c:.0%} 的客户。", en="The 90% intervals covered only {c:.0%} of customers.").format(
                c=card["coverage90"]
            )
        )
    return found


def _models(v: Valuation) -> list[T]:
    if v.future is None:
        return []
    found: list[T] = []
    if v.kind.name == "discrete":
        found.append(FIXED.format(why=v.kind.reason, fits=FITS[v.kind.name]))
    spend = v.future.worth.spend
    if v.future.model.boundary_ is not None:
        found.append(
            T(
                zh="购买模型的估计落在边界上：{why}。", en="The purchase model's estimate lies at a boundary: {why}."
            ).format(why=v.future.model.boundary_)
        )
    scores = v.future.scores
    alive = float((scores.p_alive * scores.histories.count).sum() / scores.histories.count.sum())
    if alive > NOBODY_LEFT:
        found.append(
            T(
                zh="模型几乎看不到有人离开（平均活跃概率 {p:.1%}）：这段数据太短或太规律，在险价值可能偏小。",
                en="The model sees hardly anyone leave (mean P(alive) {p:.1%}): the data are too short or too regular "
                "to show it, and value at risk may be too small.",
            ).format(p=alive)
        )
    if spend.boundary_ is not None:
        found.append(
            T(
                zh="消费模型的估计落在边界上：{why}。", en="The spend model's estimate lies at a boundary: {why}."
            ).format(why=spend.boundary_)
        )
    if spend.warning_ is not None:
        found.append(spend.warning_)
    if spend.population_note_ is not None:
        found.append(spend.population_note_)
    if v.n_customers < FEW:
        found.append(
            T(
                zh="只有 {n} 位客户，参数本身就不太确定。",
                en="There are only {n} customers, so the parameters are uncertain.",
            ).format(n=v.n_customers)
        )
    found.append(
        T(
            zh="单个客户的区间以拟合出的参数为准；模型假定各自的购买节奏不变，看不到季节、涨价和促销。",
            en="A customer's interval takes the fitted parameters as known; the model holds each rhythm constant and "
            "does not see seasons, price changes or promotions.",
        )
    )
    return found


def _data(v: Valuation) -> list[T]:
    found = []
    orders = v.orders
    out = sum(e.rows for e in orders.left_out)
    if orders.n_rows_read and out / orders.n_rows_read > LEFT_OUT:
        found.append(
            T(
                zh="{share:.0%} 的行没有算进来，原因见“没算进来的”。",
                en="{share:.0%} of the rows were left out; the section on what was left out says why.",
            ).format(share=out / orders.n_rows_read)
        )
    if v.basis == "revenue":
        found.append(
            T(
                zh="没有成本：价值是收入，不是利润；亏钱的客户看不出来。",
                en="No costs: values are revenue, not profit; customers who lose money cannot be told.",
            )
        )
    else:
        found.append(
            T(
                zh="净利只扣了商品成本，供应和服务的成本还不知道。",
                en="Net profit subtracts product cost only; costs to provide and to serve are not known.",
            )
        )
    return found
