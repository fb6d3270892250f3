"""The contract periods of the lake, as the library's valuation of contracts takes them. For jobs, not for pages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from regulars import engine
from regulars.errors import InputError
from regulars.ingest.contracts import ContractRows
from regulars.lake import Lake, Snapshot
from regulars.web.facts.contracts_in import SUBSCRIPTIONS
from regulars.web.facts.merged import under_kept
from regulars.words import T

CODES = ("kind", "nature", "source_channel", "region", "store")
"""What the lake knows of a customer that contracts can be looked at by."""
DAYS = ("started_on", "renewed_on", "ended_on")

NONE_YET = InputError(
    T(zh="还没有合同", en="there are no contracts yet"),
    remedy=T(
        zh="先在“导入”里传一份合同：每期一行，有客户编号和开始日期。",
        en="Import contracts first: a row a period, with customer number and start.",
    ),
)


def contract_rows(lake: Lake, snapshot: Snapshot, features: Sequence[str] = ()) -> ContractRows:
    """Return every stored period; those of records that were merged count for the record that was kept.

    Parameters
    ----------
    features
        Codes of the customers, of `CODES`; those that are the same for everybody are left out.

    Raises
    ------
    InputError
        When there is none, or amounts are in several currencies.
    """
    if SUBSCRIPTIONS not in snapshot.versions:
        raise NONE_YET
    stored = under_kept(lake.table(SUBSCRIPTIONS, at=snapshot))
    table = engine.to_arrow(
        stored.select("source", "contract_id", "period", "customer_id", *DAYS, "amount", "currency").sort(
            "customer_id", "source", "contract_id", "period"
        )
    )
    if not table.num_rows:
        raise NONE_YET
    columns: dict[str, Any] = {
        "customer_id": np.array(table["customer_id"].to_pylist(), dtype=object),
        "contract_id": _contracts(table),
        "period": table["period"].to_numpy().astype(np.float64),
        **{name: table[name].to_numpy().astype("datetime64[D]") for name in DAYS},
        "currency": np.array(table["currency"].to_pylist(), dtype=object),
    }
    if table["amount"].null_count < table.num_rows:
        columns["amount"] = np.array(table["amount"].to_pylist(), dtype=object)
    ids, contracts, starts = columns["customer_id"], columns["contract_id"], columns["started_on"]

    def place(row: int) -> T:
        return T(
            zh=f"客户 {ids[row]}，合同 {contracts[row]}，{starts[row]}",
            en=f"customer {ids[row]}, contract {contracts[row]}, {starts[row]}",
        )

    found = _codes(lake, snapshot, ids, [name for name in features if name in CODES])
    return ContractRows(columns, found, {name: name for name in columns}, "contracts", _currency(table), place)


def _contracts(table: pa.Table) -> Any:
    """Return the contracts' numbers, with their source where there are several: two may count alike."""
    names, sources = table["contract_id"].to_pylist(), table["source"].to_pylist()
    if len(set(sources)) > 1:
        names = [f"{source}:{name}" for source, name in zip(sources, names, strict=True)]
    return np.array(names, dtype=object)


def _currency(table: pa.Table) -> str | None:
    known = sorted({code for code in table["currency"].unique().to_pylist() if code})
    if len(known) > 1:
        raise InputError(
            T(zh=f"金额混着几种货币：{'、'.join(known)}", en=f"amounts in several currencies: {', '.join(known)}"),
            remedy=T(zh="换算成一种再导入。", en="Turn them into one currency and import them again."),
        )
    return known[0] if known else None


def _codes(lake: Lake, snapshot: Snapshot, ids: Any, names: Sequence[str]) -> dict[str, Any]:
    if not names or "customers" not in snapshot.versions:
        return {}
    known = lake.table("customers", at=snapshot).select("customer_id", *names)
    wanted = engine.lookup(known, pa.table({"customer_id": pa.array(sorted(set(ids.tolist())), pa.int64())}))
    rows = engine.to_arrow(known.join(wanted, on="customer_id", how="semi")).to_pylist()
    by_number = {row["customer_id"]: row for row in rows}
    nobody: dict[str, Any] = dict.fromkeys(names)
    found = {
        name: np.array([by_number.get(number, nobody)[name] or None for number in ids], dtype=object) for name in names
    }
    return {name: column for name, column in found.items() if len({value for value in column if value}) > 1}
