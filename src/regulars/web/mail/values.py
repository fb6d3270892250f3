"""What fills the placeholders for one customer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from regulars.web.core.models import Workspace
from regulars.web.core.words import CODES
from regulars.web.mail.tokens import seal
from regulars.words import Lang

if TYPE_CHECKING:
    from regulars.web.campaigns.models import Campaign
    from regulars.web.customers.models import Customer


def values_for(customer: Customer, campaign: Campaign, lang: Lang, *, company: str, link: str) -> dict[str, str]:
    """Return a text for each placeholder."""
    with translation.override(CODES[lang]):
        salutation = _("Dear %(name)s") % {"name": customer.name} if customer.name else _("Dear customer")
    return {
        "name": customer.name,
        "salutation": salutation,
        "owner": customer.owner.name if customer.owner else company,
        "company": company,
        "offer": campaign.offer,
        "unsubscribe": link,
    }


def link_of(number: int) -> str:
    """Return the address at which the receiver of one message unsubscribes."""
    return settings.BASE_URL.rstrip("/") + reverse("mail_unsubscribe", args=[seal(number)])


def message_id(number: int, sender: str) -> str:
    """Return the Message-ID of one message: the same however often it is tried."""
    return f"<{seal(number)}@{sender.rpartition('@')[2] or 'localhost'}>"


def company() -> str:
    """Return what the company is called."""
    return Workspace.current().name
