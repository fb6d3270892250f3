"""Texts in both languages of the product: a sentence exists in Chinese and English or not at all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

Lang = Literal["zh", "en"]
LANGUAGES: tuple[Lang, ...] = ("zh", "en")


@dataclass(frozen=True, slots=True)
class T:
    """One text in both languages.

    Examples
    --------
    >>> T(zh="{n} 位客户", en="{n} customers").format(n=3)["en"]
    '3 customers'
    """

    zh: str
    en: str

    def __getitem__(self, lang: Lang) -> str:
        return self.zh if lang == "zh" else self.en

    def format(self, **values: Any) -> T:
        """Fill the placeholders; a value that is itself a `T` is filled in each text's own language."""

        def filled(lang: Lang) -> str:
            return self[lang].format(**{k: v[lang] if isinstance(v, T) else v for k, v in values.items()})

        return T(zh=filled("zh"), en=filled("en"))

    def as_dict(self) -> dict[str, str]:
        """Return ``{"zh": …, "en": …}``, the form that reports and JSON carry."""
        return {"zh": self.zh, "en": self.en}


@dataclass(frozen=True, slots=True)
class Ask(T):
    """A text that asks its reader to decide something: shown first, wherever results are shown."""

    @classmethod
    def of(cls, words: T) -> Ask:
        """Return `words` as something to be asked."""
        return cls(zh=words.zh, en=words.en)


def text(words: T | str, lang: Lang) -> str:
    """Return the text in `lang`; a plain string is the same in every language."""
    return words if isinstance(words, str) else words[lang]
