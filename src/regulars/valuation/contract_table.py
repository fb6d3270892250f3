"""One row a customer of a valuation of contracts, as `contract_value.parquet` holds it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa

from regulars.valuation.contracts import ContractValuation

_MONEY = pa.decimal128(38, 4)


def contract_table(v: ContractValuation) -> pa.Table:
    """Return one row a customer: state, renewals so far, what is due, the chance to leave, renewals and value to come.

    Who left has nothing to come; where there is no model or no amount, the columns are null.
    """
    r, n = v.relationships, len(v.relationships.customer)
    row, w, empty = r.row[r.latest], v.worth, [None] * n
    paid = w if v.basis is not None else None
    contract, amount = (v.rows.columns.get(name) for name in ("contract_id", "amount"))

    def spread(values: Any, left: float = 0.0) -> np.ndarray:
        every = np.full(n, np.nan if values is None else left)
        if values is not None:
            every[v.running] = values
        return every

    chances = v.outlook
    leaves = None if chances is None else 1.0 - chances.share[chances.group, 0]
    derl = None if chances is None else chances.derl[chances.group]
    columns: dict[str, pa.Array] = {
        "customer_id": pa.array(r.customer.tolist()),
        "contract_id": pa.array(empty if contract is None else [_text(c) for c in contract[row]], pa.string()),
        "as_of": pa.array([r.as_of] * n, pa.date32()),
        "state": pa.array(r.state.tolist(), pa.string()),
        "started_on": _days(r.started, n),
        "renewals": pa.array(r.renewed, pa.int64()),
        "returned": pa.array(r.returned, pa.int64()),
        "next_due": _days(r.due, n),
        "amount": pa.array(empty if amount is None else amount[row].tolist(), _MONEY),
        "currency": pa.array([v.rows.currency] * n, pa.string()),
        "p_leaves_next": _numbers(spread(leaves, np.nan)),
        "expected_renewals": _numbers(spread(None if w is None else w.renewals)),
        "renewals_low": _whole(spread(None if w is None else w.low)),
        "renewals_high": _whole(spread(None if w is None else w.high)),
        "derl": _numbers(spread(derl)),
        "future_value": _money(spread(None if paid is None else paid.value)),
        "future_value_low": _money(spread(None if paid is None else paid.value_low)),
        "future_value_high": _money(spread(None if paid is None else paid.value_high)),
        "residual_value": _money(spread(None if paid is None else paid.residual)),
    }
    return pa.table(columns)


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


def _days(days: Any, n: int) -> pa.Array:
    if days is None:
        return pa.array([None] * n, pa.date32())
    return pa.array([None if np.isnat(d) else d.astype(object) for d in days], pa.date32())


def _numbers(values: np.ndarray) -> pa.Array:
    return pa.array([None if np.isnan(x) else float(x) for x in values], pa.float64())


def _whole(values: np.ndarray) -> pa.Array:
    return pa.array([None if np.isnan(x) else int(x) for x in values], pa.int64())


def _money(values: np.ndarray) -> pa.Array:
    return pa.array([None if np.isnan(x) else Decimal(f"{x:.4f}") for x in values], _MONEY)
