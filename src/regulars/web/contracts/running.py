"""One run: a snapshot is read, relationships are valued, two files and a card are left, whole or not at all."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from regulars import engine
from regulars.files import whole_folder
from regulars.web.contracts.asked import FEATURES, Asked
from regulars.web.facts import access
from regulars.web.facts.actions import contract_rows, providers, sync
from regulars.words import T

if TYPE_CHECKING:
    import pyarrow as pa

    from regulars.ingest.contracts import ContractRows
    from regulars.measure.contracts import Relationships
    from regulars.valuation.contracts import ContractValuation

Report = Callable[[float, T | None], None]

READING = T(zh="读合同", en="reading the contracts")
SAVING = T(zh="写下结果", en="writing the results")
MEMORY = "1GB"
CARD_FILE = "contract_card.json"


@dataclass(frozen=True, slots=True)
class Found:
    """What a run has found."""

    as_of: date | None
    currency: str
    card: dict[str, Any]


def run(run_id: int, asked: Asked, *, currency: str, recorded_at: datetime, report: Report) -> Found:
    """Value every contract of the lake into the run's folder.

    Raises
    ------
    InputError
        When there is none, contracts overlap, or periods are of unequal length.
    """
    from regulars.measure.contracts import Period, from_dates
    from regulars.valuation.contract_card import contract_card
    from regulars.valuation.contracts import STEPS, value_contracts

    report(0.02, READING)
    sync(providers()[0], recorded_at=recorded_at)  # what the lake knows of customers
    lake = access.lake()
    with engine.session(memory_limit=MEMORY), whole_folder(access.contracts_folder(run_id)) as folder:
        rows = contract_rows(lake, lake.snapshot(), FEATURES)
        period = Period.read(asked.period) if asked.period else None
        each: Any = asked.each
        relationships = from_dates(rows, as_of=asked.as_of, period=period, grace=asked.grace, each=each)
        shares = {words: 0.2 + 0.25 * i for i, words in enumerate(STEPS.values())}
        found = value_contracts(rows, relationships, asked.settings(), step=lambda w: report(shares.get(w, 0.3), w))
        report(0.95, SAVING)
        card = json.loads(json.dumps(contract_card(found), ensure_ascii=False, default=str))
        _write(folder, found, card)
    return Found(relationships.as_of, rows.currency or currency, card | {"features_looked_at": list(rows.features)})


def _write(folder: Any, found: ContractValuation, card: dict[str, Any]) -> None:
    import pyarrow.parquet as pq

    pq.write_table(_rows(found), folder / access.CONTRACTS_FILE)
    pq.write_table(_histories(found.rows, found.relationships), folder / access.HISTORIES_FILE)
    (folder / CARD_FILE).write_text(json.dumps(card, ensure_ascii=False, allow_nan=False), encoding="utf-8")


def _rows(found: ContractValuation) -> pa.Table:
    """Return the library's table under the customers' numbers, with variances for sums and the codes for groups."""
    import numpy as np
    import pyarrow as pa

    from regulars.valuation.contract_table import contract_table

    table, r = contract_table(found), found.relationships
    latest = r.row[r.latest]
    variances = {"renewals_variance": np.zeros(len(latest)), "value_variance": np.zeros(len(latest))}
    if found.worth is not None:
        variances["renewals_variance"][found.running] = np.nan_to_num(found.worth.spread)
        variances["value_variance"][found.running] = np.nan_to_num(found.worth.variance)
    table = table.set_column(0, "customer_id", pa.array(found.rows.columns["customer_id"][latest].tolist(), pa.int64()))
    for name, values in variances.items():
        table = table.append_column(name, pa.array(values, pa.float64()))
    for name, column in _codes(found.rows, latest).items():
        table = table.append_column(name, column)
    return table.sort_by("customer_id")


def _histories(rows: ContractRows, r: Relationships) -> pa.Table:
    """Return one row a relationship: renewals when it began and decided so far, whether the last was refused."""
    import numpy as np
    import pyarrow as pa

    entered, periods, ended = r.histories()
    first = r.row[np.flatnonzero(np.diff(r.of, prepend=-1))]
    columns = {
        "customer_id": pa.array(rows.columns["customer_id"][first].tolist(), pa.int64()),
        "entered": pa.array(entered, pa.int64()),
        "periods": pa.array(periods, pa.int64()),
        "ended": pa.array(ended, pa.bool_()),
    }
    return pa.table({**columns, **_codes(rows, first)}).sort_by("customer_id")


def _codes(rows: ContractRows, at: Any) -> dict[str, pa.Array]:
    import pyarrow as pa

    return {name: pa.array(column[at].tolist(), pa.string()) for name, column in rows.features.items()}
