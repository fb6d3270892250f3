"""Documents people read: the HTML report, the Excel file, the summary in the terminal."""

from regulars.report.excel import write_xlsx
from regulars.report.html import write_html
from regulars.report.terminal import terminal_summary

__all__ = ["terminal_summary", "write_html", "write_xlsx"]
