"""A lake in a folder of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from regulars import engine
from regulars.lake import Lake


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return Lake(tmp_path / "lake", wait_seconds=5, threads=2)


@pytest.fixture
def reading() -> Iterator[None]:
    """An open session, as reading needs one."""
    with engine.session(threads=1):
        yield
