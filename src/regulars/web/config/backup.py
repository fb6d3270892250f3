"""A backup: the workspace at one moment, database, lake and valuations together, in one file that checks itself.

While the moment is taken nobody writes to the lake: the files are linked aside, which takes no time, and the database
is copied. Then everybody goes on, and the archive is written from what was set aside.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.migrations.recorder import MigrationRecorder

from regulars import __version__
from regulars.files import whole_file
from regulars.web.config import archive
from regulars.web.config.archive import DATABASE, FIGURES, MANIFEST, Manifest, file_digest, kept_tables
from regulars.web.config.home import read_secrets
from regulars.web.contracts.models import ContractRun, State
from regulars.web.facts.access import standing_still
from regulars.web.valuations.models import Valuation, ValuationState
from regulars.words import T

Step = Callable[[T], None]

SETTING_ASIDE = T(zh="留住这一刻", en="setting the moment aside")
WRITING = T(zh="写备份", en="writing the backup")
CHECKING = T(zh="核对表", en="reckoning digests of the tables")
ERASED = "erased.jsonl"


def back_up(home: Path, target: Path, *, step: Step = lambda _: None) -> int:
    """Write the backup of the workspace in `home`, whole or not at all; return its size.

    Raises
    ------
    OutputError
        When it cannot be written.
    InputError
        When a writer of the lake is not done in time.
    """
    with _beside(home) as room:
        step(SETTING_ASIDE)
        manifest = _set_aside(home, room, step)
        step(WRITING)
        for path in sorted(room.rglob("*")):
            if path.is_file():
                manifest.files[path.relative_to(room).as_posix()] = file_digest(path)
        (room / MANIFEST).write_text(manifest.as_json(), encoding="utf-8")
        with whole_file(target) as draft:
            _pack(room, draft)
            draft.chmod(0o600)  # everything that is known of everybody
            return draft.stat().st_size


@contextmanager
def _beside(home: Path) -> Iterator[Path]:
    """Yield an empty folder on the disk of the workspace: files can be linked there."""
    with tempfile.TemporaryDirectory(prefix=".backup-", dir=home) as room:
        yield Path(room)


def _set_aside(home: Path, room: Path, step: Step) -> Manifest:
    with standing_still("backup"):
        _link(home / "lake", room / "lake", without=("writing",))
        manifest = _database(home, room, step)
        for folder in published_folders():
            _link(home / folder, room / folder)
    if (home / ERASED).exists():
        shutil.copy2(home / ERASED, room / ERASED)
    return manifest


def published_folders() -> list[Path]:
    """Return where the files of published runs lie, of valuations and over contracts, within the workspace."""
    valuations = Valuation.objects.filter(state=ValuationState.PUBLISHED).values_list("pk", flat=True)
    contracts = ContractRun.objects.filter(state=State.PUBLISHED).values_list("pk", flat=True)
    return [
        *(Path("valuations") / str(number) for number in valuations),
        *(Path("valuations") / "contracts" / str(number) for number in contracts),
    ]


def _link(source: Path, target: Path, *, without: tuple[str, ...] = ()) -> None:
    """Set the files of a folder aside: they are never written to again, so a second name is enough."""
    for path in source.rglob("*"):
        inside = path.relative_to(source)
        if path.is_file() and inside.parts[0] not in without and path.suffix != ".lock":
            (target / inside).parent.mkdir(parents=True, exist_ok=True)
            os.link(path, target / inside)


def _database(home: Path, room: Path, step: Step) -> Manifest:
    """Copy the database and describe the copy: both are of one moment, and writers need not wait for the digests."""
    (room / DATABASE).mkdir()
    if connection.vendor == "sqlite":
        tables = _sqlite(room / DATABASE / archive.SQLITE, step)
    else:
        tables = _postgres(room / DATABASE, step)
    return Manifest(
        version=__version__,
        vendor=connection.vendor,
        made_at=datetime.now(UTC).isoformat(timespec="seconds"),
        migrations=sorted(f"{app}.{name}" for app, name in MigrationRecorder(connection).applied_migrations()),
        keys=archive.key_marks(read_secrets(home)),
        tables=tables,
    )


def _sqlite(target: Path, step: Step) -> dict[str, list[Any]]:
    place = f"file:{settings.DATABASES['default']['NAME']}?mode=ro"
    with closing(sqlite3.connect(place, uri=True)) as source, closing(sqlite3.connect(target)) as copy:
        source.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE")
        step(CHECKING)
        return archive.table_digests(copy.cursor(), kept_tables())


def _postgres(folder: Path, step: Step) -> dict[str, list[Any]]:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        _copy_tables(folder)
        step(CHECKING)
        return archive.table_digests(cursor, kept_tables())


def _copy_tables(folder: Path) -> None:
    """Write each table as PostgreSQL's own copy format, which any of its versions reads."""
    for table in kept_tables():
        if table == FIGURES:
            continue
        with connection.cursor() as cursor, (folder / f"{table}.copy").open("wb") as out:
            columns = ", ".join(f'"{name}"' for name in archive.shape(cursor, table)[0])
            with cursor.copy(f'COPY "{table}" ({columns}) TO STDOUT') as copy:
                for piece in copy:
                    out.write(piece)


def _pack(room: Path, draft: Path) -> None:
    """Write the archive, the manifest first: Parquet is packed already, so nothing is packed again."""
    with tarfile.open(draft, "w") as tar:
        tar.add(room / MANIFEST, MANIFEST, filter=_nobodys)
        for path in sorted(room.rglob("*")):
            if path.is_file() and path.name != MANIFEST:
                tar.add(path, path.relative_to(room).as_posix(), filter=_nobodys)


def _nobodys(member: tarfile.TarInfo) -> tarfile.TarInfo:
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    member.mode = 0o600
    return member
