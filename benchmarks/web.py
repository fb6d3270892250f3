"""The web beside bare SQL: publishing, importing customers, lists and one customer's facts, on SQLite and PostgreSQL.

    python -m benchmarks.web [--customers 1000000] [--imported 100000]

Where ``DATABASE_URL`` names a PostgreSQL, that one is measured (an empty database), else SQLite in a temporary folder.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

LIST_SIZE, TRIES = 50, 40
MONEY = (
    "revenue", "net_profit", "future_value", "future_value_low", "future_value_high", "customer_value", "value_at_risk",
)  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--customers", type=int, default=1_000_000)
    parser.add_argument("--imported", type=int, default=100_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="regulars-bench-") as room:
        os.environ["REGULARS_LOG_LEVEL"] = "ERROR"
        home = Path(room) / "home"
        from regulars.web.config import prepare

        prepare.make_folder(home)
        prepare.set_up(home)
        prepare.prepare()
        prepare.add_administrator("admin", "admin", "a long pass phrase", language="en")
        from django.db import connection

        say("database", connection.vendor)
        importing(options.imported, Path(room))
        numbers = people(options.customers)
        publishing(numbers)
        lists()
        facts(numbers)
        pages(numbers)


def say(name: str, value: Any, beside: Any = None) -> None:
    print(f"{name:44} {value}" + (f"   (bare SQL: {beside})" if beside is not None else ""), flush=True)


def timed(work: Callable[[], Any], tries: int = TRIES) -> str:
    """Median and 95 % point in milliseconds, after one call that warms up."""
    work()
    taken = []
    for _ in range(tries):
        began = time.perf_counter()
        work()
        taken.append((time.perf_counter() - began) * 1000)
    taken.sort()
    return f"{statistics.median(taken):.0f} ms, p95 {taken[int(0.95 * len(taken))]:.0f} ms"


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


def people(n: int) -> list[int]:
    """Fill in customers without the wizard: what follows is measured on their number."""
    from regulars.web.accounts.models import Team, User
    from regulars.web.customers.models import Customer, random_id

    owner, team = User.objects.get(), Team.objects.get()
    missing = n - Customer.objects.count()
    for start in range(0, missing, 20_000):
        Customer.objects.bulk_create(
            [
                Customer(id=random_id(), name=f"Customer {i}", name_key=f"customer{i}",
                         owner=owner if i % 100 == 0 else None, team=team if i % 100 == 0 else None)
                for i in range(start, min(missing, start + 20_000))
            ]
        )  # fmt: skip
    return list(Customer.objects.order_by("pk").values_list("pk", flat=True))


def draw(number: int, numbers: list[int], *, as_of: str) -> None:
    """Draw a valuation's file instead of reckoning it."""
    import duckdb
    import pyarrow as pa

    from regulars.lake import contract_of
    from regulars.valuation.columns import TYPES
    from regulars.web.facts import access

    folder = access.valuation_folder(number)
    folder.mkdir(parents=True)
    kinds = {column.name: column.kind.sql for column in contract_of("customer_value").columns}
    drawn = {
        "as_of": f"date '{as_of}'", "currency": "'CNY'", "n_purchases": "1 + (random() * 40)::bigint",
        "first_purchase": "date '2025-01-01' + (random() * 300)::integer",
        "last_purchase": f"date '{as_of}' - (random() * 300)::integer",
        "next_order_due": f"case when random() < 0.8 then date '{as_of}' + (random() * 90)::integer end",
        "days_since_last_purchase": "(random() * 300)::bigint", "r_score": "1 + (random() * 4)::bigint",
        "f_score": "1 + (random() * 4)::bigint", "p_alive": "random()", "at_risk": "random() < 0.1", "rfm": "'545'",
        "visit_change": "'same'",
        "matrix": "['I', 'II', 'III', 'IV'][1 + (random() * 3.99)::integer]",
        "tier": "['gold', 'silver', 'bronze'][1 + (random() * 2.99)::integer]",
        "visit_class": "['A', 'B', 'C', 'D'][1 + (random() * 3.99)::integer]",
        "lifetime_revenue": "(exp(random() * 10) * 5)::decimal(18, 4)",
        **dict.fromkeys(MONEY, "(exp(random() * 10) * 3)::decimal(18, 4)"),
    }  # fmt: skip
    columns = ", ".join(f'({drawn.get(name, "null")})::{kinds[name]} as "{name}"' for name in TYPES)
    with duckdb.connect() as connection:
        connection.register("numbers", pa.table({"customer_id": pa.array(numbers, pa.int64())}))
        target = folder / access.VALUE_FILE
        connection.execute(f"copy (select customer_id, {columns} from numbers order by 1) to '{target}'")
    said = {"as_of": as_of, "currency": "CNY", "basis": "net_profit", "snapshot": {}}
    (folder / access.RUN_FILE).write_text(json.dumps(said))


