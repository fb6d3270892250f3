"""Imports on a disk of a few pages: run inside a mount namespace of its own, with a small tmpfs at the given folder."""

from __future__ import annotations

import json
import os
import shutil
import sys
from pathlib import Path

from tests.unit.lake import importing

from regulars.errors import OutputError

PAGE = 4096


def leave_free(disk: Path, pages: int) -> Path:
    """Fill the disk up to some pages."""
    filler = disk / "filler"
    room = os.statvfs(disk)
    with filler.open("wb") as file:
        file.write(b"\0" * max(room.f_bavail * room.f_frsize - pages * PAGE, 0))
    return filler


def starve(disk: Path, prepared: Path, pages: int) -> tuple[str | None, list[list[str]]]:
    """Import with so much room; return the refusal and the state that stands afterwards."""
    lake = disk / "lake"
    shutil.copytree(prepared, lake)
    filler = leave_free(disk, pages)
    refusal = None
    try:
        importing.run(lake)
    except OutputError as error:
        refusal = str(error)
    filler.unlink()
    state = [[str(value) for value in row] for row in importing.state(lake)]
    shutil.rmtree(lake)
    return refusal, state


if __name__ == "__main__":
    disk, prepared = Path(sys.argv[1]), Path(sys.argv[2])
    outcomes = [starve(disk, prepared, int(pages)) for pages in sys.argv[3:]]
    sys.stdout.write(json.dumps(outcomes))
