"""What the library says at the terminal, said for the wizard: no options of the command line, the file's own name."""

from __future__ import annotations

from regulars.errors import InputError
from regulars.words import LANGUAGES, T

ABOVE = T(
    zh="在列的对应里改：选另一列，或说明日期的顺序、币种。",
    en="Change it among the columns: choose another column, or say the order of dates or the currency.",
)


def in_our_words(error: InputError, *, ours: str, theirs: str) -> InputError:
    """Return the error as the wizard says it."""
    remedy = error.remedy
    if remedy is not None and any("--" in said for said in _both(remedy)):
        remedy = ABOVE
    where = _renamed(error.where, ours, theirs)
    what = _renamed(error.what, ours, theirs)
    return InputError(what or "", where=where or theirs, remedy=remedy)


def _both(text: T | str) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text[lang] for lang in LANGUAGES)


def _renamed(text: T | str | None, ours: str, theirs: str) -> T | str | None:
    if text is None or isinstance(text, str):
        return text and text.replace(ours, theirs)
    return T(zh=text.zh.replace(ours, theirs), en=text.en.replace(ours, theirs))
