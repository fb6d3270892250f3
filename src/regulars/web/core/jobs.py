"""Long work runs in the worker, not in a request: it says how far it is, can be cancelled, and ends in words."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from threading import Event, Thread
from typing import Any

from django.db import connection, transaction
from django.tasks import task
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from regulars.errors import RegularsError
from regulars.web.core.actor import Actor, actor_of
from regulars.web.core.models import Job, JobState
from regulars.web.core.words import CODES, both
from regulars.words import T

logger = logging.getLogger("regulars.jobs")

REPORT_EVERY = 0.5  # seconds
HEARTBEAT_EVERY = 5.0
SILENT_AFTER = timedelta(seconds=45)

OUR_FAULT = _("This did not work; the fault is ours. The log has the details.")

Result = Mapping[str, Any] | None
Work = Callable[["Run"], Result]


STOPPING = Event()
"""Set when the worker itself was told to end."""


class Cancelled(Exception):  # noqa: N818 - somebody's wish, not an error
    """The person has asked the job to stop."""


class WorkerStops(Cancelled):
    """The worker was told to end while the job ran."""


@dataclass(frozen=True, slots=True)
class JobKind:
    """One kind of long work, as an app declares it in its `jobs.py`."""

    name: str
    title: str | Promise
    permission: str
    work: Work
    repeatable: bool


KINDS: dict[str, JobKind] = {}


def job(name: str, *, title: str | Promise, permission: str, repeatable: bool = False) -> Callable[[Work], Work]:
    """Declare a kind of long work: ``<app>.<verb>``, its title for people, and who may start it.

    Parameters
    ----------
    repeatable
        Whether the work may simply run again after its worker died half-way.
    """

    def declare(work: Work) -> Work:
        if name in KINDS and KINDS[name].work is not work:
            raise ValueError(f"two jobs are called {name!r}")
        KINDS[name] = JobKind(name, title, permission, work, repeatable)
        return work

    return declare


@dataclass(slots=True)
class Run:
    """What the work is given: who wants it, with which parameters, and where to say how far it is."""

    job: Job
    actor: Actor
    _reported: float = field(default=0.0)

    @property
    def parameters(self) -> dict[str, Any]:
        """What the job was started with."""
        return dict(self.job.parameters)

    def report(self, progress: float, message: T | str | Promise | None = None) -> None:
        """Say how far the work is (0–1); call it between steps, outside of transactions.

        Raises
        ------
        Cancelled
            When the person has asked to stop: undo what is half-done and let it pass.
        """
        now = time.monotonic()
        if STOPPING.is_set():
            raise WorkerStops
        if message is None and now - self._reported < REPORT_EVERY:
            return
        self._reported = now
        changes: dict[str, Any] = {"progress": min(1.0, max(0.0, progress)), "seen_at": timezone.now()}
        if message is not None:
            changes["message"] = _words(message)
        Job.objects.filter(pk=self.job.pk).update(**changes)
        if Job.objects.filter(pk=self.job.pk, cancel_requested=True).exists():
            raise Cancelled


@transaction.atomic
def start(*, kind: str, by: Actor, parameters: Mapping[str, Any] | None = None) -> Job:
    """Queue work for the worker, in the caller's transaction: it exists if and only if that commits.

    Raises
    ------
    PermissionDenied
        When `by` may not start this kind.
    """
    by.require(KINDS[kind].permission)
    queued = Job.objects.create(kind=kind, parameters=dict(parameters or {}), started_by_id=by.user_id or 0)
    run_job.enqueue(queued.pk)
    return queued


@transaction.atomic
def cancel(*, job: Job, by: Actor) -> None:
    """Ask one's own `job` to stop."""
    if Job.objects.visible_to(by).filter(pk=job.pk).exists():
        stop(job=job)


@transaction.atomic
def stop(*, job: Job) -> None:
    """Ask `job` to stop; what only waits is cancelled at once. Nothing happens to a job that has ended."""
    one = Job.objects.filter(pk=job.pk)
    one.filter(state=JobState.QUEUED).update(state=JobState.CANCELLED, ended_at=timezone.now())
    one.filter(state=JobState.RUNNING).update(cancel_requested=True)
    job.refresh_from_db()


