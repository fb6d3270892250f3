"""Contracts of an import: their customers are recognised or made, their periods go to the lake in one commit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.utils import timezone

from regulars.web.core.actor import Actor
from regulars.web.core.models import Workspace
from regulars.web.customers.selectors.recognised import recognise
from regulars.web.facts import actions as facts
from regulars.web.importing.models import Import
from regulars.web.importing.parsing.task import PERIODS
from regulars.web.importing.writing_orders import (
    FOREIGN,
    identities,
    made_for,
    refuse_long,
    refuse_other_currency,
)
from regulars.words import T


def compare(one: Import, account: dict[str, Any], by: Actor) -> dict[str, Any]:
    """Return what writing the periods would change.

    Raises
    ------
    InputError
        When they cannot be stored, or the money is of another currency than the workspace's.
    """
    refuse_other_currency(one, account)
    file = _file(one, account)
    ids = facts.contract_customers(file)
    refuse_long(one, ids)
    found = recognise(one.source, ids, by)
    provisional = {external_id: -1 - i for i, external_id in enumerate(found.new)}
    reached = {name: number for name, number in found.known.items() if name not in found.foreign}
    compared = facts.compare_contracts(file, identities(one, {**reached, **found.gone, **provisional}))
    foreign = account["lines"] - compared.read
    return {
        "new": compared.new,
        "changed": compared.changed,
        "same": compared.same,
        "new_money": str(compared.new_money),
        "changed_money": str(compared.changed_money),
        "new_customers": len(found.new),
        "known_customers": len(reached),
        "erased_customers": len(found.gone),
        "left_out": [{"reason": "foreign", "text": FOREIGN.as_dict(), "rows": foreign, "money": None}]
        if foreign
        else [],
    }


def write(one: Import, by: Actor, report: Callable[[float, T | None], None]) -> dict[str, Any]:
    """Write customers and periods; doing it again adds nothing twice."""
    file = _file(one, one.account)
    found = recognise(one.source, facts.contract_customers(file), by)
    made = {external_id: number for part in made_for(one, found, by) for external_id, number in part.items()}
    reached = {name: number for name, number in found.known.items() if name not in found.foreign}
    written = facts.write_contracts(
        file, identities(one, {**reached, **found.gone, **made}), recorded_at=timezone.now()
    )
    return {
        "new": written.new if written else 0,
        "changed": written.changed if written else 0,
        "same": written.same if written else 0,
        "version": written.version if written else None,
        "new_customers": len(made),
    }


def _file(one: Import, account: dict[str, Any]) -> facts.ContractsFile:
    workspace = Workspace.current()
    file = facts.ContractsFile(one.folder / PERIODS, one.source, workspace.currency, workspace.zone)
    return replace(file, numbered=bool(account["numbered"]))
