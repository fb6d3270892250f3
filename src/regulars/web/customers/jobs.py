"""After an erasure nothing of the person is left on the disk; after a valuation customers are classified by it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext_lazy as _

from regulars.web.core.jobs import Run, job
from regulars.web.core.models import Workspace
from regulars.web.core.schedule import regularly
from regulars.web.customers.actions import classify


@job("customers.forget", title=_("Wipe what was erased"), permission="customers.erase", repeatable=True)
def forget(run: Run) -> dict[str, Any]:
    """Rewrite the database without its deleted rows, and remove the files that people have exported so far."""
    removed = _remove_exports(Path(settings.REGULARS_HOME) / "exports")
    run.report(0.1, _("Rewriting the database"))
    _vacuum()
    return {"exports_removed": removed}


@regularly("customers.classify", every=timedelta(minutes=1))
def classify_by_newest() -> None:
    """Classify customers by the purchases of the newest valuation, soon after it was published."""
    if (newest := Workspace.current().current_valuation_id) is not None:
        classify(newest)


def _remove_exports(folder: Path) -> int:
    files = [path for path in folder.rglob("*") if path.is_file()] if folder.is_dir() else []
    for path in files:
        path.unlink(missing_ok=True)
    return len(files)


def _vacuum() -> None:
    if connection.in_atomic_block:  # nothing to rewrite inside of somebody's transaction
        return
    with connection.cursor() as cursor:
        cursor.execute("VACUUM")
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
