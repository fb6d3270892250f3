"""Bringing a backup back: everything is checked before anything takes its place, and every table afterwards."""

from __future__ import annotations

import json
import shutil
import sqlite3
import tarfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from io import StringIO
from pathlib import Path
from typing import Any

from regulars.errors import InputError
from regulars.web.config.home import SECRETS_FILE, read_secrets
from regulars.words import T

Step = Callable[[T], None]

UNPACKING = T(zh="取出并核对文件", en="unpacking and checking files")
FILLING = T(zh="装回数据库", en="filling the database")
COMPARING = T(zh="逐表核对", en="holding every table against the backup")
ERASING = T(zh="再次删除备份后要求删除的人", en="erasing again who asked for it since")
_ANEW = T(zh="重新做一份备份，或换一份。", en="Make the backup anew, or take another one.")


def restore(source: Path, into: Path, *, secrets: Path | None, present: Path, step: Step = lambda _: None) -> int:
    """Restore a backup into an empty folder and return how many tables were compared.

    Parameters
    ----------
    secrets
        The keys of the workspace that was backed up; None: those of the workspace in `present`, if they fit.
    present
        The workspace of today, if there is one: whoever was erased there since the backup is erased again.

    Raises
    ------
    InputError
        When the folder is not empty, the backup is damaged or of a newer version, the keys are wrong, or the database
        that `DATABASE_URL` names is not empty. Nothing is left in the folder then.
    """
    _refuse_taken(into)
    made = not into.exists()
    try:
        into.mkdir(parents=True, mode=0o700, exist_ok=True)
        step(UNPACKING)
        said = _unpack(source, into)
        _take_keys(said, secrets or present / SECRETS_FILE, into, source)
        return _fill(said, into, present, source, step)
    except BaseException:
        _clear(into, folder_too=made)
        raise


def _refuse_taken(into: Path) -> None:
    if into.exists() and (not into.is_dir() or any(into.iterdir())):
        raise InputError(
            T(zh="这个文件夹不是空的", en="this folder is not empty"),
            where=str(into),
            remedy=T(zh="给一个新的或空的文件夹。", en="Name a new or an empty folder."),
        )


def _damaged(source: Path, what: T) -> InputError:
    return InputError(what, where=str(source), remedy=_ANEW)


def _unpack(source: Path, into: Path) -> dict[str, Any]:
    """Unpack every file that the manifest names, and none that it does not, holding each against its digest."""
    from regulars.web.config.archive import FORMAT, MANIFEST, file_digest

    with _readable(source) as tar:
        first = tar.next()
        content = tar.extractfile(first) if first is not None and first.name == MANIFEST else None
        if content is None:
            raise _damaged(source, T(zh="这不是熟客的备份", en="this is no backup of Regulars"))
        said: dict[str, Any] = json.loads(content.read())
        if said.get("format") != FORMAT:
            raise _newer(source)
        waiting = dict(said["files"])
        while (member := tar.next()) is not None:
            digest = waiting.pop(member.name, None)
            if digest is None or not member.isfile():
                raise _damaged(source, T(zh=f"多出文件 {member.name}", en=f"it holds a file too many, {member.name}"))
            tar.extract(member, into, filter="data")
            if file_digest(into / member.name) != digest:
                raise _damaged(source, T(zh=f"文件 {member.name} 已损坏", en=f"the file {member.name} is damaged"))
    if waiting:
        name = next(iter(waiting))
        raise _damaged(source, T(zh=f"缺文件 {name}", en=f"the file {name} is missing"))
    return said


@contextmanager
def _readable(source: Path) -> Iterator[tarfile.TarFile]:
    try:
        with tarfile.open(source, "r:") as tar:
            yield tar
    except FileNotFoundError:
        raise InputError(
            T(zh="找不到这个文件", en="there is no such file"),
            where=str(source),
            remedy=T(zh="检查路径。", en="Check the path."),
        ) from None
    except (tarfile.TarError, json.JSONDecodeError, UnicodeDecodeError, KeyError, EOFError) as error:
        raise _damaged(source, T(zh="备份读不出来", en="the backup cannot be read")) from error


