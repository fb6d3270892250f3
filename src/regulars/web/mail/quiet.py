"""Hours in which nobody gets an e-mail from us."""

from __future__ import annotations

from datetime import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from regulars.web.mail.models import MailSetting


def is_quiet(setting: MailSetting, now: time) -> bool:
    """Return whether `now`, by the workspace's clock, lies in the quiet hours; they may go past midnight."""
    begin, end = setting.quiet_from, setting.quiet_to
    if begin <= end:
        return begin <= now < end
    return now >= begin or now < end
