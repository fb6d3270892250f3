"""The contracts of the lake: every stored table, declared once.

No name, address, phone or card number of a person and no free text is among the columns, and there is no column to
put one in: a frame with a column that its contract does not know is refused.
"""

from __future__ import annotations

from regulars.errors import InputError
from regulars.lake.contract import (
    CODE,
    CODES,
    COUNT,
    DAY,
    FLAG,
    ID,
    LABEL,
    MOMENT,
    MONEY,
    NUMBER,
    QUANTITY,
    Column,
    Contract,
)
from regulars.words import T

CUSTOMERS = Contract(
    "customers",
    grain=T(zh="一位客户", en="one customer"),
    key=("customer_id",),
    sort=("customer_id",),
    columns=(
        Column("customer_id", ID, required=True),
        Column("kind", CODE, required=True, one_of=("person", "organisation")),
        Column("nature", CODE),
        Column("source_channel", CODE),
        Column("acquired_on", DAY),
        Column("region", CODE),
        Column("store", CODE),
        Column("owner_id", ID),
        Column("household_id", ID),
        Column("attributes", CODES, unit="name=code"),
    ),
)

PRODUCTS = Contract(
    "products",
    grain=T(zh="一种商品", en="one product"),
    key=("product_id",),
    sort=("product_id",),
    columns=(
        Column("product_id", CODE, required=True),
        Column("name", LABEL),
        Column("category", LABEL, unit="path, parts divided by /"),
        Column("list_price", MONEY),
        Column("unit_cost", MONEY),
    ),
)

TRANSACTION_LINES = Contract(
    "transaction_lines",
    grain=T(zh="一行订单", en="one order line"),
    key=("source", "order_id", "line_no"),
    sort=("customer_id", "business_date", "order_id", "line_no"),
    month_of="business_date",
    columns=(
        Column("order_id", CODE, required=True),
        Column("line_no", COUNT, required=True),
        Column("customer_id", ID, unit="empty: an anonymous sale"),
        Column("ordered_at", MOMENT, required=True),
        Column("business_date", DAY, required=True, unit="day in the zone of the business"),
        Column("occasion_date", DAY, required=True, unit="day of the order that a return gives back, else its own"),
        Column("product_id", CODE),
        Column("category", LABEL, unit="as sold"),
        Column("is_product", FLAG, required=True, unit="false: postage, fee, correction"),
        Column("quantity", QUANTITY, required=True),
        Column("list_amount", MONEY, unit="currency"),
        Column("discount_amount", MONEY, unit="currency"),
        Column("net_amount", MONEY, required=True, unit="currency"),
        Column("cost_amount", MONEY, unit="currency"),
        Column("currency", CODE),
        Column("channel", CODE),
        Column("store", CODE),
        Column("kind", CODE, required=True, one_of=("sale", "return")),
        Column("returns_order_id", CODE),
        Column("named_order_id", CODE),
    ),
)

PAYMENTS = Contract(
    "payments",
    grain=T(zh="一张账单", en="one invoice"),
    key=("source", "invoice_id"),
    sort=("customer_id", "issued_on", "invoice_id"),
    columns=(
        Column("invoice_id", CODE, required=True),
        Column("customer_id", ID, required=True),
        Column("issued_on", DAY, required=True),
        Column("due_on", DAY),
        Column("amount", MONEY, required=True, unit="currency"),
        Column("currency", CODE),
        Column("paid_on", DAY),
        Column("paid_amount", MONEY, unit="currency"),
    ),
)

ACTIVITIES = Contract(
    "activities",
    grain=T(zh="为客户做的一件事", en="one thing done for a customer"),
    key=("source", "activity_id"),
    sort=("customer_id", "occurred_at", "activity_id"),
    columns=(
        Column("activity_id", CODE, required=True),
        Column("customer_id", ID, required=True),
        Column("activity", CODE, required=True),
        Column("occurred_at", MOMENT, required=True),
        Column("quantity", QUANTITY, unit="driver units"),
        Column("minutes", QUANTITY, unit="minutes"),
        Column("staff_id", ID),
        Column("channel", CODE),
    ),
)

COST_POOLS = Contract(
    "cost_pools",
    grain=T(zh="一项活动在一个期间的成本", en="the cost of one activity in one period"),
    key=("period", "activity"),
    sort=("period", "activity"),
    columns=(
        Column("period", CODE, required=True, unit="2026, 2026-Q1 or 2026-03"),
        Column("activity", CODE, required=True),
        Column("amount", MONEY, required=True, unit="reporting currency"),
        Column("class", CODE, required=True, one_of=("provide", "serve", "acquire", "retain", "market")),
        Column("driver", CODE),
        Column("capacity", QUANTITY, unit="driver units"),
    ),
)

SUBSCRIPTIONS = Contract(
    "subscriptions",
    grain=T(zh="一份合同的一个期间", en="one period of one contract"),
    key=("source", "contract_id", "period"),
    sort=("customer_id", "contract_id", "period"),
    columns=(
        Column("contract_id", CODE, required=True),
        Column("period", COUNT, required=True, unit="1 is the first"),
        Column("customer_id", ID, required=True),
        Column("started_on", DAY, required=True),
        Column("renewed_on", DAY),
        Column("ended_on", DAY),
        Column("amount", MONEY, unit="currency"),
        Column("currency", CODE),
    ),
)

