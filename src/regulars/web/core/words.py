"""The language of the moment, in the library's names and in Django's."""

from __future__ import annotations

from django.utils import translation

from regulars.words import Lang, T

CODES: dict[Lang, str] = {"zh": "zh-hans", "en": "en"}


def current_lang() -> Lang:
    """Return the library's name of the language that is active now."""
    return "zh" if (translation.get_language() or "").startswith("zh") else "en"


def both(text: object) -> T:
    """Return a translatable text in both languages, so that it can be stored and read in either."""

    def said(lang: Lang) -> str:
        with translation.override(CODES[lang]):
            return str(text)

    return T(zh=said("zh"), en=said("en"))
