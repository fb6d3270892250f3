"""Call lists and visit lists: a task for each treated customer, in the queue of who looks after them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from regulars.web.campaigns.channels import Channel, Reached, register
from regulars.web.core.actor import Actor
from regulars.web.tasks import actions as tasks
from regulars.web.tasks import selectors

if TYPE_CHECKING:
    from regulars.web.campaigns.models import Campaign


def _begin(kind: str, campaign: Campaign, by: Actor) -> None:
    assert campaign.holdout is not None
    assert campaign.first_day is not None
    tasks.make_for_treated(
        holdout=campaign.holdout, kind=kind, detail=campaign.offer or campaign.name, start=campaign.first_day, by=by
    )


def _stop(campaign: Campaign, by: Actor) -> None:
    assert campaign.holdout is not None
    tasks.drop_open_of(holdout=campaign.holdout)


def _reached(campaign: Campaign) -> Reached:
    assert campaign.holdout is not None
    made, done = selectors.progress(campaign.holdout)
    return Reached(made, done, _("tasks done"))


register(
    Channel(
        "call", _("Call list"), "phone-call", _("A task to call for each treated customer, in the owner's queue"),
        consent="phone", points=("mobile", "phone"), most=tasks.MOST_TASKS,
        begin=partial(_begin, "call"), stop=_stop, reached=_reached,
    )
)  # fmt: skip
register(
    Channel(
        "visit", _("Visit list"), "map-pin", _("A task to visit for each treated customer, in the owner's queue"),
        consent="visit", most=tasks.MOST_TASKS,
        begin=partial(_begin, "visit"), stop=_stop, reached=_reached,
    )
)  # fmt: skip
