"""E-mails of a campaign: the outbox filled, and sent by one worker to a server of this machine that keeps nothing.

    python -m benchmarks.mail [--customers 200000] [--messages 5000]

Where ``DATABASE_URL`` names a PostgreSQL, that one is measured (an empty database), else SQLite in a temporary folder.
"""

from __future__ import annotations

import argparse
import asyncio
import multiprocessing
import os
import tempfile
import time
from collections.abc import Callable
from datetime import time as clock
from datetime import timedelta
from decimal import Decimal
from multiprocessing.connection import Connection
from pathlib import Path

FIRST = 2**33


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--customers", type=int, default=200_000)
    parser.add_argument("--messages", type=int, default=5_000)
    options = parser.parse_args()
    receive, send = multiprocessing.Pipe(duplex=False)
    server = multiprocessing.Process(target=_serve, args=(send,), daemon=True)
    server.start()
    os.environ.update({"EMAIL_URL": f"smtp://127.0.0.1:{receive.recv()}", "REGULARS_URL": "https://regulars.example"})
    with tempfile.TemporaryDirectory(prefix="regulars-bench-") as room:
        os.environ["REGULARS_LOG_LEVEL"] = "ERROR"
        from regulars.web.config import prepare

        prepare.make_folder(Path(room) / "home")
        prepare.set_up(Path(room) / "home")
        prepare.prepare()
        campaign = _campaign(options.customers)
        _look_over()
        from regulars.web.mail.actions import fill_outbox
        from regulars.web.mail.models import Outgoing
        from regulars.web.mail.sending import send_due

        _timed(f"outbox of {options.customers:,}", lambda: fill_outbox(campaign))
        last = Outgoing.objects.order_by("id").values_list("pk", flat=True)[options.messages]
        Outgoing.objects.filter(pk__gte=last).update(state="refused")
        clock_s, processor_s = _timed(f"sending {options.messages:,}", lambda: send_due(claim="0:bench"))
        sent = Outgoing.objects.filter(state="sent").count()
        print(f"{sent:,} sent: {sent / clock_s:.0f} a second of the clock, {sent / processor_s:.0f} of the processor")
    server.terminate()


def _look_over() -> None:
    """Let PostgreSQL count its tables, as it does by itself within a minute of a working day."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _timed(what: str, work: Callable[[], object]) -> tuple[float, float]:
    began, used = time.perf_counter(), time.process_time()
    work()
    clock_s, processor_s = time.perf_counter() - began, time.process_time() - used
    print(f"{what}: {clock_s:.2f} s, {processor_s:.2f} s of the processor")
    return clock_s, processor_s


def _campaign(n: int):  # type: ignore[no-untyped-def]
    """Return a campaign that runs, with `n` treated customers who agree and have an address."""
    from django.utils import timezone

    from regulars.web.accounts.models import User
    from regulars.web.campaigns.models import Campaign
    from regulars.web.core import bulk
    from regulars.web.customers.models import Consent, ContactPoint, Customer
    from regulars.web.mail.models import Letter, MailSetting
    from regulars.web.tasks.models import Exposure, Holdout

    now, ids = timezone.now(), range(FIRST, FIRST + n)
    owner = User.objects.create(username="marketing", name="Marketing")
    at = {k: f"c{k}@x.example" for k in ids}
    bulk.insert([Customer(pk=k, name=f"C{k}", name_key=f"c{k}", owner=owner) for k in ids])
    bulk.insert([ContactPoint(customer_id=k, kind="email", value=at[k], key=at[k]) for k in ids])
    bulk.insert([Consent(customer_id=k, purpose="marketing", state="granted", at=now, evidence="form") for k in ids])
    split = {"list_kind": "campaign", "seed": "s", "share": Decimal("0.1"), "started_at": now}
    holdout = Holdout.objects.create(experiment_id="campaign-1", subject={"called": "Tea", "campaign": 1}, **split)
    groups = {"holdout": holdout, "arm": "treated", "propensity": 0.9, "assigned_at": now}
    bulk.insert([Exposure(customer_id=k, **groups) for k in ids])
    campaign = Campaign.objects.create(
        name="Tea", channel="email", owner=owner, state="running", starts_on=now.date(), holdout=holdout,
        launched_at=now, first_day=now.date(), last_day=now.date() + timedelta(days=28),
    )  # fmt: skip
    body = "{{ salutation }},\n\n" + "new tea has come, see https://tea.example/new.\n\n" * 8 + "{{ owner }}"
    Letter.objects.create(campaign=campaign, subject_en="Tea for {{ name }}", body_en=body)
    MailSetting.objects.create(pk=1, sender="tea@shop.example", quiet_from=clock(3), quiet_to=clock(3))
    return campaign


def _serve(say: Connection) -> None:
    asyncio.run(_take(say))


async def _take(say: Connection) -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 here\r\n")
        while line := await reader.readline():
            if line[:4].upper() == b"DATA":
                writer.write(b"354 go on\r\n")
                while await reader.readline() != b".\r\n":
                    pass
            writer.write(b"221 bye\r\n" if line[:4].upper() == b"QUIT" else b"250 ok\r\n")
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    say.send(server.sockets[0].getsockname()[1])
    await server.serve_forever()


if __name__ == "__main__":
    main()
