"""What the product shows to the outside is documented: options, columns, names."""

from __future__ import annotations

import argparse
import importlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from regulars.cli.parser import parser
from regulars.valuation.columns import TYPES

DOCS = Path(__file__).resolve().parents[2] / "docs"


def page(name: str) -> str:
    return (DOCS / f"{name}.md").read_text(encoding="utf-8")


def commands(
    of: argparse.ArgumentParser | None = None, before: str = ""
) -> Iterator[tuple[str, argparse.ArgumentParser]]:
    for action in (of or parser("en"))._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, command in action.choices.items():
                yield before + name, command
                yield from commands(command, f"{before}{name} ")


def test_every_command_and_option_is_on_the_page():
    text = page("command-line")
    for name, command in commands():
        assert f"## regulars {name}" in text
        options = {option for action in command._actions for option in action.option_strings} - {"-h", "--help"}
        assert sorted(option for option in options if f"`{option}" not in text) == []


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_option_explains_itself(lang):
    for _, command in commands(parser(lang)):
        named = [a for a in command._actions if not isinstance(a, argparse._SubParsersAction)]
        assert [a.dest for a in named if not a.help] == []


def test_every_column_is_on_the_page():
    text = page("columns")
    assert [name for name in ["customer_id", *TYPES] if f"`{name}`" not in text] == []


@pytest.mark.parametrize(
    "room", ["regulars.measure", "regulars.measure.lifetime", "regulars.prove.experiments", "regulars.engine"]
)
def test_public_rooms_are_in_the_reference(room):
    assert importlib.import_module(room).__all__
    assert f"automodule:: {room}\n" in page("api")
