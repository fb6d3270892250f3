"""A small shop for the tests of importing, facts and valuations: its orders as a file, in the lake, valued.

Their conftests take these fixtures in, as with `tests/web_cast.py`.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest


@pytest.fixture(scope="session")
def simulated(tmp_path_factory: pytest.TempPathFactory) -> SimpleNamespace:
    """Orders of a simulated shop as a file, and the same as lines that were read from it."""
    from tests.web import shop_made

    return shop_made.simulated(tmp_path_factory.getbasetemp() / "shop")


@pytest.fixture
def shop(simulated: SimpleNamespace, actors: dict[str, Any], settings: Any) -> SimpleNamespace:
    """The shop's customers in the workspace (nobody's yet) and their orders in the lake, which was written once."""
    from tests.web import shop_made

    from regulars.web.customers import actions as customers
    from regulars.web.customers.actions import identities

    stocked = shop_made.stocked(simulated.file.parent)
    numbers = iter(stocked.ids.values())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(identities, "random_id", lambda: next(numbers))
        ids = customers.identify(source="shop", external_ids=stocked.ids, by=actors["administrator"])
    assert ids == stocked.ids
    shutil.copytree(stocked.lake, settings.REGULARS_HOME / "lake")
    return SimpleNamespace(ids=ids, orders=stocked.orders, identities=stocked.identities)


@pytest.fixture
def run_value(actors: dict[str, Any]) -> Callable[..., Any]:
    """Run a valuation from the lake to its end: `run_value(as_of=…)`."""
    from regulars.web.valuations import actions
    from regulars.web.valuations.running import Parameters

    def run(**parameters: Any) -> Any:
        valuation = actions.start(by=actors["administrator"], parameters=Parameters(**parameters))
        actions.carry_out(valuation=valuation, report=lambda *_: None)
        valuation.refresh_from_db()
        return valuation

    return run


@pytest.fixture
def value(
    simulated: SimpleNamespace, shop: SimpleNamespace, run_value: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Any]:
    """As `run_value`, but the reckoning was done once for all tests: only publishing is done anew, and at once.

    `value(change)` lets `change` alter the rows, a list of dictionaries, before they are published.
    """
    import json

    import pyarrow as pa
    import pyarrow.parquet as pq

    from regulars.web.facts import access
    from regulars.web.valuations import running

    known = pq.read_table(simulated.values)

    def reckoned(valuation_id: int, parameters: Any, **_: Any) -> Any:
        rows = [{**row, "customer_id": shop.ids[str(row["customer_id"])]} for row in known.to_pylist()]
        for change in changes:
            change(rows)
        fields = [field.with_nullable(True) for field in known.schema.set(0, pa.field("customer_id", pa.int64()))]
        schema = pa.schema(fields)
        folder = access.valuation_folder(valuation_id)
        folder.mkdir(parents=True)
        table = pa.Table.from_pylist(rows, schema).sort_by("customer_id")
        pq.write_table(table, folder / access.VALUE_FILE)
        lake = access.lake()
        pin = lake.pin(lake.snapshot(), f"valuation {valuation_id}")
        as_of = parameters.as_of or simulated.as_of
        said = {"as_of": as_of.isoformat(), "currency": "CNY", "basis": simulated.basis}
        (folder / access.RUN_FILE).write_text(json.dumps({**said, "snapshot": pin.snapshot.versions}))
        plain = json.loads(json.dumps({"card": simulated.card, "figures": simulated.figures}, default=str))
        for key in (plain["figures"]["matrix"] or {}).get("key_customers", []):
            key["customer_id"] = shop.ids[key["customer_id"]]
        return running.Valued(
            as_of,
            "CNY",
            simulated.basis,
            len(rows),
            dict(pin.snapshot.versions),
            pin.id,
            plain["card"],
            plain["figures"],
        )

    changes: list[Callable[[list[dict[str, Any]]], None]] = []

    def run(change: Callable[[list[dict[str, Any]]], None] | None = None, **parameters: Any) -> Any:
        changes[:] = [change] if change else []
        with monkeypatch.context() as patch:
            patch.setattr(running, "run", reckoned)
            return run_value(**parameters)

    return run


@pytest.fixture
def give(shop: SimpleNamespace) -> Callable[..., list[int]]:
    """Hand customers to a person: `give(user, 5)` gives them the next five."""
    from regulars.web.customers.models import Customer

    waiting = iter(sorted(shop.ids.values()))

    def hand(user: Any, n: int) -> list[int]:
        numbers = [next(waiting) for _ in range(n)]
        team = user.memberships.first().team_id
        Customer.objects.filter(pk__in=numbers).update(owner=user, team_id=team)
        return numbers

    return hand


@pytest.fixture
def work() -> Callable[[], None]:
    """Do every job that waits, as the worker would."""
    from regulars.web.core import jobs
    from regulars.web.core.models import Job, JobState

    def run() -> None:
        for job in Job.objects.filter(state=JobState.QUEUED).order_by("pk"):
            jobs.run_job.func(job.pk)

    return run
