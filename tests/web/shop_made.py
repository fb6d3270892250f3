"""What `shop_cast` gives its tests, made once in a process: the orders of a small shop, their valuation, their lake.

A fixture of a session would be made again in every folder that takes the cast in; here the folder to lie in is the key.
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from types import SimpleNamespace

N_CUSTOMERS = 160


@cache
def simulated(folder: Path) -> SimpleNamespace:
    """The orders as a file, as lines that were read from it, and valued."""
    from regulars import engine
    from regulars.ingest import read_orders
    from regulars.simulate import demo_company, simulate
    from regulars.valuation import figures, model_card, value_orders

    simulate(demo_company(n_customers=N_CUSTOMERS, seed=11), folder, headers="en", format="csv")
    with engine.session() as connection:
        orders = read_orders(folder / "orders.csv", connection=connection)
        engine.write_parquet(orders.lines, folder / "lines.parquet")
        found = value_orders(orders, path=folder / "values.parquet")
        return SimpleNamespace(
            file=folder / "orders.csv", lines=folder / "lines.parquet", mapping=orders.mapping,
            n_lines=orders.n_lines, values=folder / "values.parquet", basis=found.basis, as_of=orders.as_of,
            card=model_card(found), figures=figures(found),
        )  # fmt: skip


@cache
def stocked(folder: Path) -> SimpleNamespace:
    """The lake with the orders in it, and the number of each customer there."""
    import pyarrow as pa
    from django.test import override_settings

    from regulars.web.customers.models import random_id
    from regulars.web.facts import actions as facts

    made = simulated(folder)
    orders = facts.OrdersFile(made.lines, made.mapping, "shop", "CNY", "Asia/Shanghai")
    with override_settings(REGULARS_HOME=folder / "home"):
        ids = {one: random_id() for one in facts.customers_in(orders)}
        identities = pa.table(
            {"source": ["shop"] * len(ids), "external_id": list(ids), "customer_id": pa.array(ids.values(), pa.int64())}
        )
        facts.write(orders, identities, recorded_at=datetime(2026, 11, 20, tzinfo=UTC))
    return SimpleNamespace(ids=ids, orders=orders, identities=identities, lake=folder / "home" / "lake")