def _newer(source: Path) -> InputError:
    return InputError(
        T(zh="这份备份来自更新的版本", en="this backup was made by a newer version"),
        where=str(source),
        remedy=T(zh="先更新熟客。", en="Update Regulars first."),
    )


def _take_keys(said: dict[str, Any], path: Path, into: Path, source: Path) -> None:
    """Put the keys in place, if they are those that the workspace had when it was backed up."""
    import hmac

    from regulars.web.config.archive import key_marks

    if not path.is_file():
        raise InputError(
            T(zh="没有这份备份的密钥", en="the keys of this backup are missing"),
            where=str(path),
            remedy=T(
                zh="用 --secrets 指出当时工作区里的 secrets.toml。",
                en="Name the file secrets.toml of the workspace that was backed up with --secrets.",
            ),
        )
    marks = key_marks(read_secrets(path.parent) if path.name == SECRETS_FILE else _read_elsewhere(path, into))
    if marks.keys() != said["keys"].keys() or not all(
        hmac.compare_digest(marks[name], mark) for name, mark in said["keys"].items()
    ):
        raise InputError(
            T(zh="这不是这份备份的密钥", en="these are not the keys of this backup"),
            where=str(path),
            remedy=T(
                zh="用 --secrets 指出当时的 secrets.toml；别的密钥认不出要求删除和免打扰的人。",
                en="Name the secrets.toml of that time with --secrets: others do not know who asked to be left alone.",
            ),
        )
    target = into / SECRETS_FILE
    shutil.copyfile(path, target)
    target.chmod(0o600)


def _read_elsewhere(path: Path, into: Path) -> dict[str, str]:
    """Read keys from a file of another name."""
    room = into / ".keys"
    room.mkdir(mode=0o700)
    try:
        shutil.copyfile(path, room / SECRETS_FILE)
        return read_secrets(room)
    finally:
        shutil.rmtree(room)


def _fill(said: dict[str, Any], into: Path, present: Path, source: Path, step: Step) -> int:
    """Put the database in place and compare it; Django starts on the new folder only now."""
    from regulars.web.config import prepare
    from regulars.web.config.archive import DATABASE, SQLITE

    step(FILLING)
    if said["vendor"] == "sqlite":
        (into / DATABASE / SQLITE).replace(into / "db.sqlite3")
    prepare.make_folder(into)
    prepare.set_up(into)
    from django.db import connection

    if connection.vendor != said["vendor"]:
        raise InputError(
            T(
                zh=f"备份来自 {said['vendor']}，这里用的是 {connection.vendor}",
                en=f"the backup is of {said['vendor']}, this workspace uses {connection.vendor}",
            ),
            where="DATABASE_URL",
            remedy=T(zh="设成同一种数据库再恢复。", en="Set it to the same kind of database and restore again."),
        )
    _refuse_newer(said, source)
    digests = _sqlite_digests(into, said, step) if said["vendor"] == "sqlite" else _postgres_digests(into, said, step)
    _compare(digests, said["tables"], source)
    shutil.rmtree(into / DATABASE)
    prepare.prepare()
    step(ERASING)
    _after(into, present)
    connection.close()
    return len(digests)


def _refuse_newer(said: dict[str, Any], source: Path) -> None:
    from django.db import connection
    from django.db.migrations.loader import MigrationLoader

    known = {f"{app}.{name}" for app, name in MigrationLoader(connection).disk_migrations or ()}
    if set(said["migrations"]) - known:
        raise _newer(source)


def _sqlite_digests(into: Path, said: dict[str, Any], step: Step) -> dict[str, list[Any]]:
    from regulars.web.config.archive import table_digests

    step(COMPARING)
    with closing(sqlite3.connect(into / "db.sqlite3")) as database:
        return table_digests(database.cursor(), list(said["tables"]))


