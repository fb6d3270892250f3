"""One writer at a time: the others wait, and say who keeps them waiting; a dead writer keeps nobody."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
from multiprocessing.context import ForkServerContext
from pathlib import Path

import pytest
from tests.unit.lake.rows import FIRST, line, lines, stored

from regulars.errors import InputError
from regulars.lake import Lake
from regulars.lake.lock import locked

HOLD = """
import sys, time
from pathlib import Path
from regulars.lake.lock import locked
with locked(Path(sys.argv[1]), "products < till", 1):
    print("held", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def holder(lake: Lake):
    """Another process that holds the lock."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(lake.path / "writer.lock")], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    yield process
    process.kill()
    process.wait()
    process.stdout.close()


def test_who_waits_in_vain_is_told_for_whom(lake: Lake, holder: subprocess.Popen[str]):
    impatient = Lake(lake.path, wait_seconds=0.2)
    started = time.monotonic()
    with pytest.raises(InputError) as refusal:
        impatient.write("transaction_lines", lines(line("A")), source="shop", recorded_at=FIRST)
    assert 0.2 <= time.monotonic() - started < 5
    assert f"process {holder.pid} is writing (products < till); waited 0.2 seconds" in refusal.value.message("en")
    assert f"进程 {holder.pid} 正在写" in refusal.value.message("zh")


def test_the_lock_of_a_killed_writer_is_void(lake: Lake, holder: subprocess.Popen[str]):
    holder.send_signal(signal.SIGKILL)
    holder.wait()
    assert str(holder.pid) in (lake.path / "writer.lock").read_text()
    assert lake.write("transaction_lines", lines(line("A")), source="shop", recorded_at=FIRST).new == 1


def test_reading_and_pinning_do_not_wait_for_a_writer(lake: Lake, tmp_path: Path):
    lake.write("transaction_lines", lines(line("A")), source="shop", recorded_at=FIRST)
    with locked(lake.path / "writer.lock", "a long import", 1):
        started = time.monotonic()
        assert len(stored(lake)) == 1
        lake.pin(lake.snapshot(), "valuation")
        assert time.monotonic() - started < 3


def test_the_lock_is_free_after_an_error(lake: Lake):
    with pytest.raises(InputError):
        lake.write("transaction_lines", lines(line("A", kind="gift")), source="shop", recorded_at=FIRST)
    with locked(lake.path / "writer.lock", "next", 0):
        assert (lake.path / "writer.lock").read_text() == f"{os.getpid()} next"


def test_threads_of_one_process_take_turns(lake: Lake):
    def write(number: int) -> None:
        lake.write("transaction_lines", lines(line(f"O{number}")), source="shop", recorded_at=FIRST)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [row["order_id"] for row in stored(lake)] == ["O0", "O1", "O2", "O3"]


def import_own_and_shared(path: Path, number: int) -> None:
    """Write three times: rows of one's own, a row that all change, and one's own again."""
    lake = Lake(path, wait_seconds=60, threads=1, memory_limit="200MB")
    own = [line(f"W{number}-{i}", i) for i in range(50)]
    for rows in (own, [line("shared", store=f"S{number}")], own):
        lake.write("transaction_lines", lines(*rows), source="shop", recorded_at=FIRST)


def test_three_concurrent_imports_all_end_well(lake: Lake):
    context: ForkServerContext = multiprocessing.get_context("forkserver")
    processes = [context.Process(target=import_own_and_shared, args=(lake.path, number)) for number in range(3)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(120)
    assert [process.exitcode for process in processes] == [0, 0, 0]
    rows = stored(lake)
    assert len(rows) == 3 * 50 + 1
    (shared,) = [row for row in rows if row["order_id"] == "shared"]
    assert shared["revision"] == 3, "each of the three changed it once"
    assert {row["revision"] for row in rows if row is not shared} == {1}
