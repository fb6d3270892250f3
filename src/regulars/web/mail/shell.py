"""What e-mail shows elsewhere: a page of settings, the customer's timeline."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from regulars.web.core import shell
from regulars.web.customers import holdings as of_customers
from regulars.web.journal import timeline
from regulars.web.journal.taxonomy import Section
from regulars.web.mail import holdings, on_timeline

shell.add(
    shell.Entry(
        "mail", pgettext_lazy("channel", "E-mail"), "mail", "mail_setting", "campaigns.configure",
        group=shell.SETTINGS, order=45,
        note=_("Sender, quiet hours, how many e-mails a customer gets at most"),
    )
)  # fmt: skip
timeline.register("mail", {Section.TASKS}, on_timeline.provide, permission="campaigns.read")
of_customers.register("mail", move=holdings.move, erase=holdings.erase, disclose=holdings.disclose)
