"""A shop of a few hundred customers with a past, and campaigns for them: `draft()`, `launched()`, `live()`."""

from __future__ import annotations

import json
import random
import runpy
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

CAST = runpy.run_path(str(Path(__file__).parents[2] / "web_cast.py"))
globals().update({name: value for name, value in CAST.items() if type(value).__name__ == "FixtureFunctionDefinition"})

N = 400
CLASSES = ("IV", "III", "II", "I")


@pytest.fixture
def sell(db: None) -> Callable[[Iterable[tuple[int, date, float]]], None]:
    """Put sales into the lake: `sell([(customer, day, amount), …])`; each cost six tenths of its amount."""
    from regulars import engine
    from regulars.web.facts.access import lake

    counted = iter(range(10**9))

    def put(rows: Iterable[tuple[int, date, float]]) -> None:
        made = [
            {
                "order_id": f"O{next(counted)}", "line_no": 1, "customer_id": customer, "business_date": day,
                "ordered_at": datetime(day.year, day.month, day.day, 4, tzinfo=UTC), "occasion_date": day,
                "is_product": True, "quantity": Decimal(1), "net_amount": Decimal(str(round(amount, 2))),
                "cost_amount": Decimal(str(round(amount * 0.6, 2))), "currency": "CNY", "kind": "sale",
            }
            for customer, day, amount in rows
        ]  # fmt: skip
        with engine.session() as connection:
            rows_in = engine.frame(connection.from_arrow(pa.Table.from_pylist(made)))
            lake().write("transaction_lines", rows_in, source="shop", recorded_at=datetime.now(UTC), zone="UTC")

    return put


@pytest.fixture
def shop(people: dict[str, Any], teams: SimpleNamespace) -> SimpleNamespace:
    """Customers of the account manager who agree to offers, with a valuation but no orders; a segment of all."""
    from django.utils import timezone

    from regulars.web.customers.models import Consent, ContactPoint, Customer
    from regulars.web.segments.models import Segment
    from regulars.web.tasks.selectors import today as shop_day

    drawn = random.Random(4)
    owner, today = people["account_manager"], shop_day()
    ids = [2**33 + n for n in range(N)]
    Customer.objects.bulk_create(
        [Customer(pk=n, name=f"C{n}", name_key=f"c{n}", owner=owner, team=teams.own) for n in ids]
    )
    ContactPoint.objects.bulk_create(
        [ContactPoint(customer_id=n, kind="mobile", value=f"139{n % 10**8:08}", key=f"139{n % 10**8:08}") for n in ids]
    )
    Consent.objects.bulk_create(
        [Consent(customer_id=n, purpose="marketing", state="granted", at=timezone.now(), evidence="form") for n in ids]
    )
    level = {n: drawn.lognormvariate(4, 0.6) for n in ids}
    value(ids, today - timedelta(days=1))
    segment = Segment.objects.create(name="Everybody", owner=people["marketing"], asked={}, shared="all")
    return SimpleNamespace(ids=ids, today=today, level=level, segment=segment, drawn=drawn)


@pytest.fixture
def past(shop: SimpleNamespace, sell: Any) -> SimpleNamespace:
    """The shop with a year of purchases."""
    drawn = shop.drawn
    sell(
        (n, shop.today - timedelta(days=drawn.randrange(1, 330)), shop.level[n] * drawn.uniform(0.5, 1.5))
        for n in shop.ids for _ in range(4)
    )  # fmt: skip
    return shop


def value(ids: list[int], as_of: date) -> None:
    """Publish a valuation as its run would: rows for lists, a file for whoever reads everybody."""
    from django.db import connection

    from regulars.web.core.models import Workspace
    from regulars.web.facts import access
    from regulars.web.valuations.models import CustomerFigure, Valuation
    from regulars.web.valuations.partitions import TABLE

    made = Valuation.objects.create(as_of=as_of, currency="CNY", basis="net_profit", state="published")
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE TABLE {TABLE}_{made.pk} PARTITION OF {TABLE} FOR VALUES IN ({made.pk})")
    classes = [CLASSES[k % 4] for k in range(len(ids))]
    CustomerFigure.objects.bulk_create(
        [
            CustomerFigure(valuation=made, customer_id=n, matrix=c, current_value=Decimal(100), n_purchases=4)
            for n, c in zip(ids, classes, strict=True)
        ]
    )
    folder = access.valuation_folder(made.pk)
    folder.mkdir(parents=True)
    file = pa.table({"customer_id": pa.array(ids, pa.int64()), "matrix": classes, "net_profit": [100.0] * len(ids)})
    pq.write_table(file, folder / access.VALUE_FILE)
    said = {"as_of": as_of.isoformat(), "currency": "CNY", "basis": "net_profit", "snapshot": {}}
    (folder / access.RUN_FILE).write_text(json.dumps(said))
    Workspace.objects.update_or_create(pk=1, defaults={"current_valuation_id": made.pk})


