"""`regulars init`, `serve`, `worker`, `check`: from an empty folder to pages in a browser."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from regulars.errors import InputError
from regulars.words import T

MADE = T(zh="工作区在 {home}", en="the workspace is in {home}")
SIGN_IN = T(
    zh="管理员：{username}\n密码：{password}（只显示这一次；登录后在“个人”里改）",
    en="administrator: {username}\npassword: {password} (shown only now; change it under “Profile”)",
)
PEOPLE_EXIST = T(zh="已有用户，没有新加管理员", en="people exist already; no administrator was added")
NEXT = T(zh="下一步：regulars serve", en="next: regulars serve")
SERVING = T(zh="熟客在 {url}，按 Ctrl-C 结束。", en="Regulars is at {url}; Ctrl-C ends this.")
CODES = {"zh": "zh-hans", "en": "en"}


def run_init(options: argparse.Namespace) -> int:
    """Make or bring up to date the workspace; the first administrator's password is printed once."""
    from regulars.web.config import prepare

    home = _home(options)
    prepare.make_folder(home)
    prepare.set_up(home)
    prepare.prepare()
    print(MADE.format(home=home)[options.lang])
    password = prepare.make_password()
    language = CODES[options.lang]
    if prepare.add_administrator(options.username, options.username, password, language=language):
        print(SIGN_IN.format(username=options.username, password=password)[options.lang])
    else:
        print(PEOPLE_EXIST[options.lang])
    print(NEXT[options.lang])
    return 0


def run_serve(options: argparse.Namespace) -> int:
    """Serve until told to end."""
    from regulars.web.config import prepare
    from regulars.web.config.serve import Serving, serve

    prepare.set_up(_home(options))
    prepare.prepare()
    serving = Serving(options.host, options.port, max(1, options.processes), not options.no_worker)
    return serve(serving, ready=lambda: print(SERVING.format(url=serving.url)[options.lang], flush=True))


def run_worker(options: argparse.Namespace) -> int:
    """Do long work until told to end."""
    from regulars.web.config import prepare

    prepare.set_up(_home(options))
    from regulars.web.core.worker import run_worker as work

    work()
    return 0


def run_check(options: argparse.Namespace) -> int:
    """Say what is well and what is not; 1 where something has to be done before people come."""
    from regulars.cli.deployment import findings

    found = findings(_home(options))
    for finding in found:
        print(finding.line(options.lang))
    return 1 if any(finding.state == "bad" for finding in found) else 0


def _home(options: argparse.Namespace) -> Path:
    """Return the workspace's folder.

    Raises
    ------
    InputError
        When the web's packages are not installed.
    """
    try:
        import django  # noqa: F401
        import granian  # noqa: F401
    except ModuleNotFoundError:
        raise InputError(
            T(zh="没有装网页要用的组件", en="what the pages need is not installed"),
            remedy='pip install "regulars[web]"',
        ) from None
    from regulars.web.config.home import home_folder

    return Path(options.home).expanduser().absolute() if options.home else home_folder()


RUN: dict[str, Callable[[argparse.Namespace], int]] = {
    "init": run_init,
    "serve": run_serve,
    "worker": run_worker,
    "check": run_check,
}
