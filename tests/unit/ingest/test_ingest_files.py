"""Files as people have them: encodings, delimiters, compression, folders, broken lines."""

import datetime as dt
import gzip
import shutil
from decimal import Decimal

import duckdb
import polars as pl
import pyarrow as pa
import pytest

from regulars import engine, ingest
from regulars.errors import InputError

PLAIN = "CustomerID,InvoiceNo,InvoiceDate,Quantity,UnitPrice\n007,1,2024-03-01 09:30,2,1.25\n8,2,2024-03-02,1,3\n"
EXPECTED = [("007", dt.date(2024, 3, 1), Decimal("2.5000")), ("8", dt.date(2024, 3, 2), Decimal("3.0000"))]


def lines(orders, *columns):
    names = columns or ("customer_id", "business_date", "net_amount")
    rows = engine.to_arrow(orders.lines.select(list(names))).to_pylist()
    return sorted(tuple(row[c] for c in names) for row in rows)


def written(folder, content, name="orders.csv", encoding="utf-8"):
    path = folder / name
    path.write_bytes(content.encode(encoding))
    return path


def test_a_clean_csv(tmp_path):
    orders = ingest.read_orders(written(tmp_path, PLAIN))
    assert lines(orders) == EXPECTED
    assert lines(orders, "source", "row") == [("orders.csv", 2), ("orders.csv", 3)]
    assert orders.source == "orders.csv"
    assert orders.left_out == []


def tables(connection):
    found = connection.execute("select table_name from duckdb_tables() where table_name not like 'regulars_session_%'")
    return [name for (name,) in found.fetchall()]


def test_a_session_holds_the_lines_until_they_are_released(tmp_path):
    with engine.session() as connection:
        orders = ingest.read_orders(written(tmp_path, PLAIN), connection=connection)
        assert len(tables(connection)) == 1
        assert lines(orders) == EXPECTED
        orders.release()
        assert tables(connection) == []


def test_a_connection_of_the_users_own_is_left_as_it_was(tmp_path):
    connection = duckdb.connect()
    orders = ingest.read_orders(written(tmp_path, PLAIN), connection=connection)
    assert lines(orders) == EXPECTED
    assert tables(connection) == []


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
def test_encodings(tmp_path, encoding):
    text = (
        "客户编号,订单号,下单时间,数量,单价,门店\n张三,1,2024-03-01,2,1.25,北京朝阳店\n李四,2,2024-03-02,1,3,上海店\n"
    )
    orders = ingest.read_orders(written(tmp_path, text, encoding=encoding))
    assert lines(orders, "customer_id", "net_amount", "store") == [
        ("张三", Decimal("2.5000"), "北京朝阳店"),
        ("李四", Decimal("3.0000"), "上海店"),
    ]


def test_a_western_code_page(tmp_path):
    text = "customer,date,amount,store\nJosé,2024-03-01,£5.00,Café\nZoë,2024-03-02,£1.00,Crêpe\n"
    orders = ingest.read_orders(written(tmp_path, text, encoding="cp1252"))
    assert lines(orders, "customer_id", "store") == [("José", "Café"), ("Zoë", "Crêpe")]


@pytest.mark.parametrize(("delimiter", "name"), [(";", "o.csv"), ("\t", "o.tsv"), ("|", "o.txt"), (",", "o.csv")])
def test_delimiters(tmp_path, delimiter, name):
    assert lines(ingest.read_orders(written(tmp_path, PLAIN.replace(",", delimiter), name))) == EXPECTED


def test_semicolons_and_decimal_commas(tmp_path):
    text = "Kunde;customer;date;amount\nx;a;2024-03-01;1.234,50 €\ny;b;2024-03-02;12,5\nz;c;2024-03-02;1.000\n"
    assert [row[2] for row in lines(ingest.read_orders(written(tmp_path, text)))] == [
        Decimal("1234.5000"), Decimal("12.5000"), Decimal("1000.0000")
    ]  # fmt: skip


def test_gz(tmp_path):
    path = tmp_path / "orders.csv.gz"
    path.write_bytes(gzip.compress(PLAIN.encode()))
    assert lines(ingest.read_orders(path)) == EXPECTED
    path.write_bytes(gzip.compress("客户编号,下单时间,金额\n张三,2024-03-01,5\n".encode("gb18030")))
    assert lines(ingest.read_orders(path)) == [("张三", dt.date(2024, 3, 1), Decimal("5.0000"))]