def publishing(numbers: list[int]) -> None:
    """Publish a valuation whose rows are drawn, not reckoned."""
    from regulars.web.importing.terminal import importer
    from regulars.web.valuations import actions
    from regulars.web.valuations import publishing as rows_of

    valuation = actions.start(by=importer(None))
    draw(valuation.pk, numbers, as_of="2026-06-30")
    began = time.perf_counter()
    with Waiting() as waiting:
        n = rows_of.write_rows(valuation.pk, lambda _share: None)
    taken = time.perf_counter() - began
    say(f"publish {n:,} customers", told(taken, waiting), f"{bare_publish(valuation.pk):.1f} s")
    from regulars.web.valuations.running import Valued

    valued = Valued(date(2026, 6, 30), "CNY", "net_profit", n, {}, "", {"gates": []}, {})
    actions.publish(valuation=valuation, valued=valued)


def bare_publish(number: int) -> float:
    """Copy the rows inside of the database and index the copy as its original is; return seconds."""
    from django.db import connection

    from regulars.web.valuations.partitions import CLASSES, SORTS, TABLE

    with connection.cursor() as cursor:
        began = time.perf_counter()
        cursor.execute(f"CREATE TABLE bare AS SELECT * FROM {TABLE} WHERE valuation_id = {number}")
        cursor.execute("CREATE UNIQUE INDEX bare_key ON bare (valuation_id, customer_id)")
        for name in (*SORTS, *(f"{one}, customer_value" for one in CLASSES)):
            cursor.execute(f"CREATE INDEX bare_{name.partition(',')[0]} ON bare ({name} DESC, customer_id)")
        taken = time.perf_counter() - began
        cursor.execute("DROP TABLE bare")
    return taken


FILTERS = (
    "matrix=IV", "matrix=I&tier=gold", "at_risk=1", "p_alive_from=0.99", "last_purchase_from=2026-06-29",
    "due_within=7", "stage=develop", "owner=1", "cohort=2025-03", "q=Customer 30000",
)  # fmt: skip
LOOKED_UP = ("Customer 30000", "omer 30000", "13812345678", "5678", "nobody of this name")


def lists() -> None:
    """A page of the customer list by each order, deep into it and back, by filters; beside an order's bare query."""
    from dataclasses import replace

    from django.db import connection
    from django.http import QueryDict

    from regulars.web.accounts.models import User
    from regulars.web.core.models import Workspace
    from regulars.web.customers.selectors import find
    from regulars.web.importing.terminal import importer
    from regulars.web.segments.conditions import Conditions
    from regulars.web.segments.selectors import finding, list_page
    from regulars.web.segments.sorts import SORTS
    from regulars.web.valuations.partitions import TABLE

    by, current = importer(None), Workspace.current().current_valuation_id
    own = replace(by, scope="own", user_id=User.objects.earliest("pk").pk)

    def page(sort: str, query: str = "", actor: Any = by, **keys: str | None) -> Any:
        return list_page(finding(actor, Conditions.read(QueryDict(query))), SORTS[sort], size=LIST_SIZE, **keys)

    def bare(sort: str) -> list[Any]:
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT * FROM {TABLE} f JOIN customers_customer c ON c.id = f.customer_id WHERE f.valuation_id = %s "
                f"AND c.merged_into_id IS NULL ORDER BY f.{sort} DESC NULLS LAST, f.customer_id LIMIT {LIST_SIZE}",
                [current],
            )
            return cursor.fetchall()

    for key, sort in SORTS.items():
        beside = timed(lambda key=key: bare(key)) if sort.of_value else None
        say(f"list by {key}", timed(lambda key=key: page(key)), beside)
    key = page("customer_value").after
    for _ in range(20):
        key = page("customer_value", after=key).after
    say("list by customer_value, page 22", timed(lambda: page("customer_value", after=key)))
    say("list by customer_value, back from there", timed(lambda: page("customer_value", before=key)))
    say("count of everybody", timed(lambda: finding(by, Conditions()).count()))
    for query in FILTERS:
        say(f"list of {query}", timed(lambda query=query: page("future_value", query), 15))
        asked = Conditions.read(QueryDict(query))
        say(f"count of {query}", timed(lambda asked=asked: finding(by, asked).count(), 15))
    say("list of one's own (1 %)", timed(lambda: page("customer_value", actor=own)))
    for text in LOOKED_UP:
        say(f"look-up: {text}", timed(lambda text=text: find(by, text, limit=8), 15))


