"""What a page asks for several times is read once: the workspace, the current valuation, a customer's row."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

_ANSWERS: ContextVar[dict[Hashable, Any] | None] = ContextVar("regulars_answers", default=None)


@contextmanager
def one_reading() -> Iterator[None]:
    """Let `once` remember within the block, in which nothing is written."""
    token = _ANSWERS.set({})
    try:
        yield
    finally:
        _ANSWERS.reset(token)


def once[Found](key: Hashable, read: Callable[[], Found]) -> Found:
    """Return what `read` finds; within `one_reading`, what it found the first time that `key` was asked for."""
    answers = _ANSWERS.get()
    if answers is None:
        return read()
    if key not in answers:
        answers[key] = read()
    found: Found = answers[key]
    return found
