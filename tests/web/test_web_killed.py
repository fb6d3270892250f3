"""A workspace whose processes are killed, raced, saved and brought back: nothing is lost, nothing is there twice."""

from __future__ import annotations

import multiprocessing
import os
import random
import shutil
import time
from collections.abc import Callable, Iterator
from multiprocessing.context import ForkServerContext
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql
from tests.web import lifelike

from regulars.simulate import bench_company, simulate

CUSTOMERS = 400
pytestmark = pytest.mark.own_database


@pytest.fixture(scope="module")
def processes() -> ForkServerContext:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.web.lifelike"])
    return context


@pytest.fixture(scope="module")
def run(processes: ForkServerContext) -> Callable[..., Any]:
    """Call a function of `lifelike` in a process of its own and return what it returns."""

    def call(work: Callable[..., Any], *arguments: Any) -> Any:
        receive, send = processes.Pipe(duplex=False)
        process = processes.Process(target=_said, args=(send, work, *arguments))
        process.start()
        send.close()
        try:
            said = receive.recv()
        except EOFError:
            said = None
        process.join()
        assert process.exitcode == 0, work
        return said

    return call


def _said(send: Any, work: Callable[..., Any], *arguments: Any) -> None:
    send.send(work(*arguments))


@pytest.fixture(scope="module")
def orders(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return simulate(bench_company(CUSTOMERS), tmp_path_factory.mktemp("company") / "made").orders


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory, run: Callable[..., Any]) -> Path:
    home = tmp_path_factory.mktemp("empty") / "home"
    run(lifelike.make, home)
    return home


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory, empty: Path, orders: Path, run: Callable[..., Any]) -> Path:
    """Orders are in, the log has entries, a valuation waits."""
    home = Path(shutil.copytree(empty, tmp_path_factory.mktemp("filled") / "home"))
    run(lifelike.bring, home, orders)
    run(lifelike.log_and_ask, home)
    return home


@pytest.fixture(scope="module")
def valued(tmp_path_factory: pytest.TempPathFactory, filled: Path, run: Callable[..., Any]) -> Path:
    home = Path(shutil.copytree(filled, tmp_path_factory.mktemp("valued") / "home"))
    run(lifelike.work, home)
    return home


@pytest.fixture
def copies(tmp_path: Path) -> Iterator[Callable[[Path], Path]]:
    """Copies of a workspace, one after the other."""
    seen = 0

    def fresh(of: Path) -> Path:
        nonlocal seen
        seen += 1
        return Path(shutil.copytree(of, tmp_path / str(seen) / "home"))

    return fresh


def killed(processes: ForkServerContext, after: float, work: Callable[..., Any], *arguments: Any) -> bool:
    """Start the work and kill it after so many seconds; return whether it was faster."""
    process = processes.Process(target=work, args=arguments)
    process.start()
    process.join(after)
    process.kill()
    process.join()
    return process.exitcode == 0


def taken(work: Callable[[], Any]) -> float:
    began = time.monotonic()
    work()
    return time.monotonic() - began


def import_again_and_again(n: int, processes: Any, run: Any, copies: Any, empty: Path, orders: Path) -> None:
    whole = copies(empty)
    seconds = taken(lambda: run(lifelike.bring, whole, orders))
    end = run(lifelike.state, whole)
    assert end["customers"][0] == CUSTOMERS
    moments = random.Random(20260630)
    for _ in range(n):
        home = copies(empty)
        killed(processes, seconds * moments.uniform(0.4, 1.0), lifelike.bring, home, orders)
        between = run(lifelike.state, home)
        assert between["lines"] in ([], end["lines"]), "the lines of a file are there or not"
        assert set(between["customers"][1]) <= set(end["customers"][1])
        run(lifelike.bring, home, orders)
        assert run(lifelike.state, home) == end


