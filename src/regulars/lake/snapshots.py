"""Snapshots: which version of each table; and pins, which keep them from being tidied away."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from pathlib import Path

from regulars.errors import InputError
from regulars.files import write_text
from regulars.words import T


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The version of every table at one time; a table that did not exist yet is not among them."""

    versions: dict[str, int]


@dataclass(frozen=True, slots=True)
class Pin:
    """A snapshot that is kept until the pin is taken away, and why."""

    id: str
    reason: str
    snapshot: Snapshot


def add_pin(folder: Path, snapshot: Snapshot, reason: str) -> Pin:
    """Write a pin, whole or not at all."""
    folder.mkdir(parents=True, exist_ok=True)
    pin = Pin(secrets.token_hex(8), reason, snapshot)
    content = {"reason": reason, "versions": snapshot.versions}
    write_text(_path(folder, pin.id), json.dumps(content, ensure_ascii=False))
    return pin


def pins(folder: Path) -> list[Pin]:
    """Return every pin."""
    found = []
    for path in sorted(folder.glob("*.json")):
        said = json.loads(path.read_text(encoding="utf-8"))
        found.append(Pin(path.stem, said["reason"], Snapshot(said["versions"])))
    return found


def remove_pin(folder: Path, pin_id: str) -> None:
    """Take a pin away.

    Raises
    ------
    InputError
        When there is none of this id.
    """
    if pin_id not in {pin.id for pin in pins(folder)}:
        raise InputError(T(zh=f"没有固定 {pin_id!r}", en=f"there is no pin {pin_id!r}"))
    _path(folder, pin_id).unlink()


def _path(folder: Path, pin_id: str) -> Path:
    return folder / f"{pin_id}.json"
