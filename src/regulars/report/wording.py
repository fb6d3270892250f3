"""The words of the report: names of classes, sections and table heads. Shop words, the same everywhere."""

from __future__ import annotations

from regulars.segment import TIER_NAMES
from regulars.words import T

CLASS_STYLE = {"IV": "pt", "III": "au", "II": "fe", "I": "pb"}
BASIS = {"net_profit": T(zh="净利", en="net profit"), "revenue": T(zh="收入", en="revenue")}
BASIS_HEAD = {"net_profit": T(zh="净利", en="Net profit"), "revenue": T(zh="收入", en="Revenue")}

PRODUCT = T(zh="熟客", en="Regulars")
REPORT = T(zh="客户价值报告", en="Customer value report")
NOT_ENOUGH = T(zh="数据不足", en="Not enough data")
DECIDE = T(zh="先定下这件事", en="Decide this first")
COLUMNS_FOUND = T(zh="认出的列", en="Columns found")
TABLE = T(zh="看表格", en="Table")
CHART = T(zh="看图", en="Chart")
CUSTOMER = T(zh="客户", en="Customer")
CUSTOMERS = T(zh="客户", en="Customers")
CLASS = T(zh="类别", en="Class")
SHARE_CUSTOMERS = T(zh="客户占比", en="Share of customers")
SHARE = T(zh="占比", en="Share")
CURRENT = T(zh="当前价值", en="Current value")
NOW_LATER = T(zh="现在 + 以后", en="Now + later")
FUTURE = T(zh="未来价值", en="Future value")
AT_RISK = T(zh="在险价值", en="Value at risk")
AT_STAKE = T(zh="涉及价值", en="At stake")
STILL_BUYING = T(zh="还在来的客户", en="Still buying")
P_ALIVE = T(zh="活跃概率", en="P(alive)")
INTERVAL = T(zh="90% 区间", en="90% interval")
PURCHASES = T(zh="购买次数", en="Purchases")
LAST = T(zh="最近购买", en="Last purchase")
WHY = T(zh="为什么", en="Why")
WHAT = T(zh="做什么", en="What")
TIER = T(zh="金银铜", en="Tier")
VISIT = T(zh="到店级别", en="Visit class")
RFM = T(zh="RFM", en="RFM")
ROWS = T(zh="行", en="Lines")
MONEY = T(zh="金额", en="Amount")
RESOURCES = T(zh="资源", en="Resources")
STRATEGY = T(zh="怎么待", en="Treatment")
GRADE = T(zh="资源等级", en="Resource grade")
REASON = T(zh="原因", en="Reason")

SECTIONS: dict[str, T] = {
    "contact": T(zh="先联系这些客户", en="Contact these first"),
    "concentration": T(zh="集中度", en="Concentration"),
    "pyramid": T(zh="三个三角", en="Three triangles"),
    "matrix": T(zh="价值矩阵", en="Value matrix"),
    "tiers": T(zh="金银铜与到店级别", en="Tiers and visit classes"),
    "rfm": T(zh="最近一次与次数（RFM）", en="Recency and frequency (RFM)"),
    "cohort": T(zh="回头率", en="Retention by cohort"),
    "alive": T(zh="活跃概率", en="P(alive)"),
    "trust": T(zh="预测可信吗", en="Can the forecast be trusted?"),
    "groups": T(zh="各组有没有不同", en="Do groups differ?"),
    "customers": T(zh="价值最高的客户", en="Top customers"),
    "left-out": T(zh="没算进来的", en="What was left out"),
    "mapping": COLUMNS_FOUND,
    "weak": T(zh="这些数字弱在哪里", en="Where these numbers are weak"),
    "reckoned": T(zh="怎么算的", en="How it is reckoned"),
}

SCRIPT_WORDS: dict[str, T] = {
    "customers": T(zh="位客户", en="customers"),
    "current": CURRENT,
    "future": FUTURE,
    "share_customers": SHARE_CUSTOMERS,
    "click": T(zh="点一下，看名单", en="Click to list them"),
    "value": T(zh="金额", en="Amount"),
    "cohort_after": T(zh="之后第 {n} 个月：", en="{n} months later: "),
    "cohort_after_quarter": T(zh="之后第 {n} 季：", en="{n} quarters later: "),
    "thin": T(zh="不足 30 位，不下结论", en="Under 30 customers, left empty"),
    "week": T(zh="第 {n} 周", en="Week {n}"),
    "actual": T(zh="实际", en="Actual"),
    "model": T(zh="模型", en="Model"),
    "hold": T(zh="留出期", en="Hold-out"),
    "table": TABLE,
    "chart": CHART,
    "none": T(zh="没有符合的客户。清掉筛选再看。", en="No customer fits. Clear the filter to see all."),
    "why": WHY,
    "no_future": NOT_ENOUGH,
    "of": T(zh="{a} – {b}，共 {n} 位", en="{a} – {b} of {n}"),
    "found": T(zh="{n} 位符合，共列出 {all} 位", en="{n} of the {all} listed"),
    "in_cell": T(zh="这一格共 {n} 位，列出其中 {m} 位", en="{n} in this cell, {m} of them listed"),
    "tier_gold": TIER_NAMES["gold"],
    "tier_silver": TIER_NAMES["silver"],
    "tier_bronze": TIER_NAMES["bronze"],
    "visit": T(zh="到店 {k}", en="Visit {k}"),
    "top_share": T(zh="当前价值前 {p}", en="Top {p} by current value"),
    "alive_between": T(zh="活跃概率 {a} – {b}", en="P(alive) {a} – {b}"),
    "cell": T(zh="矩阵一格：现在 {a}，以后 {b}", en="Matrix cell: now {a}, later {b}"),
    "purchases": PURCHASES,
    "last": LAST,
    "p_alive": P_ALIVE,
    "clear": T(zh="去掉这个筛选", en="Remove this filter"),
    "expected": T(zh="理想", en="Ideal"),
    "show_why": T(zh="为什么：{id}", en="Why: {id}"),
}
