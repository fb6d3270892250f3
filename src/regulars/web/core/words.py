"""The language of the moment, in the library's names and in Django's."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.utils import timezone, translation
from django.utils.formats import date_format

from regulars.words import Lang, T

CODES: dict[Lang, str] = {"zh": "zh-hans", "en": "en"}


def current_lang() -> Lang:
    """Return the library's name of the language that is active now."""
    return "zh" if (translation.get_language() or "").startswith("zh") else "en"


def short_day(day: date) -> str:
    """Return a day as people say it: 9 Dec, 12月9日; with its year where that is not this one."""
    this_year = day.year == timezone.localdate().year
    return date_format(day, "SHORT_DATE_FORMAT" if this_year else "DATE_FORMAT")


def both(text: object) -> T:
    """Return a translatable text in both languages, so that it can be stored and read in either."""

    def said(lang: Lang) -> str:
        with translation.override(CODES[lang]):
            return str(text)

    return T(zh=said("zh"), en=said("en"))


def refusal(error: ValidationError) -> T:
    """Return a refusal in both languages; its messages are to be lazy ones."""

    def said(lang: Lang) -> str:
        with translation.override(CODES[lang]):
            return " ".join(error.messages)

    return T(zh=said("zh"), en=said("en"))
