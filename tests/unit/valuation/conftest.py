"""A simulated company whose future is known, valued as often as a test asks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from regulars import engine
from regulars.ingest import ReadOptions, read_orders
from regulars.simulate import Company, Simulated, simulate
from regulars.valuation import Settings, Valuation, figures, model_card, value_orders, write_customer_value

COMPANY = Company(
    n_customers=500, seed=5, start=date(2024, 1, 1), weeks=78, r=0.8, alpha=8.0, spend_p=4.0, spend_q=3.4, spend_v=192.0
)


class Run:
    """One valuation: its customers as bytes and as a table, its card and figures."""

    def __init__(self, valuation: Valuation, file: Path) -> None:
        write_customer_value(valuation.customers, file)
        self.bytes = file.read_bytes()
        self.table = pq.read_table(file)
        self.card, self.figures = model_card(valuation), figures(valuation)
        self.not_enough, self.basis = valuation.not_enough, valuation.basis

    def column(self, name: str) -> dict[Any, Any]:
        """One column by customer."""
        return dict(zip(self.table["customer_id"].to_pylist(), self.table[name].to_pylist(), strict=True))

    def total(self, name: str) -> float:
        return float(sum(v for v in self.table[name].to_pylist() if v is not None))


Value = Callable[..., Run]


@pytest.fixture(scope="session")
def value(tmp_path_factory: pytest.TempPathFactory) -> Value:
    """Value a file or an Arrow table."""

    def go(source: Any, *, threads: int = 2, as_of: date | None = None, **settings: Any) -> Run:
        folder = tmp_path_factory.mktemp("valuation")
        if isinstance(source, pa.Table):
            pq.write_table(source, folder / "orders.parquet")
            source = folder / "orders.parquet"
        with engine.session(threads=threads) as connection:
            orders = read_orders(source, options=ReadOptions(as_of=as_of), connection=connection)
            return Run(value_orders(orders, replace(Settings(), **settings)), folder / "customers.parquet")

    return go


@pytest.fixture(scope="session")
def company(tmp_path_factory: pytest.TempPathFactory) -> Simulated:
    """500 customers over 78 weeks with known truth."""
    return simulate(COMPANY, tmp_path_factory.mktemp("company"))


@pytest.fixture(scope="session")
def lines(company: Simulated) -> pa.Table:
    """The company's order lines."""
    return pq.read_table(company.orders)


@pytest.fixture(scope="session")
def plain(value: Value, lines: pa.Table) -> Run:
    """The plain valuation of the company."""
    return value(lines)
