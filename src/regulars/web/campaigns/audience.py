"""Who would be in a campaign: everybody of its lists but who falls out, and why each of these does."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import numpy as np
import pyarrow as pa
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.utils.translation import gettext_lazy as _
from numpy.typing import NDArray

from regulars.web.campaigns import universal
from regulars.web.campaigns.channels import channel_of
from regulars.web.campaigns.models import Campaign
from regulars.web.campaigns.taxonomy import State, Why
from regulars.web.core import tables
from regulars.web.core.actor import Actor, actor_of
from regulars.web.customers import selectors as customers
from regulars.web.customers.taxonomy import ConsentState, Purpose
from regulars.web.tasks.actions.sources import read_list
from regulars.web.tasks.selectors import assigned_in

Numbers = NDArray[np.int64]

NOBODY: Numbers = np.array([], np.int64)
SAID = pa.schema([("customer_id", pa.int64()), ("state", pa.string())])


@dataclass(frozen=True, slots=True)
class Audience:
    """Who is in, in order of their numbers, and who is not, by the first reason that holds."""

    numbers: Numbers
    fallen: Mapping[Why, Numbers]

    @property
    def listed(self) -> int:
        """How many the lists hold."""
        return len(self.numbers) + sum(len(out) for out in self.fallen.values())

    def counts(self) -> dict[str, int]:
        """Return how many fall out for which reason, without the reasons that hold for nobody."""
        return {why.value: len(out) for why, out in self.fallen.items() if len(out)}


def resolve(campaign: Campaign) -> Audience:
    """Return the audience as it is now, with the reach and the rights of who planned the campaign.

    Raises
    ------
    ValidationError
        When a list is gone, or who planned it may no longer read it.
    """
    reader = actor_of(campaign.owner)
    left = _read(reader, campaign.audience)
    fallen: dict[Why, Numbers] = {}

    def take_out(why: Why, out: Numbers) -> None:
        nonlocal left
        gone = np.isin(left, out, assume_unique=True) if out.size else np.zeros(left.size, bool)
        fallen[why], left = left[gone], left[~gone]

    take_out(Why.EXCLUDED, _read(reader, campaign.left_out))
    take_out(Why.UNIVERSAL, universal.drawn(left))
    agreed, refused = _said(channel_of(campaign).consent)
    take_out(Why.REFUSED, refused)
    if campaign.only_agreed:
        take_out(Why.SILENT, np.setdiff1d(left, agreed, assume_unique=True))
    if points := channel_of(campaign).points:
        reachable = tables.numbers(customers.with_point(points))
        take_out(Why.UNREACHABLE, np.setdiff1d(left, reachable, assume_unique=True))
    take_out(Why.CAPPED, _in_others(campaign))
    return Audience(left, fallen)


def _read(reader: Actor, lists: Iterable[Mapping[str, Any]]) -> Numbers:
    found = [_numbers_of(reader, one) for one in lists]
    return tables.distinct(np.concatenate(found)) if found else NOBODY


def _numbers_of(reader: Actor, one: Mapping[str, Any]) -> Numbers:
    try:
        return np.asarray(read_list(reader, one["list"]).numbers, np.int64)
    except (Http404, PermissionDenied):
        said = _("“%(list)s” is gone, or who planned this campaign no longer reaches it. Choose another list.")
        raise ValidationError(said, params={"list": one["called"]}, code="gone") from None


def _said(channel: str) -> tuple[Numbers, Numbers]:
    """Return who agreed to offers by a channel, and who refused or took it back."""
    words = tables.read(customers.latest_words(Purpose.MARKETING, channel), SAID)
    who, states = words["customer_id"].to_numpy(), words["state"].to_numpy(zero_copy_only=False)
    yes = states == ConsentState.GRANTED.value
    return np.sort(who[yes]), np.sort(who[~yes])


def _in_others(campaign: Campaign) -> Numbers:
    """Return who is in another campaign that runs at its start, or began or ended less than its quiet days before.

    Both groups of it are: to take out its treated alone would leave more of its control group in this one.
    """
    since = campaign.starts_on - timedelta(days=campaign.quiet_days)
    others = Campaign.objects.filter(state__in=(State.RUNNING, State.ENDED), last_day__gte=since)
    others = others.exclude(pk=campaign.pk)
    return tables.numbers(assigned_in(others.values("holdout")))
