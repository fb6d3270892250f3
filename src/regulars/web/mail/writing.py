"""What a letter may say, and the same letter for another campaign."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from regulars.web.mail.models import Letter
from regulars.web.mail.models.letter import LONGEST_BODY, LONGEST_SUBJECT
from regulars.web.mail.placeholders import UNSUBSCRIBE, one_line, refuse_unknown

if TYPE_CHECKING:
    from regulars.web.campaigns.models import Campaign

TEXTS = ("subject_zh", "body_zh", "subject_en", "body_en")


def refuse(texts: dict[str, str]) -> None:
    """Refuse a letter that could not be sent.

    Raises
    ------
    ValidationError
        By field: an unknown placeholder, a line break in a subject, too long a text, a text without its subject.
    """
    wrong: dict[str, Any] = {}
    for name in TEXTS:
        try:
            _refuse_text(texts[name], is_subject=name.startswith("subject"))
        except ValidationError as error:
            wrong[name] = error
    for lang in ("zh", "en"):
        if bool(texts[f"subject_{lang}"].strip()) != bool(texts[f"body_{lang}"].strip()):
            missing = f"body_{lang}" if texts[f"subject_{lang}"].strip() else f"subject_{lang}"
            wrong.setdefault(missing, _("A message needs both a subject and a text."))
    if not any(texts[name].strip() for name in TEXTS):
        wrong["subject_zh"] = _("Write it in at least one language.")
    if wrong:
        raise ValidationError(wrong)


def _refuse_text(text: str, *, is_subject: bool) -> None:
    most = LONGEST_SUBJECT if is_subject else LONGEST_BODY
    if len(text) > most:
        raise ValidationError(_("At most %(most)s characters."), params={"most": f"{most:,}"})
    if is_subject and text.strip() != one_line(text):
        raise ValidationError(_("A subject is one line, without invisible signs."), code="header")
    refuse_unknown(text, but=(UNSUBSCRIBE,) if is_subject else ())


def fill_letter(letter: Letter, texts: dict[str, str]) -> None:
    """Put texts into a letter that pass `refuse`."""
    for name in TEXTS:
        setattr(letter, name, texts[name].strip())


def copy_letter(letter: Letter, to: Campaign) -> Letter:
    """Return the same letter for another campaign, saved."""
    return Letter.objects.create(campaign=to, **{name: getattr(letter, name) for name in TEXTS})
