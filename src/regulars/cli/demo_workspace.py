"""`regulars demo --serve`: the pages on a simulated company, with somebody of every role to sign in as."""

from __future__ import annotations

import argparse
import os
import sys
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from regulars.cli.progress import Progress
from regulars.words import Lang, T

FOLDER = "workspace"
AT = T(zh="熟客在 {url}", en="Regulars is at {url}")
SIGN_IN = T(zh="登录名（密码都是 {password}）：", en="sign in as (the password of all is {password}):")
WHO = T(zh="  {username:<10} {name}，{role}，{team}", en="  {username:<10} {name}, {role}, {team}")
CTRL_C = T(zh="按 Ctrl-C 结束。", en="Ctrl-C ends this.")
SHOWN = T(
    zh="页面打得开，已关掉；在终端里运行会一直开着。",
    en="the pages answer; closed again. At a terminal they stay open.",
)


def run_demo_workspace(options: argparse.Namespace) -> int:
    """Make the demo workspace where there is none, and serve it: until stopped at a terminal, else to show it works."""
    from regulars.cli.workspace import _home

    os.environ.setdefault("REGULARS_LOG_LEVEL", "ERROR")  # the terminal belongs to who looks
    os.environ.setdefault("EMAIL_URL", "file:")  # e-mails are written down, nobody receives them
    os.environ.setdefault("REGULARS_URL", f"http://127.0.0.1:{options.port}")
    options.home = str(Path(options.out or "demo") / FOLDER)
    home, progress = _home(options), Progress(options.lang)
    from regulars.web.config.demo import ZONE, Demo, ready

    wanted = Demo(customers=options.customers, seed=options.seed, lang=options.lang)
    demo = ready(home, wanted, today=datetime.now(ZoneInfo(ZONE)).date(), step=progress)
    progress.done()
    from regulars.web.config.serve import Serving, serve

    serving, stays = Serving(port=options.port), someone_watches(options)
    return serve(serving, ready=lambda: _say(serving.url, demo.password, options.lang, stays=stays))


def someone_watches(options: argparse.Namespace) -> bool:
    """Return whether a person sits at a terminal."""
    quiet = options.no_serve or os.environ.get("CI")
    return not quiet and sys.stdin.isatty() and sys.stdout.isatty()


def _say(url: str, password: str, lang: Lang, *, stays: bool) -> None:
    """Print where the demo is and who may sign in; where nobody watches, end after that."""
    import signal

    from regulars.web.accounts.models import Role
    from regulars.web.config.demo_people import COLLEAGUES, TEAMS
    from regulars.web.core.words import CODES

    print(AT.format(url=url)[lang])
    print(SIGN_IN.format(password=password)[lang])
    from django.utils import translation

    with translation.override(CODES[lang]):
        for one in COLLEAGUES:
            role = str(Role.SHIPPED[one.role])
            print(WHO.format(username=one.username, name=one.name, role=role, team=TEAMS[one.team][0])[lang])
    print((CTRL_C if stays else SHOWN)[lang], flush=True)
    if not stays:
        os.kill(os.getpid(), signal.SIGTERM)
