"""Files made to do harm end in a clear message; nothing of the workspace changes, nothing of the machine is read."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from regulars.errors import InputError
from regulars.web.core.models import Workspace
from regulars.web.customers.models import Customer
from regulars.web.facts import access
from regulars.web.importing import actions, sandbox, steps, upload
from regulars.web.importing.models import Import, State
from regulars.web.importing.parsing.limits import LOOK, MB, ORDERS
from regulars.web.importing.parsing.task import Task

pytestmark = pytest.mark.django_db

HEAD = b"order id,customer id,order date,amount\n"
ROW = b"O1,C1,2026-05-01,10\n"


@pytest.fixture
def take(actors):
    """Take a file in and look at it: `take(content, name)`."""

    def through(content: bytes, name: str, holds: str = "orders") -> Import:
        one = actions.take(
            holds=holds, source="shop", file=SimpleUploadedFile(name, content), by=actors["administrator"]
        )
        steps.look(one, lambda *_: None)
        return one

    return through


def untouched() -> bool:
    return not Customer.objects.exists() and access.lake().version("transaction_lines") is None


def workbook(sheet: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", "<workbook><sheets><sheet name='a' sheetId='1'/></sheets></workbook>")
        archive.writestr("xl/worksheets/sheet1.xml", sheet)
    return out.getvalue()


@pytest.mark.own_database
def test_a_zip_bomb_is_refused_before_it_is_unpacked(take):
    bomb = workbook(b"<worksheet>" + b" " * (300 * MB) + b"</worksheet>")
    assert len(bomb) < MB
    with pytest.raises(InputError, match="unpacks to far too much"):
        take(bomb, "bomb.xlsx")
    assert Import.objects.get().state == State.FAILED
    assert untouched()


@pytest.mark.own_database
def test_a_sheet_of_a_trillion_cells_is_refused(take):
    with pytest.raises(InputError):
        take(workbook(b'<worksheet><dimension ref="A1:XFD1048576"/></worksheet>'), "wide.xlsx")
    assert untouched()


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"MZ\x90\x00" * 200, "orders.xlsx", "damaged or protected"),
        (b"PAR1" + b"\x00" * 100, "orders.parquet", "damaged"),
        (b"\x00" * 5000, "orders.csv", ""),
        (b"\xff\xfe\x00\xd8" * 500, "orders.csv", ""),
        (HEAD, "orders.csv", ""),
        (b"a" * 3_000_000, "orders.csv", ""),
        (b"," * 20_000 + b"\n" + b"1," * 20_000, "orders.csv", ""),
        (b"<html><body>Sign in</body></html>" * 10, "orders.xlsx", "damaged or protected"),
    ],
)
def test_what_is_no_orders_file_is_refused_in_words(content, name, said, take, actors):
    def look_and_check():  # what has columns of a kind is refused by the check
        steps.check(take(content, name), actors["administrator"], lambda *_: None)

    with pytest.raises(InputError) as refused:
        look_and_check()
    assert said in str(refused.value)
    assert name in str(refused.value)
    assert untouched()


def test_wrong_encodings_are_read_or_refused_never_garbled(take, actors):
    text = "订单号,客户编号,下单时间,金额\nO1,客一,2026-05-01,10\n"
    for encoding in ("gb18030", "utf-16", "utf-8-sig"):
        one = take(text.encode(encoding), "订单.csv")
        assert [column["name"] for column in one.look["columns"]] == ["订单号", "客户编号", "下单时间", "金额"]
        steps.check(one, actors["administrator"], lambda *_: None)
        assert one.account["lines"] == 1


@pytest.mark.own_database
def test_a_parquet_file_that_says_to_hold_a_billion_rows(take, actors, monkeypatch):
    from regulars.web.importing import steps as wizard

    out = io.BytesIO()
    pq.write_table(
        pa.table({"customer id": ["C1"] * 5000, "order date": ["2026-05-01"] * 5000, "amount": [1] * 5000}), out
    )
    one = take(out.getvalue(), "many.parquet")
    monkeypatch.setitem(wizard.LIMITS, one.holds, replace(wizard.LIMITS[one.holds], rows=1000))
    with pytest.raises(InputError, match="5,000 rows; at most 1,000"):
        steps.check(one, actors["administrator"], lambda *_: None)
    assert untouched()


@pytest.mark.own_database
def test_a_huge_cell_is_named_by_row_and_column(take, actors):
    out = io.BytesIO()
    ids = ["C1", "C2", "C" * 4_000_000]
    pq.write_table(pa.table({"customer id": ids, "order date": ["2026-05-01"] * 3, "amount": [1, 2, 3]}), out)
    one = take(out.getvalue(), "cell.parquet")
    with pytest.raises(InputError, match=r"row 3, column “customer id”.*more than 10,000 characters"):
        steps.check(one, actors["administrator"], lambda *_: None)
    assert untouched()


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd.csv", "passwd.csv"),
        ("..\\..\\windows\\win.csv", "win.csv"),
        ("/etc/cron.d/x.csv", "x.csv"),
        ("a\u202egnp.csv", "agnp.csv"),
        ("...csv", "csv"),
        ("<b>bold</b>.csv", "b.csv"),
        ("x" * 400 + ".csv", "x" * 196 + ".csv"),
    ],
)
def test_a_name_never_leads_elsewhere(given, kept):
    assert actions.plain_name(given) == kept


def test_the_file_lies_under_a_name_of_ours(take, workspace_home):
    one = take(HEAD + ROW, "../../../evil.csv")
    assert one.file == workspace_home / "uploads" / f"import-{one.pk}" / "file.csv"
    assert one.file.exists()
    assert one.folder.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("name", ["orders.exe", "orders", "orders.csv.html", "orders.zip", "orders.xlsm.py", ".csv"])
def test_other_kinds_of_files_are_not_taken(name, actors):
    with pytest.raises(ValidationError, match="Files end in"):
        actions.take(holds="orders", source="", file=SimpleUploadedFile(name, HEAD), by=actors["administrator"])
    assert not Import.objects.exists()


def test_patterns_in_a_name_are_no_patterns(take, actors):
    one = take(HEAD + ROW, "orders[0-9]*.csv")
    steps.check(one, actors["administrator"], lambda *_: None)
    assert one.account["lines"] == 1


def test_a_column_name_is_never_a_query(take, actors):
    evil = 'x"; drop table customers_customer; --'
    one = take(
        b'order id,customer id,order date,amount,"' + evil.replace('"', '""').encode() + b'"\nO1,C1,2026-05-01,10,1\n',
        "q.csv",
    )
    assert evil in [column["name"] for column in one.look["columns"]]
    one.columns["product_id"] = evil
    steps.check(one, actors["administrator"], lambda *_: None)
    assert one.account["lines"] == 1
    assert "customers_customer" in connection.introspection.table_names()


def test_names_of_columns_and_files_are_escaped_on_the_page(take, client_of):
    one = take(b"<script>alert(1)</script>,customer id,order date,amount\nx,C1,2026-05-01,10\n", "<img src=x>.csv")
    page = client_of("administrator").get(f"/import/{one.pk}/").text
    assert "<script>alert(1)</script>" not in page
    assert "<img src=x>" not in page


def test_an_upload_is_stopped_at_the_cap(client_of, monkeypatch):
    monkeypatch.setattr(upload, "MOST_BYTES", 50_000)
    file = SimpleUploadedFile("orders.csv", HEAD + ROW * 100_000)
    answer = client_of("administrator").post("/import/", {"holds": "orders", "source": "", "file": file})
    assert answer.status_code == 200
    assert "is larger than" in answer.text
    assert not Import.objects.exists()


def test_a_file_beyond_the_cap_leaves_nothing_on_the_disk(actors, monkeypatch, workspace_home):
    monkeypatch.setattr(actions, "MOST_BYTES", 1000)
    with pytest.raises(ValidationError, match="is larger than"):
        actions.take(
            holds="orders", source="", file=SimpleUploadedFile("o.csv", ROW * 1000), by=actors["administrator"]
        )
    assert not Import.objects.exists()
    assert not list((workspace_home / "uploads").iterdir())


def test_an_empty_file_is_refused(client_of):
    file = SimpleUploadedFile("orders.csv", b"")
    answer = client_of("administrator").post("/import/", {"holds": "orders", "source": "", "file": file})
    assert "The file is empty" in answer.text


@pytest.mark.own_database
@pytest.mark.parametrize("memory", [60, 90, 120, 150])  # it ends with an error, a signal or without a word
def test_reading_ends_at_its_limit_of_memory(tmp_path, memory):
    file = tmp_path / "file.csv"
    file.write_bytes(HEAD + ROW * 10)
    with pytest.raises(InputError, match="more memory than is allowed"):
        sandbox.run(Task(str(file), "orders", look=True), tmp_path, replace(LOOK, memory=memory * MB))


@pytest.mark.own_database
def test_reading_ends_at_its_limit_of_time(tmp_path):
    file = tmp_path / "file.csv"
    file.write_bytes(HEAD + ROW)
    with pytest.raises(InputError, match="not read after 0 seconds"):
        sandbox.run(Task(str(file), "orders", look=True), tmp_path, replace(LOOK, seconds=0.2))


@pytest.mark.own_database
def test_reading_ends_when_it_is_no_longer_wanted(tmp_path):
    class Stop(Exception):  # noqa: N818
        pass

    def stop(*_):
        raise Stop

    file = tmp_path / "file.csv"
    file.write_bytes(HEAD + ROW)
    with pytest.raises(Stop):
        sandbox.run(Task(str(file), "orders", look=True), tmp_path, LOOK, stop)
    assert not (tmp_path / "room").exists()


@pytest.mark.own_database
def test_the_reading_process_knows_no_secret(tmp_path, monkeypatch):
    seen = {}

    class Popen(sandbox.subprocess.Popen):
        def __init__(self, *args, **options):
            seen.update(options["env"])
            super().__init__(*args, **options)

    monkeypatch.setenv("DATABASE_URL", "postgresql://secret")
    monkeypatch.setenv("REGULARS_SECRET_KEY", "secret")
    monkeypatch.setattr(sandbox.subprocess, "Popen", Popen)
    file = tmp_path / "file.csv"
    file.write_bytes(HEAD + ROW)
    sandbox.run(Task(str(file), "orders", look=True), tmp_path, LOOK)
    assert not {"DATABASE_URL", "REGULARS_SECRET_KEY", "REGULARS_HOME"} & seen.keys()
    assert "secret" not in str(seen)


@pytest.mark.own_database
def test_a_fault_of_ours_is_not_called_a_fault_of_the_file(tmp_path):
    (tmp_path / "file.csv").write_bytes(HEAD + ROW)
    with pytest.raises(RuntimeError, match=r"the reading process ended with 1: TypeError at .*py:\d+"):
        sandbox.run(Task(str(tmp_path / "file.csv"), "orders", max_rejected="x"), tmp_path, ORDERS)


def test_error_files_hide_what_their_reader_may_not_see(take, actors, client_of):
    from regulars.web.importing import left_out

    rows = b"".join(b"O%d,C%d,2026-05-01,10,5\n" % (i, i) for i in range(60))
    content = HEAD.replace(b"amount", b"amount,cost") + rows + b"O90,1380013,2026-05-01,10,SECRETCOST\n" + b"a,b\n"
    one = take(content, "orders.csv")
    one.columns = {**one.columns, "cost_amount": "cost"}
    steps.check(one, actors["administrator"], lambda *_: None)
    full = "".join(left_out.rows(one, actors["administrator"], "en"))
    masked = "".join(left_out.rows(one, actors["service"], "en"))
    assert "SECRETCOST" in full
    assert "SECRETCOST" not in masked
    assert "numbers that cannot be read" in masked
    assert '"a,b"' in full
    assert '"a,b"' not in masked


def test_the_workspace_stays_as_it_was(take, workspace_home):
    Workspace.objects.get_or_create(pk=1)
    before = Workspace.objects.values().get()
    with pytest.raises(InputError):
        take(workbook(b"<worksheet>" + b" " * (300 * MB) + b"</worksheet>"), "bomb.xlsx")
    assert Workspace.objects.values().get() == before
