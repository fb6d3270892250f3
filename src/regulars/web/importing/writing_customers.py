"""Customers of an import: new ones are added, known ones brought up to date, in chunks that let others write, too."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from itertools import batched
from typing import Any

import pyarrow.parquet as pq
from django.db import transaction

from regulars.web.accounts.selectors import colleagues
from regulars.web.core.actor import Actor
from regulars.web.core.bulk import in_turns
from regulars.web.customers import actions as customers
from regulars.web.customers.actions import CustomerRow, Imported
from regulars.web.customers.selectors.recognised import recognise
from regulars.web.importing.models import Import
from regulars.web.importing.parsing.task import PEOPLE
from regulars.web.importing.writing_orders import importing_for
from regulars.words import T

CHUNK = 5_000
"""Customers a transaction: less than a second, in which nobody else writes on SQLite."""

FOREIGN = T(zh="别人的客户", en="customers of others")
WRONG = T(zh="有一项填不进去：", en="a field that cannot be filled in: ")
ERASED = T(zh="已按本人要求删除", en="erased at the person's wish")
FIELDS = ("name", "kind", "nature", "region", "store", "birthday", "gender", "acquired_on")

Report = Callable[[float, T | None], None]


def compare(one: Import, account: dict[str, Any], by: Actor) -> dict[str, Any]:
    """Return what writing the customers would change: known ones are tried and taken back, new ones only counted."""
    counted, new = Imported(), 0
    for rows in in_turns(_chunks(one)):
        found = recognise(one.source, [row.external_id for row in rows], by)
        new += len(found.new)
        counted.erased += len(found.gone)
        known = [row for row in rows if row.external_id in found.known]
        if one.options.get("leave_known"):
            counted.same += len(known)
        elif known:
            _add(counted, _tried(one, known, by))
    left_out = [*account["left_out"], *_left_out(counted)]
    return {"new": new, "changed": counted.updated, "same": counted.same, "left_out": left_out}


def write(one: Import, by: Actor, report: Report) -> dict[str, Any]:
    """Add and update the customers; the same file again changes nothing."""
    done, importer = Imported(), importing_for(by)
    for rows in in_turns(_chunks(one)):
        wanted = rows
        if one.options.get("leave_known"):
            known = recognise(one.source, [row.external_id for row in rows], by).known
            wanted = [row for row in rows if row.external_id not in known]
            done.same += len(rows) - len(wanted)
        if wanted:
            _add(done, customers.take_in(source=one.source, rows=wanted, by=importer))
    if one.columns.get("owner"):
        _hand_over(one, by)
    left_out = sum(_counted(done).values())
    return {"new": done.created, "changed": done.updated, "same": done.same, "left_out": left_out}


def _hand_over(one: Import, by: Actor) -> None:
    """Give customers to the colleagues that the file names, by sign-in name or name; unknown names are passed over."""
    if not by.may("customers.assign"):
        return
    people = {name: user.pk for user in colleagues(by) for name in (user.name, user.username)}
    wanted: dict[int, list[str]] = {}
    with pq.ParquetFile(one.folder / PEOPLE) as file:
        for batch in file.iter_batches(CHUNK, columns=["external_id", "owner"]):
            for found in batch.to_pylist():
                if found["owner"] in people:
                    wanted.setdefault(people[found["owner"]], []).append(found["external_id"])
    parts = ((owner_id, part) for owner_id, every in wanted.items() for part in batched(every, CHUNK))
    for owner_id, ids in in_turns(parts):
        known = recognise(one.source, ids, by).known
        customers.assign(customers=known.values(), owner_id=owner_id, by=by)


@transaction.atomic
def _tried(one: Import, rows: list[CustomerRow], by: Actor) -> Imported:
    done = customers.take_in(source=one.source, rows=rows, by=importing_for(by))
    transaction.set_rollback(True)
    return done


def _chunks(one: Import) -> Iterator[list[CustomerRow]]:
    with pq.ParquetFile(one.folder / PEOPLE) as file:
        for batch in file.iter_batches(CHUNK):
            yield [_row(found, one) for found in batch.to_pylist()]


def _row(found: dict[str, Any], one: Import) -> CustomerRow:
    """Return a row as customers take it; an empty cell leaves what is there."""
    fields = {name: found[name] for name in FIELDS if found[name]}
    if "kind" not in fields and one.options.get("kind"):
        fields["kind"] = one.options["kind"]
    return CustomerRow(
        external_id=found["external_id"],
        fields=fields,
        phone=found["phones"][0]["value"] if found["phones"] else "",
        email=found["email"] or "",
        address=found["address"] or "",
        card=found["card"] or "",
    )


def _add(total: Imported, more: Imported) -> None:
    total.created += more.created
    total.updated += more.updated
    total.same += more.same
    total.erased += more.erased
    total.refused |= more.refused


def _counted(done: Imported) -> Counter[str]:
    counted = Counter(done.refused.values())
    if done.erased:
        counted["erased"] = done.erased
    return counted


def _left_out(done: Imported) -> list[dict[str, Any]]:
    return [
        {"reason": reason, "text": _words(reason).as_dict(), "rows": n, "money": None}
        for reason, n in _counted(done).most_common()
    ]


def _words(reason: str) -> T:
    if reason == "erased":
        return ERASED
    return FOREIGN if reason == "not_yours" else T(zh=f"{WRONG.zh}{reason}", en=f"{WRONG.en}{reason}")
