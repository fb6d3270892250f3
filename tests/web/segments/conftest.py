"""The shop: see `tests/web/shop_cast.py`."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

from regulars.web.segments.selectors import narrowing, walking

CAST = runpy.run_path(str(Path(__file__).parents[1] / "shop_cast.py"))
globals().update({name: value for name, value in CAST.items() if type(value).__name__ == "FixtureFunctionDefinition"})


@pytest.fixture(params=["few", "many"])
def size(request, monkeypatch):
    """Whether the customers of a company are few, or already so many that they are taken a stretch at a time."""
    if request.param == "many":
        for name in ("FEW", "SOME"):
            monkeypatch.setattr(narrowing, name, 0)
        monkeypatch.setattr(narrowing, "LONGEST", 7)
        monkeypatch.setattr(walking, "LONGEST", 7)
        monkeypatch.setattr(walking, "STRETCH", 3)
    return request.param