def test_lines_above_the_header_and_the_sep_line_are_skipped(tmp_path):
    text = "Order export\n\nCreated 2024-04-01\n" + PLAIN
    orders = ingest.read_orders(written(tmp_path, text))
    assert lines(orders) == EXPECTED
    assert lines(ingest.read_orders(written(tmp_path, "sep=,\n" + PLAIN))) == EXPECTED


def test_broken_lines_are_rejected_with_their_line(tmp_path):
    body = "".join(f"c{i},2024-03-{1 + i % 28:02},{i}\n" for i in range(100))
    broken = body.replace("c40,", "c40,x,y,").replace("c60,2024-03-05,60", "c60")
    orders = ingest.read_orders(written(tmp_path, "customer,date,amount\n" + broken))
    assert [(e.reason, e.rows) for e in orders.left_out] == [("broken_line", 2)]
    assert orders.n_rows_read == 100
    rejected = engine.to_arrow(orders.rejected.sort("row")).to_pylist()
    assert [(r["row"], r["reason"], r["value"]) for r in rejected] == [
        (42, "broken_line", "c40,x,y,2024-03-13,40"),
        (62, "broken_line", "c60"),
    ]
    rows = dict(lines(orders, "customer_id", "row"))
    assert (rows["c39"], rows["c41"], rows["c59"], rows["c61"], rows["c99"]) == (41, 43, 61, 63, 101)


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_broken_line_is_shown_without_its_line_ends(tmp_path, end):
    good = [f"c{i},2024-03-01,{i}" for i in range(60)]
    text = end.join(["customer,date,amount", *good[:30], "c30,x,y,z,1", *good[30:], ""])
    (tmp_path / "orders.csv").write_bytes(text.encode())
    orders = ingest.read_orders(tmp_path / "orders.csv")
    assert engine.to_arrow(orders.rejected)["value"].to_pylist() == ["c30,x,y,z,1"]
    ingest.write_rejected(orders, tmp_path / "rejected.csv")
    assert len((tmp_path / "rejected.csv").read_text(encoding="utf-8-sig").splitlines()) == 2


def test_many_broken_lines_keep_the_numbering(tmp_path):
    body = "".join(f"c{i}\n" if i % 20 == 7 else f"c{i},2024-03-01,1\n" for i in range(6000))
    orders = ingest.read_orders(written(tmp_path, "customer,date,amount\n" + body))
    assert {row - int(c[1:]) for c, row in lines(orders, "customer_id", "row")} == {2}


def test_quotes_and_lines_within_cells(tmp_path):
    text = 'customer,date,amount,description\n"a, b",2024-03-01,"1,234.50","say ""hi""\nthere"\nc,2024-03-02,5,x\n'
    orders = ingest.read_orders(written(tmp_path, text))
    assert lines(orders) == [
        ("a, b", dt.date(2024, 3, 1), Decimal("1234.5000")),
        ("c", dt.date(2024, 3, 2), Decimal("5.0000")),
    ]


def test_rows_of_separators_alone_are_no_rows(tmp_path):
    orders = ingest.read_orders(written(tmp_path, "customer,date,amount\na,2024-03-01,1\n,,\n,,\n"))
    assert (orders.n_rows_read, orders.left_out) == (1, [])


def test_a_rare_way_of_writing_dates_deep_in_the_file_is_learned(tmp_path):
    body = "".join(f"c{i},2024-03-01,1\n" for i in range(25_000)) + 'z,2024年3月5日,"￥1,200"\n'
    orders = ingest.read_orders(written(tmp_path, "customer,date,amount\n" + body))
    assert orders.left_out == []
    assert lines(orders)[-1] == ("z", dt.date(2024, 3, 5), Decimal("1200.0000"))


def test_floats_as_customers_become_whole_numbers(tmp_path):
    orders = ingest.read_orders(written(tmp_path, "CustomerID,date,amount\n17850.0,2024-03-01,1\n,2024-03-01,1\n"))
    assert lines(orders, "customer_id") == [("17850",)]


def test_a_folder_is_one_source(tmp_path):
    written(tmp_path, PLAIN, "2024-01.csv")
    written(tmp_path, PLAIN.replace("007", "009").replace(",", ";"), "2024-02.csv")
    (tmp_path / "_SUCCESS").write_text("")
    orders = ingest.read_orders(tmp_path)
    assert lines(orders, "source", "row", "customer_id") == [
        ("2024-01.csv", 2, "007"), ("2024-01.csv", 3, "8"), ("2024-02.csv", 2, "009"),
    ]  # fmt: skip
    assert [(e.reason, e.rows) for e in orders.left_out] == [("duplicate", 1)]


