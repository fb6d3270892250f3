"""A disk that fills up: a clear error, and the last good state stays readable."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tests.unit.lake import importing

LIMITED = """
import resource, sys
from regulars.errors import OutputError
from tests.unit.lake import importing
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), int(sys.argv[2])))
try:
    importing.run(sys.argv[1])
except OutputError as error:
    print(error)
    sys.exit(3)
"""
OWN_MOUNTS = ["unshare", "--map-root-user", "--mount"]
ON_SMALL_DISK = 'mount -t tmpfs -o size=1m none "$1" && shift && exec "$@"'


def can_mount() -> bool:
    if shutil.which("unshare") is None:
        return False
    tried = subprocess.run([*OWN_MOUNTS, "mount", "-t", "tmpfs", "none", "/mnt"], check=False, capture_output=True)
    return tried.returncode == 0


@pytest.mark.parametrize("limit", [200, 700, 1500, 2500])
def test_a_file_that_cannot_grow_leaves_the_last_state(tmp_path: Path, limit: int):
    importing.prepare(tmp_path)
    before = importing.state(tmp_path)
    command = [sys.executable, "-c", LIMITED, str(tmp_path), str(limit)]
    ended = subprocess.run(command, check=False, capture_output=True, text=True)
    assert ended.returncode == 3, ended.stderr
    assert ended.stdout.splitlines() == [
        f"{tmp_path}: cannot be written (File too large)",
        "Make room on the disk and try again; the last version is unchanged.",
    ]
    assert importing.state(tmp_path) == before


@pytest.mark.parametrize("how", ["a small disk"] if can_mount() else [])
def test_a_full_disk_leaves_the_last_state(tmp_path: Path, how: str):
    """Whatever room is left, from none to enough: the import is done or refused, and says that the disk is full."""
    prepared, disk = tmp_path / "prepared", tmp_path / "disk"
    disk.mkdir()
    importing.prepare(prepared)
    before = [[str(value) for value in row] for row in importing.state(prepared)]
    imports = [sys.executable, "-m", "tests.unit.lake.starving", str(disk), str(prepared)]
    command = [*OWN_MOUNTS, "sh", "-c", ON_SMALL_DISK, "sh", str(disk), *imports, *map(str, range(25))]
    ended = subprocess.run(command, check=False, capture_output=True, text=True)
    assert ended.returncode == 0, ended.stderr
    outcomes = json.loads(ended.stdout)
    refused = [(refusal, state) for refusal, state in outcomes if refusal is not None]
    assert len(refused) >= 3
    assert {refusal.splitlines()[0] for refusal, _ in refused} == {f"{disk}/lake: cannot be written (the disk is full)"}
    assert all(state == before for _, state in refused)
    assert any(refusal is None for refusal, _ in outcomes), "in the end there is room"
    assert all(state != before for refusal, state in outcomes if refusal is None)
