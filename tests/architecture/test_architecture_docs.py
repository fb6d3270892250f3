"""The documents keep up with the product."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"

GAPS = {122, 123, 124, 125, 126, 127, 128, 129, 158, 159, 175, 176, 177, 178, 179, 187, 188, 189}
GAPS |= {196, 197, 198, 199, 206, 207, 208, 209, 217, 218, 219, 227, 228, 229}
NUMBERS = [f"F{n:03}" for n in range(1, 266) if n not in GAPS] + [f"V{n:02}" for n in range(1, 19)]

ROW = re.compile(r"^\| ([FV]\d+) \| ([^|]+) \| (\w+) \|([^|]*)\|([^|]*)\|$")


def features() -> list[tuple[str, str, str, str, list[str]]]:
    """Number, title, state, place and tests of each row."""
    found = []
    for line in (DOCS / "features.md").read_text(encoding="utf-8").splitlines():
        if re.match(r"^\| [FV]\d", line):
            match = ROW.match(line)
            assert match, f"unreadable row: {line}"
            number, title, state, place, tests = match.groups()
            found.append((number, title.strip(), state, place.strip(), re.findall(r"`([^`]+)`", tests)))
    return found


FEATURES = features()


def test_every_feature_is_listed_once_and_in_order():
    assert [number for number, *_ in FEATURES] == NUMBERS


def test_every_feature_has_a_state():
    assert {number: state for number, _, state, *_ in FEATURES if state not in {"works", "part", "planned"}} == {}


def test_what_is_claimed_says_where_it_is_met_and_what_holds_it():
    claimed = [row for row in FEATURES if row[2] != "planned"]
    assert [number for number, _, _, place, _ in claimed if not place] == []
    assert [number for number, *_, tests in claimed if not tests] == []


def test_the_tests_named_exist():
    named = {path for *_, tests in FEATURES for path in tests}
    assert sorted(path for path in named if not (ROOT / path).is_file()) == []


def test_the_tests_that_hold_published_numbers_exist():
    named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", (DOCS / "reproduced.md").read_text(encoding="utf-8"))
    assert len(named) > 40
    assert [name for path, name in named if f"def {name}(" not in (ROOT / path).read_text(encoding="utf-8")] == []


def test_nothing_planned_claims_a_test():
    assert [number for number, _, state, place, tests in FEATURES if state == "planned" and (place or tests)] == []


@pytest.mark.parametrize(
    "name", ["README.md", "README.zh.md", "CHANGELOG.md", "CONTRIBUTING.md", "GLOSSARY.md", "LICENSE", "docs/index.md"]
)
def test_the_documents_are_there(name):
    assert (ROOT / name).stat().st_size > 400


def documents() -> list[Path]:
    return sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md")])


def test_links_between_documents_lead_somewhere():
    broken = []
    for path in documents():
        if "_build" in path.parts:
            continue
        for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", path.read_text(encoding="utf-8")):
            if "://" not in target and not target.startswith("mailto:") and not (path.parent / target).exists():
                broken.append(f"{path.relative_to(ROOT)}: {target}")
    assert broken == []


def test_decisions_have_numbers_and_a_status():
    decisions = sorted((DOCS / "adr").glob("0*.md"))
    assert [int(path.name[:4]) for path in decisions] == list(range(1, len(decisions) + 1))
    index = (DOCS / "adr" / "index.md").read_text(encoding="utf-8")
    for path in decisions:
        text = path.read_text(encoding="utf-8")
        assert re.search(r"^Status: (proposed|accepted|superseded)", text, re.MULTILINE), path.name
        assert path.stem in index
        assert all(f"**{part}.**" in text for part in ("Context", "Decision", "Consequences")), path.name


def test_each_dependency_has_a_reason():
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    listed = text.split("\ndependencies = [")[1].split("\n]")[0].strip().splitlines()
    extras = text.split("[project.optional-dependencies]")[1].split("\n[")[0].strip().splitlines()
    assert [line for line in listed + extras if "#" not in line] == []


def test_the_changelog_knows_this_version():
    from regulars import __version__

    assert f"## {__version__}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_glossary_terms_have_both_languages():
    rows = [line for line in (ROOT / "GLOSSARY.md").read_text(encoding="utf-8").splitlines() if line.startswith("| ")][
        1:
    ]
    assert len(rows) > 30
    for line in rows:
        english, chinese, meaning = (cell.strip() for cell in line.strip("|").split("|"))
        assert english, line
        assert meaning, line
        assert re.search(r"[\u4e00-\u9fff]", chinese), line
