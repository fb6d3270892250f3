"""The web at 1 M customers and 2.6 M order lines: importing, publishing, lists, pages; beside bare SQL.

    python -m benchmarks.web [--customers 1000000] [--imported 100000] [--tries 15] [--postgres URL]
        [--keep FOLDER [--only lists|pages|campaigns]]

SQLite in a temporary folder; with ``--postgres postgresql://user@host:5432/name``, the same again in a database of that
name, which is made and dropped. ``--keep`` leaves both as they are and measures them again the next time.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from contextlib import nullcontext
from pathlib import Path

URL = "DATABASE_URL"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--customers", type=int, default=1_000_000)
    parser.add_argument("--imported", type=int, default=100_000)
    parser.add_argument("--postgres", default="", help="measure PostgreSQL, too: the address of a database to make")
    parser.add_argument("--keep", type=Path, help="where the workspaces stay")
    parser.add_argument("--tries", type=int, default=15, help="how often each page is asked for")
    parser.add_argument(
        "--only", choices=("lists", "pages", "campaigns"), help="measure no more than this of what was kept"
    )
    options = parser.parse_args()
    if URL not in os.environ:  # each database in a process of its own
        for url in ("", *([options.postgres] if options.postgres else [])):
            command = [sys.executable, "-m", "benchmarks.web", *sys.argv[1:]]
            subprocess.run(command, env={**os.environ, URL: url}, check=True)
        return
    url, name = os.environ[URL], "postgresql" if os.environ[URL] else "sqlite"
    with nullcontext(options.keep) if options.keep else tempfile.TemporaryDirectory(prefix="regulars-bench-") as room:
        if url:
            make_database(url)
        try:
            measure(Path(room) / name, options)
        finally:
            if url and not options.keep:
                make_database(url, drop=True)


def make_database(url: str, *, drop: bool = False) -> None:
    """Make the database if it is not there, or drop it."""
    import psycopg
    from psycopg import sql

    server, name = url.rsplit("/", 1)
    with psycopg.connect(f"{server}/postgres", autocommit=True) as session:
        there = session.execute("select 1 from pg_database where datname = %s", [name]).fetchone()
        if drop:
            session.execute(sql.SQL("drop database {}").format(sql.Identifier(name)))
        elif not there:
            session.execute(sql.SQL("create database {}").format(sql.Identifier(name)))


def measure(room: Path, options: argparse.Namespace) -> None:
    os.environ["REGULARS_LOG_LEVEL"] = "ERROR"
    from benchmarks.web import company, launching, lists, loading, pages, timing
    from benchmarks.web.timing import say
    from regulars.web.config import prepare

    timing.tries = options.tries
    drawn = room / "drawn"
    prepare.make_folder(room)
    prepare.set_up(room)
    from django.db import connection

    say("database", connection.vendor)
    if not drawn.exists():
        prepare.prepare()
        prepare.add_administrator("admin", "admin", "a long pass phrase", language="en")
        loading.importing(options.imported, room)
        company.people()
        numbers = company.customers(options.customers)
        say("order lines", f"{company.lines(numbers):,}")
        company.work(numbers, loading.publishing(numbers))
        if connection.vendor == "postgresql":  # which does so by itself, in its own time
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE")
        drawn.touch()
    for name, part in {"lists": lists, "pages": pages, "campaigns": launching}.items():
        if options.only in (None, name):
            part.measure()
    connection.close()


if __name__ == "__main__":
    main()
