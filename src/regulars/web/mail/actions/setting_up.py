"""Who writes, when not, how often."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from regulars.web import audit
from regulars.web.core.actor import Actor
from regulars.web.mail.models import MailSetting
from regulars.web.mail.placeholders import one_line

FIELDS = (
    "sender_name", "sender", "reply_to", "imprint", "quiet_from", "quiet_to", "most", "within_days", "a_minute",
)  # fmt: skip


@transaction.atomic
def save_setting(*, values: dict[str, Any], version: int, by: Actor) -> None:
    """Keep the settings of e-mail.

    Raises
    ------
    PermissionDenied, Conflict
    ValidationError
        For a name or an imprint of several lines, or a value out of bounds.
    """
    by.require("campaigns.configure")
    for name in ("sender_name", "imprint"):
        if values[name].strip() != one_line(values[name]):
            raise ValidationError({name: _("One line, without invisible signs.")})
    setting, _made = MailSetting.objects.get_or_create(pk=1)
    setting.claim(version)
    changed = [name for name in FIELDS if getattr(setting, name) != values[name]]
    for name in FIELDS:
        setattr(setting, name, values[name])
    setting.trouble, setting.failures, setting.retry_at = {}, 0, None  # whoever looks here has seen it: try at once
    setting.full_clean(exclude=["trouble"])
    setting.save()
    audit.record(actor=by, verb="update", subject_type="mail.mailsetting", subject_id=1, details={"fields": changed})