def value_again_and_again(n: int, processes: Any, run: Any, copies: Any, filled: Path, valued: Path) -> None:
    whole = copies(filled)
    seconds = taken(lambda: run(lifelike.work, whole))
    before, end = run(lifelike.state, filled), run(lifelike.state, valued)
    assert (before["published"], end["published"]) == (["queued"], ["published"])
    assert len(end["values"]) == end["rows"][0][1] > 0
    assert len(end["activities"]) == 3
    moments = random.Random(20260630)
    for _ in range(n):
        home = copies(filled)
        for _ in range(2):
            killed(processes, seconds * moments.uniform(0.4, 1.0), lifelike.work, home)
            between = run(lifelike.state, home)
            assert between["values"] in ([], end["values"]), "people see the whole valuation or none of it"
            assert between["lines"] == end["lines"]
        run(lifelike.work, home)
        assert run(lifelike.state, home) == end


def test_an_import_that_is_killed_is_done_again(processes, run, copies, empty, orders):
    import_again_and_again(2, processes, run, copies, empty, orders)


def test_a_worker_that_is_killed_leaves_the_valuation_to_the_next(processes, run, copies, filled, valued):
    value_again_and_again(2, processes, run, copies, filled, valued)


@pytest.mark.long
def test_killed_40_times(processes, run, copies, empty, orders, filled, valued):
    import_again_and_again(40, processes, run, copies, empty, orders)
    value_again_and_again(40, processes, run, copies, filled, valued)


def test_three_imports_at_a_time_end_as_one_after_the_other(processes, run, copies, empty, orders):
    home = copies(empty)
    sources = ["till", "shop", "till"]
    racing = [processes.Process(target=lifelike.bring, args=(home, orders, source)) for source in sources]
    for process in racing:
        process.start()
    for process in racing:
        process.join()
    assert [process.exitcode for process in racing] == [0, 0, 0]
    calm = copies(empty)
    for source in ("till", "shop"):
        run(lifelike.bring, calm, orders, source)
    assert run(lifelike.state, home) == run(lifelike.state, calm)


def test_a_backup_brought_back_is_the_workspace_of_that_moment(run, copies, valued, orders, tmp_path):
    home, archive, into = copies(valued), tmp_path / "regulars.tar", tmp_path / "again"
    then = run(lifelike.state, home)
    run(lifelike.save, home, archive)
    run(lifelike.bring, home, orders, "another till")
    assert run(lifelike.state, home) != then
    run(lifelike.bring_back, home, archive, into)
    assert run(lifelike.state, into) == then
    run(lifelike.bring, into, orders)
    assert run(lifelike.state, into)["lines"] == then["lines"], "it goes on from there, and knows what it has"


@pytest.mark.postgres
def test_a_backup_of_postgresql_comes_back_into_an_empty_one(run, orders, tmp_path):
    url, names = os.environ["DATABASE_URL"], [f"regulars_{uuid4().hex[:12]}" for _ in range(2)]
    homes = [tmp_path / name / "home" for name in names]
    owner, word = f"regulars_{uuid4().hex[:12]}", uuid4().hex  # nothing but the owner, as managed servers have it
    own = urlsplit(url)._replace(netloc=f"{owner}:{word}@{urlsplit(url).netloc.rpartition('@')[2]}")
    with psycopg.connect(url.rsplit("/", 1)[0] + "/postgres", autocommit=True) as server:
        try:
            server.execute(sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}").format(sql.Identifier(owner), word))
            for name, home in zip(names, homes, strict=True):
                server.execute(
                    sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(name), sql.Identifier(owner))
                )
                home.parent.mkdir()
                (home.parent / lifelike.DATABASE).write_text(own._replace(path=f"/{name}").geturl())
            home, into = homes
            run(lifelike.make, home)
            run(lifelike.bring, home, orders)
            run(lifelike.log_and_ask, home)
            run(lifelike.work, home)
            then = run(lifelike.state, home)
            assert len(then["values"]) > 0
            run(lifelike.save, home, tmp_path / "regulars.tar")
            run(lifelike.bring, home, orders, "another till")
            run(lifelike.bring_back, home, tmp_path / "regulars.tar", into)
            assert run(lifelike.state, into) == then
        finally:
            for name in names:
                server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
            server.execute(sql.SQL("DROP ROLE IF EXISTS {}").format(sql.Identifier(owner)))