def test_a_folder_of_different_files_is_refused(tmp_path):
    written(tmp_path, PLAIN, "a.csv")
    written(tmp_path, "customer,date,amount\na,2024-03-01,1\n", "b.csv")
    with pytest.raises(InputError, match="its columns differ"):
        ingest.read_orders(tmp_path)


def test_a_folder_may_mix_kinds(tmp_path):
    written(tmp_path, "customer,date,amount\na,2024-03-01,1\n", "a.csv")
    pl.DataFrame({"customer": ["b"], "date": [dt.date(2024, 3, 2)], "amount": [2.5]}).write_parquet(
        tmp_path / "b.parquet"
    )
    assert lines(ingest.read_orders(tmp_path)) == [
        ("a", dt.date(2024, 3, 1), Decimal("1.0000")), ("b", dt.date(2024, 3, 2), Decimal("2.5000"))
    ]  # fmt: skip


def test_names_that_look_like_patterns(tmp_path):
    assert lines(ingest.read_orders(written(tmp_path, PLAIN, "orders[1]*.csv"))) == EXPECTED
    assert lines(ingest.read_orders(written(tmp_path, PLAIN, "it's.csv"))) == EXPECTED


def test_column_names_with_quotes(tmp_path):
    text = PLAIN.replace("CustomerID", '"Customer ""ID"""')
    assert lines(ingest.read_orders(written(tmp_path, text))) == EXPECTED


def test_parquet_rows_are_counted_from_one(tmp_path):
    table = pl.DataFrame({"CustomerID": [5, None], "date": [dt.date(2024, 3, 1)] * 2, "amount": [1.0, 2.0]})
    table.write_parquet(tmp_path / "o.parquet")
    orders = ingest.read_orders(tmp_path / "o.parquet")
    assert lines(orders, "customer_id", "row") == [(5, 1)]
    assert engine.to_arrow(orders.rejected).to_pylist() == [
        {
            "source": "o.parquet",
            "row": 2,
            "column": "CustomerID",
            "reason": "no_customer",
            "value": None,
            "money": Decimal("2.0000"),
        }
    ]


def test_eager_frames_have_ordinals_and_lazy_ones_none():
    frame = pl.DataFrame({"customer": ["a"], "date": [dt.date(2024, 3, 1)], "amount": [1.0]})
    assert lines(ingest.read_orders(frame), "source", "row") == [("frame", 1)]
    assert lines(ingest.read_orders(frame.lazy()), "source", "row") == [("frame", None)]
    assert lines(ingest.read_orders(frame.to_arrow()), "source", "row") == [("frame", 1)]
    relation = duckdb.connect().sql("select 'a' as customer, date '2024-03-01' as date, 1.0 as amount")
    assert lines(ingest.read_orders(relation), "source", "row") == [("frame", None)]


def test_pandas_frames_with_floating_customers():
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame(
        {"CustomerID": [17850.0, None], "date": pandas.to_datetime(["2024-03-01"] * 2), "amount": [1.5, 1]},
        index=["x", "y"],
    )
    orders = ingest.read_orders(frame)
    assert lines(orders, "customer_id") == [(17850,)]
    assert [(e.reason, e.rows) for e in orders.left_out] == [("no_customer", 1)]


def test_progress_is_told(tmp_path):
    told = []
    ingest.read_orders(written(tmp_path, PLAIN), progress=lambda what, share: told.append((what.en, share)))
    assert [share for _, share in told] == sorted(share for _, share in told)
    assert told[-1][1] == 1.0


