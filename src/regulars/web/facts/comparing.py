"""Two valuations compared, for whom a person reaches."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import Http404

from regulars.web.core.actor import Actor
from regulars.web.facts import movements
from regulars.web.facts.access import reading
from regulars.web.facts.kept import kept
from regulars.web.facts.movements import Moves
from regulars.web.facts.reach import reached_numbers
from regulars.web.facts.values import Run, run_of


def compared(actor: Actor, earlier: int, later: int, scheme: str) -> list[Moves]:
    """Return how many moved from which class to which; small cells are hidden from who cannot open records."""
    actor.require("valuations.read")
    opens_records = actor.may("customers.read")
    before, after = _run(earlier), _run(later)
    movements.known(scheme)
    what = f"moves:{earlier}:{later}:{scheme}"
    found = kept(what, actor if opens_records else None, lambda numbers: _table(before, after, numbers, scheme))
    return found if opens_records else movements.hide_small(found)


def largest_moves(actor: Actor, earlier: int, later: int, scheme: str, *, limit: int) -> list[dict[str, Any]]:
    """Return the rows of those who changed class and whose value changed most, as both runs know them."""
    actor.require("valuations.read")
    before, after = _run(earlier), _run(later)
    movements.known(scheme)
    what = f"largest-moves:{earlier}:{later}:{scheme}:{limit}"
    return kept(what, actor, lambda numbers: _largest(before, after, numbers, scheme, limit))


def _table(before: Run, after: Run, numbers: Sequence[int] | None, scheme: str) -> list[Moves]:
    with reading() as connection:
        return movements.table(movements.side_by_side(connection, before, after, numbers), scheme)


def _largest(before: Run, after: Run, numbers: Sequence[int] | None, scheme: str, limit: int) -> list[dict[str, Any]]:
    with reading() as connection:
        rows = movements.side_by_side(connection, before, after, numbers)
        return movements.of_movers(rows, scheme, limit=limit)


def moved_rows(
    actor: Actor, earlier: int, later: int, scheme: str, *, before: str | None, after: str | None, limit: int
) -> list[dict[str, Any]]:
    """Return the rows of those who moved from one class to another, as both runs know them."""
    actor.require("valuations.read")
    numbers = reached_numbers(actor)
    one, other = _run(earlier), _run(later)
    with reading() as connection:
        rows = movements.side_by_side(connection, one, other, numbers)
        return movements.of_cell(rows, scheme, before, after, limit=limit)


def _run(number: int) -> Run:
    found = run_of(number)
    if found is None:
        raise Http404
    return found
