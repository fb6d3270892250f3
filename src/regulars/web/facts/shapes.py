"""What reads of the lake return: plain, frozen, ready to be shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from regulars.words import T


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an order; `cost_amount` is None for who may not read costs."""

    product_id: str | None
    product_name: str | None
    category: str | None
    quantity: Decimal
    net_amount: Decimal
    cost_amount: Decimal | None
    kind: str
    returns_order_id: str | None
    is_product: bool


@dataclass(frozen=True, slots=True)
class Order:
    """The lines that one order number has on one day. What was given back on that day is an order of its own."""

    source: str
    order_id: str
    ordered_at: datetime
    business_date: date
    kind: str
    channel: str | None
    store: str | None
    currency: str | None
    net_amount: Decimal
    cost_amount: Decimal | None
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Product:
    """What a customer bought of one product, net of what came back."""

    product_id: str
    name: str | None
    category: str | None
    quantity: Decimal
    net_amount: Decimal
    n_orders: int
    last_bought: date


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the waterfall: a start, something taken away, or what is left. None: not known."""

    key: str
    words: T
    amount: Decimal | None
    is_total: bool = False


@dataclass(frozen=True, slots=True)
class Waterfall:
    """Where a customer's revenue of the trailing twelve months went."""

    since: date
    until: date
    currency: str | None
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Rhythm:
    """When a customer bought, how long they usually wait, when the next order is due by their own history.

    `gaps` are the days between purchase days, oldest first. `usual_gap_days` and `next_order_due` are None where one
    purchase says nothing about a rhythm. `late_days` counts from the due day to `until`, 0 where it is not reached.
    """

    until: date
    purchases: tuple[tuple[date, Decimal], ...]
    gaps: tuple[int, ...]
    usual_gap_days: float | None
    next_order_due: date | None
    late_days: int


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of an aggregate: its classes, how many customers, what they amount to.

    In a cell that is `hidden` fewer customers stand than may be shown to somebody who cannot open their records: all
    figures are None.
    """

    key: tuple[str | None, ...]
    n: int | None
    current_value: Decimal | None
    future_value: Decimal | None
    customer_value: Decimal | None
    value_at_risk: Decimal | None
    still_buying: float | None
    at_risk: int | None
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition on a column of `customer_value`; `op` is eq, ne, lt, le, gt, ge, in, known or unknown.

    None among the values of ``in`` stands for "not known".
    """

    column: str
    op: str
    value: object = None
