"""The cast, contracts as a file, in the lake, looked at: see `tests/web/shop_cast.py` for orders."""

from __future__ import annotations

import random
import runpy
from datetime import date
from pathlib import Path

import pytest

CAST = runpy.run_path(str(Path(__file__).parents[1] / "shop_cast.py"))
globals().update({name: value for name, value in CAST.items() if type(value).__name__ == "FixtureFunctionDefinition"})


HEAD = "客户编号,合同编号,开始日期,到期日,金额\n"


def month(start, n):
    at = start.month - 1 + n
    return date(start.year + at // 12, at % 12 + 1, start.day)


def periods(n=240, seed=3, until=date(2026, 6, 1)):
    """Monthly contracts: each customer leaves with a chance of their own; one line a period."""
    rng = random.Random(seed)
    rows = []
    for i in range(n):
        theta, start = rng.betavariate(1.0, 4.0), month(date(2024, 1, 1), rng.randrange(24))
        t = 0
        while (begins := month(start, t)) < until:
            rows.append(f"C{i:03},K{i:03},{begins},{month(start, t + 1)},{100 + i % 7 * 10}")
            t += 1
            if rng.random() < theta:
                break
    return rows


@pytest.fixture
def bring(actors):
    """Import contracts step by step: `bring(rows)`."""
    from django.core.files.uploadedfile import SimpleUploadedFile

    from regulars.web.importing import actions, steps
    from regulars.web.importing.models import Holds, State

    def through(rows, head=HEAD, *, role="administrator", source="billing", name="contracts.csv"):
        by = actors[role]
        file = SimpleUploadedFile(name, (head + "\n".join(rows) + "\n").encode())
        one = actions.take(holds=Holds.CONTRACTS, source=source, file=file, by=by)
        steps.look(one, lambda *_: None)
        one.state = State.CHECKING
        steps.check(one, by, lambda *_: None)
        one.checked = dict(one.account)
        steps.write(one, by, lambda *_: None)
        return one

    return through


@pytest.fixture
def look(actors):
    """Run over the contracts to the end: `look(period="month")`."""
    from regulars.web.contracts import actions

    def run(**choices):
        one = actions.start(by=actors["administrator"], asked=actions.asked(**choices))
        actions.carry_out(run=one, report=lambda *_: None)
        one.refresh_from_db()
        return one

    return run


@pytest.fixture
def numbers():
    """The workspace's number of each customer of the file."""
    from regulars.web.customers.models import ExternalIdentity

    return lambda: dict(ExternalIdentity.objects.filter(source="billing").values_list("external_id", "customer_id"))


@pytest.fixture
def give(numbers):
    """Hand customers to a person: `give(user, 5)`."""
    from regulars.web.customers.models import Customer

    def hand(user, n):
        mine = sorted(numbers().values())[:n]
        Customer.objects.filter(pk__in=mine).update(owner=user, team_id=user.memberships.first().team_id)
        return mine

    return hand


@pytest.fixture
def made():
    """The lines of a file: `made(n=240)`."""
    return periods