def test_nothing_is_left_behind(tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path / "tmp"))
    (tmp_path / "tmp").mkdir()
    import tempfile

    monkeypatch.setattr(tempfile, "tempdir", None)
    connection = duckdb.connect()
    ingest.read_orders(written(tmp_path, PLAIN.replace("8,2", "张,2"), encoding="gb18030"), connection=connection)
    assert list((tmp_path / "tmp").iterdir()) == []


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("o.csv", b"", "empty"),
        ("o.csv", b"  \n \n", "empty"),
        ("o.csv", b"customer,date,amount\n", "header but no row"),
        ("o.csv", bytes(range(256)) * 40, "not a table"),
        ("o.csv", b"one,two\n1,2\n3,4\n", "the customer, the order date"),
        ("o.parquet", b"PAR1 nothing", "no Parquet file"),
        ("o.parquet", b"", "empty"),
        ("o.xlsx", b"PK\x03\x04 nothing", "does not open"),
        ("o.xls", b"nothing", "does not open"),
        ("o.csv.gz", b"\x1f\x8b\x08 broken", "damaged"),
        ("o.csv.gz", gzip.compress(PLAIN.encode() * 500, mtime=0)[:60], "damaged"),
        ("o.pdf", b"%PDF", "not supported"),
        ("o", b"x", "not supported"),
    ],
)
def test_what_is_no_orders_file_is_refused_in_three_lines(tmp_path, name, content, said):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(InputError, match=said) as refused:
        ingest.read_orders(path)
    for lang in ("zh", "en"):
        message = refused.value.message(lang)
        assert len(message.partition("[columns]")[0].splitlines()) <= 3
        assert str(name) in message
    assert refused.value.remedy is not None


def test_absent_and_forbidden_files(tmp_path):
    with pytest.raises(InputError, match="no such file"):
        ingest.read_orders(tmp_path / "nothing.csv")
    with pytest.raises(InputError, match="not supported"):
        ingest.read_orders(tmp_path)
    path = written(tmp_path, PLAIN)
    path.chmod(0)
    try:
        path.read_bytes()
    except PermissionError:
        with pytest.raises(InputError, match="permission"):
            ingest.read_orders(path)
    finally:
        path.chmod(0o600)


@pytest.mark.parametrize(
    ("lang", "remedy"), [("en", "Correct the column, or choose"), ("zh", "改正这一列，或用 --map")]
)
def test_where_nothing_is_readable_no_limit_is_proposed(tmp_path, lang, remedy):
    path = written(tmp_path, "customer,date,amount\n" + "".join(f"c{i},soon,1\n" for i in range(20)))
    with pytest.raises(InputError) as refused:
        ingest.read_orders(path)
    message = refused.value.message(lang)
    assert "--max-rejected" not in message
    assert remedy in message


def test_too_wide(tmp_path):
    wide = ",".join(f"c{i}" for i in range(2001))
    with pytest.raises(InputError, match="2,001 columns"):
        ingest.read_orders(written(tmp_path, wide + "\n" + wide + "\n"))


def test_unreadable_rows_beyond_the_limit_name_the_first(tmp_path):
    body = "".join(f"c{i},{'soon' if i in (3, 4) else '2024-03-01'},1\n" for i in range(20))
    path = written(tmp_path, "customer,date,amount\n" + body)
    with pytest.raises(InputError, match=r"orders\.csv, row 5, column date: 2 rows \(10 %\) cannot be read") as refused:
        ingest.read_orders(path)
    assert "--max-rejected 0.11" in refused.value.message("en")
    orders = ingest.read_orders(path, options=ingest.ReadOptions(max_rejected=0.1))
    assert [(e.reason, e.rows) for e in orders.left_out] == [("unreadable_date", 2)]
    rejected = engine.to_arrow(orders.rejected.sort("row")).to_pylist()
    assert [(r["row"], r["column"], r["value"]) for r in rejected] == [(5, "date", "soon"), (6, "date", "soon")]


def test_what_is_no_table_is_refused():
    with pytest.raises(InputError, match="Pass a table"):
        ingest.read_orders([1, 2])
    with pytest.raises(InputError, match="no rows"):
        ingest.read_orders(pa.table({"customer": pa.array([], pa.string())}))


def test_a_file_read_twice_gives_the_same_lines(tmp_path):
    path = written(tmp_path, PLAIN)
    copy = tmp_path / "copy.csv"
    shutil.copy(path, copy)
    assert lines(ingest.read_orders(path)) == lines(ingest.read_orders(copy))


def test_gb18030_with_a_yen_sign_on_every_price_is_still_chinese(tmp_path):
    lines = ["客户编号,下单时间,金额", *[f"VIP{i % 9},2026-03-{i % 28 + 1:02d},¥{i}.00" for i in range(60)]]
    path = tmp_path / "茶店.csv"
    path.write_bytes("\n".join(lines).encode("gb18030"))
    assert ingest.read_orders(path).n_lines == 60
