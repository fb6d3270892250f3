"""What the disk refuses is said in the user's words, whoever of the three says it."""

from __future__ import annotations

import errno
from pathlib import Path

import duckdb
import pytest
from deltalake.exceptions import DeltaError
from tests.unit.lake.rows import FIRST, line, lines

from regulars import engine
from regulars.engine.current import current_connection
from regulars.errors import InputError, OutputError
from regulars.lake import Lake
from regulars.lake.disk import refusals_in_words

REFUSALS = {
    "Python, full": (OSError(errno.ENOSPC, "No space left on device"), "the disk is full"),
    "Python, quota": (OSError(errno.EDQUOT, "Disk quota exceeded"), "the disk is full"),
    "Python, rights": (PermissionError(errno.EACCES, "Permission denied"), "Permission denied"),
    "DuckDB, full": (duckdb.IOException('write failed: {"errno":"28"}'), "the disk is full"),
    "DuckDB, too large": (duckdb.IOException('write failed: {"errno":"27"}'), "File too large"),
    "delta-rs, full": (OSError("Generic\n  No space left on device (os error 28)\n"), "the disk is full"),
    "delta-rs, rights": (DeltaError("Generic\n  Permission denied (os error 13)"), "Permission denied"),
    "something else": (DeltaError("first line\nsecond line"), "first line"),
}


@pytest.mark.parametrize("who", REFUSALS)
def test_a_refusal_is_two_lines(who: str):
    error, why = REFUSALS[who]
    with pytest.raises(OutputError) as refusal, refusals_in_words("lake"):
        raise error
    assert refusal.value.message("en").splitlines() == [
        f"lake: cannot be written ({why})",
        "Make room on the disk and try again; the last version is unchanged.",
    ]
    assert refusal.value.message("zh").startswith("lake：写不进去（")
    assert refusal.value.__cause__ is error


@pytest.mark.parametrize("error", [InputError("not the disk"), KeyboardInterrupt(), ValueError("a fault of ours")])
def test_what_the_disk_did_not_refuse_passes_through(error: BaseException):
    with pytest.raises(type(error)) as passed, refusals_in_words("lake"):
        raise error
    assert passed.value is error


def test_a_place_that_is_no_folder_is_refused(tmp_path: Path):
    (tmp_path / "lake").write_text("a file")
    with pytest.raises(OutputError, match="lake: cannot be written"):
        Lake(tmp_path / "lake").write("transaction_lines", lines(line("A")), source="shop", recorded_at=FIRST)


def test_the_open_session_is_the_one_that_is_read_on():
    with pytest.raises(RuntimeError, match="session"):
        current_connection()
    with engine.session(threads=1) as outer:
        assert current_connection() is outer
        with engine.session(threads=1) as inner:
            assert current_connection() is inner
        assert current_connection() is outer
