"""Excel workbooks: the sheet that holds orders, cells of every kind, and workbooks that are traps."""

import datetime as dt
import zipfile
from decimal import Decimal

import pytest
import xlsxwriter

from regulars import engine, ingest
from regulars.errors import InputError
from regulars.ingest import excel

HEADER = ["客户编号", "订单号", "下单时间", "数量", "单价"]
ROWS = [[17850, "A1", dt.datetime(2024, 3, 1, 9, 30), 2, 1.25], [13047, "A2", dt.datetime(2024, 3, 2), 1, 3]]


def workbook(path, sheets, **options):
    with xlsxwriter.Workbook(path, {"default_date_format": "yyyy-mm-dd hh:mm", **options}) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for i, row in enumerate(rows):
                for j, cell in enumerate(row):
                    sheet.write(i, j, cell)
    return path


def lines(orders, *columns):
    rows = engine.to_arrow(orders.lines.select(list(columns))).to_pylist()
    return sorted(tuple(row[c] for c in columns) for row in rows)


def test_the_sheet_that_looks_like_orders_is_read(tmp_path):
    path = workbook(tmp_path / "o.xlsx", {"说明": [["这是导出"], ["作者", "王"]], "订单": [HEADER, *ROWS]})
    orders = ingest.read_orders(path)
    assert orders.source == "o.xlsx[订单]"
    assert lines(orders, "customer_id", "order_id", "ordered_at", "net_amount", "row") == [
        ("13047", "A2", dt.datetime(2024, 3, 2), Decimal("3.0000"), 3),
        ("17850", "A1", dt.datetime(2024, 3, 1, 9, 30), Decimal("2.5000"), 2),
    ]


def test_a_title_above_the_header_and_gaps_between_rows(tmp_path):
    path = workbook(tmp_path / "o.xlsx", {"Sheet1": [["三月订单"], [], HEADER, ROWS[0], [], ROWS[1]]})
    assert lines(ingest.read_orders(path), "customer_id", "row") == [("13047", 6), ("17850", 4)]


@pytest.mark.parametrize(("mac", "number"), [(False, 45352.5), (True, 43890.5)])
def test_day_numbers_count_from_the_workbooks_own_start(tmp_path, mac, number):
    path = workbook(tmp_path / "o.xlsx", {"s": [["customer", "date", "amount"], ["a", number, 1]]}, date_1904=mac)
    assert lines(ingest.read_orders(path), "ordered_at") == [(dt.datetime(2024, 3, 1, 12),)]


@pytest.mark.parametrize("mac", [False, True])
def test_dates_of_workbooks_from_1904(tmp_path, mac):
    path = workbook(tmp_path / "o.xlsx", {"s": [HEADER, *ROWS]}, date_1904=mac)
    assert lines(ingest.read_orders(path), "business_date") == [(dt.date(2024, 3, 1),), (dt.date(2024, 3, 2),)]


def test_header_only_and_empty_workbooks(tmp_path):
    with pytest.raises(InputError, match="header but no row"):
        ingest.read_orders(workbook(tmp_path / "h.xlsx", {"s": [HEADER]}))
    with pytest.raises(InputError, match="empty"):
        ingest.read_orders(workbook(tmp_path / "e.xlsx", {"s": []}))


def test_a_workbook_that_unpacks_to_far_too_much_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(excel, "SMALL", 1 << 20)
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"<row/>" * 2_000_000)
    with pytest.raises(InputError, match="unpacks to far too much"):
        ingest.read_orders(path)


def test_a_sheet_that_spans_too_many_cells_is_refused(tmp_path):
    path = tmp_path / "wide.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", '<worksheet><dimension ref="A1:XFD1048576"/></worksheet>')
    with pytest.raises(InputError, match="too many cells"):
        ingest.read_orders(path)
