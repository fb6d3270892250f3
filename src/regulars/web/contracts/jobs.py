"""Runs over contracts as jobs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from regulars.web.contracts import actions
from regulars.web.contracts.models import OPEN, ContractRun, State
from regulars.web.core.jobs import Cancelled, Run, WorkerStops, job
from regulars.web.core.schedule import regularly


@job("contracts.run", title=_("Contracts"), permission=actions.RUN, repeatable=True)
def run(run: Run) -> Mapping[str, Any] | None:
    """Look at every contract and publish; after a kill the same run begins anew."""
    one = ContractRun.objects.get(pk=run.parameters["run"])
    if one.state not in OPEN:  # published before the worker died
        return None
    try:
        return actions.carry_out(run=one, report=run.report)
    except WorkerStops:
        ContractRun.objects.filter(pk=one.pk).update(state=State.QUEUED)
        raise
    except Cancelled:
        actions.stop(run=one)
        raise


@regularly("contracts.settle", every=timedelta(minutes=1))
def settle() -> None:
    """Close runs whose job ended without them: cancelled while they waited, or given up."""
    for one in ContractRun.objects.filter(state__in=OPEN).select_related("job"):
        if one.job is None or not one.job.is_open:
            actions.stop(run=one)
