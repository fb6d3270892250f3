"""Vacuum: files that no version worth keeping names are removed, among them those of writers that were killed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

from regulars.lake import log
from regulars.lake.contract import Contract
from regulars.lake.log import File


def vacuum_table(folder: Path, contract: Contract, pinned: Iterable[int], keep: timedelta) -> int:
    """Remove the files of one table that neither its newest, a pinned nor a recent version names; return how many.

    Parameters
    ----------
    keep
        Versions that were replaced less than this before the newest one was written stay readable.
    """
    newest = log.newest(folder)
    if newest is None:
        return 0
    kept = {newest, *(v for v in pinned if v <= newest), *log.recent(folder, keep)}
    named = {file.path for number in kept for file in _files(folder, contract, number)}
    orphans = [path for path in folder.glob("*.parquet") if path not in named]
    orphans += folder.glob("_delta_log/*#*")  # commits that a killed writer did not finish
    for path in orphans:
        path.unlink()
    return len(orphans)


def _files(folder: Path, contract: Contract, number: int) -> list[File]:
    version = log.read(folder, contract, number)
    return version.files if version else []
