"""What the pages of value put into the shell and onto the customer's page."""

from __future__ import annotations

from regulars.web.customers import sections
from regulars.web.valuations.pages import customer

READ, RECORD = "valuations.read", "customers.read"
STYLE = "valuations/value.css"

sections.register("classes-chips", 10, READ, customer.chips, place="chips")
sections.register("value", 10, READ, customer.value, style=STYLE)
sections.register("margin", 20, READ, customer.margin, style=STYLE)
sections.register("rhythm", 30, RECORD, customer.purchases, style=STYLE)
sections.register("orders", 40, RECORD, customer.orders, style=STYLE)
sections.register("classes", 20, READ, customer.classes, place="side", style=STYLE)
sections.register("products", 30, RECORD, customer.products, place="side", style=STYLE)
