"""A sender that is killed in the middle of its work: nobody gets two, nobody is forgotten, doubts are listed."""

from __future__ import annotations

import multiprocessing
import os
import time
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql
from tests.web import lifelike
from tests.web.mail import cast
from tests.web.mail.sink import listening

N, MARKED = 300, 25
KILLS = (1, 40, 90)
"""Messages after which the sender is killed, one life after the other."""


@pytest.fixture(scope="module")
def processes() -> Any:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.web.lifelike", "tests.web.mail.cast"])
    return context


def killed_and_begun_again(processes: Any, home: Path) -> None:
    def run(work: Any, *arguments: Any) -> None:
        process = processes.Process(target=work, args=arguments)
        process.start()
        process.join()
        assert process.exitcode == 0, work

    run(cast.sending_home, home, N)
    with listening() as sink:
        sink.delay = 0.002
        for moment in KILLS:
            process = processes.Process(target=cast.sender, args=(home, sink.port))
            process.start()
            while len(sink.raw) < moment and process.is_alive():
                time.sleep(0.001)
            process.kill()
            process.join()
            assert process.exitcode != 0, "it was faster than its end"
        run(cast.sender, home, sink.port)
        states, doubts = read(processes, home)
        everybody = {f"c{k}@x.example" for k in range(cast.FIRST, cast.FIRST + N)}
        assert len(sink.recipients) == len(set(sink.recipients)), "nobody got two"
        assert set(sink.recipients) | set(doubts) == everybody, "nobody was forgotten"
        assert set(states) == {"sent", "uncertain"}
        assert 0 < states["uncertain"] <= MARKED * len(KILLS)
        run(cast.sender, home, sink.port)
        assert len(sink.recipients) == len(set(sink.recipients)), "a doubt is never sent by itself"


def read(processes: Any, home: Path) -> Any:
    receive, send = processes.Pipe(duplex=False)
    process = processes.Process(target=cast.say, args=(send, home))
    process.start()
    send.close()
    answer = receive.recv()
    process.join()
    return answer


@pytest.mark.own_database
def test_killed_on_sqlite(processes, tmp_path):
    killed_and_begun_again(processes, tmp_path / "home")


@pytest.mark.postgres
def test_killed_on_postgresql(processes, tmp_path):
    url, name = os.environ["DATABASE_URL"], f"regulars_{uuid4().hex[:12]}"
    with psycopg.connect(url.rsplit("/", 1)[0] + "/postgres", autocommit=True) as server:
        try:
            server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
            (tmp_path / lifelike.DATABASE).write_text(url.rsplit("/", 1)[0] + f"/{name}")
            killed_and_begun_again(processes, tmp_path / "home")
        finally:
            server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
