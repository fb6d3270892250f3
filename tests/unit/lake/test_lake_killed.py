"""A writer is killed, anywhere: what stands is the state before or after, never between, and the next import works."""

from __future__ import annotations

import multiprocessing
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from multiprocessing.context import ForkServerContext
from pathlib import Path

import pytest
from deltalake import DeltaTable
from tests.unit.lake import importing

State = list[tuple[object, ...]]
CALLS = "pwrite64,write,fsync,linkat,link,unlink,unlinkat,mkdir,ftruncate,rename"


@pytest.fixture(scope="module")
def processes() -> ForkServerContext:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.unit.lake.importing"])
    return context


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The lake before the import."""
    path = tmp_path_factory.mktemp("prepared") / "lake"
    importing.prepare(path)
    return path


@pytest.fixture(scope="module")
def before(prepared: Path) -> State:
    return importing.state(prepared)


@pytest.fixture(scope="module")
def after(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> State:
    path = tmp_path_factory.mktemp("after") / "lake"
    shutil.copytree(prepared, path)
    importing.run(path)
    return importing.state(path)


@pytest.fixture
def copies(prepared: Path, tmp_path: Path) -> Iterator[Path]:
    """Fresh copies of the lake before the import, one after the other."""

    def fresh() -> Iterator[Path]:
        number = 0
        while True:
            number += 1
            yield Path(shutil.copytree(prepared, tmp_path / str(number)))

    return fresh()


def holds(path: Path, before: State, after: State) -> bool:
    """Check what a killed import left; return whether it was done."""
    found = importing.state(path)
    assert found in (before, after)
    importing.run(path)
    assert importing.state(path) == after, "importing again ends it, and doubles nothing"
    lake = importing.short_lake(path)
    lake.vacuum(keep=timedelta(0))
    folder = lake.folder("transaction_lines")
    named = {f"{folder.name}/{Path(uri).name}" for uri in DeltaTable(folder).file_uris()}
    left = {str(p.relative_to(path)) for p in path.rglob("*") if p.is_file() and "_delta_log" not in p.parts}
    assert left == {*named, "writer.lock", "pins.lock"}, "vacuum sweeps what the killed left"
    assert importing.state(path) == after
    return found == after


def test_the_import_does_everything_at_once(before: State, after: State):
    assert before != after
    assert sorted(row[0] for row in after) == ["N1", "N2", "O0", "O1", "O2", "O3", "O4", "O5"]


def test_killed_at_every_fsync(processes, copies, before: State, after: State):
    done = []
    for sync, path in enumerate(copies, 1):
        process = processes.Process(target=importing.run_and_die, args=(path, sync))
        process.start()
        process.join(60)
        if process.exitcode == 0:
            break
        assert process.exitcode == -signal.SIGKILL
        done.append(holds(path, before, after))
    # The files of two months and their folder; then the commit and its folder, which come after it is named.
    assert done == [False, False, False, True, True]


def killed_after(processes, path: Path, seconds: float) -> int:
    process = processes.Process(target=importing.run, args=(path,))
    process.start()
    time.sleep(seconds)
    process.kill()
    process.join(60)
    return process.exitcode


def kill_at_random(processes, copies, before: State, after: State, times: int) -> None:
    choose, outcomes = random.Random(times), []
    for _, path in zip(range(times), copies, strict=False):
        exitcode = killed_after(processes, path, choose.uniform(0.02, 0.6))
        assert exitcode in (0, -signal.SIGKILL)
        outcomes.append(holds(path, before, after))
    assert set(outcomes) == {True, False} or times < 100


def test_killed_at_random(processes, copies, before: State, after: State):
    kill_at_random(processes, copies, before, after, 10)


@pytest.mark.long
def test_killed_at_random_200_times(processes, copies, before: State, after: State):
    kill_at_random(processes, copies, before, after, 200)


@pytest.mark.long
@pytest.mark.skipif(shutil.which("strace") is None, reason="needs strace")
def test_killed_at_every_call_that_writes(copies, before: State, after: State):
    """The n-th write, sync, link, … of any thread, for every n until the import ends well."""
    for n, path in enumerate(copies, 1):
        trace = ["strace", "-f", "-qq", "-o", "/dev/null", "-e", f"trace={CALLS}"]
        inject = ["-e", f"inject={CALLS}:signal=KILL:when={n}"]
        command = [*trace, *inject, sys.executable, "-m", "tests.unit.lake.importing", str(path)]
        ended = subprocess.run(command, check=False, capture_output=True, text=True)
        if ended.returncode == 0:
            assert n > 10
            break
        holds(path, before, after)
