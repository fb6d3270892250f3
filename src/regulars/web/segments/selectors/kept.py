"""Reads of views and segments: which there are for somebody, and who is in a segment."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

import numpy as np
from django.db.models import Sum

from regulars.web.core.actor import Actor
from regulars.web.segments.conditions import Conditions
from regulars.web.segments.models import FirstView, Member, SavedView, Segment
from regulars.web.segments.selectors.narrowing import Count, Finding, finding

if TYPE_CHECKING:
    from regulars.web.segments.models import SharedQuerySet


@dataclass(frozen=True, slots=True)
class Worth:
    """How many of a segment somebody reaches, and their value to come; None: no values, or too many to add up."""

    count: Count
    value: Decimal | None


def views(actor: Actor) -> SharedQuerySet:
    """Return the views that stand above `actor`'s list: their own, and those shared with them."""
    return SavedView.objects.offered_to(actor) if actor.may("segments.read") else SavedView.objects.none()


def first_view(actor: Actor) -> SavedView | None:
    """Return the view that `actor`'s list opens with, where they still reach it."""
    chosen = FirstView.objects.filter(user_id=actor.user_id or 0).values("view_id")
    found: SavedView | None = views(actor).filter(pk__in=chosen).first()
    return found


def segments(actor: Actor) -> SharedQuerySet:
    """Return the segments that `actor` reaches, newest first."""
    if not actor.may("segments.read"):
        return Segment.objects.none()
    return Segment.objects.visible_to(actor).select_related("owner", "frozen_by").order_by("-id")


def finding_in(actor: Actor, segment: Segment) -> Finding:
    """Return the customers of a segment whom `actor` reaches: who meets it now, or who was written down."""
    if not segment.is_frozen:
        return finding(actor, segment.conditions)
    members = Member.objects.filter(segment=segment).values("customer_id")
    return finding(actor, Conditions(), members=members)


def worth(found: Finding) -> Worth:
    """Return how many there are and what they will bring in all."""
    count = found.count()
    if count.more or found.valuation is None:
        return Worth(count, None)
    return Worth(count, found.valued().order_by().aggregate(value=Sum("future_value"))["value"])


@dataclass(frozen=True, slots=True)
class Drift:
    """How a frozen segment differs from who meets its conditions now: who left, who came; None: too many to compare."""

    left: int | None
    came: int | None


def drift(actor: Actor, segment: Segment) -> Drift:
    """Return how far a frozen segment is from now, among the customers that `actor` reaches."""
    then, now = finding_in(actor, segment), finding(actor, segment.conditions)
    if then.count().more or now.count().more:
        return Drift(None, None)
    were, are = then.numbers(), now.numbers()
    return Drift(len(np.setdiff1d(were, are, assume_unique=True)), len(np.setdiff1d(are, were, assume_unique=True)))


def every_view(actor: Actor) -> SharedQuerySet:
    """Return every view that `actor` reaches, others' private ones among them where their scope does."""
    return SavedView.objects.visible_to(actor) if actor.may("segments.read") else SavedView.objects.none()
