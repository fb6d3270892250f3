"""Commands that serve a workspace: `init`, `serve`, `worker`, `check`; and what their options mean."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any

from regulars.cli.arguments import whole_argument
from regulars.words import T

HELP = {
    "init": T(
        zh="建一个工作区：文件夹、密钥、数据库、第一位管理员",
        en="make a workspace: folder, secrets, database, the first administrator",
    ),
    "serve": T(zh="打开网页，并在旁边做长活", en="serve the pages, with the worker beside them"),
    "worker": T(zh="只做长活：导入、估值", en="only do the long work: imports, valuations"),
    "check": T(zh="检查这次部署，用平常话说", en="look over this deployment, in plain words"),
    "--home": T(zh="工作区的文件夹，默认 ./regulars-data", en="folder of the workspace; default: ./regulars-data"),
    "--username": T(zh="管理员登录用的名字", en="the administrator's sign-in name"),
    "--host": T(zh="在哪个地址上听", en="address to listen on"),
    "--port": T(zh="在哪个端口上听", en="port to listen on"),
    "--processes": T(zh="用几个进程回答网页", en="how many processes answer pages"),
    "--no-worker": T(zh="不在旁边做长活", en="without the worker beside"),
}

Command = Callable[[str], Any]
Option = Callable[..., None]
COMMANDS = ("init", "serve", "worker", "check")


def add_workspace_commands(command: Command, option: Option) -> None:
    """Add the commands with the parser's own means."""
    parsers = {name: command(name) for name in COMMANDS}
    for parser in parsers.values():
        option(parser, "--home", metavar="DIR")
    option(parsers["init"], "--username", default="admin", metavar="NAME")
    option(parsers["serve"], "--host", default="127.0.0.1", metavar="ADDRESS")
    option(parsers["serve"], "--port", whole_argument, default=8000, metavar="PORT")
    option(parsers["serve"], "--processes", whole_argument, default=1, metavar="N")
    option(parsers["serve"], "--no-worker", action="store_true")


def run_workspace(options: argparse.Namespace) -> int:
    """Run one of the commands; what they need is imported only now."""
    from regulars.cli import workspace

    return workspace.RUN[options.command](options)
