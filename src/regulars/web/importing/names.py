"""What our fields are called where a file's columns are matched to them."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

FIELDS: dict[str, str | Promise] = {
    # orders
    "customer_id": _("Customer number"),
    "order_id": _("Order number"),
    "line_no": _("Line number"),
    "ordered_at": _("Order date"),
    "product_id": _("Product code"),
    "product_name": _("Product name"),
    "category": _("Category"),
    "quantity": _("Quantity"),
    "unit_price": _("Unit price"),
    "net_amount": _("Amount of the line"),
    "cost_amount": _("Cost of the line"),
    "unit_cost": _("Cost of one piece"),
    "currency": _("Currency"),
    "channel": _("Channel"),
    "store": _("Store"),
    "returns_order_id": _("Order that a return gives back"),
    # contracts
    "contract_id": _("Contract number"),
    "period": _("Number of the period"),
    "started_on": _("Start of the period"),
    "ended_on": _("End of the period"),
    "renewed_on": _("Renewed on"),
    "renewed": _("Renewed, yes or no"),
    "amount": _("Amount of the period"),
    # customers
    "external_id": _("Customer number"),
    "name": _("Name"),
    "kind": _("Person or organisation"),
    "nature": _("Nature"),
    "phone": _("Phone"),
    "email": _("E-mail"),
    "address": _("Address"),
    "birthday": _("Birthday"),
    "gender": _("Gender"),
    "card": _("Card number"),
    "region": pgettext_lazy("customer", "Region"),
    "acquired_on": _("Known since"),
    "owner": _("Owner"),
}

NEEDED = {
    "orders": ("customer_id", "ordered_at"),
    "customers": ("external_id",),
    "contracts": ("customer_id", "started_on"),
}
MONEY = ("net_amount", "unit_price")
"""Orders need one of them."""
