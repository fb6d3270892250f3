"""The cast, customers of both teams, and a valuation to raise alerts from."""

from __future__ import annotations

import runpy
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

CAST = runpy.run_path(str(Path(__file__).parents[2] / "web_cast.py"))
globals().update({name: value for name, value in CAST.items() if type(value).__name__ == "FixtureFunctionDefinition"})

AS_OF = date(2026, 6, 30)


@pytest.fixture
def customer(people: dict[str, Any], teams: SimpleNamespace) -> Callable[..., Any]:
    """Make a customer of the account manager's: `customer("Lakeside", owner=None, team=teams.other)`."""
    from regulars.web.customers.models import Customer

    def make(name: str = "Lakeside", **fields: Any) -> Any:
        return Customer.objects.create(
            **{"name": name, "owner": people["account_manager"], "team": teams.own, **fields}
        )

    return make


@pytest.fixture
def valuation(db: None) -> Callable[..., Any]:
    """Publish a valuation: `valuation({customer: {"at_risk": True, …}}, as_of=…)`."""
    from regulars.web.core.models import Workspace
    from regulars.web.valuations.models import CustomerFigure, Valuation

    def publish(figures: dict[Any, dict[str, Any]], *, as_of: date = AS_OF) -> Any:
        made = Valuation.objects.create(as_of=as_of, currency="CNY", basis="net_profit", state="published")
        ready(made)
        usual = {
            "current_value": Decimal(5000), "future_value": Decimal(4000), "value_at_risk": Decimal(1000),
            "n_purchases": 9, "last_purchase": date(2026, 5, 20), "next_order_due": date(2026, 6, 5), "p_alive": 0.6,
            "at_risk": False, "matrix": "IV",
        }  # fmt: skip
        CustomerFigure.objects.bulk_create(
            [CustomerFigure(valuation=made, customer=one, **(usual | fields)) for one, fields in figures.items()]
        )
        Workspace.objects.update_or_create(pk=1, defaults={"current_valuation_id": made.pk})
        return made

    return publish


def ready(valuation: Any) -> None:
    """Give the valuation its partition, where the database has partitions."""
    from django.db import connection

    if connection.vendor == "postgresql":
        from regulars.web.valuations.partitions import TABLE

        with connection.cursor() as cursor:
            cursor.execute(f"CREATE TABLE {TABLE}_{valuation.pk} PARTITION OF {TABLE} FOR VALUES IN ({valuation.pk})")


@pytest.fixture
def task(customer: Callable[..., Any], actors: dict[str, Any]) -> Callable[..., Any]:
    """Make a task of the account manager's: `task("at_risk", customer=…, at_stake=…)`."""
    from regulars.web.tasks import actions
    from regulars.web.tasks.models import Task

    def make(kind: str = "call", *, of: Any = None, **fields: Any) -> Any:
        made = actions.make(customer=of or customer(), kind=kind, by=actors["account_manager"])
        if fields:
            Task.objects.filter(pk=made.pk).update(**fields)
            made.refresh_from_db()
        return made

    return make
