"""Campaigns of the demo: one that is over and whose true effect is known, and one that waits for approval.

The simulator knows no campaign. What the first one brought is put into the orders before they are imported: some of
the treated place an order more, each a copy of an order that somebody really placed. What these are worth is the truth.
"""

from __future__ import annotations

import csv
import random
from contextlib import suppress
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING, Any

from regulars.words import Lang, T

if TYPE_CHECKING:
    from regulars.web.campaigns.models import Campaign

BEGAN = timedelta(weeks=10)
WINDOW = 42
CONTACT = Decimal(8)
SHARE = Decimal("0.35")
ONE_MORE = 0.45
"""Share of the treated who order once more because of it."""
LARGEST = Decimal(2_500)
AGREE, REFUSE = 0.86, 0.05
NUMBER, CUSTOMER, AT, QUANTITY, AMOUNT, UNIT_COST = 0, 1, 2, 6, 8, 9
"""Places of columns in the file of orders."""

AUTUMN = T(zh="秋茶尝鲜：先寄样，再报价", en="Autumn teas: samples first, then a price")
EVERYBODY = T(zh="全部客户", en="All customers")
OFFER = T(zh="三款秋茶样品", en="Samples of three autumn teas")
GOAL = T(zh="让客户多下一单秋茶", en="One more order of autumn tea from each")
TRUTH = T(
    zh="这家公司是模拟的，真相已知：因为这次活动多下的订单，扣掉成本后每人真实多赚 ¥{truth:,.0f}。",
    en="This company is simulated, so the truth is known: the orders that this campaign brought are really worth "
    "¥{truth:,.0f} a head, its costs taken off.",
)
NEXT = T(zh="黄金客户回访：春季订货会", en="Gold customers: a call about the spring ordering fair")
GOLD = T(zh="黄金客户", en="Gold customers")
NEXT_GOAL = T(zh="订货会前先谈好数量", en="Agree quantities before the fair")
NEXT_OFFER = T(zh="订货会前一周优先选货", en="First choice a week before the fair")
FORM = T(zh="开户时签的同意书", en="Form signed when the account was opened")


def consents(seed: int) -> None:
    """Let most customers agree to offers, some refuse, the others never have said."""
    from django.utils import timezone

    from regulars.web.core.words import current_lang
    from regulars.web.customers.models import Consent, Customer

    drawn, now, made = random.Random(seed), timezone.now(), []  # noqa: S311 - invented people, no secret
    for number in Customer.objects.order_by("pk").values_list("pk", flat=True):
        luck = drawn.random()
        state = "granted" if luck < AGREE else "refused" if luck < AGREE + REFUSE else ""
        if state:
            said = {"customer_id": number, "purpose": "marketing", "state": state, "at": now - timedelta(weeks=52)}
            made.append(Consent(**said, evidence=FORM[current_lang()]))
    Consent.objects.bulk_create(made, batch_size=1_000)


def over(orders: Path, *, today: date, lang: Lang, seed: int) -> None:
    """Run a campaign of ten weeks ago for everybody, and put what it brought into the file of orders."""
    from django.utils import timezone

    from regulars.web.accounts.access import actor_of
    from regulars.web.campaigns import actions
    from regulars.web.campaigns.models import Campaign
    from regulars.web.tasks.models import Exposure, Holdout
    from regulars.web.tasks.selectors import today as shop_day

    marketing, manager = _person("marketing"), _person("manager")
    segment = _segment(EVERYBODY[lang], {}, marketing)
    first = today - BEGAN
    campaign = _planned(
        {
            "name": AUTUMN[lang], "goal": GOAL[lang], "offer": OFFER[lang], "channel": "wechat",
            "starts_on": shop_day(), "window_days": WINDOW, "contact_cost": CONTACT, "share": SHARE, "by_class": False,
        },
        segment, marketing,
    )  # fmt: skip
    actions.approve(campaign=campaign, version=campaign.version, by=manager)
    actions.carry_out(campaign=campaign, by=actor_of(campaign.owner))
    assert campaign.holdout is not None
    then = timezone.now() - BEGAN
    Exposure.objects.filter(holdout=campaign.holdout).update(assigned_at=then)
    Holdout.objects.filter(pk=campaign.holdout.pk).update(started_at=then)
    Campaign.objects.filter(pk=campaign.pk).update(
        starts_on=first, first_day=first, last_day=first + timedelta(days=WINDOW - 1), made_at=then, launched_at=then,
        submitted_at=then, decided_at=then,
    )  # fmt: skip
    truth = _order_more(orders, campaign, first, seed)
    actions.add_lesson(campaign=campaign, text=TRUTH[lang].format(truth=float(truth)), by=marketing)


