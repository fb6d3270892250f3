"""A workspace in a folder and in processes of its own: to be killed, raced, saved and brought back."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import duckdb  # noqa: F401 - loaded once, before the processes part
import scipy.special  # noqa: F401

from regulars.cli.main import main

DATABASE = "database-url"
"""A file beside a workspace's folder that names its database; without it, SQLite."""


def mean(home: Path) -> None:
    """Mean this workspace, whatever settings the tests themselves run with."""
    os.environ.pop("DATABASE_URL", None)
    os.environ.update({"DJANGO_SETTINGS_MODULE": "regulars.web.config.settings", "REGULARS_HOME": str(home)})
    if (named := home.parent / DATABASE).exists():
        os.environ["DATABASE_URL"] = named.read_text()


def settle(home: Path) -> None:
    """Start Django on the workspace."""
    from regulars.web.config import prepare

    mean(home)
    prepare.set_up(home)


def make(home: Path) -> None:
    """Make a workspace with an administrator."""
    mean(home)
    assert main(["init", "--home", str(home), "--lang", "en"]) == 0


def bring(home: Path, orders: Path, source: str = "till") -> None:
    """Import orders."""
    settle(home)
    arguments = ["import", str(orders), "--home", str(home), "--kind", "orders", "--source", source, "--lang", "en"]
    assert main(arguments) == 0


def log_and_ask(home: Path) -> None:
    """Write into the log of a few customers, then ask for a valuation."""
    settle(home)
    from regulars.web.customers.models import Customer
    from regulars.web.importing.terminal import importer
    from regulars.web.journal.actions import record
    from regulars.web.valuations import actions

    by = importer(None)
    for customer in Customer.objects.order_by("pk")[:3]:
        record(customer=customer, kind="call", text="rang", by=by)
    actions.start(by=by)


def work(home: Path) -> None:
    """Do what is queued, as a worker that has found out that its predecessor died."""
    settle(home)
    from regulars.web.core import jobs
    from regulars.web.core.models import Job, JobState

    jobs.SILENT_AFTER = timedelta(0)
    jobs.recover()
    for job in Job.objects.filter(state=JobState.QUEUED).order_by("pk"):
        jobs.run_job.func(job.pk)


def save(home: Path, archive: Path) -> None:
    """Back the workspace up."""
    settle(home)
    assert main(["backup", str(archive), "--home", str(home), "--lang", "en"]) == 0


def bring_back(home: Path, archive: Path, into: Path) -> None:
    """Restore a backup of `home` elsewhere."""
    mean(into)
    os.environ["REGULARS_HOME"] = str(home)
    secrets = str(home / "secrets.toml")
    arguments = ["restore", str(archive), "--into", str(into), "--secrets", secrets, "--lang", "en"]
    assert main(arguments) == 0


def state(home: Path) -> dict[str, Any]:
    """Return what matters of a workspace, by the names that other systems know: numbers and times may differ."""
    settle(home)
    from regulars.web.core.models import Job, Workspace
    from regulars.web.customers.models import Customer
    from regulars.web.customers.models.identity import ExternalIdentity
    from regulars.web.facts.selectors import value_rows
    from regulars.web.importing.terminal import importer
    from regulars.web.valuations.models import Valuation

    by = importer(None)
    known = {one.customer_id: f"{one.source}/{one.external_id}" for one in ExternalIdentity.objects.all()}
    current = Workspace.current().current_valuation_id
    values = value_rows(by, list(known)) if current else []
    return {
        "customers": (Customer.objects.count(), sorted(known.values())),
        "lines": _stored("transaction_lines", known, "order_id", "line_no", "net_amount", "revision"),
        "activities": _stored("activities", known, "activity"),
        "values": sorted((known[row["customer_id"]], row["future_value"], row["matrix"]) for row in values),
        "published": list(Valuation.objects.values_list("state", flat=True)),
        "rows": _rows(current),
        "open jobs": sum(job.is_open for job in Job.objects.all()),
    }


def _stored(table: str, known: dict[int, str], *columns: str) -> list[tuple[Any, ...]]:
    from regulars import engine
    from regulars.web.facts import access

    with engine.session(threads=1):
        rows = engine.to_arrow(access.lake().table(table)).to_pylist()
    return sorted((known[row["customer_id"]], *(row[name] for name in columns)) for row in rows)


def _rows(current: int | None) -> list[tuple[bool, int]]:
    """Return how many rows lists have of each valuation, and whether it is the one people see."""
    from django.db import connection

    from regulars.web.valuations.partitions import TABLE

    with connection.cursor() as cursor:
        cursor.execute(f"SELECT valuation_id, count(*) FROM {TABLE} GROUP BY 1 ORDER BY 1")
        return [(number == current, n) for number, n in cursor.fetchall()]
