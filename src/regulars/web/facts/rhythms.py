"""The purchase rhythm: on which days a customer bought, how long they wait, and whether they are late."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any

from regulars import engine
from regulars.measure import purchase_occasions
from regulars.web.facts.history import lines_of
from regulars.web.facts.shapes import Rhythm
from regulars.web.facts.values import Run


def rhythm(customer_id: int, row: dict[str, Any] | None, run: Run | None) -> Rhythm | None:
    """Return the rhythm by the lines of today, and the due day by the valuation."""
    days = engine.to_arrow(purchase_occasions(lines_of(customer_id)).sort("occasion_date"))
    purchases: tuple[tuple[date, Decimal], ...] = tuple(
        zip(days["occasion_date"].to_pylist(), days["net_amount"].to_pylist(), strict=True)
    )
    if not purchases:
        return None
    until = max(run.as_of if run else purchases[-1][0], purchases[-1][0])
    gaps = tuple((later - earlier).days for (earlier, _), (later, _) in pairwise(purchases))
    due = row["next_order_due"] if row else None
    return Rhythm(
        until=until,
        purchases=purchases,
        gaps=gaps,
        usual_gap_days=row["usual_gap_days"] if row else None,
        next_order_due=due,
        late_days=max(0, (until - due).days) if due else 0,
    )
