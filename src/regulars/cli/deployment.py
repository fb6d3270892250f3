"""`regulars check`: what is well with this deployment and what is not, in plain words."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Literal

from regulars.errors import InputError, RegularsError
from regulars.words import Lang, T, text

State = Literal["ok", "warn", "bad"]
MARK = {"ok": "✓", "warn": "!", "bad": "✗"}
LEAST_ROOM = 2_000_000_000  # bytes
SILENT = timedelta(seconds=60)
OF_TLS = {"security.W004", "security.W012", "security.W016"}
NOT_OURS = {"security.W005", "security.W008", "security.W021", "mail.W001", "mail.E001"}
"""The proxy redirects; subdomains are not ours; of mail we speak ourselves: pages do without."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at; `remedy` where something is to be done."""

    state: State
    what: T
    remedy: T | str | None = None

    def line(self, lang: Lang) -> str:
        """Return it as one or two lines."""
        head = f"{MARK[self.state]} {self.what[lang]}"
        return head if self.remedy is None else f"{head}\n  {text(self.remedy, lang)}"


def findings(home: Path) -> list[Finding]:
    """Look at everything that can be looked at; where the workspace itself is missing, that alone is said."""
    from regulars.web.config import prepare

    try:
        prepare.set_up(home)
    except InputError as error:
        said = T(zh=error.message("zh").split("\n")[0], en=error.message("en").split("\n")[0])
        return [Finding("bad", said, error.remedy)]
    return [finding for look in LOOKS for finding in look(home)]


def _secrets(home: Path) -> Iterator[Finding]:
    from regulars.web.config.home import SECRETS_FILE, open_to_others

    path = home / SECRETS_FILE
    if open_to_others(path):
        yield Finding(
            "bad",
            T(zh="别人也能读密钥文件", en="others can read the file of secrets"),
            f"chmod 600 {path}",
        )
    else:
        yield Finding("ok", T(zh="密钥只有你能读", en="only you can read the secrets"))


def _database(home: Path) -> Iterator[Finding]:
    from django.db import DatabaseError, connection

    from regulars.web.config.prepare import behind

    try:
        waiting = behind()
    except DatabaseError as error:
        said = str(error).splitlines()[0]
        yield Finding(
            "bad",
            T(zh=f"连不上数据库（{said}）", en=f"the database cannot be reached ({said})"),
            T(zh="检查 DATABASE_URL，看数据库开着没有。", en="Check DATABASE_URL and whether the database runs."),
        )
        return
    name = connection.vendor
    if waiting:
        yield Finding(
            "bad",
            T(zh=f"数据库（{name}）还是旧版的样子", en=f"the database ({name}) has the shape of an older version"),
            T(zh="运行 regulars init。", en="Run regulars init."),
        )
    else:
        fine = T(zh=f"数据库（{name}）连得上，表是新的", en=f"the database ({name}) answers, its tables are current")
        yield Finding("ok", fine)


def _lake(home: Path) -> Iterator[Finding]:
    from regulars.lake import Lake

    if not (home / "lake").is_dir():
        yield Finding("ok", T(zh="还没有导入过数据", en="nothing was imported yet"))
        return
    try:
        tables = Lake(home / "lake").snapshot().versions
    except (RegularsError, OSError) as error:
        said = str(error).splitlines()[0]
        yield Finding(
            "bad",
            T(zh=f"数据湖读不出来（{said}）", en=f"the lake cannot be read ({said})"),
            T(zh="从备份里取回 lake 文件夹。", en="Bring the folder lake back from a backup."),
        )
        return
    yield Finding("ok", T(zh=f"数据湖读得出来，{len(tables)} 张表", en=f"the lake can be read, {len(tables)} tables"))


def _worker(home: Path) -> Iterator[Finding]:
    from django.db import DatabaseError
    from django.utils import timezone

    from regulars.web.core.models import Pulse

    try:
        alive = Pulse.objects.filter(seen_at__gte=timezone.now() - SILENT).count()
    except DatabaseError:
        return
    if alive:
        yield Finding("ok", T(zh="有人在做长活", en="a worker is alive"))
    else:
        yield Finding(
            "warn",
            T(zh="没有进程在做长活：导入和估值会一直等", en="no worker is alive: imports and valuations would wait"),
            T(zh="运行 regulars serve，或另开 regulars worker。", en="Run regulars serve, or a regulars worker."),
        )


def _doors(home: Path) -> Iterator[Finding]:
    from django.core.checks import run_checks

    found = [message for message in run_checks(include_deployment_checks=True) if message.id not in NOT_OURS]
    if any(message.id in OF_TLS for message in found):
        yield Finding(
            "warn",
            T(
                zh="网页没有加密：在自己电脑上可以，上了网络不行",
                en="pages go unencrypted: fine on this machine, not on a network",
            ),
            T(
                zh="前面放一个带 TLS 的代理，并设 REGULARS_URL=https://…、REGULARS_HOSTS。",
                en="Put a proxy with TLS in front, and set REGULARS_URL=https://… and REGULARS_HOSTS.",
            ),
        )
    for message in found:
        if message.id not in OF_TLS:
            yield Finding("bad" if message.is_serious() else "warn", T(zh=message.msg, en=message.msg), message.hint)
    if not found:
        yield Finding("ok", T(zh="网页的门关得好", en="the pages' doors are well shut"))


def _administrators(home: Path) -> Iterator[Finding]:
    from allauth.mfa.models import Authenticator
    from django.db import DatabaseError

    from regulars.web.accounts.models import User

    try:
        all_of_them = User.objects.filter(
            is_active=True, memberships__role__permissions__permission="accounts.administer"
        ).distinct()
        bare = all_of_them.exclude(pk__in=Authenticator.objects.values("user")).count()
        none = not all_of_them.exists()
    except DatabaseError:
        return
    if none:
        nobody = T(zh="没有管理员", en="there is no administrator")
        yield Finding("bad", nobody, T(zh="运行 regulars init。", en="Run regulars init."))
    elif bare:
        yield Finding(
            "warn",
            T(zh=f"{bare} 位管理员没有第二道验证", en=f"administrators without a second factor: {bare}"),
            T(zh="登录后在“个人”里打开。", en="They turn it on under “Profile”."),
        )
    else:
        yield Finding("ok", T(zh="管理员都有第二道验证", en="every administrator has a second factor"))


def _mail(home: Path) -> Iterator[Finding]:
    from regulars.web.mail import server

    if not server.is_there() or server.is_on_paper():
        yield Finding(
            "warn",
            T(
                zh="没有真正的邮件服务器：活动邮件发不出去",
                en="no real mail server is set: e-mails of campaigns reach nobody",
            ),
            T(
                zh="设 EMAIL_URL=smtp+tls://用户:密码@服务器:587。",
                en="Set EMAIL_URL=smtp+tls://user:password@host:587.",
            ),
        )
    else:
        yield Finding("ok", T(zh="设了邮件服务器", en="a mail server is set"))


def _room(home: Path) -> Iterator[Finding]:
    free = shutil.disk_usage(home).free
    words = T(zh=f"磁盘还有 {free / 1e9:.0f} GB", en=f"{free / 1e9:.0f} GB of disk are free")
    if free < LEAST_ROOM:
        yield Finding("bad", words, T(zh="腾出空间：导入要写新文件。", en="Free some room: imports write new files."))
    else:
        yield Finding("ok", words)


LOOKS: tuple[Callable[[Path], Iterator[Finding]], ...] = (
    _secrets, _database, _lake, _worker, _doors, _administrators, _mail, _room,
)  # fmt: skip
