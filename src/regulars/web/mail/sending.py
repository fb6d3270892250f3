"""The sender: takes a few messages, writes down that it has, hands them over, writes down what became of each.

A message is marked as being sent, and that is committed, before the server hears of it. So whoever dies on the way
leaves it marked, and it is never sent again by itself: it is in doubt, listed, and a person decides. At most once.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection, transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from regulars.web.core import bulk
from regulars.web.core.models import Job, JobState, Workspace
from regulars.web.customers import selectors as customers
from regulars.web.mail import server
from regulars.web.mail.checking import Address, check
from regulars.web.mail.composing import message, write
from regulars.web.mail.models import Letter, MailSetting, Outgoing
from regulars.web.mail.quiet import is_quiet
from regulars.web.mail.server import Answer, Outcome
from regulars.web.mail.settling import settle
from regulars.web.mail.taxonomy import State, Why
from regulars.web.mail.trouble import note_trouble, note_well
from regulars.web.mail.values import company, link_of, message_id, values_for

SEND = "mail.send"
BATCH = 25
"""Messages that are marked at once: as many are in doubt at most where a worker is killed."""
LEASE = timedelta(seconds=30)
"""How long a batch may take: what is not handed over by then goes back, in case everybody takes us for dead."""
IN_A_ROW = 5
"""So many messages refused one after the other for reasons of ours end the turn: the fault is not each customer's."""

Report = Callable[[int], None]


@dataclass(slots=True)
class Turn:
    """One run of the sender: who it is, its line to the server, and what is the same for all of its messages."""

    claim: str
    setting: MailSetting
    workspace: Workspace
    line: BaseEmailBackend
    company: str
    sent: int = 0
    rejected_in_a_row: int = 0
    over: bool = False


@dataclass(slots=True)
class Batch:
    """A few messages of one campaign on their way."""

    rows: list[Outgoing]
    messages: dict[int, EmailMessage]
    taken_at: datetime
    answers: dict[int, Answer] = field(default_factory=dict)


def due(now: datetime) -> QuerySet[Letter]:
    """Return the letters with messages that could go now: none before its campaign's first day."""
    today = now.astimezone(ZoneInfo(Workspace.current().zone)).date()
    of_letter = Outgoing.objects.filter(campaign=OuterRef("pk"))
    return Letter.objects.filter(
        Exists(of_letter.filter(state=State.QUEUED)) | Exists(of_letter.filter(state=State.RETRY, not_before__lte=now)),
        campaign__starts_on__lte=today,
        paused_at=None,
    ).order_by("pk")


def may_begin(now: datetime) -> bool:
    """Return whether the sender has anything to do: a server that is well, no quiet hours, messages that wait."""
    setting = MailSetting.current()
    if not server.is_there() or not setting.sender or (setting.retry_at and setting.retry_at > now):
        return False
    return not is_quiet(setting, now.astimezone(ZoneInfo(Workspace.current().zone)).time()) and due(now).exists()


def doubt_left_behind(claim: str) -> int:
    """Mark as in doubt what an earlier turn of the same job, or one that has ended, had begun; return how many."""
    mine = int(claim.partition(":")[0])
    alive = Job.objects.filter(kind=SEND, state=JobState.RUNNING).exclude(pk=mine).values_list("pk", flat=True)
    begun = Outgoing.objects.filter(state=State.SENDING).exclude(claim=claim)
    for job in alive:
        begun = begun.exclude(claim__startswith=f"{job}:")
    return begun.update(state=State.UNCERTAIN)


def send_due(*, claim: str, report: Report = lambda _: None, go_on: Callable[[], bool] = lambda: True) -> int:
    """Send what is due until nothing is, the quiet hours begin, the server has enough, or `go_on` says no.

    Parameters
    ----------
    claim
        Whose turn this is: ``"<job>:<anything that no other run has>"``.
    report
        Told how many were sent so far, between batches.
    """
    turn = _turn(claim)
    try:
        while go_on():
            now = timezone.now()
            if not may_begin(now):
                break
            if (room := _room(turn, now)) == 0:
                time.sleep(0.5)
                report(turn.sent)
                continue
            if not any(_send_some(turn, letter, room) for letter in due(now)[:8]):
                break
            report(turn.sent)
    finally:
        _hang_up(turn.line)
    return turn.sent


def _turn(claim: str) -> Turn:
    workspace = Workspace.current()
    return Turn(claim, MailSetting.current(), workspace, server.line(), company())


