"""Orders from programs: one import each, taken through its steps as they come up."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from regulars.web import audit
from regulars.web.api.models import Batch, BatchState
from regulars.web.core.actor import Actor, actor_of
from regulars.web.importing import actions as importing
from regulars.web.importing.selectors import imports, settled
from regulars.words import T

AMOUNT = pa.decimal128(18, 4)
COLUMNS: dict[str, pa.DataType] = {
    "customer_id": pa.string(),
    "order_id": pa.string(),
    "line_no": pa.int64(),
    "ordered_at": pa.timestamp("us"),
    "product_id": pa.string(),
    "product_name": pa.string(),
    "category": pa.string(),
    "quantity": AMOUNT,
    "net_amount": AMOUNT,
    "cost_amount": AMOUNT,
    "currency": pa.string(),
    "channel": pa.string(),
    "store": pa.string(),
    "returns_order_id": pa.string(),
}
"""Columns of a batch, as imports know them, typed: nothing has to be guessed from texts."""


def send_orders(*, source: str, lines: Sequence[Mapping[str, Any]], by: Actor) -> Batch:
    """Take order lines in as a file of an import and have it looked at; what comes of it is told by the batch.

    Idempotency: lines have a key (source, order, line), so that the same orders sent twice are stored once.

    Raises
    ------
    PermissionDenied
        Without the right to import.
    """
    used = {name: kind for name, kind in COLUMNS.items() if any(line.get(name) is not None for line in lines)}
    table = pa.table({name: pa.array([_plain(line.get(name)) for line in lines], kind) for name, kind in used.items()})
    content = io.BytesIO()
    pq.write_table(table, content, compression="zstd")
    file: Any = ContentFile(content.getvalue(), name="orders.parquet")
    upload = importing.upload(holds="orders", source=source, file=file, by=by)
    batch = Batch.objects.create(user_id=by.user_id or 0, upload_id=upload.pk, columns=list(used), n_lines=len(lines))
    audit.record(
        actor=by, verb="send-orders", subject_type="api.batch", subject_id=batch.pk, details={"lines": len(lines)}
    )
    return batch


def advance() -> int:
    """Take every waiting batch one step on; return how many ended. Safe to repeat: an import guards its own steps."""
    waiting = Batch.objects.filter(state=BatchState.WAITING).select_related("user", "upload").order_by("id")
    return sum(map(_step, waiting))


def _step(batch: Batch) -> bool:
    by = actor_of(batch.user)
    one = imports(by).filter(pk=batch.upload_id or 0).first()
    if one is None:
        return _end(batch, BatchState.FAILED, message=_GONE.as_dict())
    one = settled(one)
    try:
        with transaction.atomic():
            if one.state == "columns" and not one.problem:
                columns = {name: name if name in batch.columns else "" for name in COLUMNS}
                importing.choose_columns(one=one, columns=columns, options={}, source=one.source, by=by)
            elif one.state == "checked":
                importing.begin(one=one, by=by)
    except (ValidationError, PermissionDenied):
        return False  # it has gone on meanwhile, or the person's rights have changed: looked at again next time
    if one.state == "done":
        return _end(batch, BatchState.DONE, result=_counts(one))
    if one.state in ("failed", "dropped") or (one.state == "columns" and one.problem):
        return _end(batch, BatchState.FAILED, message=_said(one.problem))
    return False


_GONE = T(zh="导入已被删除，或你已没有权限", en="The import is gone, or you may not run imports any more.")


def _end(batch: Batch, state: BatchState, **changes: Any) -> bool:
    mine = Batch.objects.filter(pk=batch.pk, state=BatchState.WAITING)
    return bool(mine.update(state=state, ended_at=timezone.now(), **changes))


def _counts(one: Any) -> dict[str, int]:
    known = {name: one.account.get(name) for name in ("new", "changed", "same", "new_customers")}
    return {name: int(value) for name, value in known.items() if value is not None}


def _said(problem: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """Return what was wrong and what to do, as one line in each language."""
    parts = [problem[name] for name in ("where", "what", "remedy") if problem.get(name)]
    if not parts:
        return _GONE.as_dict()
    return {
        "zh": "，".join(part["zh"] for part in parts),
        "en": ". ".join(part["en"].rstrip(".") for part in parts) + ".",
    }


def _plain(value: Any) -> Any:
    return value.quantize(Decimal("0.0001")) if isinstance(value, Decimal) else value
