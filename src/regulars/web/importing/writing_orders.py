"""Orders of an import: their customers are recognised or made, their lines go to the lake in one commit."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from itertools import batched
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from django.utils import timezone

from regulars.errors import InputError
from regulars.web.core.actor import Actor
from regulars.web.core.bulk import in_turns
from regulars.web.core.models import Workspace
from regulars.web.customers import actions as customers
from regulars.web.customers.selectors.recognised import Recognised, recognise
from regulars.web.facts import actions as facts
from regulars.web.importing.models import Import
from regulars.web.importing.parsing.task import LINES, PRODUCTS
from regulars.words import T

CHUNK = 5_000
"""New customers a transaction: other writers wait for one of them at most."""

LONGEST_ID = 200
FOREIGN = T(zh="别人的客户", en="customers of others")


def compare(one: Import, account: dict[str, Any], by: Actor) -> dict[str, Any]:
    """Return what writing the lines would change.

    Raises
    ------
    InputError
        When the lines cannot be stored, or the money is of another currency than the workspace's.
    """
    refuse_other_currency(one, account)
    orders = _orders_file(one, account)
    ids = facts.customers_in(orders)
    refuse_long(one, ids)
    found = recognise(one.source, ids, by)
    provisional = {external_id: -1 - i for i, external_id in enumerate(found.new)}
    compared = facts.compare(
        orders, identities(one, {**found.known, **found.gone, **provisional}), sorted(found.foreign)
    )
    return {
        "new": compared.new,
        "changed": compared.changed,
        "same": compared.same,
        "new_money": str(compared.new_money),
        "changed_money": str(compared.changed_money),
        "new_customers": len(found.new),
        "known_customers": len(found.known) - len(found.foreign),
        "erased_customers": len(found.gone),
        "left_out": [*account["left_out"], *_left_out_foreign(account, compared, found)],
    }


def write(one: Import, by: Actor, report: Callable[[float, T | None], None]) -> dict[str, Any]:
    """Write customers, lines and products.

    Customers come first, in chunks: where the work ends half-way there are customers without orders and no orders
    without customers, and doing it again adds nothing twice.
    """
    account: dict[str, Any] = one.account
    orders = _orders_file(one, account)
    found = recognise(one.source, facts.customers_in(orders), by)
    made = {external_id: number for part in made_for(one, found, by) for external_id, number in part.items()}
    now = timezone.now()
    written = facts.write(
        orders,
        identities(one, {**found.known, **found.gone, **made}),
        recorded_at=now,
        without=sorted(found.foreign),
    )
    if (one.folder / PRODUCTS).exists():
        facts.write_products(one.folder / PRODUCTS, source=one.source, recorded_at=now)
    return {
        "new": written.new if written else 0,
        "changed": written.changed if written else 0,
        "same": written.same if written else 0,
        "version": written.version if written else None,
        "new_customers": len(made),
    }


def made_for(one: Import, found: Recognised, by: Actor) -> Iterator[dict[str, int]]:
    """Make the customers that are new, chunk by chunk, and yield their numbers."""
    importer = importing_for(by)
    for part in in_turns(batched(found.new, CHUNK)):
        yield customers.identify(source=one.source, external_ids=part, by=importer)


def importing_for(by: Actor) -> Actor:
    """Return `by` with what the right to import contains: adding and changing customers, within their own reach."""
    by.require("importing.run")
    return replace(by, permissions=by.permissions | {"customers.write", "customers.read"})


def _orders_file(one: Import, account: dict[str, Any]) -> facts.OrdersFile:
    workspace = Workspace.current()
    return facts.OrdersFile(
        lines=one.folder / LINES,
        mapping=account["mapping"],
        source=one.source,
        currency=workspace.currency,
        zone=workspace.zone,
    )


def identities(one: Import, numbers: dict[str, int]) -> pa.Table:
    """Return which number each id of the source stands for, as the lake is told."""
    return pa.table(
        {
            "source": pa.array([one.source] * len(numbers), pa.string()),
            "external_id": pa.array(list(numbers), pa.string()),
            "customer_id": pa.array(list(numbers.values()), pa.int64()),
        }
    )


def refuse_long(one: Import, ids: list[str]) -> None:
    """Refuse customer numbers that are longer than any is: another column was taken for them."""
    longest = max(ids, key=len, default="")
    if len(longest) > LONGEST_ID:
        raise InputError(
            T(
                zh=f"客户编号有 {len(longest)} 个字符（{longest[:40]}…），最多 {LONGEST_ID} 个",
                en=f"a customer number has {len(longest)} characters ({longest[:40]}…); at most {LONGEST_ID}",
            ),
            where=T(
                zh=f"{one.file_name}，列 {one.columns.get('customer_id', '')}",
                en=f"{one.file_name}, column {one.columns.get('customer_id', '')}",
            ),
            remedy=T(zh="检查客户编号这一列选对没有。", en="Check which column holds the customer's number."),
        )


def refuse_other_currency(one: Import, account: dict[str, Any]) -> None:
    """Refuse amounts of another currency than the workspace's."""
    ours, theirs = Workspace.current().currency, account["currency"]
    if theirs and theirs != ours:
        raise InputError(
            T(zh=f"金额是 {theirs}，工作区用 {ours}", en=f"amounts are in {theirs}, the workspace counts in {ours}"),
            where=one.file_name,
            remedy=T(
                zh=f"给出汇率：1 {theirs} 值多少 {ours}。", en=f"Give the rate: what one {theirs} is worth in {ours}."
            ),
        )


def _left_out_foreign(account: dict[str, Any], compared: facts.Compared, found: Recognised) -> list[dict[str, Any]]:
    """Return the lines of customers whom the person does not reach, as one more reason."""
    rows = account["lines"] - compared.new - compared.changed - compared.same
    if not found.foreign or not rows:
        return []
    return [{"reason": "foreign", "text": FOREIGN.as_dict(), "rows": rows, "money": None}]


def money_in(one: Import) -> Decimal:
    """Return the money of the lines that count."""
    account: dict[str, Any] = one.account
    return Decimal(account["money"])


def rows_of(file: str) -> int:
    """Return the rows of a Parquet file."""
    return int(pq.read_metadata(file).num_rows)
