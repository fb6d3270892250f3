"""A worker that is killed while it launches a campaign: nobody is forgotten, nobody is in it twice."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import shutil
import signal
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql
from tests.web import lifelike
from tests.web.campaigns import cast

N = 240
MOMENTS = (0.2, 0.6, 0.85, 0.97)
"""Shares of a launch's statements after which its worker is killed, one life after the other."""


@pytest.fixture(scope="module")
def processes() -> Any:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.web.lifelike", "tests.web.campaigns.cast"])
    return context


def killed_and_begun_again(processes: Any, home: Path, calm: Path) -> None:
    def live(*arguments: Any) -> tuple[int, list[Any]]:
        receive, send = processes.Pipe(duplex=False)
        process = processes.Process(target=cast.worker, args=(send, *arguments))
        process.start()
        send.close()
        said = []
        with contextlib.suppress(EOFError):
            while True:
                said.append(receive.recv())
        process.join()
        return process.exitcode, said

    ended, (before, statements, end) = live(calm)
    assert (ended, before["state"][0], end["state"][0]) == (0, "approved", "running")
    everybody = sorted(customer for customer, _ in [*end["groups"], *end["skipped"]])
    assert everybody == list(range(cast.FIRST, cast.FIRST + N)), "everybody once: in a group, or left out for a reason"
    assert end["to be sent"] == [customer for customer, arm in end["groups"] if arm == "treated"]
    assert end["written once"] == (1, 1, 1)

    for moment in MOMENTS:
        ended, said = live(home, int(statements * moment))
        assert (ended, len(said)) == (-signal.SIGKILL, 1), "it was faster than its end"
        between = said[0]
        assert (between["state"][0], between["to be sent"]) == ("approved", []), "nothing begins before everything does"
    assert live(home)[1][-1] == end
    assert live(home)[1][-1] == end, "another worker finds nothing to do"


@pytest.mark.own_database
def test_killed_on_sqlite(processes, tmp_path):
    home, calm = tmp_path / "home", tmp_path / "calm" / "home"
    made = processes.Process(target=cast.launching_home, args=(home, N))
    made.start()
    made.join()
    assert made.exitcode == 0
    shutil.copytree(home, calm)
    killed_and_begun_again(processes, home, calm)


@pytest.mark.postgres
def test_killed_on_postgresql(processes, tmp_path):
    server, names = os.environ["DATABASE_URL"].rsplit("/", 1)[0], [f"regulars_{uuid4().hex[:12]}" for _ in range(2)]
    home, calm = (tmp_path / name / "home" for name in names)
    with psycopg.connect(f"{server}/postgres", autocommit=True) as admin:
        try:
            admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(names[0])))
            for of, name in zip((home, calm), names, strict=True):
                of.parent.mkdir()
                (of.parent / lifelike.DATABASE).write_text(f"{server}/{name}")
            made = processes.Process(target=cast.launching_home, args=(home, N))
            made.start()
            made.join()
            assert made.exitcode == 0
            shutil.copytree(home, calm)
            again, first = map(sql.Identifier, (names[1], names[0]))
            admin.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(again, first))
            killed_and_begun_again(processes, home, calm)
        finally:
            for name in names:
                admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
