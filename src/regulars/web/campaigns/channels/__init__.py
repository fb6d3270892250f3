"""Channels: ways to address the treated of a campaign. Each is one module of this folder, which registers itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise

from regulars.web.core.actor import Actor

if TYPE_CHECKING:
    from regulars.web.campaigns.models import Campaign

Words = str | Promise


@dataclass(frozen=True, slots=True)
class Reached:
    """How far a channel has come with the treated: of `n`, how many are done, and in the channel's words."""

    n: int
    done: int
    words: Words


def nothing_to_begin(campaign: Campaign, by: Actor) -> None:
    """Begin nothing: the treated are fetched as a file."""


def nothing_to_stop(campaign: Campaign, by: Actor) -> None:
    """Stop nothing."""


def nothing_to_refuse(campaign: Campaign) -> None:
    """Refuse nothing."""


def nothing_to_copy(campaign: Campaign, to: Campaign) -> None:
    """Copy nothing: the plan is all there is."""


@dataclass(frozen=True, slots=True)
class Channel:
    """One channel.

    Parameters
    ----------
    key
        Stays in the database.
    consent
        By which channel a customer must not have refused offers (codes of `customers.taxonomy.Channel`).
    points
        Kinds of contact points of which a customer needs one; empty: none is needed.
    most
        Treated customers at most: more than people can do.
    as_file
        Whether the treated are fetched as a file.
    begin, stop
        Called inside the transaction that launches or ends a campaign; `begin` is called once however often a launch is
        tried. What takes longer than a second is a job that they start.
    refuse
        Raises a `ValidationError` where something is missing before a campaign is submitted or launched.
    copy
        Called inside the transaction that makes a new campaign of the same plan.
    part, shown
        A template for the campaign's page, and what it is given as ``mine``, for who looks.
    reached
        How far it is, for the page that watches a campaign; None: the channel cannot know.
    """

    key: str
    title: Words
    icon: str
    note: Words
    consent: str
    points: tuple[str, ...] = ()
    most: int | None = None
    as_file: bool = False
    begin: Callable[[Campaign, Actor], None] = nothing_to_begin
    stop: Callable[[Campaign, Actor], None] = nothing_to_stop
    refuse: Callable[[Campaign], None] = nothing_to_refuse
    copy: Callable[[Campaign, Campaign], None] = nothing_to_copy
    part: str = ""
    shown: Callable[[Campaign, Actor], Mapping[str, Any]] | None = None
    reached: Callable[[Campaign], Reached] | None = None


CHANNELS: dict[str, Channel] = {}


def register(channel: Channel) -> None:
    """Let campaigns use a channel; the same key replaces."""
    CHANNELS[channel.key] = channel


def channel_of(campaign: Campaign) -> Channel:
    """Return the channel of a campaign."""
    return CHANNELS[campaign.channel]


def load() -> None:
    """Import every channel of this folder."""
    for module in iter_modules(__path__):
        import_module(f"{__name__}.{module.name}")
