"""What the command is doing, on a terminal only, and only once it takes longer than two seconds."""

from __future__ import annotations

import sys
import time

from regulars.words import Lang, T

QUIET_SECONDS = 2.0


class Progress:
    """One line on the terminal that names the step under way; nothing at all when nobody watches."""

    def __init__(self, lang: Lang) -> None:
        self._lang = lang
        self._started = time.monotonic()
        self._watched = sys.stderr.isatty()
        self._shown = False

    def __call__(self, step: T) -> None:
        """Say that `step` begins."""
        if self._watched and time.monotonic() - self._started > QUIET_SECONDS:
            print(f"\r\033[K{step[self._lang]} …", end="", file=sys.stderr, flush=True)
            self._shown = True

    def done(self) -> None:
        """Clear the line."""
        if self._shown:
            print("\r\033[K", end="", file=sys.stderr, flush=True)
            self._shown = False
