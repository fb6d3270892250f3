"""Reads about contracts: the run that is shown, the newest one, a customer's contracts."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from regulars.web.contracts.models import OPEN, ContractRun, State
from regulars.web.core.actor import Actor
from regulars.web.core.once import once
from regulars.web.facts.selectors import contract_figures, contract_people, contracts_of

READ = "valuations.read"


def current() -> ContractRun | None:
    """Return the newest published run; None where there is none."""
    return once(("contracts",), lambda: ContractRun.objects.filter(state=State.PUBLISHED).first())


def latest(actor: Actor) -> ContractRun | None:
    """Return the newest run, however it ended."""
    actor.require(READ)
    return ContractRun.objects.select_related("job", "started_by").first()


def is_open(actor: Actor) -> ContractRun | None:
    """Return the run that waits or runs now."""
    actor.require(READ)
    return ContractRun.objects.select_related("job").filter(state__in=OPEN).first()


def runs(actor: Actor) -> QuerySet[ContractRun]:
    """Return every run, newest first."""
    actor.require(READ)
    return ContractRun.objects.all()


def figures(actor: Actor, run: ContractRun) -> dict[str, Any] | None:
    """Return counts, curve, groups and sums, of the customers that `actor` reaches."""
    card: dict[str, Any] = run.card
    features = card.get("features_looked_at") or []
    return contract_figures(actor, run.pk, features=features, totals=card.get("totals") or {})


def people(
    actor: Actor, run: ContractRun, *, order: str = "p_leaves_next", limit: int = 50, offset: int = 0
) -> list[dict[str, Any]]:
    """Return the running contracts of the customers that `actor` reaches."""
    return contract_people(actor, run.pk, order=order, limit=limit, offset=offset)


def of_customer(actor: Actor, customer: Any) -> list[dict[str, Any]]:
    """Return what the run that is shown says of a customer's contracts; nothing without one."""
    run = current()
    return [] if run is None or not actor.may(READ) else contracts_of(actor, customer, run.pk)
