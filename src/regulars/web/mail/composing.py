"""A message as it leaves: subject, plain text, and simple HTML made from it; the headers that mail needs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import formataddr, formatdate
from html import escape
from typing import TYPE_CHECKING

from django.core.mail import EmailMultiAlternatives
from django.utils import translation
from django.utils.translation import gettext as _

from regulars.web.core.words import CODES
from regulars.web.mail.placeholders import UNSUBSCRIBE, fill, named, one_line
from regulars.words import Lang

if TYPE_CHECKING:
    from regulars.web.mail.models import Letter, MailSetting

LONGEST_LINE = 190
"""Signs of a subject once names are filled in."""
_LINK = re.compile(r"https?://[^\s<>\"'，。；：！？）】」』、]+")


@dataclass(frozen=True, slots=True)
class Written:
    """One message to one customer, ready to be read."""

    lang: Lang
    subject: str
    text: str
    html: str


def write(letter: Letter, lang: Lang, values: Mapping[str, str], *, imprint: str = "") -> Written:
    """Return the message to one customer. `values` has a text for each placeholder, the link to unsubscribe too."""
    clean = {name: one_line(value) for name, value in values.items()}
    body = letter.body(lang).replace("\r\n", "\n").strip()
    if UNSUBSCRIBE not in named(body):
        with translation.override(CODES[lang]):
            body += "\n\n" + _("No more e-mails like this: %(link)s") % {"link": "{{ unsubscribe }}"}
    text = fill(body, clean) + (f"\n\n{imprint}" if imprint else "")
    subject = one_line(fill(letter.subject(lang), clean))[:LONGEST_LINE]
    return Written(lang, subject, text, html_of(text, lang))


def html_of(text: str, lang: Lang) -> str:
    """Return plain text as simple HTML: paragraphs, line breaks, links; everything else is escaped."""
    paragraphs = [part for part in re.split(r"\n\s*\n", text.strip()) if part.strip()]
    inner = "\n".join(f"<p>{_linked(part.strip())}</p>" for part in paragraphs)
    return f'<div lang="{"zh-Hans" if lang == "zh" else "en"}">\n{inner}\n</div>'


def _linked(text: str) -> str:
    parts, at = [], 0
    for found in _LINK.finditer(text):
        link = found[0].rstrip(".,;:!?)")
        parts += [escape(text[at : found.start()]), f'<a href="{escape(link)}">{escape(link)}</a>']
        at = found.start() + len(link)
    return "".join([*parts, escape(text[at:])]).replace("\n", "<br>\n")


def message(
    written: Written, *, to: str, setting: MailSetting, message_id: str = "", unsubscribe: str = ""
) -> EmailMultiAlternatives:
    """Return the message for the server. The link to unsubscribe by one press is a header, too (RFC 8058)."""
    headers = {"Date": formatdate()}
    if message_id:
        headers["Message-ID"] = message_id
    if unsubscribe:
        headers["List-Unsubscribe"] = f"<{unsubscribe}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    made = EmailMultiAlternatives(
        subject=written.subject, body=written.text, to=[to], headers=headers,
        from_email=formataddr((one_line(setting.sender_name), setting.sender), "utf-8"),
        reply_to=[setting.reply_to] if setting.reply_to else None,
    )  # fmt: skip
    made.attach_alternative(f"<!doctype html>\n<html><body>\n{written.html}\n</body></html>", "text/html")
    return made
