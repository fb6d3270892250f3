"""Regular chores: alerts of the newest valuation become tasks, tasks find their way home; and the same on demand."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from regulars.web.core.actor import NOBODY
from regulars.web.core.jobs import Run, job
from regulars.web.core.schedule import regularly
from regulars.web.tasks.actions import raise_alerts
from regulars.web.tasks.actions.homing import rehome
from regulars.web.tasks.actions.many import UNDO_FOR
from regulars.web.tasks.models import Undo
from regulars.web.valuations.selectors import current


@job("tasks.alerts", title=_("Alerts become tasks"), permission="tasks.rules", repeatable=True)
def alerts(run: Run) -> dict[str, Any]:
    """Let the rules look at the current valuation now."""
    valuation = current()
    found = raise_alerts(valuation=valuation, by=run.actor) if valuation else []
    return {"made": sum(one.made for one in found), "left_alone": sum(one.left_alone for one in found)}


@regularly("tasks.alerts", every=timedelta(minutes=1))
def look_at_newest() -> None:
    """Let the rules look at a valuation soon after it was published; what they have seen they pass over."""
    if (valuation := current()) is not None:
        raise_alerts(valuation=valuation, by=NOBODY)


@regularly("tasks.rehome", every=timedelta(minutes=15))
def find_homes() -> None:
    """Move tasks whose owner left or lost the customer, and forget what can no longer be undone."""
    rehome()
    Undo.objects.filter(at__lt=timezone.now() - UNDO_FOR).delete()
