"""The list's and the segments' place in the navigation, and what they hold about a person."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from regulars.web.core import shell
from regulars.web.customers import holdings as of_customers
from regulars.web.segments import acting, holdings
from regulars.web.tasks.actions import sources

shell.add(
    shell.Entry("customers", _("Customers"), "users", "customer_list", "customers.read", order=10, tab=True),
    shell.Entry("segments", _("Segments"), "chart-pie", "segments", "segments.read", group="know", order=40),
)

of_customers.register("segments", move=holdings.move, erase=holdings.erase, disclose=holdings.disclose)
sources.register("customers", acting.filtered, acting.filter_called)
sources.register("segment", acting.of_segment, acting.segment_called)
