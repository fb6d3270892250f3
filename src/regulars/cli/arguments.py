"""How single arguments are read, with a message that says what to write instead."""

from __future__ import annotations

import argparse
from datetime import date

from regulars.errors import InputError
from regulars.periods import horizon_days


def date_argument(text: str) -> date:
    """Read ``2026-06-30``."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a date; write it like 2026-06-30") from None


def horizon_argument(text: str) -> int:
    """Read ``52w`` as days."""
    try:
        return horizon_days(text)
    except InputError as error:
        raise argparse.ArgumentTypeError(error.message("en").replace("\n", ". ")) from None


def rate_argument(text: str) -> float:
    """Read ``0.1`` or ``10%`` as a rate from 0 to below 1."""
    try:
        rate = float(text[:-1]) / 100 if text.endswith("%") else float(text)
    except ValueError:
        rate = -1.0
    if not 0 <= rate < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a rate; write it like 0.1 or 10%")
    return rate
