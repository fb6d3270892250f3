"""The shop: see `tests/web/shop_cast.py`."""

from __future__ import annotations

import runpy
from pathlib import Path

CAST = runpy.run_path(str(Path(__file__).parents[1] / "shop_cast.py"))
globals().update({name: value for name, value in CAST.items() if type(value).__name__ == "FixtureFunctionDefinition"})
