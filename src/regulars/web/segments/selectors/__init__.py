"""Reads of customer lists, views and segments. The first argument is who asks."""

from regulars.web.customers.selectors import list_address as address
from regulars.web.segments.selectors.kept import (
    Drift,
    Worth,
    drift,
    every_view,
    finding_in,
    first_view,
    segments,
    views,
    worth,
)
from regulars.web.segments.selectors.narrowing import COUNTED, Count, Finding, finding
from regulars.web.segments.selectors.pages import ListPage, list_page

__all__ = [
    "COUNTED",
    "Count",
    "Drift",
    "Finding",
    "ListPage",
    "Worth",
    "address",
    "drift",
    "every_view",
    "finding",
    "finding_in",
    "first_view",
    "list_page",
    "segments",
    "views",
    "worth",
]
