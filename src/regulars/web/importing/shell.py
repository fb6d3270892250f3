"""The wizard's place in the navigation, and what becomes of its files when a person is erased."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from regulars.web.core import shell
from regulars.web.customers import holdings
from regulars.web.importing import actions
from regulars.web.importing.selectors import anything_imported

shell.add(
    shell.Entry("imports", _("Import"), "file-import", "imports", permission=actions.RUN, group="foot", order=20),
    shell.Step(
        "import", _("Import orders"),
        _("Customers are found by their number; names, phones and owners come with a file of customers."),
        "file-import", "imports", actions.RUN, lambda _actor: anything_imported(), order=10,
    ),
)  # fmt: skip

holdings.register(
    "importing",
    move=holdings.nothing,
    erase=lambda _customer_id: transaction.on_commit(actions.forget_files),
    disclose=lambda _actor, _customer_id: [],  # what a file brought is disclosed where it is kept
)
