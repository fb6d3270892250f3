"""Rights over customers."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

PERMISSIONS: dict[str, str | Promise] = {
    "customers.read": _("See customers"),
    "customers.write": _("Add and change customers"),
    "customers.assign": _("Hand customers to another owner"),
    "customers.merge": _("Merge two records of one customer"),
    "customers.archive": _("Put customers into the archive and take them out"),
    "customers.export": _("Export lists of customers"),
    "customers.disclose": _("Hand a person everything that is stored about them"),
    "customers.erase": _("Erase a person"),
}
