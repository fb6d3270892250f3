"""How far a campaign's messages are: counts, no names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Count

from regulars.web.mail.models import Letter, Outgoing
from regulars.web.mail.taxonomy import WAITING, State, Why

if TYPE_CHECKING:
    from regulars.web.campaigns.models import Campaign


@dataclass(frozen=True, slots=True)
class Progress:
    """How many messages stand where; `refused` and `failed` by reason, most first."""

    by_state: dict[str, int]
    refused: list[tuple[str, int]]
    failed: list[tuple[str, int]]

    @property
    def n(self) -> int:
        """How many there are."""
        return sum(self.by_state.values())

    @property
    def waiting(self) -> int:
        """How many have not left yet."""
        return sum(self.by_state.get(state, 0) for state in (*WAITING, State.SENDING))

    @property
    def sent(self) -> int:
        """How many the server took."""
        return self.by_state.get(State.SENT, 0)

    @property
    def uncertain(self) -> int:
        """Of how many nobody knows."""
        return self.by_state.get(State.UNCERTAIN, 0)

    @property
    def retry(self) -> int:
        """How many were put off by the server and are tried again."""
        return self.by_state.get(State.RETRY, 0)

    @property
    def percent(self) -> int:
        """How much is over, in whole percent."""
        return 100 * (self.n - self.waiting) // self.n if self.n else 0


def progress(campaign: Campaign) -> Progress:
    """Return how far the messages of a campaign are."""
    rows = Outgoing.objects.filter(campaign=campaign.pk).order_by()
    by_state = dict(rows.values_list("state").annotate(n=Count("pk")))
    return Progress(by_state, _reasons(rows, State.REFUSED, by_state), _reasons(rows, State.FAILED, by_state))


def _reasons(rows: Any, state: State, by_state: dict[str, int]) -> list[tuple[str, int]]:
    if not by_state.get(state):
        return []
    found = rows.filter(state=state).values_list("why").annotate(n=Count("pk")).order_by("-n", "why")
    return [(str(Why(why).label), n) for why, n in found]


def letter_of(campaign: Campaign) -> Letter:
    """Return the message of a campaign; an empty one where none was written."""
    return Letter.objects.filter(pk=campaign.pk).first() or Letter(campaign=campaign)


def campaign_name(row: Outgoing) -> str:
    """Return what the campaign of a message is called."""
    found = Letter.objects.filter(pk=row.campaign_id).values_list("campaign__name", flat=True).first()
    return found or ""
