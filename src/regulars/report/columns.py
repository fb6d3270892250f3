"""Titles of every column of the customer file and of order lines, zh and en; shared by Excel, HTML and docs."""

from __future__ import annotations

from typing import Literal, NamedTuple

from regulars.words import T

Kind = Literal["text", "money", "integer", "decimal", "share", "date", "flag"]


class Column(NamedTuple):
    """A column as people see it: its title and how its values are written."""

    title: T
    kind: Kind


def _c(zh: str, en: str, kind: Kind) -> Column:
    return Column(T(zh=zh, en=en), kind)


CUSTOMER_VALUE: dict[str, Column] = {
    "customer_id": _c("客户编号", "Customer", "text"),
    "as_of": _c("估值日", "Valuation date", "date"),
    "currency": _c("币种", "Currency", "text"),
    "first_purchase": _c("首次购买", "First purchase", "date"),
    "last_purchase": _c("最近购买", "Last purchase", "date"),
    "n_purchases": _c("购买次数", "Purchases", "integer"),
    "days_since_last_purchase": _c("距上次购买天数", "Days since last purchase", "integer"),
    "x": _c("复购次数 x", "Repeat purchases x", "integer"),
    "t_x": _c("首购到最近购买 t_x（周）", "First to last purchase t_x (weeks)", "decimal"),
    "T": _c("首购到估值日 T（周）", "First purchase to valuation T (weeks)", "decimal"),
    "mean_repeat_spend": _c("复购平均金额", "Mean repeat spend", "money"),
    "revenue": _c("近 12 个月收入", "Revenue, 12 months", "money"),
    "product_cost": _c("商品成本", "Product cost", "money"),
    "gross_profit": _c("毛利", "Gross profit", "money"),
    "cost_to_provide": _c("供应成本", "Cost to provide", "money"),
    "cost_to_serve": _c("服务成本", "Cost to serve", "money"),
    "marketing_cost": _c("营销成本", "Marketing cost", "money"),
    "net_profit": _c("近 12 个月净利（当前价值）", "Net profit, 12 months (current value)", "money"),
    "lifetime_revenue": _c("累计收入", "Revenue to date", "money"),
    "lifetime_profit": _c("累计净利", "Profit to date", "money"),
    "p_alive": _c("活跃概率", "P(alive)", "share"),
    "expected_purchases": _c("预计购买次数", "Expected purchases", "decimal"),
    "expected_purchases_low": _c("预计购买次数，90% 下界", "Expected purchases, 90% low", "decimal"),
    "expected_purchases_high": _c("预计购买次数，90% 上界", "Expected purchases, 90% high", "decimal"),
    "expected_spend": _c("预计每次金额", "Expected spend a purchase", "money"),
    "future_value": _c("未来价值", "Future value", "money"),
    "future_value_low": _c("未来价值，90% 下界", "Future value, 90% low", "money"),
    "future_value_high": _c("未来价值，90% 上界", "Future value, 90% high", "money"),
    "residual_value": _c("剩余价值（不限期）", "Residual value, no horizon", "money"),
    "customer_value": _c("客户价值（当前 + 未来）", "Customer value (current + future)", "money"),
    "value_at_risk": _c("在险价值", "Value at risk", "money"),
    "at_risk": _c("晚得反常", "Unusually late", "flag"),
    "usual_gap_days": _c("平常间隔（天）", "Usual gap (days)", "decimal"),
    "next_order_due": _c("下次下单", "Next order", "date"),
    "r_score": _c("R 分", "R score", "integer"),
    "f_score": _c("F 分", "F score", "integer"),
    "m_score": _c("M 分", "M score", "integer"),
    "rfm": _c("RFM", "RFM", "text"),
    "matrix": _c("价值矩阵", "Value matrix", "text"),
    "matrix_reason": _c("为何归入此类", "Why this class", "text"),
    "tier": _c("金银铜", "Tier", "text"),
    "tier_reason": _c("为何此牌", "Why this tier", "text"),
    "visit_class": _c("到店级别", "Visit class", "text"),
    "visit_class_before": _c("上月到店级别", "Visit class, month before", "text"),
    "visit_change": _c("级别升降", "Visit class change", "text"),
    "visit_reason": _c("为何此级", "Why this visit class", "text"),
    "strategy": _c("怎么待", "Treatment", "text"),
    "resource_grade": _c("资源等级", "Resource grade", "text"),
    "strategy_reason": _c("为何这样待", "Why this treatment", "text"),
}
"""Every column of customer_value.parquet, in its order."""

ORDER_LINES: dict[str, Column] = {
    "customer_id": _c("客户编号", "Customer", "text"),
    "order_id": _c("订单号", "Order number", "text"),
    "line_no": _c("行号", "Line number", "integer"),
    "ordered_at": _c("下单时间", "Ordered at", "date"),
    "product_id": _c("商品编号", "Product", "text"),
    "product_name": _c("商品名称", "Product name", "text"),
    "category": _c("类目", "Category", "text"),
    "quantity": _c("数量", "Quantity", "decimal"),
    "unit_price": _c("单价", "Unit price", "money"),
    "net_amount": _c("金额", "Amount", "money"),
    "discount_amount": _c("折扣", "Discount", "money"),
    "unit_cost": _c("单位成本", "Unit cost", "money"),
    "cost_amount": _c("成本", "Cost", "money"),
    "currency": _c("币种", "Currency", "text"),
    "channel": _c("渠道", "Channel", "text"),
    "store": _c("门店", "Store", "text"),
    "kind": _c("类型（销售、退货）", "Kind (sale, return)", "text"),
    "returns_order_id": _c("退的哪张单", "Order it returns", "text"),
}
"""Canonical columns of an orders file, as shown beside the source's own names."""


def title(name: str) -> T:
    """Return the title of a column of either table; an unknown one keeps its own name."""
    column = CUSTOMER_VALUE.get(name) or ORDER_LINES.get(name)
    return column.title if column else T(zh=name, en=name)
