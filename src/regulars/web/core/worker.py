"""The worker: takes queued jobs one after the other, does regular chores, gives signs of life, ends when told to."""

from __future__ import annotations

import logging
import os
import signal
import socket
from datetime import timedelta
from threading import Event, Thread
from types import FrameType

from django.core.management import call_command
from django.db import OperationalError, close_old_connections, connection
from django.utils import timezone
from django_tasks_db.management.commands.db_worker import Worker as Queue
from django_tasks_db.models import DBTaskResult

from regulars.web.core import jobs, schedule
from regulars.web.core.models import Pulse

logger = logging.getLogger("regulars.worker")

LOOK_EVERY = 0.5  # seconds between two looks into an empty queue
CHORES_EVERY = 10.0
KEPT_FOR = timedelta(days=14)


def run_worker() -> None:
    """Work until SIGINT or SIGTERM; the job at hand is told to stop and ends in words."""
    over = Event()
    name = f"{socket.gethostname()}:{os.getpid()}"[:40]
    chores = Thread(target=_keep_house, args=(name, over), daemon=True)
    chores.start()
    queue = _Queue(
        queue_names=["*"],
        interval=LOOK_EVERY,
        batch=False,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id=name.replace(":", "-"),
        excluded_queue_names=[],
    )
    queue.configure_signals()
    try:
        queue.run()
    finally:
        over.set()
        chores.join(timeout=5)


class _Queue(Queue):
    def shutdown(self, signum: int, frame: FrameType | None) -> None:
        """Tell the job at hand to stop; leave at once where there is none."""
        jobs.STOPPING.set()
        super().shutdown(signum, frame)

    def configure_signals(self) -> None:
        signal.signal(signal.SIGINT, self.shutdown)
        signal.signal(signal.SIGTERM, self.shutdown)


def _keep_house(name: str, over: Event) -> None:
    while True:
        try:
            keep_house(name)
        except OperationalError:
            logger.warning("the database is busy; chores wait")
        finally:
            close_old_connections()
        if over.wait(CHORES_EVERY):
            break
    Pulse.objects.filter(worker=name).delete()
    connection.close()


def keep_house(name: str) -> None:
    """Give a sign of life, take care of jobs whose worker died, do the chores that are due."""
    Pulse.objects.update_or_create(worker=name, defaults={"seen_at": timezone.now()})
    jobs.recover()
    schedule.do_due(timezone.now())


@schedule.regularly("core.tidy", every=timedelta(hours=6))
def tidy() -> None:
    """Drop what nobody needs any more: ended sessions, signs of life of workers long gone, notes of the queue."""
    call_command("clearsessions")
    before = timezone.now() - KEPT_FOR
    Pulse.objects.filter(seen_at__lt=before).delete()
    DBTaskResult.objects.filter(finished_at__lt=before).delete()
