"""Tables of the e-mail channel."""

from regulars.web.mail.models.letter import Letter
from regulars.web.mail.models.outgoing import Outgoing, Suppressed
from regulars.web.mail.models.setting import MailSetting

__all__ = ["Letter", "MailSetting", "Outgoing", "Suppressed"]
