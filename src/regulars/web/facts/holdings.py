"""What the lake holds about a person, for the answer to their request. Erasing them changes nothing of it.

Rows of the lake carry a number that the workspace alone can lead back to somebody. Once it cannot, sums stay as they
are and nobody is named: erasing rewrites no file of the lake.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from regulars.web.core.actor import Actor
from regulars.web.facts.history import MOST_LINES
from regulars.web.facts.selectors import orders_of
from regulars.web.facts.shapes import Line, Order


def disclose(actor: Actor, customer_id: int) -> list[dict[str, Any]]:
    """Return a person's orders and returns with their lines, newest first: what they know themselves, no costs."""
    return [_order(order) for order in orders_of(actor, customer_id, limit=MOST_LINES)]


def _order(order: Order) -> dict[str, Any]:
    told = {
        "order_id": order.order_id,
        "kind": order.kind,
        "ordered_at": order.business_date.isoformat(),
        "channel": order.channel,
        "store": order.store,
        "net_amount": _plain(order.net_amount),
        "currency": order.currency,
        "lines": [_line(line) for line in order.lines],
    }
    return {name: value for name, value in told.items() if value is not None}


def _line(line: Line) -> dict[str, Any]:
    told = {
        "product_id": line.product_id,
        "product_name": line.product_name,
        "category": line.category,
        "quantity": _plain(line.quantity),
        "net_amount": _plain(line.net_amount),
        "returns_order_id": line.returns_order_id,
    }
    return {name: value for name, value in told.items() if value is not None}


def _plain(amount: Decimal) -> str:
    return f"{amount.normalize():f}"
