"""Splitting a list at random and keeping part of it alone, so that what is done to the rest can be proved later."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pyarrow as pa
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from regulars import engine
from regulars.prove import control
from regulars.web import audit
from regulars.web.core.actor import Actor
from regulars.web.core.conflict import Conflict
from regulars.web.tasks.models import Arm, Exposure, Holdout

CHUNK = 5_000
SUBJECT = "tasks.holdout"


@transaction.atomic
def hold_out(
    *,
    customers: Mapping[int, str],
    list_kind: str,
    subject: Mapping[str, Any],
    action: str,
    by: Actor,
    detail: str = "",
    share: Decimal = control.DEFAULT_SHARE,
    seed: str = "",
) -> Holdout:
    """Split a list: each customer is treated or left alone, by chance alone, alike in every stratum; and write it down.

    Parameters
    ----------
    customers
        Customer → stratum (the value class; empty where there is none).
    list_kind, subject
        Which list it was: selection, segment or rule, and what it was called.
    action
        What is done to the treated: a kind of task.
    seed
        The same list with the same seed is split the same way; default: a fresh one.

    Raises
    ------
    ValidationError
        For a share out of range or a list of nobody.
    """
    if not customers:
        raise ValidationError(_("The list is empty: choose customers first."))
    if not 0 < share <= control.LARGEST_SHARE:
        raise ValidationError({"share": _("Leave more than nobody and at most half of the list alone.")})
    holdout = Holdout(
        list_kind=list_kind,
        subject=dict(subject),
        action=action,
        detail=detail,
        seed=seed or secrets.token_hex(8),
        share=share,
        started_by_id=by.user_id,
        started_at=timezone.now(),
    )
    holdout.experiment_id = f"{list_kind}-{secrets.token_hex(6)}"
    holdout.save()
    n_control = expose(holdout, customers)
    audit.record(
        actor=by,
        verb="hold-out",
        subject_type=SUBJECT,
        subject_id=holdout.pk,
        details={"list": list_kind, "n": len(customers), "control": n_control, "share": str(share)},
    )
    return holdout


def expose(holdout: Holdout, customers: Mapping[int, str], *, draw: str = "") -> int:
    """Write the arm of each customer; return how many are control.

    Parameters
    ----------
    draw
        Which draw of the experiment this is, for a list that grows: part of the seed.
    """
    table = pa.table(
        {"customer_id": pa.array(customers, pa.int64()), "stratum": pa.array(customers.values(), pa.string())}
    )
    seed = f"{holdout.seed}:{draw}" if draw else holdout.seed
    with engine.session(memory_limit="512MB", threads=1) as connection:
        listed = engine.frame(connection.from_arrow(table))
        split = control.split(listed, seed=seed, share=holdout.share, stratum="stratum")
        rows = engine.to_arrow(split.select("customer_id", "arm", "propensity", "stratum").sort("customer_id"))
    now, n_control = timezone.now(), 0
    for batch in rows.to_batches(CHUNK):
        made = [Exposure(holdout=holdout, assigned_at=now, **row) for row in batch.to_pylist()]
        Exposure.objects.bulk_create(made)
        n_control += sum(one.arm == Arm.CONTROL for one in made)
    return n_control


@transaction.atomic
def end(*, holdout: Holdout, version: int, by: Actor) -> None:
    """End an experiment: its control group is left alone no longer. What was assigned stays written.

    Raises
    ------
    Conflict
        When somebody has changed it since.
    """
    by.require("tasks.assign")
    holdout.claim(version)
    if not holdout.is_running:
        raise Conflict(holdout)
    holdout.ended_at = timezone.now()
    holdout.save(update_fields=["ended_at"])
    audit.record(actor=by, verb="end", subject_type=SUBJECT, subject_id=holdout.pk)
