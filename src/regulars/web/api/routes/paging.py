"""Lists page by key: `after` is the `next` of the page before."""

from __future__ import annotations

from typing import Annotated, Any

from django.db.models import QuerySet
from ninja import Header, Query
from pydantic import StringConstraints

from regulars.web.api.shapes import Key, Problem
from regulars.web.core.paging import KeysetPage, keyset_page

After = Annotated[
    Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,400}$")] | None,
    Query(None, description="The `next` of the page before"),
]
Limit = Annotated[int, Query(50, ge=1, le=200, description="Rows a page")]
IdempotencyKey = Annotated[
    Key | None, Header(None, alias="Idempotency-Key", description="The same key and body: done once, the same answer")
]
REFUSALS: dict[Any, Any] = dict.fromkeys(({400, 401, 403, 404, 409, 413, 422, 429}), Problem)
"""What any operation may answer instead, always in the same shape."""


def page_of(records: QuerySet[Any], order: list[str], after: str | None, limit: int) -> KeysetPage:
    """Return one page of `records`."""
    return keyset_page(records, order, after=after, size=limit)
