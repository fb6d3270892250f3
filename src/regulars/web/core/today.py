"""What core itself puts into the shell: the first page, and the pages among the answers of a search."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from regulars.web.core import shell
from regulars.web.core.actor import Actor


def _pages(actor: Actor, text: str) -> Iterable[shell.Found]:
    """Return the pages whose title holds the text; without a text, all of them."""
    for entry in [*shell.entries(actor), *shell.settings_entries(actor)]:
        if text.lower() in str(entry.title).lower():
            yield shell.Found(entry.title, reverse(entry.url), entry.icon)


shell.add(
    shell.Entry("home", _("Today"), "sun", "home", order=0, tab=True),
    shell.Entry(
        "jobs",
        _("Jobs"),
        "progress",
        "jobs",
        group=shell.SETTINGS,
        order=60,
        note=_("Imports, valuations and exports that run beside the pages"),
    ),
    shell.Entry(
        "components",
        _("Components"),
        "components",
        "components",
        group=shell.SETTINGS,
        order=90,
        note=_("The parts that pages are made of"),
    ),
    shell.Search("pages", _("Pages"), _pages, order=90),
)