def _room(turn: Turn, now: datetime) -> int:
    """Return how many messages may leave at once: of the batch, and of those allowed in a minute."""
    turn.setting = MailSetting.current()
    if not turn.setting.a_minute:
        return BATCH
    lately = Outgoing.objects.filter(gone_at__gt=now - timedelta(minutes=1)).count()
    return max(0, min(BATCH, turn.setting.a_minute - lately))


def _send_some(turn: Turn, letter: Letter, most: int) -> bool:
    """Send a batch of one campaign; return whether there is more to do, by it or another."""
    if turn.over or not _answers(turn):
        return False
    batch = _take(turn, letter, most)
    if batch is None:
        return False
    if not batch.rows:
        return True  # none of these may be sent; that is written down
    _hand_over(turn, batch)
    settle(batch.rows, batch.answers, claim=turn.claim)
    over = next((answer for answer in batch.answers.values() if answer.over), None)
    if over is not None or turn.rejected_in_a_row >= IN_A_ROW:
        turn.over = True
        note_trouble(over.code if over else list(batch.answers.values())[-1].code)
        return False
    note_well(turn.setting)
    return True


def _answers(turn: Turn) -> bool:
    """Open the line where it is closed; a server that does not answer is trouble, and nothing has been marked yet."""
    try:
        turn.line.open()
    except Exception as error:
        turn.over = True
        note_trouble(server.trouble_of(error))
        return False
    return True


@transaction.atomic
def _take(turn: Turn, letter: Letter, most: int) -> Batch | None:
    """Mark the next messages as being sent, by this turn, each checked again; None where none waits."""
    now = timezone.now()
    rows = _next(letter, most, now)
    if not rows:
        return None
    fresh = Letter.objects.select_related("campaign").get(pk=letter.pk)
    if fresh.paused_at is not None:
        return None
    checked = check(fresh.campaign, [row.customer_id for row in rows], turn.setting, now)
    _refuse(rows, checked.refused)
    left = [row for row in rows if row.customer_id in checked.to]
    return Batch(left, _mark(turn, fresh, left, checked.to, now), now)


def _next(letter: Letter, most: int, now: datetime) -> list[Outgoing]:
    """Return the messages to send next, taken by nobody else: first those that are tried again."""
    waiting = Outgoing.objects.filter(campaign=letter.pk).order_by("id")
    if connection.features.has_select_for_update_skip_locked:
        waiting = waiting.select_for_update(skip_locked=True)
    again = list(waiting.filter(state=State.RETRY, not_before__lte=now)[:most])
    return [*again, *waiting.filter(state=State.QUEUED)[: most - len(again)]] if len(again) < most else again


def _refuse(rows: list[Outgoing], refused: dict[int, Why]) -> None:
    for row in rows:
        if why := refused.get(row.customer_id):
            row.state, row.why = State.REFUSED, why
    gone = [row for row in rows if row.state == State.REFUSED]
    bulk.update(gone, ["state", "why"])


def _mark(
    turn: Turn, letter: Letter, rows: list[Outgoing], to: dict[int, Address], now: datetime
) -> dict[int, EmailMessage]:
    """Write down all that is known before the messages leave; return them."""
    messages = dict[int, EmailMessage]()
    lang = letter.language(turn.workspace.language)
    people = customers.with_owners([row.customer_id for row in rows])
    for row in rows:
        customer, address = people[row.customer_id], to[row.customer_id]
        link = link_of(row.pk)
        values = values_for(customer, letter.campaign, lang, company=turn.company, link=link)
        written = write(letter, lang, values, imprint=turn.setting.imprint)
        row.state, row.claim, row.gone_at, row.tries = State.SENDING, turn.claim, now, row.tries + 1
        row.subject, row.digest = written.subject, address.digest
        messages[row.pk] = message(
            written, to=address.value, setting=turn.setting, message_id=message_id(row.pk, turn.setting.sender),
            unsubscribe=link,
        )  # fmt: skip
    bulk.update(rows, ["state", "claim", "gone_at", "tries", "subject", "digest"])
    return messages


def _hand_over(turn: Turn, batch: Batch) -> None:
    """Hand the messages over one by one, until one ends the turn or the time is over."""
    for number, each in batch.messages.items():
        if timezone.now() - batch.taken_at > LEASE:
            return
        answer = server.hand_over(turn.line, each)
        batch.answers[number] = answer
        turn.rejected_in_a_row = turn.rejected_in_a_row + 1 if answer.outcome == Outcome.REJECTED else 0
        turn.sent += answer.outcome == Outcome.SENT
        if answer.over or turn.rejected_in_a_row >= IN_A_ROW:
            return


def _hang_up(line: BaseEmailBackend) -> None:
    with suppress(Exception):  # it may be dead already
        line.close()
