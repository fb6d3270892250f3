"""Pages and counts of the customer list, look-ups, and sizes of segments, for who reaches much and who little."""

from __future__ import annotations

from typing import Any

from benchmarks.web.timing import say, timed

LIST_SIZE = 50
FILTERS = (
    "matrix=IV", "matrix=I&tier=gold", "tier=bronze", "at_risk=1", "p_alive_from=0.99", "last_purchase_from=2026-06-29",
    "due_within=7", "stage=break", "stage=maintain&tier=gold&at_risk=1", "region=Region 7", "tag=vip", "owner=2",
    "cohort=2025-03", "r_score=3", "strategy=keep", "cohort=2025-03&matrix=IV", "cohort=2025-03&stage=maintain",
    "q=Customer 30000",
)  # fmt: skip
LOOKED_UP = ("Customer 30000", "omer 30000", "13812345678", "5678", "nobody of this name")


def measure() -> None:
    from django.db import connection
    from django.http import QueryDict

    from regulars.web.accounts.access import actor_of
    from regulars.web.accounts.models import User
    from regulars.web.core.models import Workspace
    from regulars.web.core.once import one_reading
    from regulars.web.customers.selectors import find
    from regulars.web.facts.access import one_session
    from regulars.web.segments.conditions import Conditions
    from regulars.web.segments.selectors import finding, list_page, worth
    from regulars.web.segments.sorts import SORTS
    from regulars.web.valuations.partitions import TABLE

    people = {
        name: actor_of(User.objects.get(username=user))
        for name, user in (("everybody", "admin"), ("600,000", "chief"), ("30,000", "local"), ("3,000", "owner0"))
    }
    current = Workspace.current().current_valuation_id

    def page(actor: Any, sort: str = "future_value", query: str = "", **keys: str | None) -> Any:
        with one_session(), one_reading():
            return list_page(finding(actor, Conditions.read(QueryDict(query))), SORTS[sort], size=LIST_SIZE, **keys)

    def count(actor: Any, query: str) -> Any:
        with one_session(), one_reading():
            return finding(actor, Conditions.read(QueryDict(query))).count()

    def bare(sort: str) -> list[Any]:
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT * FROM {TABLE} f JOIN customers_customer c ON c.id = f.customer_id WHERE f.valuation_id = %s "
                f"AND c.merged_into_id IS NULL ORDER BY f.{sort} DESC NULLS LAST, f.customer_id LIMIT {LIST_SIZE}",
                [current],
            )
            return cursor.fetchall()

    for name, actor in people.items():
        for key, sort in SORTS.items():
            beside = timed(lambda key=key: bare(key)) if sort.of_value and name == "everybody" else None
            say(f"{name}: list by {key}", timed(lambda: page(actor, key)), beside)  # noqa: B023
        say(f"{name}: count", timed(lambda: count(actor, "")))  # noqa: B023
    by = people["everybody"]
    key = page(by).after
    for _ in range(20):
        key = page(by, after=key).after
    say("page 22", timed(lambda: page(by, after=key)))
    say("back from there", timed(lambda: page(by, before=key)))
    for name, actor in people.items():
        for query in FILTERS:
            say(f"{name}: {query}", timed(lambda: page(actor, query=query)))  # noqa: B023
            say(f"{name}: count of {query}", timed(lambda: count(actor, query)))  # noqa: B023
        for query in ("cohort=2025-03", "tier=bronze"):
            say(f"{name}: {query} by name", timed(lambda: page(actor, "name", query)))  # noqa: B023
    for name in ("everybody", "600,000", "3,000"):
        for text in LOOKED_UP:
            say(f"{name}: look-up of {text}", timed(lambda: find(people[name], text, limit=8)))  # noqa: B023
    for query in ("matrix=IV", "cohort=2025-03", "p_alive_from=0.99", "owner=2"):
        asked = Conditions.read(QueryDict(query))

        def size() -> Any:
            with one_session(), one_reading():
                return worth(finding(by, asked))  # noqa: B023

        say(f"size and value of a segment of {query}", timed(size))