EVENTS = Contract(
    "events",
    grain=T(zh="一次接触", en="one touch"),
    key=("source", "event_id"),
    sort=("customer_id", "occurred_at", "event_id"),
    month_of="occurred_at",
    columns=(
        Column("event_id", CODE, required=True),
        Column("customer_id", ID, required=True),
        Column("kind", CODE, required=True),
        Column("occurred_at", MOMENT, required=True),
        Column("channel", CODE),
        Column("product_id", CODE),
    ),
)

MEASURES = Contract(
    "measures",
    grain=T(zh="一位客户在一个期间的一个指标", en="one metric of one customer in one period"),
    key=("customer_id", "metric", "period"),
    sort=("customer_id", "metric", "period"),
    columns=(
        Column("customer_id", ID, required=True),
        Column("metric", CODE, required=True),
        Column("period", CODE, required=True, unit="2026, 2026-Q1 or 2026-03"),
        Column("value", NUMBER, required=True, unit="the metric's"),
    ),
)

RESPONSES = Contract(
    "responses",
    grain=T(zh="一个回答", en="one answer"),
    key=("source", "response_id", "metric"),
    sort=("customer_id", "answered_at", "response_id", "metric"),
    columns=(
        Column("response_id", CODE, required=True),
        Column("metric", CODE, required=True),
        Column("customer_id", ID, unit="empty: an anonymous answer"),
        Column("survey", CODE, required=True),
        Column("score", NUMBER, required=True, unit="the survey's"),
        Column("answered_at", MOMENT, required=True),
    ),
)

EXPOSURES = Contract(
    "exposures",
    grain=T(zh="一位客户在一个实验里", en="one customer in one experiment"),
    key=("experiment_id", "customer_id"),
    sort=("customer_id", "experiment_id"),
    columns=(
        Column("experiment_id", CODE, required=True),
        Column("customer_id", ID, required=True),
        Column("arm", CODE, required=True),
        Column("propensity", NUMBER, required=True, unit="probability of this arm"),
        Column("stratum", CODE),
        Column("assigned_at", MOMENT, required=True),
        Column("cost", MONEY, unit="reporting currency"),
    ),
)

_AMOUNTS = "reporting currency"

CUSTOMER_VALUE = Contract(
    "customer_value",
    grain=T(zh="一位客户在一次估值里", en="one customer of one valuation"),
    key=("valuation_id", "customer_id"),
    sort=("customer_id",),
    split_by="valuation_id",
    columns=(
        Column("valuation_id", CODE, required=True),
        Column("customer_id", ID, required=True),
        Column("as_of", DAY, required=True),
        Column("currency", CODE),
        Column("first_purchase", DAY),
        Column("last_purchase", DAY),
        Column("n_purchases", COUNT),
        Column("days_since_last_purchase", COUNT, unit="days"),
        Column("x", COUNT),
        Column("t_x", NUMBER, unit="weeks"),
        Column("T", NUMBER, unit="weeks"),
        Column("mean_repeat_spend", NUMBER, unit=_AMOUNTS),
        *[
            Column(name, MONEY, unit=_AMOUNTS)
            for name in (
                "revenue", "product_cost", "gross_profit", "cost_to_provide", "cost_to_serve", "marketing_cost",
                "net_profit", "lifetime_revenue", "lifetime_profit",
            )
        ],
        Column("p_alive", NUMBER, unit="probability"),
        Column("expected_purchases", NUMBER),
        Column("expected_purchases_low", COUNT),
        Column("expected_purchases_high", COUNT),
        Column("expected_spend", NUMBER, unit=_AMOUNTS),
        *[
            Column(name, MONEY, unit=_AMOUNTS)
            for name in (
                "future_value", "future_value_low", "future_value_high", "residual_value", "customer_value",
                "value_at_risk",
            )
        ],
        Column("at_risk", FLAG),
        Column("usual_gap_days", NUMBER, unit="days"),
        Column("next_order_due", DAY),
        *[Column(name, COUNT) for name in ("r_score", "f_score", "m_score")],
        *[
            Column(name, LABEL if name.endswith("_reason") else CODE)
            for name in (
                "rfm", "matrix", "matrix_reason", "tier", "tier_reason", "visit_class", "visit_class_before",
                "visit_change", "visit_reason", "strategy", "resource_grade", "strategy_reason",
            )
        ],
    ),
)  # fmt: skip

CONTRACTS: dict[str, Contract] = {
    contract.name: contract
    for contract in (
        CUSTOMERS,
        PRODUCTS,
        TRANSACTION_LINES,
        PAYMENTS,
        ACTIVITIES,
        COST_POOLS,
        SUBSCRIPTIONS,
        EVENTS,
        MEASURES,
        RESPONSES,
        EXPOSURES,
        CUSTOMER_VALUE,
    )
}


def contract_of(name: str) -> Contract:
    """Return the contract of the table `name`.

    Raises
    ------
    InputError
        When the lake has no such table; the remedy names those it has.
    """
    try:
        return CONTRACTS[name]
    except KeyError:
        raise InputError(
            T(zh=f"数据湖里没有表 {name!r}", en=f"the lake has no table {name!r}"),
            remedy=T(zh=f"可用的表：{'、'.join(CONTRACTS)}。", en=f"Its tables: {', '.join(CONTRACTS)}."),
        ) from None
