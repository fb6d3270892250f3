"""Lists page by key: the next page starts after the last row, however many rows come before it."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from django.core.exceptions import BadRequest, ValidationError
from django.db import models
from django.db.models import F, Q

PAGE_SIZE = 50

Read = Callable[[Sequence[Any] | None, bool, int], list[Any]]


@dataclass(frozen=True, slots=True)
class KeysetPage:
    """One page of a list: its rows, and the keys that lead on and back (None at an end)."""

    rows: list[Any]
    after: str | None
    before: str | None

    def __len__(self) -> int:
        return len(self.rows)


def keyset_page(
    records: models.QuerySet[Any],
    order: Sequence[str],
    *,
    after: str | None = None,
    before: str | None = None,
    size: int = PAGE_SIZE,
) -> KeysetPage:
    """Return the rows after (or before) a key, in `order`; nulls come last.

    Parameters
    ----------
    order
        Fields, ``-`` for descending, the last one unique: ``("-future_value", "id")``. Only the caller's own declared
        orders: never a name from the request.

    before
        An empty text: the last page.

    Raises
    ------
    BadRequest
        When the key was not made by this list.
    """
    read = reader(records, order)
    return page_read(read, records.model, order, after=after, before=before, size=size)


def reader(records: models.QuerySet[Any], order: Sequence[str]) -> Read:
    """Return what reads `records` in `order`, for `page_read`."""
    keys = [_Key(name, records.model) for name in order]

    def read(beyond: Sequence[Any] | None, backwards: bool, n: int) -> list[Any]:
        ordered = records.order_by(*(key.ordering(backwards=backwards) for key in keys))
        found: list[Any] = []
        for stretch in _stretches(keys, beyond, backwards=backwards):
            found += ordered.filter(stretch)[: n - len(found)]
            if len(found) >= n:
                break
        return found

    return read


def page_read(
    read: Read, model: type[models.Model], order: Sequence[str], *, after: str | None = None,
    before: str | None = None, size: int = PAGE_SIZE,
) -> KeysetPage:  # fmt: skip
    """Return the same page as `keyset_page`, of rows that `read` finds wherever they are.

    Parameters
    ----------
    read
        Returns up to so many rows, nearest first, that lie beyond a row's values of the order (None: from its end),
        onward or backwards. Rows have the order's fields as attributes.
    model
        Whose fields these are.
    """
    backwards = before is not None
    keys = [_Key(name, model) for name in order]
    cursor = before or after
    found = read(_read(cursor, keys) if cursor else None, backwards, size + 1)
    more, rows = len(found) > size, found[:size]
    if backwards:
        rows.reverse()
    first, last = (_write(rows[0], keys), _write(rows[-1], keys)) if rows else (None, None)
    return KeysetPage(
        rows,
        after=last if rows and (more or backwards) else None,
        before=first if rows and (more if backwards else bool(after)) else None,
    )


def page_of(
    rows: Iterable[Any], model: type[models.Model], order: Sequence[str], *, after: str | None = None,
    before: str | None = None, size: int = PAGE_SIZE,
) -> KeysetPage:  # fmt: skip
    """Return the same page as `keyset_page`, of rows in memory: where they are few, no index need be walked.

    Parameters
    ----------
    rows
        Anything with the order's fields as attributes.
    model
        Whose fields these are.
    """
    keys = [_Key(name, model) for name in order]
    ordered = list(rows)
    for key in reversed(keys):
        known = [row for row in ordered if getattr(row, key.path) is not None]
        known.sort(key=lambda row, path=key.path: getattr(row, path), reverse=key.descending)  # type: ignore[misc]
        ordered = known + [row for row in ordered if getattr(row, key.path) is None]
    first, last = 0, len(ordered)
    if cursor := before or after:
        values = _read(cursor, keys)
        sides = [_side(row, keys, values) for row in ordered]
        first = sum(side <= 0 for side in sides)
        last = last if before is None else sum(side < 0 for side in sides)
    if before is not None:
        first = max(0, last - size)
    shown = ordered[first : min(last, first + size)]
    ends = (_write(shown[0], keys), _write(shown[-1], keys)) if shown else (None, None)
    return KeysetPage(
        shown,
        after=ends[1] if first + len(shown) < len(ordered) else None,
        before=ends[0] if shown and first else None,
    )


def _side(row: Any, keys: list[_Key], values: list[Any]) -> int:
    """Return on which side of a key's values a row stands: -1 before, 0 the same, 1 after; nulls stand last."""
    for key, value in zip(keys, values, strict=True):
        mine = getattr(row, key.path)
        if mine == value:
            continue
        if mine is None or value is None:
            return 1 if mine is None else -1
        return 1 if (mine < value) is key.descending else -1
    return 0


