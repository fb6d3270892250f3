"""One line at the foot of the next page: what was done, and the way back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest

UNDO = "undo:"


def say(request: HttpRequest, text: Any, *, undo: str = "") -> None:
    """Tell the person on the next page what was done; `undo` is the address of a write page that takes it back."""
    messages.success(request, text, extra_tags=f"{UNDO}{undo}" if undo else "")


def warn(request: HttpRequest, text: Any) -> None:
    """Tell the person on the next page what did not work."""
    messages.error(request, text)
