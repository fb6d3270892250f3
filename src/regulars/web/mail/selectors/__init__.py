"""Reads of the e-mail channel. The first argument is who asks, but for counts and plans."""

from regulars.web.mail.selectors.progress import Progress, campaign_name, letter_of, progress
from regulars.web.mail.selectors.rows import messages, received

__all__ = ["Progress", "campaign_name", "letter_of", "messages", "progress", "received"]
