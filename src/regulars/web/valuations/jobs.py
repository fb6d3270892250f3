"""Runs as jobs, the schedule as a chore."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from regulars.web.core.jobs import Cancelled, Run, WorkerStops, job
from regulars.web.core.schedule import regularly
from regulars.web.valuations import actions
from regulars.web.valuations.models import Valuation, ValuationState


@job("valuations.run", title=_("Valuation"), permission=actions.RUN, repeatable=True)
def run(run: Run) -> Mapping[str, Any] | None:
    """Value every customer and publish; after a kill the same run begins anew."""
    valuation = Valuation.objects.get(pk=run.parameters["valuation"])
    if valuation.state not in actions.OPEN:  # published before the worker died
        return None
    try:
        return actions.carry_out(valuation=valuation, report=run.report)
    except WorkerStops:
        Valuation.objects.filter(pk=valuation.pk).update(state=ValuationState.QUEUED)
        raise
    except Cancelled:
        actions.stop(valuation=valuation)
        raise


@regularly("valuations.schedule", every=timedelta(minutes=1))
def start_due() -> None:
    """Start the scheduled valuation when it is due."""
    actions.start_due(now=timezone.now())


@regularly("valuations.settle", every=timedelta(minutes=1))
def settle() -> None:
    """Close runs whose job ended without them: cancelled while they waited, or given up."""
    for valuation in Valuation.objects.filter(state__in=actions.OPEN).select_related("job"):
        if valuation.job is None or not valuation.job.is_open:
            actions.stop(valuation=valuation)
