"""What campaigns know of e-mail: what is missing before one is launched, how it begins, ends, is copied and shown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from regulars.web.campaigns.channels import Channel, Reached, register
from regulars.web.core.actor import Actor
from regulars.web.mail import server
from regulars.web.mail.actions.outbox import drop_waiting, fill_outbox
from regulars.web.mail.models import Letter, MailSetting
from regulars.web.mail.quiet import is_quiet
from regulars.web.mail.selectors import letter_of, progress
from regulars.web.mail.taxonomy import Why
from regulars.web.mail.writing import copy_letter

if TYPE_CHECKING:
    from regulars.web.campaigns.models import Campaign

KEY = "email"


def refuse(campaign: Campaign) -> None:
    """Refuse to go on with a campaign that has no message, or where nothing could be sent.

    Raises
    ------
    ValidationError
    """
    if not letter_of(campaign).written():
        raise ValidationError(_("Write the message first: subject and text, in at least one language."), code="letter")
    for missing in not_ready():
        raise ValidationError(missing, code="mail")


def not_ready() -> list[Any]:
    """Return what is missing before anything can be sent."""
    said = []
    if not server.is_there():
        said.append(_("No mail server is set: whoever runs Regulars sets EMAIL_URL."))
    if not settings.BASE_URL:
        said.append(_("Nobody could unsubscribe: whoever runs Regulars sets REGULARS_URL, the address of these pages."))
    if not MailSetting.current().sender:
        said.append(_("Enter the sender's address under Settings, E-mail."))
    return said


def _begin(campaign: Campaign, by: Actor) -> None:
    fill_outbox(campaign)


def _stop(campaign: Campaign, by: Actor) -> None:
    drop_waiting(campaign, Why.ENDED)


def _copy(campaign: Campaign, to: Campaign) -> None:
    found = Letter.objects.filter(pk=campaign.pk).first()
    if found is not None:
        copy_letter(found, to)


def _reached(campaign: Campaign) -> Reached:
    found = progress(campaign)
    return Reached(found.n, found.sent, _("e-mails sent"))


def _shown(campaign: Campaign, actor: Actor) -> Mapping[str, Any]:
    return {
        "letter": letter_of(campaign), "progress": progress(campaign) if campaign.is_launched else None,
        "setting": MailSetting.current(), "not_ready": not_ready(), "on_paper": server.is_on_paper(),
        "quiet": is_quiet(MailSetting.current(), timezone.localtime().time()),
        "begins": campaign.starts_on if campaign.starts_on > timezone.localdate() else None,
    }  # fmt: skip


register(
    Channel(
        KEY, pgettext_lazy("channel", "E-mail"), "mail",
        _("Written here, sent to each treated customer, with a link to unsubscribe"),
        consent="email", points=("email",), refuse=refuse, begin=_begin, stop=_stop, copy=_copy, reached=_reached,
        part="mail/partials/campaign.html", shown=_shown,
    )
)  # fmt: skip
