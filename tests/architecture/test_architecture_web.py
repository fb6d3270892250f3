"""The web's own walls: apps meet only at their doors, one reads the lake, nothing is left undeclared."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

WEB = Path(__file__).resolve().parents[2] / "src" / "regulars" / "web"
GROUND = {"core", "audit", "config"}
DOORS = {"selectors", "actions", "access", "taxonomy", "fields", "sections", "timeline", "holdings", "sync", "channels"}
"""Modules (or folders) of an app that another may import."""


def apps() -> list[str]:
    return sorted(path.parent.name for path in WEB.glob("*/apps.py") if path.parent.name != "config")


def imports(path: Path) -> Iterator[tuple[int, str]]:
    """Line and full name of everything that a module imports, outside of `if TYPE_CHECKING`."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    typing_only = {
        child
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
        for child in ast.walk(node)
    }
    for node in ast.walk(tree):
        if node in typing_only:
            continue
        if isinstance(node, ast.Import):
            yield from ((node.lineno, name.name) for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from ((node.lineno, f"{node.module}.{name.name}") for name in node.names)


def app_imports() -> Iterator[tuple[str, str, str]]:
    """App, place and imported name."""
    for app in apps():
        for path in sorted((WEB / app).rglob("*.py")):
            for line, name in imports(path):
                yield app, f"{path.relative_to(WEB)}:{line}", name


def test_apps_meet_only_at_their_doors():
    wrong = []
    for app, place, name in app_imports():
        parts = name.split(".")
        foreign = parts[:2] == ["regulars", "web"] and len(parts) > 3 and parts[2] not in {app, *GROUND}
        if foreign and parts[3] not in DOORS:
            wrong.append(f"{place} imports {name}")
    assert wrong == []


def test_only_facts_reads_the_lake():
    wrong = [
        f"{place} imports {name}" for app, place, name in app_imports() if "regulars.lake" in name and app != "facts"
    ]
    assert wrong == []


def test_every_app_is_installed():
    from regulars.web.config.apps import APPS

    assert sorted(APPS) == apps()