def _postgres_digests(into: Path, said: dict[str, Any], step: Step) -> dict[str, list[Any]]:
    from django.core.management import call_command
    from django.db import connection, transaction

    from regulars.web.config.archive import DATABASE, FIGURES, table_digests

    if connection.introspection.table_names():
        raise InputError(
            T(zh="这个数据库不是空的", en="this database is not empty"),
            where="DATABASE_URL",
            remedy=T(zh="建一个新的数据库再恢复。", en="Create a new database and restore into that."),
        )
    _migrate_to(said["migrations"])
    tables = [name for name in said["tables"] if name != FIGURES]
    with transaction.atomic(), connection.cursor() as cursor:
        # References are whole in the end, not in between. Nothing here needs more rights than the tables' owner has.
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        for table in tables:  # what migrations have put there
            cursor.execute(f'DELETE FROM "{table}"')  # noqa: S608 - names of our own tables
        for table in tables:
            _copy_in(cursor, table, into / DATABASE / f"{table}.copy")
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(_no_style(), _models()):
            cursor.execute(statement)
    call_command("createcachetable", verbosity=0, stdout=StringIO())
    _publish_again()
    step(COMPARING)
    with connection.cursor() as cursor:
        return table_digests(cursor, list(said["tables"]))


def _migrate_to(names: list[str]) -> None:
    """Make the tables as they were when the backup was made; later migrations follow when all rows are there."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    graph = executor.loader.graph
    had = {(app, rest) for app, _, rest in (name.partition(".") for name in names)} & graph.nodes.keys()
    # Only the last of each app: asked for an earlier one as well, Django would go back to it.
    last = [
        node
        for node in had
        if not any(child.key in had for child in graph.node_map[node].children if child.key[0] == node[0])
    ]
    executor.migrate(sorted(last))


def _copy_in(cursor: Any, table: str, file: Path) -> None:
    from regulars.web.config.archive import shape

    columns = ", ".join(f'"{name}"' for name in shape(cursor, table)[0])
    with cursor.copy(f'COPY "{table}" ({columns}) FROM STDIN') as copy, file.open("rb") as content:
        while piece := content.read(1 << 20):
            copy.write(piece)


def _no_style() -> Any:
    from django.core.management.color import no_style

    return no_style()


def _models() -> list[Any]:
    from django.apps import apps

    return [model for model in apps.get_models(include_auto_created=True) if model._meta.managed]


def _publish_again() -> None:
    """Fill the figures of the current valuation and the one before from their own files."""
    from regulars.web.valuations.actions import publish_again

    publish_again()


def _compare(found: dict[str, list[Any]], said: dict[str, list[Any]], source: Path) -> None:
    wrong = [name for name in said if found.get(name) != said[name]]
    if wrong:
        raise _damaged(
            source,
            T(zh=f"表 {wrong[0]} 与备份不一致", en=f"the table {wrong[0]} differs from the backup"),
        )


def _after(into: Path, present: Path) -> None:
    """Erase again who was erased since, and close what was under way when the backup was made."""
    from regulars.web.config.backup import ERASED
    from regulars.web.contracts.models import OPEN as OPEN_RUNS
    from regulars.web.contracts.models import ContractRun, State
    from regulars.web.core.models import Job, JobState, Pulse
    from regulars.web.customers.actions.erasing import erase_again
    from regulars.web.importing.actions import lost_files
    from regulars.web.valuations.actions import OPEN
    from regulars.web.valuations.models import Valuation, ValuationState

    if (present / ERASED).is_file() and present != into:
        lines = [path.read_text(encoding="utf-8") for path in (into / ERASED, present / ERASED) if path.is_file()]
        every = dict.fromkeys(line for text in lines for line in text.splitlines() if line.strip())
        (into / ERASED).write_text("\n".join(every) + "\n", encoding="utf-8")
    erase_again()
    Job.objects.filter(state__in=(JobState.QUEUED, JobState.RUNNING)).update(state=JobState.CANCELLED)
    Valuation.objects.filter(state__in=OPEN).update(state=ValuationState.CANCELLED)
    ContractRun.objects.filter(state__in=OPEN_RUNS).update(state=State.CANCELLED)
    Pulse.objects.all().delete()  # its workers are of another place
    lost_files()


def _clear(into: Path, *, folder_too: bool) -> None:
    for path in into.iterdir() if into.exists() else ():
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    if folder_too and into.exists():
        into.rmdir()
