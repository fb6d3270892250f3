"""Writing the message of a campaign, and sending it to oneself."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from regulars.web import audit
from regulars.web.core.actor import Actor
from regulars.web.core.limits import within
from regulars.web.mail import server
from regulars.web.mail.composing import Written, message
from regulars.web.mail.models import Letter, MailSetting
from regulars.web.mail.server import Outcome
from regulars.web.mail.writing import fill_letter, refuse

if TYPE_CHECKING:
    from regulars.web.campaigns.models import Campaign

CAMPAIGN = "campaigns.campaign"
TESTS_AN_HOUR = 20


@transaction.atomic
def save_letter(*, campaign: Campaign, texts: dict[str, str], version: int, by: Actor) -> Letter:
    """Write the message of a draft.

    Raises
    ------
    PermissionDenied, Conflict
    ValidationError
        For a message that could not be sent, or a plan that is no draft any more.
    """
    by.require("campaigns.write")
    refuse(texts)
    campaign.claim(version)
    if not campaign.is_plannable:
        raise ValidationError(_("This plan was submitted: take it back before you change it."))
    letter = Letter.objects.filter(pk=campaign.pk).first() or Letter(campaign=campaign)
    fill_letter(letter, texts)
    letter.save()
    audit.record(
        actor=by, verb="update", subject_type=CAMPAIGN, subject_id=campaign.pk, details={"fields": ["message"]}
    )
    return letter


def send_test(*, written: Written, to: str, by: Actor) -> None:
    """Send a message to the address of the person themselves, marked as a test.

    Raises
    ------
    ValidationError
        Without an address or a server, too often, or with what the server answered.
    """
    by.require("campaigns.write")
    setting = MailSetting.current()
    if not to:
        raise ValidationError(_("You have no e-mail address: an administrator enters it under People."))
    if not server.is_there() or not setting.sender:
        raise ValidationError(_("No mail server, or no sender's address, is set: see Settings, E-mail."))
    if not within(f"mail.test:{by.user_id}", TESTS_AN_HOUR, timedelta(hours=1)):
        raise ValidationError(_("That were many tests within an hour. Go on a little later."))
    test = Written(written.lang, f"[Test] {written.subject}", written.text, written.html)
    line = server.line()
    try:
        line.open()
    except Exception as error:
        raise ValidationError(_said(server.trouble_of(error))) from None
    answer = server.hand_over(line, message(test, to=to, setting=setting))
    if not answer.over:
        line.close()
    if answer.outcome != Outcome.SENT:
        raise ValidationError(_said(answer.code))


def _said(code: str) -> ValidationError:
    return ValidationError(_("The mail server does not take it (%(code)s)."), params={"code": code})
