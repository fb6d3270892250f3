"""Writes of views and segments, and lists that leave as files."""

from regulars.web.segments.actions.exporting import order, order_list, remove_old
from regulars.web.segments.actions.segments import change_segment, delete_segment, freeze, make_segment
from regulars.web.segments.actions.views import change_view, delete_view, open_with, save_view
from regulars.web.segments.writing import write as write_file

__all__ = [
    "change_segment",
    "change_view",
    "delete_segment",
    "delete_view",
    "freeze",
    "make_segment",
    "open_with",
    "order",
    "order_list",
    "remove_old",
    "save_view",
    "write_file",
]
