"""From control groups to the lake: who was treated and who was left alone, with the chance of each. Numbers only."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import batched
from typing import Any

from django.utils import timezone

from regulars.web.tasks.actions.many import UNDO_FOR
from regulars.web.tasks.models import Exposure

CHUNK = 10_000
COLUMNS = {
    "experiment_id": "holdout__experiment_id",
    "customer_id": "customer_id",
    "arm": "arm",
    "propensity": "propensity",
    "stratum": "stratum",
    "assigned_at": "assigned_at",
}
"""Column of the lake's `exposures` → where it stands here."""


def exposures() -> Iterator[list[dict[str, Any]]]:
    """Yield the assignments that can no longer be taken back, in chunks: they are final after an hour."""
    final = Exposure.objects.filter(holdout__withdrawn=False, assigned_at__lte=timezone.now() - UNDO_FOR)
    rows = final.order_by("id").values_list(*COLUMNS.values()).iterator(chunk_size=CHUNK)
    for part in batched(rows, CHUNK):
        yield [{**dict(zip(COLUMNS, row, strict=True)), "stratum": row[4] or None} for row in part]