class _Key:
    """One field of an order. Nulls are ordered by hand only where the field can be null: else an index serves."""

    def __init__(self, name: str, model: type[models.Model]) -> None:
        self.path, self.descending = name.removeprefix("-"), name.startswith("-")
        self.nullable = False
        for part in self.path.split("__"):
            self.field: Any = model._meta.get_field(part)
            self.nullable = self.nullable or bool(getattr(self.field, "null", False))
            model = self.field.related_model or model

    def ordering(self, *, backwards: bool) -> Any:
        """Return the order; backwards is its exact mirror."""
        nulls = {"nulls_first" if backwards else "nulls_last": True} if self.nullable else {}
        return F(self.path).desc(**nulls) if self.descending != backwards else F(self.path).asc(**nulls)

    def compared(self, value: Any, *, backwards: bool, or_same: bool = False) -> Q:
        """Return the condition that the field lies beyond `value` in this direction."""
        operator = ("lt" if self.descending != backwards else "gt") + ("e" if or_same else "")
        return Q(**{f"{self.path}__{operator}": value})

    def same(self, value: Any) -> Q:
        """Return the condition that the field equals `value`."""
        return Q(**{f"{self.path}__isnull": True}) if value is None else Q(**{self.path: value})


def _stretches(keys: list[_Key], values: Sequence[Any] | None, *, backwards: bool) -> Iterator[Q]:
    """Yield where to read on: one stretch of the index, and behind it the nulls, or before them what is known."""
    if values is None:
        yield Q()
        return
    first = keys[0]
    if not first.nullable:
        yield _beyond(keys, values, backwards=backwards)
        return
    among_nulls = values[0] is None
    here = first.same(None) if among_nulls else first.compared(values[0], backwards=backwards, or_same=True)
    yield here & _beyond(keys, values, backwards=backwards)
    if among_nulls is backwards:
        yield Q(**{f"{first.path}__isnull": not backwards})


def _beyond(keys: list[_Key], values: Sequence[Any], *, backwards: bool) -> Q:
    """Return the condition "after these values"; nulls stand at the end of each key."""
    beyond, same = Q(pk__in=[]), Q()
    for key, value in zip(keys, values, strict=True):
        beyond |= same & _strictly(key, value, backwards=backwards)
        same &= key.same(value)
    if keys[0].nullable:
        return beyond
    # The same said once more for the first key alone: databases begin to read an index there.
    return keys[0].compared(values[0], backwards=backwards, or_same=True) & beyond


def _strictly(key: _Key, value: Any, *, backwards: bool) -> Q:
    if value is None:
        return Q(**{f"{key.path}__isnull": False}) if backwards else Q(pk__in=[])
    beyond = key.compared(value, backwards=backwards)
    return beyond | Q(**{f"{key.path}__isnull": True}) if key.nullable and not backwards else beyond


def _write(row: models.Model, keys: list[_Key]) -> str:
    values = []
    for key in keys:
        value: Any = row
        for part in key.path.split("__"):
            value = getattr(value, part, None)
        values.append(value.isoformat() if isinstance(value, date | datetime) else _plain(value))
    text = json.dumps(values, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, Decimal | UUID) else value


def _read(cursor: str, keys: list[_Key]) -> list[Any]:
    try:
        raw = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        values = [None if value is None else key.field.to_python(value) for key, value in zip(keys, raw, strict=True)]
    except (ValueError, TypeError, binascii.Error, InvalidOperation, ValidationError) as error:
        raise BadRequest("this key belongs to no list") from error
    return values