@task()
def run_job(job_id: int) -> None:
    """Do one job in the worker, with its starter's rights of now. A job that was taken already is left alone."""
    now = timezone.now()
    taken = Job.objects.filter(pk=job_id, state=JobState.QUEUED)
    if not taken.update(state=JobState.RUNNING, began_at=now, seen_at=now):
        return
    row = Job.objects.select_related("started_by").get(pk=job_id)
    with _Heartbeat(job_id):
        try:
            result = _work(row)
        except WorkerStops:
            _leave(row)
        except Cancelled:
            _end(row, JobState.CANCELLED, message=_words(_("Stopped. What was there before is unchanged.")))
        except RegularsError as error:
            _end(row, JobState.FAILED, message=_error_words(error))
        except Exception:
            logger.exception("a job failed", extra={"job_id": job_id, "kind": row.kind})
            _end(
                row,
                JobState.FAILED,
                message=_words(_("This did not work; the fault is ours. The log has the details.")),
            )
        else:
            _end(row, JobState.DONE, progress=1.0, result=dict(result or {}))


def _work(row: Job) -> Result:
    kind = KINDS[row.kind]
    actor = actor_of(row.started_by)
    if not row.started_by.is_active or not actor.may(kind.permission):
        raise RegularsError("who started this may no longer do it")
    return kind.work(Run(row, actor))


def recover() -> int:
    """Take care of jobs whose worker died: run the repeatable ones again, end the others in words. Return how many."""
    silent = Job.objects.filter(state=JobState.RUNNING, seen_at__lt=timezone.now() - SILENT_AFTER)
    found = list(silent)
    for row in found:
        _leave(row)
    return len(found)


@transaction.atomic
def _leave(row: Job) -> None:
    """Hand a job on whose worker is gone: back into the queue if it may simply run again, else to its end."""
    mine = Job.objects.filter(pk=row.pk, state=JobState.RUNNING)
    if row.kind in KINDS and KINDS[row.kind].repeatable and not row.cancel_requested:
        if mine.update(state=JobState.QUEUED, progress=0.0):
            run_job.enqueue(row.pk)
    else:
        _end(row, JobState.FAILED, message=_words(_("The worker stopped half-way. Start it again.")))


def _end(row: Job, state: JobState, **changes: Any) -> None:
    Job.objects.filter(pk=row.pk, state=JobState.RUNNING).update(state=state, ended_at=timezone.now(), **changes)


def _words(message: T | str | Promise) -> dict[str, str]:
    return message.as_dict() if isinstance(message, T) else both(message).as_dict()


def _error_words(error: RegularsError) -> dict[str, str]:
    said = getattr(error, "message", None)
    if callable(said):
        return {lang: str(said(lang)) for lang in CODES}
    why = getattr(error, "why", None)
    return why.as_dict() if isinstance(why, T) else {lang: str(error) for lang in CODES}


class _Heartbeat:
    """Says every few seconds that the worker lives, also while a long step reports nothing."""

    def __init__(self, job_id: int) -> None:
        self.job_id, self.over = job_id, Event()
        # In memory each thread would see a database of its own.
        self.thread = None if _in_memory() else Thread(target=self._beat, daemon=True)

    def __enter__(self) -> None:
        if self.thread:
            self.thread.start()

    def __exit__(self, *_: object) -> None:
        self.over.set()
        if self.thread:
            self.thread.join()

    def _beat(self) -> None:
        while not self.over.wait(HEARTBEAT_EVERY):
            try:
                Job.objects.filter(pk=self.job_id).update(seen_at=timezone.now())
            except Exception:  # a busy database is no reason to end the work
                logger.warning("no heartbeat", extra={"job_id": self.job_id})
        connection.close()


def _in_memory() -> bool:
    return connection.vendor == "sqlite" and "memory" in str(connection.settings_dict["NAME"])
