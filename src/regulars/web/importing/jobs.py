"""The steps of an import as jobs: cancelled between steps, put back to the step before; writing is repeatable."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from regulars.web.core.jobs import Cancelled, Run, WorkerStops, job
from regulars.web.core.schedule import regularly
from regulars.web.importing import actions, steps
from regulars.web.importing.models import Import, State
from regulars.words import T


@job("importing.look", title=_("Look at a file"), permission=actions.RUN, repeatable=True)
def look(run: Run) -> Mapping[str, Any] | None:
    """Find the columns of an uploaded file."""
    one = _import(run)
    return _going(run, one, State.LOOKING, lambda: steps.look(one, _Said(run)))


@job("importing.check", title=_("Check a file"), permission=actions.RUN, repeatable=True)
def check(run: Run) -> Mapping[str, Any] | None:
    """Read a file and count what importing it would change."""
    one = _import(run)
    return _going(run, one, State.CHECKING, lambda: steps.check(one, run.actor, _Said(run)))


@job("importing.write", title=_("Import"), permission=actions.RUN, repeatable=True)
def write(run: Run) -> Mapping[str, Any] | None:
    """Write what was checked; after a kill the same work again ends the same."""
    one = _import(run)
    return _going(run, one, State.WRITING, lambda: steps.write(one, run.actor, _Said(run)))


@regularly("importing.tidy", every=timedelta(hours=12))
def tidy() -> None:
    """Remove the files of imports that ended long ago."""
    actions.tidy()


class _Said:
    """Reports to the job, a step's words once: a message is a row in the database."""

    def __init__(self, run: Run) -> None:
        self.run, self.last = run, T(zh="", en="")

    def __call__(self, share: float, step: T | None) -> None:
        fresh = step if step is not None and step != self.last else None
        self.last = step or self.last
        self.run.report(share, fresh)


def _import(run: Run) -> Import:
    return Import.objects.get(pk=run.parameters["import"])


def _going(run: Run, one: Import, state: State, work: Callable[[], Any]) -> Mapping[str, Any] | None:
    if one.state != state:  # done before the worker died, or dropped
        return None
    try:
        result: Mapping[str, Any] | None = work()
    except WorkerStops:  # the next worker goes on
        raise
    except Cancelled:
        actions.stopped(one=one)
        raise
    return result
