"""The mail server: whether there is one, and what its answers mean for a message."""

from __future__ import annotations

import re
import smtplib
from dataclasses import dataclass
from enum import Enum

from django.conf import settings
from django.core.mail import EmailMessage, mailers
from django.core.mail.backends.base import BaseEmailBackend

DUMMY = "django.core.mail.backends.dummy.EmailBackend"
ON_PAPER = ("filebased", "console")
NO_SUCH_ADDRESS = (550, 551, 553)
CLOSED = (401, 402, 403, 404, 429)
"""Statuses of HTTP that refuse us, or everything for a while, not this message."""
_ENHANCED = re.compile(rb"\b([245]\.\d{1,3}\.\d{1,3})\b")


class Outcome(Enum):
    """What became of a message that was handed over."""

    SENT = "sent"
    LATER = "later"  # refused for now
    NO_ADDRESS = "address"  # refused for good: there is no such address
    REJECTED = "rejected"  # refused for good, whatever the reason
    DOUBT = "doubt"  # the line went dead: it may have been taken
    NOT_TAKEN = "not taken"  # the server takes nothing from us now; this one has certainly not left


@dataclass(frozen=True, slots=True)
class Answer:
    """An outcome, and the server's code where it gave one. `over`: nothing more can be sent over this line."""

    outcome: Outcome
    code: str = ""
    over: bool = False


def backend_path() -> str:
    """Return which of Django's backends takes the messages."""
    return str(settings.MAILERS["default"].get("BACKEND", ""))


def is_there() -> bool:
    """Return whether messages go anywhere at all."""
    return backend_path() != DUMMY


def is_on_paper() -> bool:
    """Return whether messages are only written down: nobody receives them."""
    return any(f".{name}." in backend_path() for name in ON_PAPER)


def line() -> BaseEmailBackend:
    """Return a fresh line to the server; `open` it, `hand_over` messages, `close` it."""
    return mailers["default"]


def trouble_of(error: Exception) -> str:
    """Return what is wrong in a few words: an answer's code, or the kind of failure; nobody's address."""
    if isinstance(error, smtplib.SMTPResponseException):
        return _code(error.smtp_code, error.smtp_error)
    return type(error).__name__


def hand_over(line: BaseEmailBackend, message: EmailMessage) -> Answer:
    """Hand one message over and return what became of it. Nothing is raised but what ends the process."""
    try:
        taken = line.send_messages([message])
    except Exception as error:
        return _answer_to(error)
    return Answer(Outcome.SENT) if taken else Answer(Outcome.DOUBT)


def _answer_to(error: Exception) -> Answer:
    match error:
        case smtplib.SMTPRecipientsRefused():
            return _of_recipient(*next(iter(error.recipients.values())))
        case smtplib.SMTPDataError():
            return _of_data(error.smtp_code, error.smtp_error)
        case (
            smtplib.SMTPSenderRefused()
            | smtplib.SMTPConnectError()
            | smtplib.SMTPHeloError()
            | smtplib.SMTPAuthenticationError()
        ):
            return Answer(Outcome.NOT_TAKEN, trouble_of(error), over=True)
        case ValueError() | smtplib.SMTPNotSupportedError():  # an address or a header that cannot be written: not said
            return Answer(Outcome.REJECTED)
        case _ if isinstance(status := getattr(error, "status_code", None), int) and 400 <= status < 500:
            return _of_service(status)
        case _:  # whatever else: it may have been taken
            return Answer(Outcome.DOUBT, trouble_of(error), over=True)


def _of_service(status: int) -> Answer:
    """Return what a mail service's refusal means, which it gives as a status of HTTP."""
    if status in CLOSED:
        return Answer(Outcome.NOT_TAKEN, str(status), over=True)
    return Answer(Outcome.REJECTED, str(status))


def _of_recipient(code: int, said: bytes | str) -> Answer:
    words = _code(code, said)
    if code == 421:  # the server closes the line
        return Answer(Outcome.NOT_TAKEN, words, over=True)
    if code < 500:
        return Answer(Outcome.LATER, words)
    enhanced = words.partition(" ")[2]
    unknown = enhanced.startswith("5.1.") if enhanced else code in NO_SUCH_ADDRESS
    return Answer(Outcome.NO_ADDRESS if unknown else Outcome.REJECTED, words)


def _of_data(code: int, said: bytes | str) -> Answer:
    if code == 421:
        return Answer(Outcome.NOT_TAKEN, _code(code, said), over=True)
    return Answer(Outcome.LATER if code < 500 else Outcome.REJECTED, _code(code, said))


def _code(code: int, said: bytes | str) -> str:
    """Return the code and the enhanced code; the server's words may name an address."""
    found = _ENHANCED.search(said if isinstance(said, bytes) else said.encode())
    return f"{code} {found[1].decode()}" if found else str(code)
