"""Reads of customer lists, views and segments. The first argument is who asks."""

from regulars.web.customers.selectors import list_address as address
from regulars.web.segments.selectors.narrowing import COUNTED, Count, Finding, finding
from regulars.web.segments.selectors.pages import ListPage, Row, list_page

__all__ = ["COUNTED", "Count", "Finding", "ListPage", "Row", "address", "finding", "list_page"]
