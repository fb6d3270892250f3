"""The demo workspace: a simulated company brought in by the same path as any other, valued, with people at work.

The same customers, seed and language give the same workspace; one that is there already is served as it is.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from regulars import __version__
from regulars.errors import InputError
from regulars.web.config import demo_campaigns, prepare
from regulars.web.config.demo_people import COLLEAGUES, COMPLAINT, PROMISE, TALKS, TEAMS, write_customers
from regulars.words import Lang, T

MARK = "demo.json"
SOURCE = "shop"
ZONE = "Asia/Shanghai"
"""Where the company is: its days are the demo's days."""
NAME = T(zh="云上茶行", en="Cloud Tea Traders")
CODES = {"zh": "zh-hans", "en": "en"}
TALKED_WITH = 24
BEFORE = timedelta(weeks=8)
"""A valuation this long before the current one, so that there are movements to be seen."""

Step = Callable[[T], None]

MAKING = T(zh="建工作区", en="making the workspace")
SIMULATING = T(zh="模拟一家公司", en="simulating a company")
BRINGING_CUSTOMERS = T(zh="导入客户", en="importing customers")
BRINGING_ORDERS = T(zh="导入订单", en="importing orders")
VALUING = T(zh="估值", en="valuing")
CAMPAIGN = T(zh="做一次活动", en="running a campaign")
READING = T(zh="读活动结果", en="reading what it brought")
TALKING = T(zh="记几笔客户日志", en="adding to the log")


@dataclass(frozen=True, slots=True)
class Demo:
    """What a demo workspace was made from, and how to get in."""

    customers: int
    seed: int
    lang: Lang
    version: str = __version__
    password: str = ""

    def same(self, other: Demo) -> bool:
        """Return whether both would be the same workspace."""
        return replace(self, password="") == replace(other, password="")


def found(home: Path) -> Demo | None:
    """Return the demo that was made in `home`; None where there is none, or not to its end."""
    try:
        return Demo(**json.loads((home / MARK).read_text(encoding="utf-8")))
    except (FileNotFoundError, json.JSONDecodeError, TypeError):
        return None


def ready(home: Path, wanted: Demo, *, today: date, step: Step) -> Demo:
    """Return the demo in `home`: the one that is there if it is the one wanted, else a fresh one.

    Raises
    ------
    InputError
        When the folder holds something that is no demo.
    """
    there = found(home)
    if there is not None and there.same(wanted):
        prepare.set_up(home)
        prepare.prepare()
        return there
    if home.exists() and any(home.iterdir()) and not (home / MARK).exists() and not (home / f"{MARK}.part").exists():
        raise InputError(
            T(zh="这个文件夹里不是演示", en="this folder holds no demo"),
            where=str(home),
            remedy=T(zh="用 --out 换一个文件夹。", en="Choose another folder with --out."),
        )
    shutil.rmtree(home, ignore_errors=True)
    made = replace(wanted, password=prepare.make_password())
    home.mkdir(parents=True)
    (home / f"{MARK}.part").touch()  # what is half-made may be thrown away next time
    _make(home, made, today, step)
    (home / f"{MARK}.part").write_text(json.dumps(asdict(made)), encoding="utf-8")
    (home / f"{MARK}.part").chmod(0o600)
    (home / f"{MARK}.part").rename(home / MARK)
    return made


def _make(home: Path, demo: Demo, today: date, step: Step) -> None:
    step(MAKING)
    prepare.make_folder(home)
    prepare.set_up(home)
    prepare.prepare()
    from django.utils import translation

    with translation.override(CODES[demo.lang]):
        _people(demo)
        room = home / "uploads" / "demo"
        room.mkdir()
        step(SIMULATING)
        orders, customers = _files(room, demo, today)
        step(BRINGING_CUSTOMERS)
        _bring(customers, "customers")
        step(CAMPAIGN)
        demo_campaigns.consents(demo.seed)
        demo_campaigns.over(orders, today=today, lang=demo.lang, seed=demo.seed)
        step(BRINGING_ORDERS)
        _bring(orders, "orders")
        shutil.rmtree(room)
        step(VALUING)
        _value(today - BEFORE)
        _value()
        step(READING)
        demo_campaigns.waiting(today=today, lang=demo.lang)
        step(TALKING)
        _talk(demo, today)


