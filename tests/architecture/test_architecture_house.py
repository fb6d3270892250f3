"""The shape of the house: layers, sizes, names, lazy imports, one clock."""

from __future__ import annotations

import ast
import re
import statistics
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "regulars"
FILES = sorted(path for path in SOURCE.rglob("*.py") if "migrations" not in path.parts)  # made by Django
VAGUE = {"utils", "util", "helpers", "helper", "manager", "base", "common", "misc"}


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def trees() -> Iterator[tuple[Path, ast.Module]]:
    for path in FILES:
        yield path, ast.parse(path.read_text(encoding="utf-8"))


def test_imports_point_down_the_house():
    lint = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert lint.returncode == 0, lint.stdout + lint.stderr


@pytest.mark.parametrize(
    ("module", "unwanted"),
    [
        ("regulars", {"duckdb", "narwhals", "numpy", "scipy", "pyarrow", "polars", "pandas", "pyspark", "django"}),
        ("regulars.cli.main", {"duckdb", "scipy", "numpy", "pyarrow", "polars", "pandas", "pyspark", "django"}),
        ("regulars.engine", {"polars", "pandas", "pyspark", "django"}),
        ("regulars.valuation", {"polars", "pandas", "pyspark", "django"}),
    ],
)
def test_importing_stays_light(module, unwanted):
    code = f"import sys, {module}; print(*sorted({unwanted!r} & set(sys.modules)))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.split() == []


def test_every_folder_is_a_package():
    folders = {path.parent for path in FILES}
    assert [relative(folder) for folder in folders if not (folder / "__init__.py").is_file()] == []


def code_lines(path: Path) -> int:
    return sum(bool(line.strip()) for line in path.read_text(encoding="utf-8").splitlines())


def test_a_file_is_one_idea():
    lines = {relative(path): code_lines(path) for path in FILES}
    assert {name: n for name, n in lines.items() if n > 450} == {}
    assert statistics.median(lines.values()) <= 120


def function_lengths() -> dict[str, int]:
    """Lines of each function that hold code: neither blank nor docstring."""
    lengths = {}
    for path, tree in trees():
        text = path.read_text(encoding="utf-8").splitlines()
        for node in ast.walk(tree):
            if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                continue
            start = node.body[0].end_lineno if ast.get_docstring(node) else node.lineno - 1
            body = text[start : node.end_lineno]
            lengths[f"{relative(path)}:{node.name}"] = sum(bool(line.strip()) for line in body)
    return lengths


def test_functions_are_short():
    lengths = function_lengths()
    assert {name: n for name, n in lengths.items() if n > 60} == {}
    assert sorted(lengths.values())[int(0.95 * len(lengths))] <= 40


def test_no_name_is_a_grab_bag():
    assert [relative(path) for path in FILES if VAGUE & set(path.stem.strip("_").split("_"))] == []


def test_file_names_of_tests_are_unique():
    counts = Counter(path.name for path in (ROOT / "tests").rglob("test_*.py"))
    assert [name for name, n in counts.items() if n > 1] == []


def public(nodes: list[ast.stmt]) -> Iterator[ast.FunctionDef | ast.ClassDef]:
    """Public functions and classes with their public methods; what overrides is explained where it was declared."""
    for node in nodes:
        if not isinstance(node, ast.FunctionDef | ast.ClassDef) or node.name.startswith("_"):
            continue
        if node.name == "Meta" or any(
            isinstance(mark, ast.Name) and mark.id == "override" for mark in node.decorator_list
        ):
            continue
        yield node
        if isinstance(node, ast.ClassDef):
            yield from public(node.body)


def test_nothing_public_goes_without_a_docstring():
    silent = [relative(path) for path, tree in trees() if not ast.get_docstring(tree)]
    silent += [
        f"{relative(path)}:{node.lineno} {node.name}"
        for path, tree in trees()
        for node in public(tree.body)
        if not ast.get_docstring(node)
    ]
    assert silent == []


CLOCK = re.compile(r"\b(datetime\.(now|utcnow|today)|date\.today|time\.time|localtime|gmtime)\(")


def test_nothing_below_the_surface_asks_what_time_it_is():
    asks = [
        f"{relative(path)}:{number}"
        for path in FILES
        if path.relative_to(SOURCE).parts[0] not in {"cli", "web"}
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if CLOCK.search(line)
    ]
    assert asks == []