@pytest.fixture
def work() -> Callable[[], None]:
    """Do every job that waits, as the worker would."""
    from regulars.web.core import jobs
    from regulars.web.core.models import Job, JobState

    def run() -> None:
        for job in Job.objects.filter(state=JobState.QUEUED).order_by("pk"):
            jobs.run_job.func(job.pk)

    return run


@pytest.fixture
def plan(shop: SimpleNamespace) -> Callable[..., Any]:
    """Return a plan for everybody: `plan(channel="sms", …)`."""
    from regulars.web.campaigns.actions import Plan

    def make(**fields: Any) -> Plan:
        everybody = [{"list": f"segment:{shop.segment.pk}", "called": "Everybody"}]
        usual = {
            "name": "Spring", "audience": everybody, "channel": "call", "starts_on": shop.today, "offer": "New tea",
            "contact_cost": Decimal(2), "offer_cost": Decimal(3), "share": Decimal("0.25"),
        }  # fmt: skip
        return Plan(**(usual | fields))

    return make


@pytest.fixture
def draft(plan: Any, actors: dict[str, Any], work: Any) -> Callable[..., Any]:
    """A draft of the marketer's, counted."""
    from regulars.web.campaigns import actions
    from regulars.web.campaigns.models import Campaign

    def make(**fields: Any) -> Any:
        campaign = actions.create(plan=plan(**fields), by=actors["marketing"])
        Campaign.objects.filter(pk=campaign.pk).update(seed="the same in every run")
        work()
        campaign.refresh_from_db()
        return campaign

    return make


@pytest.fixture
def approved(draft: Any, actors: dict[str, Any]) -> Callable[..., Any]:
    """A campaign that the manager has approved."""
    from regulars.web.campaigns import actions

    def make(**fields: Any) -> Any:
        campaign = draft(**fields)
        actions.submit(campaign=campaign, version=campaign.version, by=actors["marketing"])
        actions.approve(campaign=campaign, version=campaign.version, by=actors["manager"])
        return campaign

    return make


@pytest.fixture
def launched(approved: Any, actors: dict[str, Any], work: Any) -> Callable[..., Any]:
    """A campaign that runs."""
    from regulars.web.campaigns import actions

    def make(**fields: Any) -> Any:
        campaign = approved(**fields)
        actions.launch(campaign=campaign, version=campaign.version, by=actors["marketing"])
        work()
        campaign.refresh_from_db()
        return campaign

    return make


@pytest.fixture
def live(shop: SimpleNamespace, sell: Any) -> Callable[..., Any]:
    """Let days pass: `live(campaign, 10)`; everybody buys as before, the treated spend 30 more on their first order.

    Returns the group of each customer, and what each brought after product cost.
    """
    from regulars.web.tasks.models import Exposure

    def pass_by(campaign: Any, days: int, *, effect: float = 30.0) -> tuple[dict[int, str], dict[int, Decimal]]:
        members = Exposure.objects.filter(holdout=campaign.holdout).order_by("customer")
        arms = dict(members.values_list("customer", "arm"))
        rows, gross = [], {}
        for customer, arm in arms.items():
            first = shop.drawn.randrange(0, 5)
            for day in (first, first + 5):
                more = effect if arm == "treated" and day == first else 0
                amount = round(shop.level[customer] * shop.drawn.uniform(0.7, 1.3) + more, 2)
                if day < days:
                    rows.append((customer, campaign.first_day + timedelta(days=day), amount))
                    brought = Decimal(str(amount)) - Decimal(str(round(amount * 0.6, 2)))
                    gross[customer] = gross.get(customer, Decimal(0)) + brought
        sell([*rows, (2**40, campaign.first_day + timedelta(days=days - 1), 1.0)])  # the last: somebody in no group
        return arms, gross

    return pass_by
