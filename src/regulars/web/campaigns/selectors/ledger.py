"""The ledger of what worked: every campaign, alert rule and list that had a control group, with its verdict."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from regulars.web.campaigns.models import Campaign, Proof
from regulars.web.campaigns.models.proof import Verdict
from regulars.web.core.actor import Actor

READ = "campaigns.read"
SORTS: dict[str, list[str]] = {
    "newest": ["-id"],
    "verdict": ["verdict", "-id"],
    "spent": ["-spent", "-id"],
    "brought": ["-brought", "-id"],
    "estimate": ["-estimate", "-id"],
}
"""Declared orders."""
LOOK = {Verdict.PROVED: "ok", Verdict.LOST: "bad", Verdict.INCONCLUSIVE: "warn"}


@dataclass(frozen=True, slots=True)
class Line:
    """One experiment of the register. Money is that of the workspace; what was not read has none."""

    proof: Proof
    campaign: Campaign | None

    @property
    def title(self) -> str:
        """What was tried."""
        return self.campaign.name if self.campaign else self.proof.holdout.called

    @property
    def kind(self) -> str:
        """Campaign, alert rule, segment or selection."""
        return str(self.proof.holdout.get_list_kind_display())

    @property
    def what(self) -> str:
        """What was done to the treated."""
        if self.proof.is_universal:
            return _("All campaigns and alerts together")
        return self.campaign.offer or self.campaign.goal if self.campaign else str(self.proof.holdout.title)

    @property
    def url(self) -> str:
        """Where it is told in full."""
        if self.campaign:
            return reverse("campaign", args=[self.campaign.pk])
        return reverse("proof_one", args=[self.proof.pk])

    @property
    def look(self) -> str:
        """How its verdict's chip looks."""
        return LOOK.get(Verdict(self.proof.verdict), "")

    @property
    def more(self) -> int | None:
        """How many more customers would settle it, for an inconclusive one."""
        found = self.proof.result.get("reading")
        more: int | None = found["verdicts"]["treated"]["more"] if found else None
        return more if self.proof.verdict == Verdict.INCONCLUSIVE else None

    @property
    def total_low(self) -> float | None:
        """Lower end of what it brought in all."""
        return self._total("total_low")

    @property
    def total_high(self) -> float | None:
        """Upper end of what it brought in all."""
        return self._total("total_high")

    @property
    def back(self) -> float | None:
        """What came back for each unit of money spent, costs taken off."""
        p = self.proof
        return p.brought / p.spent if p.brought is not None and p.spent else None

    @property
    def due(self) -> date | None:
        """When it is read, where it has not been."""
        said = self.proof.result.get("last")
        return date.fromisoformat(said) if said and self.proof.verdict == Verdict.WAITING else None

    def _total(self, name: str) -> float | None:
        if self.proof.brought is None:
            return None
        found: float = self.proof.result["reading"]["effects"][0][name]
        return found


def proofs(actor: Actor) -> QuerySet[Proof]:
    """Return every experiment that was not taken back."""
    if not actor.may(READ):
        return Proof.objects.none()
    return Proof.objects.filter(holdout__withdrawn=False).select_related("holdout", "holdout__started_by")


def ledger(actor: Actor, *, verdict: str = "", kind: str = "") -> QuerySet[Proof]:
    """Return the experiments with a verdict, or of a kind of list."""
    found = proofs(actor)
    if verdict in Verdict.values:
        found = found.filter(verdict=verdict)
    return found.filter(holdout__list_kind=kind) if kind else found


def lines(found: Iterable[Proof]) -> list[Line]:
    """Return the lines of a register, campaigns fetched in one query."""
    listed = list(found)
    known = Campaign.objects.filter(holdout__in=[proof.holdout_id for proof in listed])
    by_holdout = {campaign.holdout_id: campaign for campaign in known}
    return [Line(proof, by_holdout.get(proof.holdout_id)) for proof in listed]
