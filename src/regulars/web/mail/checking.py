"""Whether a message may still go to each of a few customers: asked again at the moment of sending."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from regulars.prove.control import CONTROL
from regulars.web.campaigns.selectors import left_alone_by_all
from regulars.web.campaigns.taxonomy import State as Stage
from regulars.web.customers import selectors as customers
from regulars.web.customers.taxonomy import Channel as By
from regulars.web.customers.taxonomy import ConsentState, PointKind, Purpose
from regulars.web.mail.models import MailSetting, Outgoing, Suppressed
from regulars.web.mail.taxonomy import GONE, Suppressing, Why
from regulars.web.tasks.selectors import in_group

if TYPE_CHECKING:
    from regulars.web.campaigns.models import Campaign


@dataclass(frozen=True, slots=True)
class Address:
    """Where a message may go, and the keyed hash of it."""

    value: str
    digest: str


@dataclass(slots=True)
class Checked:
    """Who may be written to and where; who may not, and why."""

    to: dict[int, Address] = field(default_factory=dict)
    refused: dict[int, Why] = field(default_factory=dict)


def check(campaign: Campaign, numbers: Collection[int], setting: MailSetting, now: datetime) -> Checked:
    """Return to whom of `numbers` the message of a campaign may go now, and why to the others not."""
    found = Checked()
    left = set(numbers)

    def refuse(why: Why, some: Collection[int]) -> None:
        for number in left & set(some):
            found.refused[number] = why
            left.discard(number)

    if campaign.state != Stage.RUNNING or campaign.holdout_id is None:
        refuse(Why.ENDED, left)
        return found
    refuse(Why.ARCHIVED, left - _dealt_with(left))
    refuse(Why.HELD_OUT, _held_out(campaign, left))
    said = _said(left)
    refuse(Why.REFUSED, [one for one, state in said.items() if state != ConsentState.GRANTED])
    if campaign.only_agreed:
        refuse(Why.SILENT, left - set(said))
    addresses = _addresses(left)
    refuse(Why.UNREACHABLE, left - set(addresses))
    refuse(Why.SUPPRESSED, [number for number, one in addresses.items() if one is None])
    refuse(Why.CAPPED, _capped(left, setting, now))
    found.to = {number: one for number in left if (one := addresses[number])}
    return found


def _dealt_with(numbers: Collection[int]) -> set[int]:
    return {pk for (pk,) in customers.everyone().filter(pk__in=numbers)}


def _held_out(campaign: Campaign, numbers: Collection[int]) -> set[int]:
    assert campaign.holdout_id is not None
    group = in_group(campaign.holdout_id, CONTROL).filter(customer__in=numbers)
    return {row["customer_id"] for row in group} | left_alone_by_all(numbers)


def _said(numbers: Collection[int]) -> dict[int, str]:
    words = customers.latest_words(Purpose.MARKETING, By.EMAIL).filter(customer__in=numbers)
    return dict(words)


def _addresses(numbers: Collection[int]) -> dict[int, Address | None]:
    """Return customer → their first address that still takes offers; None where each has been closed to us."""
    points = customers.addresses_of(numbers, PointKind.EMAIL)
    hashed = {
        number: [Address(value, customers.naming_hash(PointKind.EMAIL, key)) for value, key in some]
        for number, some in points.items()
    }
    closed = _closed({one.digest: number for number, some in hashed.items() for one in some})
    return {number: next((one for one in some if one.digest not in closed), None) for number, some in hashed.items()}


def _closed(digests: Mapping[str, int]) -> set[str]:
    """Return which addresses get no more offers. Who unsubscribed and has agreed again since does get them."""
    found = list(Suppressed.objects.filter(digest__in=list(digests)))
    back = customers.agreed_at([digests[one.digest] for one in found], Purpose.MARKETING, By.EMAIL) if found else {}
    return {
        one.digest
        for one in found
        if one.why == Suppressing.BOUNCED or (at := back.get(digests[one.digest])) is None or at <= one.at
    }


def _capped(numbers: Collection[int], setting: MailSetting, now: datetime) -> list[int]:
    since = now - timedelta(days=setting.within_days)
    lately = Outgoing.objects.filter(customer__in=numbers, gone_at__gt=since, state__in=GONE)
    had: Mapping[int, int] = Counter(lately.values_list("customer_id", flat=True))
    return [number for number, n in had.items() if n >= setting.most]
