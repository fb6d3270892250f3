"""Results appear whole or not at all, last once they are there, and are as readable as the user wants them."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from regulars import files
from regulars.errors import InputError, OutputError
from regulars.files import whole_file, whole_folder, write_text

FULL = OSError(errno.ENOSPC, "No space left on device")


def names(folder: Path) -> list[str]:
    return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*"))


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A file of yesterday."""
    path = tmp_path / "report.html"
    path.write_text("of yesterday")
    return path


def test_until_the_last_moment_the_old_file_stands(old: Path) -> None:
    with whole_file(old) as draft:
        draft.write_text("half")
        assert old.read_text() == "of yesterday"
        assert draft.parent == old.parent
        draft.write_text("of today")
    assert old.read_text() == "of today"
    assert names(old.parent) == ["report.html"]


@pytest.mark.parametrize(
    ("trouble", "raised"), [(FULL, OutputError), (ValueError("ours"), ValueError), (KeyboardInterrupt(), BaseException)]
)
def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(
    old: Path, trouble: BaseException, raised: type[BaseException]
) -> None:
    def fails() -> None:
        with whole_file(old) as draft:
            draft.write_text("half")
            raise trouble

    with pytest.raises(raised):
        fails()
    assert old.read_text() == "of yesterday"
    assert names(old.parent) == ["report.html"]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_full_disk_is_named_as_such_with_the_place(old: Path, lang: str) -> None:
    with pytest.raises(OutputError) as refused, whole_file(old):
        raise FULL
    message = refused.value.message("zh" if lang == "zh" else "en")
    assert str(old) in message
    assert {"zh": "磁盘满了", "en": "the disk is full"}[lang] in message
    assert "--out" in message


def test_a_place_that_cannot_be_written_is_named_with_its_reason(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="No such file or directory"):
        write_text(tmp_path / "absent" / "a.txt", "")
    (tmp_path / "folder").mkdir()
    with pytest.raises(OutputError, match="Is a directory"):
        write_text(tmp_path / "folder", "")
    assert names(tmp_path) == ["folder"]


def test_a_device_is_not_replaced_by_a_file(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(OutputError):
        write_text(pipe, "x")
    assert pipe.is_fifo()


def test_the_users_mistake_stays_the_users_mistake(old: Path) -> None:
    with pytest.raises(InputError, match="not a date"), whole_file(old):
        raise InputError("not a date")


class Steps:
    """What was asked of the system, in order."""

    def __init__(self) -> None:
        self.said: list[str] = []


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch) -> Steps:
    seen, sync, move = Steps(), os.fsync, Path.replace

    def synced(handle: int) -> None:
        seen.said.append(f"sync {Path(f'/proc/self/fd/{handle}').resolve().name}")
        sync(handle)

    def moved(self: Path, target: Path) -> Path:
        seen.said.append(f"move to {target.name}")
        return move(self, target)

    monkeypatch.setattr(files.os, "fsync", synced)
    monkeypatch.setattr(Path, "replace", moved)
    return seen


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="reads what is open from the kernel")
def test_contents_are_on_the_disk_before_the_name_and_the_name_before_the_end(old: Path, steps: Steps) -> None:
    write_text(old, "of today")
    draft, *rest = steps.said
    assert draft.startswith("sync .regulars-")
    assert rest == ["move to report.html", f"sync {old.parent.name}"]


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="reads what is open from the kernel")
def test_the_same_holds_for_every_file_of_a_folder(tmp_path: Path, steps: Steps) -> None:
    target = tmp_path / "out"
    target.mkdir()
    with whole_folder(target) as folder:
        for name in ("a", "b"):
            (folder / name).write_text(name)
    assert sorted(steps.said[:2]) == ["sync a", "sync b"]
    assert steps.said[2:] == ["move to a", "move to b", "sync out", f"sync {tmp_path.name}"]


def test_a_disk_that_refuses_at_the_last_sync_keeps_the_old_file(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(_: int) -> None:
        raise FULL

    monkeypatch.setattr(files.os, "fsync", fails)
    with pytest.raises(OutputError, match="disk is full"):
        write_text(old, "of today")
    assert old.read_text() == "of yesterday"
    assert names(old.parent) == ["report.html"]


def test_a_file_system_without_sync_is_no_error(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def lacks(_: int) -> None:
        raise OSError(errno.EINVAL, "Invalid argument")

    monkeypatch.setattr(files.os, "fsync", lacks)
    write_text(old, "of today")
    assert old.read_text() == "of today"


@pytest.fixture(params=[0o022, 0o077], ids=["open", "private"])
def mask(request: pytest.FixtureRequest) -> Iterator[int]:
    before = os.umask(request.param)
    yield request.param
    os.umask(before)


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def test_new_results_are_readable_as_the_user_has_set_it(tmp_path: Path, mask: int) -> None:
    write_text(tmp_path / "a.json", "{}")
    assert mode(tmp_path / "a.json") == 0o666 & ~mask
    with whole_folder(tmp_path / "out") as folder:
        (folder / "b").write_text("b")
    assert mode(tmp_path / "out") == 0o777 & ~mask
    assert mode(tmp_path / "out" / "b") == 0o666 & ~mask


def test_a_file_that_is_replaced_stays_as_readable_as_it_was(old: Path) -> None:
    old.chmod(0o640)
    write_text(old, "of today")
    assert mode(old) == 0o640


def test_a_folder_of_results_leaves_other_files_alone_and_takes_stale_ones_away(tmp_path: Path) -> None:
    target = tmp_path / "deep" / "out"
    with whole_folder(target) as folder:
        for name in ("report", "workbook"):
            (folder / name).write_text("of yesterday")
    (target / "mine.txt").write_text("mine")
    with whole_folder(target, optional=["workbook"]) as folder:
        (folder / "report").write_text("of today")
    assert names(target) == ["mine.txt", "report"]
    assert (target / "report").read_text() == "of today"


def test_a_folder_that_fails_leaves_not_even_the_folders_above_it(tmp_path: Path) -> None:
    def fails() -> None:
        with whole_folder(tmp_path / "deep" / "er" / "out") as folder:
            (folder / "half").write_text("half")
            raise FULL

    with pytest.raises(OutputError):
        fails()
    assert names(tmp_path) == []


def test_an_engines_own_words_about_the_draft_are_a_place_that_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="cannot be written"), whole_folder(tmp_path / "out") as folder:
        raise RuntimeError(f'IO Error: Cannot open file "{folder}/value.parquet": Permission denied')
    with pytest.raises(RuntimeError, match="orders"), whole_folder(tmp_path / "out"):
        raise RuntimeError('IO Error: Cannot open file "orders.parquet"')


@pytest.mark.parametrize("target", ["file", "file/below"])
def test_a_file_in_the_place_of_the_folder_is_refused(tmp_path: Path, target: str) -> None:
    (tmp_path / "file").write_text("mine")
    with pytest.raises(OutputError, match="Not a directory"), whole_folder(tmp_path / target):
        pass
    assert (tmp_path / "file").read_text() == "mine"


KILLED = """
import os, signal, sys
from regulars.files import whole_file
with whole_file(sys.argv[1]) as draft:
    draft.write_text("half")
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_process_that_is_killed_leaves_the_old_file(old: Path) -> None:
    ran = subprocess.run([sys.executable, "-c", KILLED, str(old)], check=False)
    assert ran.returncode == -signal.SIGKILL
    assert old.read_text() == "of yesterday"
    write_text(old, "of today")
    assert old.read_text() == "of today"
