"""`regulars import`, `backup`, `restore`: data into a workspace, the workspace into a file and back."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from regulars.cli.progress import Progress
from regulars.cli.workspace import _home as workspace_folder
from regulars.errors import InputError
from regulars.words import T

CHECKED = T(
    zh="{rows:,} 行：新 {new:,}，有变 {changed:,}，没变 {same:,}，没用上 {left_out:,}",
    en="{rows:,} rows: {new:,} new, {changed:,} changed, {same:,} the same, {left_out:,} left out",
)
REASON = T(zh="  没用上：{text}，{rows:,} 行", en="  left out: {text}, {rows:,} rows")
NOT_WRITTEN = T(zh="没有写入（--dry-run）。", en="nothing was written (--dry-run).")
WRITTEN = T(
    zh="已导入：新 {new:,}，有变 {changed:,}，没变 {same:,}",
    en="imported: {new:,} new, {changed:,} changed, {same:,} the same",
)
NEXT = T(zh="下一步：在网页上运行估值", en="next: run a valuation on the pages")
SAVED = T(zh="备份在 {file}（{size}）", en="the backup is in {file} ({size})")
KEEP_KEYS = T(
    zh="备份里没有密钥：把 {secrets} 另外存好，恢复时要用。",
    en="the backup holds no keys: keep {secrets} somewhere else, restoring needs it.",
)
RESTORED = T(
    zh="已恢复到 {home}，{tables} 张表逐一核对无误",
    en="restored into {home}; all {tables} tables agree with the backup",
)
SERVE = T(zh="下一步：regulars serve --home {home}", en="next: regulars serve --home {home}")


def run_import(options: argparse.Namespace) -> int:
    """Import one file by the steps of the wizard, in this process."""
    from regulars.web.config import prepare

    prepare.set_up(workspace_folder(options))
    from django.core.exceptions import PermissionDenied, ValidationError

    from regulars.web.importing import terminal

    lang, progress = options.lang, Progress(options.lang)
    with _opened(Path(options.file)) as file, _in_words(ValidationError, PermissionDenied):
        account, result = terminal.bring(
            file,
            kind=options.kind,
            source=options.source,
            username=options.actor,
            map_file=options.map,
            date_order=options.date_order,
            dry_run=options.dry_run,
            step=progress,
        )
    progress.done()
    left_out = [row for row in account["left_out"] if row["rows"]]
    counts = {name: account[name] for name in ("rows", "new", "changed", "same")}
    print(CHECKED.format(**counts, left_out=sum(row["rows"] for row in left_out))[lang])
    for row in left_out:
        print(REASON.format(text=T(**row["text"]), rows=row["rows"])[lang])
    if result is None:
        print(NOT_WRITTEN[lang])
        return 0
    print(WRITTEN.format(**{name: result[name] for name in ("new", "changed", "same")})[lang])
    print(NEXT[lang])
    return 0


@contextmanager
def _opened(path: Path) -> Iterator[Any]:
    from django.core.files import File

    try:
        with path.open("rb") as content:
            yield File(content, path.name)
    except FileNotFoundError:
        raise InputError(
            T(zh="找不到这个文件", en="there is no such file"),
            where=str(path),
            remedy=T(zh="检查路径。", en="Check the path."),
        ) from None
    except IsADirectoryError:
        raise InputError(
            T(zh="这是文件夹", en="this is a folder"),
            where=str(path),
            remedy=T(zh="一次给一个文件。", en="Give one file at a time."),
        ) from None


@contextmanager
def _in_words(*kinds: type[Exception]) -> Iterator[None]:
    """Say what an action refuses as the command line says it."""
    try:
        yield
    except kinds as error:
        messages = getattr(error, "messages", None)
        if messages:
            raise InputError(" ".join(messages)) from error
        raise InputError(
            T(zh="这个人不能导入", en="this person may not import"),
            where="--as",
            remedy=T(zh="换一位管理员，或先给他权限。", en="Name an administrator, or give them the right first."),
        ) from error


def run_backup(options: argparse.Namespace) -> int:
    """Save the workspace in one file."""
    from regulars.web.config import prepare

    home, target = workspace_folder(options), Path(options.archive)
    prepare.set_up(home)
    from regulars.web.config.backup import back_up

    progress = Progress(options.lang)
    size = back_up(home, target, step=progress)
    progress.done()
    print(SAVED.format(file=target, size=_size(size))[options.lang])
    print(KEEP_KEYS.format(secrets=home / "secrets.toml")[options.lang])
    return 0


def run_restore(options: argparse.Namespace) -> int:
    """Bring a backup back into an empty folder and hold every table against it."""
    from regulars.web.config.restore import restore

    progress = Progress(options.lang)
    into = Path(options.into).expanduser().absolute()
    secrets = Path(options.secrets) if options.secrets else None
    options.home = None
    tables = restore(Path(options.archive), into, secrets=secrets, present=workspace_folder(options), step=progress)
    progress.done()
    print(RESTORED.format(home=into, tables=tables)[options.lang])
    print(SERVE.format(home=into)[options.lang])
    return 0


def _size(n: int) -> str:
    return f"{n / 1e9:.1f} GB" if n >= 1e9 else f"{n / 1e6:.1f} MB"


RUN: dict[str, Callable[[argparse.Namespace], int]] = {
    "import": run_import,
    "backup": run_backup,
    "restore": run_restore,
}
