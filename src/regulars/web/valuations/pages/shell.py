"""What the pages of value put into the shell and onto the customer's page."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from regulars.web.core import shell
from regulars.web.customers import sections
from regulars.web.valuations.pages import customer, home, why
from regulars.web.valuations.pages.views import PICTURES

READ, RECORD = "valuations.read", "customers.read"
STYLE = "valuations/value.css"
GROUP = "value"

shell.add(
    shell.Entry("value", _("Value at a glance"), "dashboard", "value", READ, group=GROUP, order=10),
    *(
        shell.Entry(f"value-{one.key}", one.title, one.icon, f"value_{one.key}", READ, group=GROUP, order=20 + i)
        for i, one in enumerate(PICTURES.values())
    ),
    shell.Entry(
        "value-retention", _("Retention and churn"), "users-minus", "value_retention", READ, group=GROUP, order=29
    ),
    shell.Entry("value-movements", _("Movements"), "arrows-up-down", "value_movements", READ, group=GROUP, order=30),
    shell.Entry("value-what-if", _("What if"), "adjustments", "value_what_if", READ, group=GROUP, order=31),
    shell.Section("value-figures", "valuations/home/figures.html", home.figures, READ, place="top", order=10),
    shell.Section("value-at-risk", "valuations/home/risk.html", home.risk, READ, place="side", order=20),
    shell.Section("who-moved", "valuations/home/movements.html", home.movements, READ, place="main", order=40),
)

sections.register("classes-chips", 10, READ, customer.chips, place="chips")
sections.register("value", 10, READ, customer.value, style=STYLE)
sections.register("why", 15, READ, why.section, style=STYLE)
sections.register("margin", 20, READ, customer.margin, style=STYLE)
sections.register("rhythm", 30, RECORD, customer.purchases, style=STYLE)
sections.register("orders", 40, RECORD, customer.orders, style=STYLE)
sections.register("classes", 20, READ, customer.classes, place="side", style=STYLE)
sections.register("products", 30, RECORD, customer.products, place="side", style=STYLE)
