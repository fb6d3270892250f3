"""Quality gates: what a run must hold before its numbers go out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import narwhals as nw
import numpy as np

from regulars.engine import to_arrow
from regulars.valuation.run import Valuation
from regulars.words import T


@dataclass(frozen=True, slots=True)
class Gate:
    """One check and whether this run passed it."""

    name: str
    text: T
    passed: bool

    def as_dict(self) -> dict[str, Any]:
        """Return the gate as the model card carries it."""
        return {"name": self.name, "text": self.text.as_dict(), "passed": self.passed}


def gates(v: Valuation) -> list[Gate]:
    """Check a valuation that has a future: finite numbers, probabilities in [0, 1], intervals in order."""
    if v.future is None:
        return []
    scores = v.future.scores
    arrays = (scores.p_alive, scores.given_expected, scores.given_discounted, scores.factor_low, scores.factor_high)
    low, mid, high = (nw.col(f"future_value{end}") for end in ("_low", "", "_high"))
    wrong = v.customers.filter(low > high)
    crossed = to_arrow(wrong.select(nw.len().alias("n")))["n"][0].as_py()
    known = v.customers.filter(nw.col("n_purchases") > 0, mid.is_null())
    missing = to_arrow(known.select(nw.len().alias("n")))["n"][0].as_py()
    return [
        Gate(
            "finite", T(zh="没有 NaN 和无穷大", en="no NaN and no infinity"), all(np.isfinite(a).all() for a in arrays)
        ),
        Gate(
            "probability",
            T(zh="活跃概率在 0 与 1 之间", en="P(alive) lies between 0 and 1"),
            bool(((scores.p_alive >= 0) & (scores.p_alive <= 1)).all()),
        ),
        Gate("intervals", T(zh="区间的两端没有颠倒", en="no interval is upside down"), crossed == 0),
        Gate(
            "complete",
            T(zh="每位买过的客户都有未来价值", en="every customer who bought has a future value"),
            missing == 0,
        ),
    ]
