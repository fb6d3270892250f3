"""Whole pages through the client: the first screen, the pages of value, a customer's page, segments; class totals."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from benchmarks.web.timing import processor, say, timed

VALUE = (
    "",
    "matrix/",
    "pyramid/",
    "concentration/",
    "rfm/",
    "cohort/",
    "movements/",
    "movements/who/?before=I&after=IV",
)
PEOPLE = (("everybody", "admin"), ("600,000", "chief"), ("30,000", "local"), ("3,000", "owner0"))


def measure() -> None:
    from django.core.cache import cache
    from django.test import Client

    from regulars.web.accounts.access import actor_of
    from regulars.web.accounts.models import User
    from regulars.web.customers.selectors import visible

    facts()
    segments()
    for name, username in PEOPLE:
        user = User.objects.get(username=username)
        client = Client(headers={"host": "127.0.0.1"})
        client.force_login(user)
        numbers = list(visible(actor_of(user)).order_by("pk").values_list("pk", flat=True)[:400])
        cache.clear()
        for address in ("/", *(f"/value/{page}" for page in VALUE), "/customers/", "/segments/"):
            began, before = time.perf_counter(), processor()
            answer = client.get(address)
            first = (
                f"{(time.perf_counter() - began) * 1000:.0f} ms clock, {(processor() - before) * 1000:.0f} ms processor"
            )
            assert answer.status_code == 200, (address, answer.status_code)
            say(f"{name}: {address}", f"first {first}; then {timed(lambda: client.get(address))}")  # noqa: B023
        several = iter(numbers)
        say(f"{name}: a customer's page", timed(lambda: client.get(f"/customers/{next(several)}/")))  # noqa: B023


def segments() -> None:
    """Keep twenty lists, as many as a page of segments shows."""
    from regulars.web.importing.terminal import importer
    from regulars.web.segments.models import Segment

    asked = (
        "matrix=IV",
        "tier=gold",
        "cohort=2025-03",
        "at_risk=1",
        "p_alive_from=0.99",
        "stage=maintain",
        "r_score=3",
    )
    for i in range(Segment.objects.count(), 20):
        key, _, text = asked[i % len(asked)].partition("=")
        Segment.objects.create(name=f"Segment {i}", owner_id=importer(None).user_id, asked={key: text})


def facts() -> None:
    """Totals of the classes, and one customer's row, beside DuckDB on the same file."""
    import duckdb
    from django.core.cache import cache

    from regulars.web.core.models import Workspace
    from regulars.web.customers.models import Customer
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
    say(
        "totals by class, reckoned anew",
        timed(lambda: (cache.clear(), selectors.aggregate(by, ["matrix"]))),
        timed(bare(total)),
    )
    number = Customer.objects.order_by("pk").values_list("pk", flat=True)[500]
    one = f"select * from '{file}' where customer_id = {number}"
    say("full row of one customer", timed(lambda: selectors.value_row(by, number)), timed(bare(one)))