def facts(numbers: list[int]) -> None:
    """Totals of the classes, and one customer's row, beside DuckDB on the same file."""
    import duckdb

    from regulars.web.core.models import Workspace
    from regulars.web.facts import access, selectors
    from regulars.web.importing.terminal import importer

    by = importer(None)
    file = access.valuation_folder(Workspace.current().current_valuation_id) / access.VALUE_FILE

    def bare(query: str) -> Callable[[], Any]:
        def run() -> list[Any]:
            with duckdb.connect(config={"threads": 1}) as connection:
                return connection.execute(query).fetchall()

        return run

    total = f"select matrix, count(*), sum(customer_value), sum(future_value) from '{file}' group by 1"
    say("totals by class", timed(lambda: selectors.aggregate(by, ["matrix"]), 15), timed(bare(total), 15))
    number = numbers[len(numbers) // 2]
    one = f"select * from '{file}' where customer_id = {number}"
    say("full row of one customer", timed(lambda: selectors.value_row(by, number), 15), timed(bare(one), 15))


RULES = {"matrix": {"quantile": 0.8, "current": 1000.0, "future": 1000.0}, "rfm_edges": {}}
PAGES = (
    "",
    "matrix/",
    "pyramid/",
    "concentration/",
    "rfm/",
    "cohort/",
    "movements/",
    "movements/who/?before=I&after=IV",
)


def pages(numbers: list[int]) -> None:
    """The pages of value and the first screen: of everybody, and of the one in a hundred whom somebody owns."""
    from django.core.cache import cache
    from django.test import Client

    from regulars.web.accounts.models import Membership, Role, Team, User
    from regulars.web.core.models import Workspace
    from regulars.web.facts.selectors import cohorts, structure
    from regulars.web.importing.terminal import importer
    from regulars.web.valuations.models import Valuation

    by, current = importer(None), Workspace.current().current_valuation_id
    began = time.perf_counter()
    found = structure(by, RULES, valuation=current)
    say("figures of everybody, which a run stores", f"{time.perf_counter() - began:.1f} s")
    assert found is not None
    meta = {"basis": "net_profit", "currency": "CNY", "n_customers": found["n"], "horizon_days": 364}
    figures = json.loads(
        json.dumps({"meta": meta, "not_enough": None, **found, "cohort": cohorts(by, valuation=current)}, default=str)
    )
    earlier = Valuation.objects.create(
        as_of=date(2026, 5, 31), currency="CNY", basis="net_profit", state="published", figures=figures,
        n_customers=found["n"], published_at=datetime.now(UTC),
    )  # fmt: skip
    later = Valuation.objects.create(  # numbers run upwards: the current run is the newest
        as_of=date(2026, 6, 30), currency="CNY", basis="net_profit", state="published", figures=figures,
        n_customers=found["n"], card={"rules": RULES}, published_at=datetime.now(UTC),
    )  # fmt: skip
    for one in (earlier, later):
        draw(one.pk, numbers, as_of=str(one.as_of))
    Workspace.objects.filter(pk=1).update(current_valuation_id=later.pk)
    owner = User.objects.create_user(username="owner", password="a long pass phrase", name="Owner")
    Membership.objects.create(user=owner, team=Team.objects.get(), role=Role.objects.get(key="account_manager"))
    from regulars.web.customers.models import Customer

    Customer.objects.exclude(owner=None).update(owner=owner)
    for name, user in (("everybody", User.objects.get(username="admin")), ("one's own (1 %)", owner)):
        client = Client(headers={"host": "127.0.0.1"})
        client.force_login(user)
        cache.clear()
        for address in (*(f"/value/{page}" for page in PAGES), "/"):
            began = time.perf_counter()
            answer = client.get(address)
            first = (time.perf_counter() - began) * 1000
            assert answer.status_code == 200, (address, answer.status_code)
            say(f"{address} of {name}", f"first {first:.0f} ms, then {timed(lambda: client.get(address), 5)}")  # noqa: B023


if __name__ == "__main__":
    main()
