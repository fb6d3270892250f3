"""Importing customers and publishing a valuation, beside another writer who waits."""

from __future__ import annotations

import threading
import time
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path

from benchmarks.web import company
from benchmarks.web.timing import say


class Waiting:
    """Another writer: writes one row every tenth of a second, and remembers the longest that it waited."""

    def __init__(self) -> None:
        self.over, self.longest, self.thread = threading.Event(), 0.0, threading.Thread(target=self._write)

    def _write(self) -> None:
        from django.db import connection

        from regulars.web.core.models import Pulse

        while not self.over.is_set():
            began = time.perf_counter()
            Pulse.objects.update_or_create(worker="bench", defaults={"seen_at": datetime.now(UTC)})
            self.longest = max(self.longest, time.perf_counter() - began)
            time.sleep(0.1)
        connection.close()

    def __enter__(self) -> Waiting:
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.over.set()
        self.thread.join()


def importing(n: int, room: Path) -> None:
    from django.core.files import File

    from regulars.web.importing import actions, steps
    from regulars.web.importing.models import State
    from regulars.web.importing.terminal import importer

    file, by = room / "customers.csv", importer(None)
    with file.open("w") as out:
        out.write("customer number,name,phone,region\n")
        out.writelines(f"K{i},Name {i},138{i:08d},East\n" for i in range(n))
    with file.open("rb") as content:
        one = actions.take(holds="customers", source="bench", file=File(content, file.name), by=by)
    steps.look(one, lambda *_: None)
    one.state = State.CHECKING
    for name, step in (("check", steps.check), ("write", steps.write)):
        began = time.perf_counter()
        with Waiting() as waiting:
            step(one, by, lambda *_: None)
        taken = time.perf_counter() - began
        beside = f"{bare_import():.1f} s" if name == "write" else None
        say(f"import {n:,} customers: {name}", told(taken, waiting), beside)


def told(taken: float, waiting: Waiting) -> str:
    return f"{taken:.1f} s; another writer waited {waiting.longest:.1f} s at most"


class TakenBackError(Exception):
    """What was measured is not kept."""


def bare_import() -> float:
    """Write the rows that are there into their emptied tables, in one transaction, and take it back; return seconds."""
    from django.db import connection, transaction

    from regulars.web.core.bulk import insert_values

    tables, taken = ("customers_customer", "customers_externalidentity", "customers_contactpoint"), 0.0
    with suppress(TakenBackError), transaction.atomic(), connection.cursor() as cursor:
        found = {}
        for table in tables:
            cursor.execute(f"SELECT * FROM {table}")
            found[table] = [column[0] for column in cursor.description], cursor.fetchall()
        for table in reversed(tables):
            cursor.execute(f"DELETE FROM {table}")
        for table, (names, rows) in found.items():
            began = time.perf_counter()
            insert_values(table, [connection.ops.quote_name(name) for name in names], rows)
            taken += time.perf_counter() - began
        raise TakenBackError
    return taken


def publishing(numbers: list[int]) -> int:
    """Publish a valuation whose rows are drawn, not reckoned, after an earlier one; return its number."""
    import json

    from regulars.web.core.models import Workspace
    from regulars.web.facts.selectors import cohorts, structure
    from regulars.web.importing.terminal import importer
    from regulars.web.valuations import publishing as rows_of
    from regulars.web.valuations.models import Valuation

    for as_of in (date(2026, 5, 31), company.AS_OF):
        one = Valuation.objects.create(as_of=as_of, currency="CNY", basis="net_profit", n_customers=len(numbers))
        company.values(numbers, one.pk, as_of=as_of)
        began = time.perf_counter()
        found = structure(importer(None), company.RULES, valuation=one.pk)
        if as_of == company.AS_OF:
            say("figures of everybody, which a run stores", f"{time.perf_counter() - began:.1f} s")
        meta = {"basis": "net_profit", "currency": "CNY", "n_customers": len(numbers), "horizon_days": 364}
        said = {"meta": meta, "not_enough": None, **found, "cohort": cohorts(importer(None), valuation=one.pk)}
        Valuation.objects.filter(pk=one.pk).update(
            state="published", folder=str(one.pk), card={"rules": company.RULES}, published_at=datetime.now(UTC),
            figures=json.loads(json.dumps(said, default=str)),
        )  # fmt: skip
    began = time.perf_counter()
    with Waiting() as waiting:
        n = rows_of.write_rows(one.pk, lambda _share: None)
    taken = time.perf_counter() - began
    say(f"publish {n:,} customers", told(taken, waiting), f"{bare_publish(one.pk):.1f} s")
    Workspace.objects.update_or_create(pk=1, defaults={"current_valuation_id": one.pk})
    return one.pk


def bare_publish(number: int) -> float:
    """Copy the rows inside of the database and index the copy as its original is; return seconds."""
    from django.db import connection

    from regulars.web.valuations.partitions import SORTS, TABLE

    with connection.cursor() as cursor:
        began = time.perf_counter()
        cursor.execute(f"CREATE TABLE bare AS SELECT * FROM {TABLE} WHERE valuation_id = {number}")
        cursor.execute("CREATE UNIQUE INDEX bare_key ON bare (valuation_id, customer_id)")
        for name in SORTS:
            cursor.execute(f"CREATE INDEX bare_{name} ON bare ({name} DESC, customer_id)")
        taken = time.perf_counter() - began
        cursor.execute("DROP TABLE bare")
    return taken