def waiting(*, today: date, lang: Lang) -> None:
    """Plan a campaign that waits for approval, read the one that is over, and let e-mail be tried."""
    from regulars.web.campaigns import actions
    from regulars.web.core.models import Workspace
    from regulars.web.mail.models import MailSetting

    marketing = _person("marketing")
    segment = _segment(GOLD[lang], {"matrix": "III"}, marketing)
    plan = {
        "name": NEXT[lang], "goal": NEXT_GOAL[lang], "offer": NEXT_OFFER[lang], "channel": "call",
        "starts_on": today + timedelta(days=7), "window_days": 28, "contact_cost": Decimal(12),
        "worth_knowing": Decimal(150), "share": Decimal("0.4"),
    }  # fmt: skip
    _planned(plan, segment, marketing)
    MailSetting.objects.update_or_create(
        pk=1, defaults={"sender": "tea@regulars.example", "sender_name": Workspace.current().name}
    )
    actions.end_due(day=today, by=marketing)
    actions.read_due()


def _person(username: str) -> Any:
    from regulars.web.accounts.access import actor_of
    from regulars.web.accounts.models import User

    return actor_of(User.objects.get(username=username))


def _segment(name: str, asked: dict[str, str], by: Any) -> Any:
    from regulars.web.segments.actions import make_segment
    from regulars.web.segments.conditions import Conditions

    return make_segment(name=name, shared="all", conditions=Conditions.read(asked), frozen=False, by=by)


def _planned(fields: dict[str, Any], segment: Any, by: Any) -> Campaign:
    """Plan, count and submit, as a person does by the pages."""
    from django.core.exceptions import ValidationError

    from regulars.web.campaigns import actions
    from regulars.web.campaigns.models import Campaign
    from regulars.web.core import jobs

    lists = [{"list": f"segment:{segment.pk}", "called": segment.name}]
    made = actions.create(plan=actions.Plan(audience=lists, **fields), by=by)
    assert made.job_id is not None
    jobs.run_job.func(made.job_id)
    campaign = Campaign.objects.select_related("owner", "holdout", "job").get(pk=made.pk)
    with suppress(ValidationError):  # a company of a hundred may have nobody in a class: its plan stays a draft
        actions.submit(campaign=campaign, version=campaign.version, by=by)
    return campaign


def _order_more(orders: Path, campaign: Campaign, first: date, seed: int) -> Decimal:
    """Add an order to the file for some of the treated; return what these are worth a treated head, costs taken off."""
    from regulars.prove.control import TREATED
    from regulars.web.customers.models import ExternalIdentity
    from regulars.web.tasks.models import Exposure

    drawn = random.Random(seed)  # noqa: S311 - invented orders, no secret
    treated = Exposure.objects.filter(holdout=campaign.holdout, arm=TREATED).values("customer_id")
    names = ExternalIdentity.objects.filter(customer__in=treated).order_by("external_id")
    who = list(names.values_list("external_id", flat=True))
    with orders.open(encoding="utf-8", newline="") as file:
        _head, *rows = csv.reader(file)
    known = list(_whole_orders(rows).values())
    added, worth = list[list[str]](), Decimal(0)
    for place, customer in enumerate(who):
        if drawn.random() >= ONE_MORE:
            continue
        at = datetime.combine(first + timedelta(days=drawn.randrange(3, WINDOW)), datetime.min.time())
        moment = f"{at + timedelta(hours=9, minutes=drawn.randrange(480)):%Y-%m-%d %H:%M:%S}"
        for row in drawn.choice(known):
            worth += Decimal(row[AMOUNT]) - Decimal(row[QUANTITY]) * Decimal(row[UNIT_COST])
            added.append([f"SO9{place:07d}", customer, moment, *row[AT + 1 :]])
    with orders.open("a", encoding="utf-8", newline="") as file:
        csv.writer(file, quoting=csv.QUOTE_MINIMAL).writerows(added)
    return worth / max(1, len(who)) - CONTACT


def _whole_orders(rows: list[list[str]]) -> dict[str, list[list[str]]]:
    """Return the orders of known customers whose lines can all be read and that are not among the largest."""
    found: dict[str, list[list[str]]] = {}
    bad = set[str]()
    for row in rows:
        number = row[NUMBER]
        if number.startswith("SO") and row[CUSTOMER].strip() and _readable(row):
            found.setdefault(number, []).append(row)
        else:
            bad.add(number)
    return {
        number: lines
        for number, lines in found.items()
        if number not in bad and sum(Decimal(line[AMOUNT]) for line in lines) <= LARGEST
    }


def _readable(row: list[str]) -> bool:
    try:
        return Decimal(row[QUANTITY]) > 0 and Decimal(row[AMOUNT]) > 0 and Decimal(row[UNIT_COST]) >= 0
    except InvalidOperation:
        return False
