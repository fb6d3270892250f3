"""Experiments on more customers than one transaction should write: filled in parts, unseen, begun in one step."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pyarrow as pa
from django.db import connection
from django.utils import timezone

from regulars.web.core import tables
from regulars.web.core.actor import Actor
from regulars.web.tasks.models import Exposure, Holdout

ROWS = 20_000
COLUMNS = ("customer_id", "arm", "propensity", "stratum", "household")
"""What an assignment says of each customer; the household is null for who belongs to none."""


def prepare(
    *,
    list_kind: str,
    subject: Mapping[str, Any],
    share: Decimal,
    seed: str,
    strata: str,
    by: Actor,
    action: str = "",
    detail: str = "",
) -> Holdout:
    """Write down an experiment that nobody sees yet."""
    return Holdout.objects.create(
        experiment_id=f"{list_kind}-{secrets.token_hex(6)}", list_kind=list_kind, subject=dict(subject), action=action,
        detail=detail, seed=seed, share=share, strata=strata, started_by_id=by.user_id, started_at=timezone.now(),
        withdrawn=True,
    )  # fmt: skip


def fill(
    holdout: Holdout, assigned: pa.Table, *, at: datetime | None = None, report: tables.Report = lambda _: None
) -> int:
    """Write the group of each customer; who reads experiments does not see them before `begin`. Return how many.

    Parameters
    ----------
    assigned
        The `COLUMNS`, one row a customer.
    """
    moment = (at or timezone.now()).astimezone(UTC).replace(tzinfo=None)  # as SQLite keeps moments
    said = f"{moment}+00" if connection.vendor == "postgresql" else str(moment)
    return tables.add_all(Exposure._meta.db_table, _rows(holdout, assigned, said), report)


def _rows(holdout: Holdout, assigned: pa.Table, moment: str) -> Iterable[pa.Table]:
    for start in range(0, assigned.num_rows, ROWS):
        part = assigned.slice(start, ROWS).select(COLUMNS)
        same = pa.array([holdout.pk]).take(pa.array([0] * part.num_rows))
        said = pa.array([moment]).take(pa.array([0] * part.num_rows))
        yield part.append_column("holdout_id", same).append_column("assigned_at", said)


def begin(holdout: Holdout) -> None:
    """Let an experiment be seen, inside the caller's transaction: from now on its control group is left alone."""
    Holdout.objects.filter(pk=holdout.pk).update(withdrawn=False, started_at=timezone.now())
    holdout.refresh_from_db()


def finish(holdout: Holdout) -> None:
    """Let an experiment end, inside the caller's transaction; what was assigned stays written."""
    Holdout.objects.filter(pk=holdout.pk, ended_at=None).update(ended_at=timezone.now())
    holdout.refresh_from_db()


def empty(holdout: Holdout) -> None:
    """Remove who is in an experiment that has not begun."""
    if holdout.withdrawn:
        tables.remove(Exposure.objects.filter(holdout=holdout))


def scrap(holdout: Holdout) -> None:
    """Remove an experiment that has not begun, with what was written of it."""
    empty(holdout)
    if holdout.withdrawn:
        holdout.delete()
