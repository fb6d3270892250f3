"""The repository works anywhere: no host, no path of one machine, exact pins."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
REQUIREMENTS = ROOT / "requirements"

HOST = re.compile(r"https?://[a-z0-9.-]*(pypi|py[a-z]*hosted|npm[a-z]*|debian)\.")
MACHINE = re.compile(r"(?<![\w.])/(home|root|Users|work)/[A-Za-z0-9._-]+")
SIZE_LIMIT = 2 * 1024 * 1024


def tracked() -> list[Path]:
    """The files of the repository; of the folder, where it was unpacked without one."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode == 0:
        return [path for name in listed.stdout.split("\0") if name and (path := ROOT / name).is_file()]
    folders = ("src", "tests", "docs", "benchmarks", "requirements")
    return [path for folder in folders for path in (ROOT / folder).rglob("*") if path.is_file()]


@pytest.mark.parametrize("pattern", [HOST, MACHINE], ids=["host of a registry", "path of a machine"])
def test_no_file_depends_on_one_place(pattern):
    found = []
    for path in tracked():
        text = path.read_bytes().decode("utf-8", errors="ignore")
        if path.suffix not in {".png", ".parquet", ".xlsx", ".gz"} and (match := pattern.search(text)):
            found.append(f"{path.relative_to(ROOT)}: {match[0]}")
    assert found == []


def test_no_file_is_heavy():
    assert [str(path.relative_to(ROOT)) for path in tracked() if path.stat().st_size > SIZE_LIMIT] == []


@pytest.mark.parametrize("name", ["build", "core", "dev", "spark"])
def test_requirements_are_exact_hashed_and_without_host(name):
    text = (REQUIREMENTS / f"{name}.txt").read_text(encoding="utf-8")
    assert "/" not in text
    assert "--index" not in text
    entries = [entry for entry in re.split(r"\n(?=\S)", text.strip()) if not entry.startswith("#")]
    assert entries
    for entry in entries:
        assert re.match(r"[a-z0-9-]+==[^\s;]+", entry), entry[:80]
        assert "--hash=sha256:" in entry, entry[:80]


def pins(name: str) -> dict[str, str]:
    found = re.findall(
        r"^([a-z0-9-]+)==(\S+)", (REQUIREMENTS / f"{name}.txt").read_text(encoding="utf-8"), re.MULTILINE
    )
    return dict(found)


def test_the_files_of_pins_agree():
    dev = pins("dev")
    assert {name: pin for part in ("build", "core") for name, pin in pins(part).items() if dev.get(name) != pin} == {}
    assert {name for name, pin in pins("spark").items() if dev.get(name, pin) != pin} == set()


def test_every_dependency_is_pinned():
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8").split("\ndependencies = [")[1].split("\n]")[0]
    assert set(re.findall(r'"([a-z0-9-]+)>=', text)) <= set(pins("core"))
