"""Lists that can be acted on as a whole: what tasks ask for when somebody presses "make tasks for these"."""

from __future__ import annotations

from django.http import Http404, QueryDict

from regulars.web.core.actor import Actor
from regulars.web.segments.conditions import Conditions
from regulars.web.segments.models import Segment
from regulars.web.segments.selectors import finding, finding_in, segments
from regulars.web.segments.wording import sentence
from regulars.web.tasks.actions.sources import Listed


def filtered(actor: Actor, query: str) -> Listed:
    """Return the customers that an address asks for."""
    found = finding(actor, Conditions.read(QueryDict(query)))
    numbers = found.numbers().tolist()
    return Listed(numbers, sentence(found.conditions, actor)[:80], "selection")


def filter_called(actor: Actor, query: str) -> str:
    """Return the conditions of an address in words."""
    return sentence(Conditions.read(QueryDict(query)).readable(actor), actor)[:80]


def of_segment(actor: Actor, number: str) -> Listed:
    """Return the customers of a segment that `actor` reaches.

    Raises
    ------
    Http404
        When they do not reach the segment.
    """
    segment = _segment(actor, number)
    numbers = finding_in(actor, segment).numbers().tolist()
    return Listed(numbers, segment.name, "segment", {"segment": segment.pk})


def segment_called(actor: Actor, number: str) -> str:
    """Return a segment's name."""
    return str(_segment(actor, number))


def _segment(actor: Actor, number: str) -> Segment:
    found: Segment | None = None
    if number.isdecimal() and len(number) < 18:
        found = segments(actor).filter(pk=number).first()
    if found is None:
        raise Http404
    return found
