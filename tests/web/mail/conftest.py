"""The shop of the campaigns, with e-mail addresses, a server that keeps what it is given, and campaigns that run."""

from __future__ import annotations

import runpy
from collections.abc import Callable, Iterator
from datetime import time, timedelta
from pathlib import Path
from typing import Any

import pytest

SHOP = runpy.run_path(str(Path(__file__).parents[1] / "campaigns" / "conftest.py"))
globals().update({name: value for name, value in SHOP.items() if type(value).__name__ == "FixtureFunctionDefinition"})

TEXTS = {
    "subject_zh": "{{ name }}，新茶到了", "body_zh": "{{ salutation }}：\n\n{{ offer }}，见 https://tea.example/new 。",
    "subject_en": "New tea for {{ name }}", "body_en": "{{ salutation }},\n\n{{ offer }}: see https://tea.example/new.",
}  # fmt: skip


@pytest.fixture
def sink(settings: Any) -> Iterator[Any]:
    """A mail server, and the settings that lead to it."""
    from tests.web.mail.sink import listening

    from regulars.web.config.email import mailers

    with listening() as found:
        settings.MAILERS = mailers(f"smtp://127.0.0.1:{found.port}", Path())
        yield found


@pytest.fixture
def ready(shop: Any, settings: Any) -> Any:
    """Everybody has an address; a sender is set; no quiet hours."""
    from regulars.web.customers.models import ContactPoint
    from regulars.web.mail.models import MailSetting

    settings.BASE_URL = "https://regulars.example"
    ContactPoint.objects.bulk_create(
        [ContactPoint(customer_id=n, kind="email", value=address(n), key=address(n)) for n in shop.ids]
    )
    MailSetting.objects.create(
        pk=1, sender="tea@shop.example", sender_name="茶铺", imprint="Tea Ltd, 1 Lake Road", quiet_from=time(3),
        quiet_to=time(3),
    )  # fmt: skip
    return shop


def address(number: int) -> str:
    return f"c{number}@mail.example"


@pytest.fixture
def written(draft: Any, ready: Any, actors: Any) -> Callable[..., Any]:
    """A draft by e-mail with its message."""
    from regulars.web.mail import actions

    def make(texts: dict[str, str] = TEXTS, **fields: Any) -> Any:
        campaign = draft(channel="email", **fields)
        actions.save_letter(campaign=campaign, texts=texts, version=campaign.version, by=actors["marketing"])
        return campaign

    return make


@pytest.fixture
def mailing(written: Any, actors: Any, work: Any) -> Callable[..., Any]:
    """A campaign by e-mail that runs, with `keep` messages waiting and the others left out, so that tests are short."""
    from regulars.web.campaigns import actions
    from regulars.web.mail.models import Outgoing

    def make(keep: int = 8, **fields: Any) -> Any:
        campaign = written(**fields)
        actions.submit(campaign=campaign, version=campaign.version, by=actors["marketing"])
        actions.approve(campaign=campaign, version=campaign.version, by=actors["manager"])
        actions.launch(campaign=campaign, version=campaign.version, by=actors["marketing"])
        work()
        campaign.refresh_from_db()
        kept = Outgoing.objects.filter(campaign=campaign).order_by("id").values_list("pk", flat=True)[:keep]
        Outgoing.objects.exclude(pk__in=list(kept)).filter(campaign=campaign).delete()
        return campaign

    return make


@pytest.fixture
def send(work: Any, people: Any) -> Callable[[], None]:
    """Let the chore start the sender, and the worker do it."""
    from regulars.web.mail import jobs

    def run() -> None:
        jobs.begin()
        work()

    return run


@pytest.fixture
def later() -> Callable[..., None]:
    """Let time pass for the server and for messages that are tried again."""
    from django.utils import timezone

    from regulars.web.mail.models import MailSetting, Outgoing

    def pass_by() -> None:
        before = timezone.now() - timedelta(seconds=1)
        MailSetting.objects.update(retry_at=None)
        Outgoing.objects.filter(state="retry").update(not_before=before)

    return pass_by
