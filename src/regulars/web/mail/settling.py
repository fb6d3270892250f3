"""What became of each message of a batch, written down in one step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from regulars.web.core import bulk
from regulars.web.customers.actions import mark_failing
from regulars.web.customers.taxonomy import PointKind
from regulars.web.mail.models import Outgoing, Suppressed
from regulars.web.mail.server import Answer, Outcome
from regulars.web.mail.taxonomy import State, Suppressing, Why

MOST_TRIES = 6
FIRST_WAIT = timedelta(minutes=5)
"""Before the second try; each further one waits twice as long: 5, 10, 20, 40, 80 minutes."""

FAILURES = {Outcome.NO_ADDRESS: Why.ADDRESS, Outcome.REJECTED: Why.REJECTED}


@transaction.atomic
def settle(rows: Sequence[Outgoing], answers: Mapping[int, Answer], *, claim: str) -> None:
    """Write down what became of the messages that a turn had marked.

    What was not handed over waits again. A row that somebody has taken for lost meanwhile is set right: whoever handed
    it over knows. One that a person has decided about stays as they said: it is no longer this turn's.
    """
    mine = Outgoing.objects.filter(
        pk__in=[row.pk for row in rows], claim=claim, state__in=(State.SENDING, State.UNCERTAIN)
    )
    still = dict(mine.values_list("pk", "state"))
    done = [row for row in rows if row.pk in still and (row.pk in answers or still[row.pk] == State.SENDING)]
    for row in done:
        _settle(row, answers.get(row.pk))
    bulk.update(done, ["state", "why", "said", "not_before", "gone_at", "claim", "tries"])
    for row in done:
        if row.why == Why.ADDRESS:
            close(row, Suppressing.BOUNCED)


def close(row: Outgoing, why: Suppressing) -> None:
    """Let the address of a message get no more offers, and say at the customer's record that it fails."""
    Suppressed.objects.get_or_create(digest=row.digest, defaults={"why": why})
    if why == Suppressing.BOUNCED:
        mark_failing(customer_id=row.customer_id, kind=PointKind.EMAIL, digest_of=row.digest)


def _settle(row: Outgoing, answer: Answer | None) -> None:
    outcome = answer.outcome if answer else Outcome.NOT_TAKEN
    row.said = answer.code[:40] if answer else ""
    if outcome == Outcome.SENT:
        row.state = State.SENT
    elif outcome == Outcome.DOUBT:
        row.state = State.UNCERTAIN
    elif outcome in FAILURES:
        row.state, row.why, row.gone_at = State.FAILED, FAILURES[outcome], None
    elif outcome == Outcome.LATER and row.tries >= MOST_TRIES:
        row.state, row.why, row.gone_at = State.FAILED, Why.TIRED, None
    elif outcome == Outcome.LATER:
        row.state, row.gone_at, row.claim = State.RETRY, None, ""
        row.not_before = timezone.now() + FIRST_WAIT * 2 ** (row.tries - 1)
    else:  # not taken: as if it had never been tried
        row.state, row.gone_at, row.claim, row.tries = State.QUEUED, None, "", row.tries - 1
