"""Which database holds the workspace: SQLite in its folder, or what `DATABASE_URL` names."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from regulars.errors import InputError
from regulars.words import T

SCHEMES = {"postgres", "postgresql"}
FOR_LISTS = "-c random_page_cost=1.1 -c jit=off"
"""How PostgreSQL plans for us, unless `options` in the address says otherwise: as it was set long ago, for turning
disks, it reads a million rows in a row where a few thousand looked up by key would do; and it compiles queries for
longer than these take."""


def database(url: str, home: Path) -> dict[str, Any]:
    """Return Django's settings of the database that `url` names; of SQLite in `home` where it is empty.

    Raises
    ------
    InputError
        When `url` is none that we know.
    """
    if not url:
        return _sqlite(home / "db.sqlite3")
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return _sqlite(Path(unquote(parts.path)))
    if parts.scheme not in SCHEMES or not parts.path.strip("/"):
        raise InputError(
            T(zh="读不懂数据库的地址", en="the database's address cannot be read"),
            where="DATABASE_URL",
            remedy=T(
                zh="写成 postgresql://用户:密码@主机:5432/库名；不写就用 SQLite。",
                en="Write it like postgresql://user:password@host:5432/name; leave it out for SQLite.",
            ),
        )
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "OPTIONS": {"options": FOR_LISTS} | dict(parse_qsl(parts.query, keep_blank_values=True)),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


def _sqlite(path: Path) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",  # a writer waits at the start instead of failing half-way
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA busy_timeout=20000;",
        },
    }
