"""The cast, customers of the insider, of a teammate, of an outsider, and entries of their logs."""

from __future__ import annotations

import runpy
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

CAST = runpy.run_path(str(Path(__file__).parents[2] / "web_cast.py"))
globals().update({name: value for name, value in CAST.items() if type(value).__name__ == "FixtureFunctionDefinition"})


@pytest.fixture
def customer(people: dict[str, Any], teams: SimpleNamespace) -> Callable[..., Any]:
    """Make a customer of the account manager's: `customer("Lakeside", owner=None)`."""
    from regulars.web.customers.models import Customer

    def make(name: str = "Lakeside", **fields: Any) -> Any:
        return Customer.objects.create(
            **{"name": name, "owner": people["account_manager"], "team": teams.own, **fields}
        )

    return make


@pytest.fixture
def theirs(customer: Callable[..., Any], person: Callable[..., Any], strangers: dict[str, Any], teams: Any) -> Any:
    """One customer each: the account manager's own, a teammate's, an outsider's."""
    teammate = person("account_manager", username="teammate")
    return SimpleNamespace(
        own=customer("Own"),
        team=customer("Team", owner=teammate),
        foreign=customer("Foreign", owner=strangers["account_manager"], team=teams.other),
        teammate=teammate,
    )


@pytest.fixture
def trail() -> Callable[..., list[Any]]:
    """What the audit trail says about a customer: `trail(customer, "update")`."""
    from regulars.web.audit.models import Entry

    def rows(subject: Any, verb: str | None = None) -> list[Any]:
        found = Entry.objects.filter(subject_type="customers.customer", subject_id=str(subject.pk))
        return list(found.filter(verb=verb) if verb else found)

    return rows


@pytest.fixture
def write(customer: Callable[..., Any], actors: dict[str, Any]) -> Callable[..., Any]:
    """Add an entry by the account manager: `write("Called", kind="visit", of=lakeside)`."""
    from regulars.web.journal import actions

    def entry(text: str = "Called about cups", *, kind: str = "call", of: Any = None, **fields: Any) -> Any:
        given = {"by": actors["account_manager"], **fields}
        return actions.record(customer=of or customer(), kind=kind, text=text, **given)

    return entry
