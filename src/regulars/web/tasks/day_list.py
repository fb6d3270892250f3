"""Days as people write them into a box: one a line, or a span from one to another."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

MOST = 400
"""Days in a box: more than the holidays of ten years."""
_SPAN = re.compile(r"^(\d{4}-\d\d-\d\d)(?:\s*(?:–|—|to|至|~)\s*(\d{4}-\d\d-\d\d))?$")


def read_days(text: str) -> list[date]:
    """Return the days that `text` names, in order.

    Raises
    ------
    ValidationError
        Which line cannot be read; or there are too many days.
    """
    found = sorted({day for line in text.splitlines() if line.strip() for day in _read(line.strip())})
    if len(found) > MOST:
        raise ValidationError(_("%(n)s days are too many; %(most)s at most.") % {"n": len(found), "most": MOST})
    return found


def write_days(days: Iterable[date]) -> str:
    """Return days as `read_days` reads them, days in a row as a span."""
    spans: list[list[date]] = []
    for day in sorted(days):
        if spans and day - spans[-1][-1] == timedelta(days=1):
            spans[-1].append(day)
        else:
            spans.append([day])
    return "\n".join(f"{span[0]} – {span[-1]}" if len(span) > 1 else f"{span[0]}" for span in spans)


def _read(line: str) -> Iterator[date]:
    match = _SPAN.match(line)
    try:
        first = date.fromisoformat(match[1]) if match else None
        last = date.fromisoformat(match[2]) if match and match[2] else first
    except ValueError:
        first = last = None
    if first is None or last is None or not timedelta(0) <= last - first <= timedelta(days=MOST):
        raise ValidationError(_("“%(line)s” is no day. Write it as 2026-10-01.") % {"line": line[:40]})
    yield from (first + timedelta(days=n) for n in range((last - first).days + 1))
