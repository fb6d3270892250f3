"""Commands that move data: `import`, `backup`, `restore`; and what their options mean."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any

from regulars.words import Lang, T

HELP = {
    "import": T(zh="把客户或订单文件导入工作区", en="import a file of customers or orders into the workspace"),
    "backup": T(
        zh="把整个工作区（数据库、数据湖、估值）存成一个文件",
        en="save the whole workspace (database, lake, valuations) in one file",
    ),
    "restore": T(zh="从备份恢复到一个空文件夹", en="bring a backup back into an empty folder"),
    "file": T(zh="要导入的文件：.xlsx、.csv、.parquet", en="the file to import: .xlsx, .csv, .parquet"),
    "archive": T(zh="备份文件，如 regulars.tar", en="the backup's file, such as regulars.tar"),
    "--kind": T(zh="文件里是什么", en="what the file holds"),
    "--source": T(
        zh="从哪个系统来：同一系统的客户编号互认", en="the system it comes from: its customer numbers belong together"
    ),
    "--as": T(
        zh="以谁的名义（登录名），默认第一位管理员", en="in whose name (sign-in name); default: the first administrator"
    ),
    "--dry-run": T(zh="只检查，不写入", en="only check, write nothing"),
    "--into": T(zh="恢复到哪个文件夹，须是空的", en="folder to restore into; it must be empty"),
    "--secrets": T(
        zh="备份时工作区的密钥文件 secrets.toml", en="the file secrets.toml of the workspace that was backed up"
    ),
}
FILE = {"file": T(zh="文件", en="FILE"), "archive": T(zh="文件", en="FILE")}

Command = Callable[[str], Any]
Option = Callable[..., None]
COMMANDS = ("import", "backup", "restore")


def add_data_commands(command: Command, option: Option, lang: Lang) -> None:
    """Add the commands with the parser's own means."""
    bring, backup, restore = (command(name) for name in COMMANDS)
    bring.add_argument("file", metavar=FILE["file"][lang], help=HELP["file"][lang])
    for parser in (backup, restore):
        parser.add_argument("archive", metavar=FILE["archive"][lang], help=HELP["archive"][lang])
    for parser in (bring, backup):
        option(parser, "--home", metavar="DIR")
    option(bring, "--kind", choices=("orders", "customers", "contracts"), required=True)
    option(bring, "--source", metavar="NAME", default="")
    option(bring, "--map", metavar="FILE")
    option(bring, "--date-order", choices=("ymd", "dmy", "mdy"))
    option(bring, "--as", metavar="NAME", dest="actor")
    option(bring, "--dry-run", action="store_true")
    option(restore, "--into", metavar="DIR", required=True)
    option(restore, "--secrets", metavar="FILE")


def run_data(options: argparse.Namespace) -> int:
    """Run one of the commands; what they need is imported only now."""
    from regulars.cli import data

    return data.RUN[options.command](options)
