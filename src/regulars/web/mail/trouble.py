"""What the server refuses for everybody: written down for people to read, and tried again after longer and longer."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from regulars.web.core.words import both
from regulars.web.mail.models import MailSetting

FIRST, LONGEST = timedelta(minutes=1), timedelta(hours=1)


def note_trouble(code: str) -> None:
    """Write down that the server takes nothing now, and when it is asked again."""
    setting = MailSetting.current()
    said = both(format_lazy(_("The mail server takes nothing at the moment ({code})."), code=code)).as_dict()
    wait = min(LONGEST, FIRST * 2 ** min(setting.failures, 8))
    MailSetting.objects.update_or_create(
        pk=1, defaults={"trouble": said, "failures": setting.failures + 1, "retry_at": timezone.now() + wait}
    )


def note_well(setting: MailSetting) -> None:
    """Forget trouble: the server takes messages again."""
    if setting.trouble:
        MailSetting.objects.filter(pk=1).update(trouble={}, failures=0, retry_at=None)
        setting.trouble = {}
