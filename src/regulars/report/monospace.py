"""Text in the columns of a terminal: how wide it is, cut, filled and wrapped, whatever the script."""

from __future__ import annotations

import re
import unicodedata

from regulars.report.formats import clipped

# A wide character or a word, each with the stops that may not begin a line.
_PIECES = re.compile(
    r"[\u2e80-\u9fff\uff00-\uffef][，。；：、！？”）》]*|[^\s\u2e80-\u9fff\uff00-\uffef]+[，。；：、！？”）》]*\s*|\s+"
)


def display_width(text: str) -> int:
    """Return the columns that a text takes in a terminal: wide characters two, combining ones none.

    Examples
    --------
    >>> display_width("熟客 ok")
    7
    """
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def fit(text: str, width: int) -> str:
    """Return the text cut to `width` columns, with an ellipsis where longer; control characters become spaces."""
    text = clipped(text, 10_000)
    if display_width(text) <= width:
        return text
    kept, used = [], 0
    for c in text:
        used += display_width(c)
        if used > width - 1:
            break
        kept.append(c)
    return "".join(kept) + "…"


def pad(text: str, width: int, *, right: bool = False) -> str:
    """Return the text filled with spaces to `width` columns, cut where it is longer."""
    text = fit(text, width)
    space = " " * (width - display_width(text))
    return space + text if right else text + space


def wrap(text: str, width: int, *, indent: int = 2) -> list[str]:
    """Return the text in lines of `width` columns; Latin words stay whole, Chinese breaks anywhere."""
    lines, line = [], ""
    for piece in _PIECES.findall(clipped(text, 10_000)):
        if line and display_width(line + piece.rstrip()) > width - indent:
            lines.append(line.rstrip())
            line = ""
        line += piece if line else piece.lstrip()
    return [fit(" " * indent + part, width) for part in [*lines, line.rstrip()] if part]
