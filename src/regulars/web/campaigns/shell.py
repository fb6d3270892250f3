"""What campaigns show elsewhere: the navigation, the customer's timeline, lists that leave as files."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from regulars.web.campaigns import exported, holdings, on_timeline
from regulars.web.campaigns.models import Campaign
from regulars.web.campaigns.taxonomy import State
from regulars.web.core import shell
from regulars.web.core.actor import Actor
from regulars.web.customers import holdings as of_customers
from regulars.web.journal import timeline
from regulars.web.journal.taxonomy import Section
from regulars.web.segments.actions import lists

READ = "campaigns.read"


def _to_approve(actor: Actor) -> int | None:
    """Return how many plans wait for this person's decision."""
    if not actor.may("campaigns.approve"):
        return None
    return Campaign.objects.filter(state=State.SUBMITTED).exclude(owner=actor.user_id).count() or None


shell.add(
    shell.Entry(
        "campaigns", _("Campaigns"), "speakerphone", "campaigns", READ, group="act", order=10, count=_to_approve
    ),
    shell.Entry("proof", _("What worked"), "scale", "proof", READ, group="prove", order=10),
    shell.Entry("story", _("What it returned"), "report-money", "proof_story", READ, group="prove", order=15),
)
timeline.register("campaigns", {Section.TASKS}, on_timeline.provide, permission=READ)
of_customers.register("campaigns", move=holdings.move, erase=holdings.erase, disclose=holdings.disclose)
lists.register("campaign", exported.treated, exported.points)
