"""Reads about valuations: the current one, its figures, the history."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import QuerySet

from regulars.report.formats import percent
from regulars.web.core.actor import Actor
from regulars.web.core.models import Workspace
from regulars.web.core.once import once
from regulars.web.facts.selectors import FEWEST, Moves, compared, largest_moves, moved_rows
from regulars.web.valuations.models import CustomerFigure, Schedule, Valuation, ValuationState
from regulars.web.valuations.moved import Lines, Moved, moved

USUAL_LEVEL = 0.9


def current() -> Valuation | None:
    """Return the valuation that the pages show; None where none was published yet."""
    pointer = Workspace.current().current_valuation_id
    if not pointer:
        return None
    return once(("valuation", pointer), lambda: Valuation.objects.filter(pk=pointer).first())


def level_of(valuation: Valuation | None) -> str:
    """Return how often the intervals of a valuation hold, in words such as 90%."""
    run = (valuation.card.get("run") if valuation else None) or {}
    return percent(run.get("interval_level") or USUAL_LEVEL, 0)


def interval_level() -> str:
    """Return how often the intervals that the pages show hold."""
    return level_of(current())


def figures(actor: Actor, valuation: Valuation | None = None) -> QuerySet[CustomerFigure]:
    """Return the figures of the current valuation (or of `valuation`) for the customers that `actor` reaches."""
    if not actor.may("valuations.read"):
        return CustomerFigure.objects.none()
    shown = valuation.pk if valuation else Workspace.current().current_valuation_id
    if shown is None:
        return CustomerFigure.objects.none()
    return CustomerFigure.objects.filter(valuation_id=shown).visible_to(actor)


def history(actor: Actor) -> QuerySet[Valuation]:
    """Return every run, newest first."""
    if not actor.may("valuations.read"):
        return Valuation.objects.none()
    return Valuation.objects.select_related("started_by", "predecessor", "job")


def published(actor: Actor) -> QuerySet[Valuation]:
    """Return the runs that were published, newest first: what can be read and compared."""
    return history(actor).filter(state=ValuationState.PUBLISHED)


def compare(actor: Actor, earlier: Valuation, later: Valuation, *, scheme: str = "matrix") -> list[Moves]:
    """Return how many customers moved from which class to which between two published runs.

    Parameters
    ----------
    scheme
        ``matrix``, ``tier`` or ``visit_class``.
    """
    return compared(actor, earlier.pk, later.pk, scheme)


def who_moved(
    actor: Actor,
    earlier: Valuation,
    later: Valuation,
    *,
    scheme: str = "matrix",
    before: str | None,
    after: str | None,
    limit: int = 200,
) -> list[Moved]:
    """Return those of `actor`'s customers who moved from one class to another and why, the largest change first."""
    rows = moved_rows(actor, earlier.pk, later.pk, scheme, before=before, after=after, limit=limit)
    lines = Lines.of(earlier.card), Lines.of(later.card)
    return [moved(row, scheme, *lines, later.currency) for row in rows]


def moved_most(
    actor: Actor, earlier: Valuation, later: Valuation, *, scheme: str = "matrix", limit: int = 6
) -> list[Moved]:
    """Return those of `actor`'s customers who changed class and whose value changed most, and why."""
    rows = largest_moves(actor, earlier.pk, later.pk, scheme, limit=limit)
    lines = Lines.of(earlier.card), Lines.of(later.card)
    return [moved(row, scheme, *lines, later.currency) for row in rows]


def held_out(actor: Actor, valuation: Valuation) -> dict[str, Any] | None:
    """Return how forecasts did on what the valuation held back, as its card has it; None where nothing was."""
    actor.require("valuations.read")
    found = valuation.card.get("holdout")
    if not found:
        return None
    opens = actor.may("customers.read")
    groups = {name: large_groups(found.get(name) or [], opens=opens) for name in ("deciles", "by_repeats")}
    return {**found, **groups}


def large_groups(groups: Sequence[Mapping[str, Any]], *, opens: bool) -> list[Mapping[str, Any]]:
    """Return the groups of customers that may be shown: all to who opens records, else those that are large enough."""
    return [group for group in groups if opens or group["customers"] >= FEWEST]


def is_open(actor: Actor) -> Valuation | None:
    """Return the run that waits or runs now."""
    states = (ValuationState.QUEUED, ValuationState.RUNNING)
    return history(actor).filter(state__in=states).first()


def schedule() -> Schedule:
    """Return when valuations run by themselves."""
    return Schedule.objects.select_related("started_by").filter(pk=1).first() or Schedule(pk=1)
