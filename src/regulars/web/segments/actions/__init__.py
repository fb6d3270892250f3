"""Writes of views and segments, and lists that leave as files."""

from regulars.web.segments.actions.exporting import order, remove_old
from regulars.web.segments.actions.segments import change_segment, delete_segment, freeze, make_segment
from regulars.web.segments.actions.views import change_view, delete_view, open_with, save_view

__all__ = [
    "change_segment",
    "change_view",
    "delete_segment",
    "delete_view",
    "freeze",
    "make_segment",
    "open_with",
    "order",
    "remove_old",
    "save_view",
]
