"""Figures of a made-up shop, whole and thin."""

from __future__ import annotations

import runpy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

MADE_UP = runpy.run_path(str(Path(__file__).parents[2] / "report_figures.py"))


@pytest.fixture
def figures() -> dict[str, Any]:
    return MADE_UP["sample_figures"](n_top=60)


@pytest.fixture
def thin() -> dict[str, Any]:
    return MADE_UP["thin_figures"]()


@pytest.fixture(scope="session")
def sample() -> Callable[..., dict[str, Any]]:
    return MADE_UP["sample_figures"]


@pytest.fixture(scope="session")
def hostile() -> tuple[str, str]:
    return MADE_UP["HOSTILE"], MADE_UP["FORMULA"]
