"""The report as one HTML file that needs nothing else: opens from a disk, works offline, prints."""

from __future__ import annotations

from pathlib import Path

from regulars.files import write_text
from regulars.report.page import render
from regulars.report.sentences import Figures
from regulars.words import Lang


def write_html(figures: Figures, path: Path | str, lang: Lang = "zh") -> None:
    """Write the report of one valuation as a self-contained HTML file.

    Parameters
    ----------
    figures
        What the valuation reckoned, JSON-able; parts that are None are shown as "not enough data".
    path
        Where the file goes.
    lang
        The language shown first; both are inside.

    Raises
    ------
    OutputError
        When the file cannot be written; nothing half-written stays.
    """
    write_text(path, render(figures, lang))
