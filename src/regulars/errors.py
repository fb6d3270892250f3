"""One tree of exceptions: what went wrong, where, and what to do about it."""

from __future__ import annotations

from regulars.words import Lang, T, text


class RegularsError(Exception):
    """Root of every error that Regulars raises on purpose."""


class InputError(RegularsError):
    """The user's input cannot be used as it is; the command line exits with 2.

    Parameters
    ----------
    what
        What is wrong, one sentence.
    where
        File, row, column: where it was found.
    remedy
        What to do about it, one sentence.
    """

    def __init__(self, what: T | str, *, where: T | str | None = None, remedy: T | str | None = None) -> None:
        self.what = what
        self.where = where
        self.remedy = remedy
        super().__init__(self.message("en"))

    def message(self, lang: Lang) -> str:
        """Return the message in `lang`: what and where on the first line, the remedy on the second."""
        head = text(self.what, lang)
        if self.where is not None:
            colon = "：" if lang == "zh" else ": "
            head = f"{text(self.where, lang)}{colon}{head}"
        return head if self.remedy is None else f"{head}\n{text(self.remedy, lang)}"


class OutputError(InputError):
    """Results cannot be written: no permission, no room. Nothing half-written is left behind."""


class NotEnoughData(RegularsError):  # noqa: N818 - a state of the data, said as such to the user
    """The data cannot carry the estimate asked for; `why` says so in both languages."""

    def __init__(self, why: T) -> None:
        self.why = why
        super().__init__(why.en)
