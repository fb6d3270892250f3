"""The universal hold-out: a share of all customers whom no campaign addresses, so that all of them can be proved."""

from __future__ import annotations

import secrets
from decimal import Decimal

import numpy as np
import pyarrow as pa
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from regulars.prove.control import CONTROL
from regulars.web import audit
from regulars.web.campaigns import universal
from regulars.web.campaigns.models import UniversalHoldout
from regulars.web.campaigns.models.universal import MOST
from regulars.web.core import jobs, tables
from regulars.web.core.actor import Actor
from regulars.web.customers.selectors import everyone
from regulars.web.tasks import actions as tasks
from regulars.web.tasks.selectors import assigned_in, experiments
from regulars.web.tasks.taxonomy import UNIVERSAL

CONFIGURE = "campaigns.configure"
JOB = "campaigns.universal"


@transaction.atomic
def set_universal(*, share: Decimal, version: int, by: Actor) -> UniversalHoldout:
    """Set which part of all customers is left out of every campaign; 0 switches it off.

    Another share ends the hold-out that runs and begins a new one, with other customers: what the first has shown would
    not hold for a mixture.

    Raises
    ------
    PermissionDenied, Conflict
    ValidationError
        For a share above a tenth.
    """
    by.require(CONFIGURE)
    if not 0 <= share <= MOST:
        raise ValidationError({"share": _("Choose between 0% and 10%.")})
    UniversalHoldout.objects.get_or_create(pk=1)
    setting = UniversalHoldout.objects.select_related("holdout").get(pk=1)
    setting.claim(version)
    if share == setting.share:
        return setting
    if setting.holdout is not None:
        tasks.finish_experiment(setting.holdout)
    setting.share, setting.seed, setting.holdout = share, secrets.token_hex(8), None
    if share:
        setting.holdout = tasks.prepare(
            list_kind=UNIVERSAL, subject={}, share=share, seed=setting.seed, strata="", by=by
        )
        tasks.begin(setting.holdout)
    setting.save()
    audit.record(
        actor=by, verb="update", subject_type="campaigns.universalholdout", subject_id=1, details={"share": str(share)}
    )
    if share:
        jobs.start(kind=JOB, by=by)
    return setting


def write_universal() -> int:
    """Write down who is held out and was not yet, new customers among them; return how many were added."""
    setting = UniversalHoldout.objects.select_related("holdout").filter(pk=1).first()
    if setting is None or setting.holdout is None:
        return 0
    held = universal.drawn(tables.numbers(everyone()), setting)
    known = tables.numbers(assigned_in(experiments().filter(pk=setting.holdout.pk).values("pk")))
    new = np.setdiff1d(held, known, assume_unique=True)
    if not new.size:
        return 0
    same = pa.array(np.zeros(len(new), np.int64))
    rows = pa.table(
        {
            "customer_id": new,
            "arm": pa.array([CONTROL]).take(same),
            "propensity": pa.array([float(setting.share)]).take(same),
            "stratum": pa.array([""]).take(same),
            "household": pa.nulls(len(new), pa.int64()),
        }
    )
    return tasks.fill(setting.holdout, rows)
