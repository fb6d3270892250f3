"""The list's place in the navigation."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from regulars.web.core import shell

shell.add(
    shell.Entry("customers", _("Customers"), "users", "customer_list", "customers.read", order=10, tab=True),
)  # fmt: skip