def _people(demo: Demo) -> None:
    from django.contrib.auth.hashers import make_password

    from regulars.web.accounts.models import Membership, Role, Team, User
    from regulars.web.core.models import Workspace

    Workspace.objects.update_or_create(
        pk=1,
        defaults={
            "name": NAME[demo.lang], "currency": "CNY", "zone": ZONE, "language": CODES[demo.lang],
        },
    )  # fmt: skip
    teams: dict[str, Team] = {}
    for key, (name, kind, above) in TEAMS.items():
        teams[key] = Team.objects.create(name=name[demo.lang], kind=kind, parent=teams[above] if above else None)
    hashed = make_password(demo.password)  # reckoned once: it is slow on purpose
    for one in COLLEAGUES:
        user = User.objects.create(
            username=one.username, name=one.name[demo.lang], password=hashed, language=CODES[demo.lang]
        )
        Membership.objects.create(user=user, team=teams[one.team], role=Role.objects.get(key=one.role))


def _files(room: Path, demo: Demo, today: date) -> tuple[Path, Path]:
    """Simulate up to yesterday: values of a demo are as fresh as a company's own."""
    import pyarrow.parquet as pq  # only a fresh demo needs it

    from regulars.simulate import demo_company, simulate

    company = demo_company(n_customers=demo.customers, seed=demo.seed)
    company = replace(company, start=today - timedelta(weeks=company.weeks))
    made = simulate(company, room, headers=demo.lang, format="csv")
    assert made.truth is not None
    ids = [str(one) for one in pq.read_table(made.truth, columns=["customer_id"])["customer_id"].to_pylist()]
    customers = room / "customers.csv"
    write_customers(ids, customers, lang=demo.lang, seed=demo.seed)
    return made.orders, customers


def _bring(file: Path, kind: str) -> None:
    from django.core.files import File

    from regulars.web.importing import terminal

    with file.open("rb") as content:
        terminal.bring(
            File(content, file.name), kind=kind, source=SOURCE, username="admin", map_file=None, date_order=None,
            dry_run=False, step=lambda _: None,
        )  # fmt: skip


def _value(as_of: date | None = None) -> None:
    from regulars.web.core.jobs import run_job
    from regulars.web.importing.terminal import importer
    from regulars.web.valuations import actions
    from regulars.web.valuations.running import Parameters

    valuation = actions.start(by=importer("admin"), parameters=Parameters(as_of=as_of))
    run_job.func(valuation.job_id)
    valuation.refresh_from_db()
    if not valuation.published_at:
        raise InputError(T(zh=valuation.failure.get("zh", ""), en=valuation.failure.get("en", "")))


def _talk(demo: Demo, today: date) -> None:
    """Let the account managers write into the log of their best customers."""
    from regulars.web.accounts.access import actor_of
    from regulars.web.accounts.models import User
    from regulars.web.journal.actions import record
    from regulars.web.valuations.selectors import figures

    for user in User.objects.filter(memberships__role__key="account_manager").order_by("pk"):
        by = actor_of(user)
        best = figures(by).select_related("customer").order_by("-customer_value")[:TALKED_WITH]
        for i, figure in enumerate(best):
            said: dict[str, Any] = {"customer": figure.customer, "by": by}
            kind, topic, words = TALKS[i % len(TALKS)]
            record(**said, kind=kind, topic=topic, text=words[demo.lang], minutes=5 + i % 4 * 5)
            if i % 6 == 0:
                record(**said, kind="promise", text=PROMISE[demo.lang], due_on=today + timedelta(days=2 + i % 5))
            if i % 8 == 3:
                record(**said, kind="complaint", topic="delivery", text=COMPLAINT[demo.lang])
