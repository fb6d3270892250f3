"""The message as a few real customers of the audience would get it, of those whom the person may see."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.http import Http404

from regulars.web.core.actor import Actor
from regulars.web.core.models import Workspace
from regulars.web.customers import selectors as customers
from regulars.web.mail.composing import Written, write
from regulars.web.mail.models import Letter, MailSetting
from regulars.web.mail.values import values_for
from regulars.web.tasks.actions.sources import read_list
from regulars.words import Lang

if TYPE_CHECKING:
    from regulars.web.campaigns.models import Campaign
    from regulars.web.customers.models import Customer

SHOWN, ASKED = 3, 300
NOWHERE = "https://example.com/unsubscribe"
"""Where the link of a preview leads: nobody is unsubscribed by looking at one."""


def preview(actor: Actor, letter: Letter, campaign: Campaign) -> list[tuple[Customer, Written]]:
    """Return the message to a few customers, in each language that is written, in turn."""
    langs = letter.written()
    if not langs:
        return []
    some = _some(actor, campaign)
    shown = max(SHOWN, len(langs)) if some else 0
    return [
        (some[k % len(some)], written_for(some[k % len(some)], letter, campaign, langs[k % len(langs)]))
        for k in range(shown)
        if k < len(some) or k < len(langs)
    ]


def written_for(customer: Customer, letter: Letter, campaign: Campaign, lang: Lang) -> Written:
    """Return the message to one customer, with a link that does nothing."""
    values = values_for(customer, campaign, lang, company=Workspace.current().name, link=NOWHERE)
    return write(letter, lang, values, imprint=MailSetting.current().imprint)


def _some(actor: Actor, campaign: Campaign) -> list[Customer]:
    """Return a few customers of the audience, spread over it; none where the lists are not open to `actor`."""
    for one in campaign.audience:
        try:
            numbers = list(read_list(actor, one["list"]).numbers)
        except (Http404, PermissionDenied):
            continue
        step = max(1, len(numbers) // ASKED)
        reached = customers.visible(actor).filter(pk__in=[int(n) for n in numbers[::step][:ASKED]])
        found = list(reached.select_related("owner").active().order_by("pk")[:SHOWN])
        if found:
            return found
    return []
