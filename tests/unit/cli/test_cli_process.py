"""The program as a process: what it imports, what it leaves on stderr, how it ends when told to."""

import os
import signal
import subprocess
import sys
import time

import pytest

from regulars import __version__
from regulars.simulate import bench_company, write_orders

PROGRAM = [sys.executable, "-m", "regulars"]
HEAVY = ("numpy", "duckdb", "narwhals", "pyarrow", "scipy")


def start(*arguments, cwd, **settings):
    command = [*PROGRAM, *[str(a) for a in arguments]]
    # A job in a shell's background is deaf to Ctrl-C, and so is whatever it starts.
    heard = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        return subprocess.Popen(command, cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **settings)
    finally:
        signal.signal(signal.SIGINT, heard)


@pytest.mark.parametrize("arguments", [["--help"], ["value", "--help"], ["--version"]])
def test_help_waits_for_no_library(arguments, tmp_path):
    code = (
        "import contextlib, sys\nfrom regulars.cli.main import main\n"
        f"with contextlib.suppress(SystemExit):\n    main({arguments!r})\n"
        f"sys.exit([name for name in {HEAVY!r} if name in sys.modules] or 0)"
    )
    ran = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stderr) == (0, "")


def test_version_and_help_of_the_module(tmp_path):
    process = start("--version", cwd=tmp_path)
    assert process.communicate() == (f"regulars {__version__}\n", "")
    process = start("value", "--help", "--lang", "zh", cwd=tmp_path)
    out, err = process.communicate()
    assert (process.returncode, err) == (0, "")
    assert out.startswith("用法：regulars value")
    assert "usage" not in out


def test_stderr_is_empty_and_nothing_stays_in_the_temporary_folder(company, tmp_path):
    spill = tmp_path / "tmp"
    spill.mkdir()
    process = start("value", company.orders, "--lang", "en", "--xlsx", cwd=tmp_path,
                    env={**os.environ, "TMPDIR": str(spill)})  # fmt: skip
    out, err = process.communicate()
    assert (process.returncode, err) == (0, "")
    assert out.startswith("What 300 customers are worth")
    assert list(spill.iterdir()) == []


def test_a_reader_that_leaves_early_is_no_error(company, tmp_path):
    process = start("value", company.orders, "--lang", "en", "--json", cwd=tmp_path)
    process.stdout.close()
    with process.stderr:
        assert process.stderr.read() == ""
    assert process.wait() == 0
    assert (tmp_path / "orders-value" / "report.html").is_file()


def test_a_terminal_that_knows_no_arrow_gets_a_question_mark(shop):
    process = start("value", "shop.csv", "--lang", "zh", cwd=shop.parent,
                    env={**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"})  # fmt: skip
    out, err = process.communicate()
    assert (process.returncode, err) == (0, "")
    assert "?" in out


@pytest.fixture(scope="module")
def many(tmp_path_factory):
    path = tmp_path_factory.mktemp("many") / "orders.parquet"
    write_orders(bench_company(8_000), path)
    return path


@pytest.mark.parametrize("told", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl-C", "terminated"])
@pytest.mark.parametrize("later", [0.0, 0.4], ids=["at once", "further on"])
def test_stopped_while_it_works_it_leaves_nothing(many, tmp_path, told, later):
    spill, place = tmp_path / "tmp", tmp_path / "place"
    spill.mkdir()
    place.mkdir()
    process = start("value", many, "--out", place / "out", "--lang", "en", cwd=tmp_path,
                    env={**os.environ, "TMPDIR": str(spill)})  # fmt: skip
    until = time.monotonic() + 60
    while not any(place.iterdir()) and process.poll() is None and time.monotonic() < until:
        time.sleep(0.01)
    time.sleep(later)
    process.send_signal(told)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out, err) == (130, "", "\nregulars: stopped; nothing was written.\n")
    assert list(place.iterdir()) == []
    assert list(spill.iterdir()) == []
