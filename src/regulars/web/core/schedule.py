"""Regular chores: an app declares what is to be done how often, one worker at a time does it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from regulars.web.core.models import Tick

logger = logging.getLogger("regulars.schedule")

Chore = Callable[[], object]


@dataclass(frozen=True, slots=True)
class _Regular:
    every: timedelta
    chore: Chore


CHORES: dict[str, _Regular] = {}


def regularly(name: str, *, every: timedelta) -> Callable[[Chore], Chore]:
    """Declare a chore in an app's `jobs.py`: short, safe to repeat; long work is a job that the chore starts."""

    def declare(chore: Chore) -> Chore:
        CHORES[name] = _Regular(every, chore)
        return chore

    return declare


def do_due(now: datetime) -> list[str]:
    """Do what is due at `now` and return its names. A chore that fails is tried again at its next time."""
    return [name for name, regular in CHORES.items() if _take(name, regular.every, now) and _do(name, regular.chore)]


def _take(name: str, every: timedelta, now: datetime) -> bool:
    """Move the chore's next time on; only one of several workers gets it."""
    _, first = Tick.objects.get_or_create(chore=name, defaults={"next_at": now + every})
    return first or bool(Tick.objects.filter(chore=name, next_at__lte=now).update(next_at=now + every))


def _do(name: str, chore: Chore) -> bool:
    try:
        chore()
    except Exception:
        logger.exception("a chore failed", extra={"kind": name})
        return False
    return True
