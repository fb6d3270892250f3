"""What the log adds to other pages: the customer page, the first page, the phone's plus, the lake."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import batched
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from regulars.web.core import shell
from regulars.web.core.actor import Actor
from regulars.web.customers import holdings, sections
from regulars.web.facts.sync import provide
from regulars.web.journal import keeping, selectors, sources, sync, timeline
from regulars.web.journal.taxonomy import SECTION_OF, Section
from regulars.web.journal.views.timelines import button, card

READ, WRITE = "journal.read", "journal.write"
FEW = 6


def _open(actor: Actor) -> Mapping[str, Any] | None:
    """Return what the person promised, and what is open with their customers; None where there is nothing."""
    found = list(selectors.waiting(actor)[: FEW + 1])
    if not found:
        return None
    return {"entries": found[:FEW], "more": len(found) > FEW, "today": timezone.localdate()}


def _add(actor: Actor, text: str) -> Iterable[shell.Found]:
    title = str(_("Add to log"))
    if text.lower() in title.lower():
        yield shell.Found(title, reverse("journal_pick"), "pencil-plus")


shell.add(
    shell.Entry("journal", _("Customer log"), "notebook", "journal", READ, order=30),
    shell.Section("journal-open", "journal/home.html", _open, READ, place="side", order=30),
    shell.Search("journal-new", _("Add"), _add, WRITE, order=79),
)
shell.set_quick(shell.Entry("journal-new", _("Add to log"), "plus", "journal_pick", WRITE))

sections.register("log", 90, READ, card, style="journal/journal.css")
sections.register("log-add", 90, WRITE, button, place="acts")

timeline.register("log", set(SECTION_OF.values()), sources.from_log, permission=READ)
timeline.register("orders", {Section.ORDERS, Section.RETURNS}, sources.from_orders, permission="customers.read")
timeline.register("record", {Section.RECORD}, sources.from_record, permission="customers.read")

holdings.register("journal", move=keeping.move, erase=keeping.erase, disclose=keeping.disclose)

provide("activities", sync.SOURCE, lambda: (list(part) for part in batched(sync.activities(), sync.CHUNK)))
