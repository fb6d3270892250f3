"""A small simulated company, a shop's list, and the command line run in this process."""

from __future__ import annotations

import contextlib
import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from regulars.cli.main import main
from regulars.simulate import Simulated, demo_company, simulate


@dataclass(frozen=True)
class Ran:
    """What one run of the command line gave."""

    code: int
    out: str
    err: str
    folder: Path

    @property
    def customers(self) -> Any:
        return pq.read_table(self.folder / "customer_value.parquet")

    @property
    def card(self) -> dict[str, Any]:
        return json.loads((self.folder / "model_card.json").read_text(encoding="utf-8"))


Run = Callable[..., Ran]


def run_main(*arguments: object, folder: Path = Path()) -> Ran:
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main([str(argument) for argument in arguments])
    return Ran(code, out.getvalue(), err.getvalue(), folder)


@pytest.fixture(scope="session")
def run() -> Run:
    """Run the command line: exit code, what stood on stdout and stderr."""
    return run_main


@pytest.fixture(scope="session")
def value(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Run `regulars value` into a folder of its own, in English unless told otherwise."""

    def go(*arguments: object, lang: str = "en") -> Ran:
        folder = tmp_path_factory.mktemp("value") / "out"
        return run_main("value", *arguments, "--out", folder, "--lang", lang, folder=folder)

    return go


@pytest.fixture(scope="session")
def company(tmp_path_factory: pytest.TempPathFactory) -> Simulated:
    """300 customers with costs and everyday dirt."""
    return simulate(demo_company(300), tmp_path_factory.mktemp("company"))


@pytest.fixture(scope="session")
def valued(value: Run, company: Simulated) -> Ran:
    """The plain run on the company."""
    return value(company.orders, "--xlsx")


HEADER = "customer_id,order_id,order_date,category,quantity,amount"


def shop_rows(customers: int = 12, each: int = 5) -> list[str]:
    return [
        f"C{c},O{c}-{k},2025-{1 + (c + 2 * k) % 12:02d}-{1 + (3 * c + k) % 28:02d},"
        f"{'tea' if k % 2 else 'coffee'},{1 + k % 3},{10 * (1 + k % 3)}"
        for c in range(customers)
        for k in range(each)
    ]


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """60 order lines without costs: too few customers for a model, so a run is quick."""
    file = tmp_path / "shop.csv"
    file.write_text("\n".join([HEADER, *shop_rows()]) + "\n", encoding="utf-8")
    return file
