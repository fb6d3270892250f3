"""E-mail as people meet it: a letter is written, tried, launched, and left by who does not want it."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

import pytest

expect = pytest.importorskip("playwright.sync_api").expect

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

MAIL = runpy.run_path(str(Path(__file__).parents[1] / "web" / "mail" / "conftest.py"))
globals().update({name: made for name, made in MAIL.items() if type(made).__name__ == "FixtureFunctionDefinition"})

ME = "me@shop.example"
SAID = {
    "zh-hans": {"preview": "新茶到了", "launched": "还没到读结果的时候", "ask": "不再收邮件", "done": "已经退订"},
    "en": {"preview": "New tea for", "launched": "Not read yet", "ask": "No more e-mails", "done": "unsubscribed"},
}  # fmt: skip


@pytest.mark.parametrize(("lang", "phone"), [("zh-hans", False), ("en", True)])
def test_from_a_letter_to_an_unsubscription(
    desk, faults, chromium, live_server, sink, draft, ready, work, send, people, lang, phone
):
    """The marketer writes and tries, the manager approves; who got it unsubscribes by the page, or with one click."""
    from regulars.web.mail.models import Outgoing, Suppressed

    words, texts = SAID[lang], MAIL["TEXTS"]
    people["marketing"].email = ME
    people["marketing"].save()
    plan = f"/campaigns/{draft(channel='email').pk}/"

    marketer = desk("marketing", lang=lang, phone=phone)
    marketer.goto(f"{plan}message/")
    for name, text in texts.items():
        marketer.fill(f"[name={name}]", text)
    marketer.click("main form:has([name=body_zh]) .btn-primary")
    first = marketer.locator(".letter", has_text=words["preview"]).first
    expect(first).to_contain_text(f"C{ready.ids[0]}" if lang == "zh-hans" else f"C{ready.ids[1]}")
    expect(first.locator("a[href='https://tea.example/new']")).to_have_count(1)
    assert faults(marketer) == []
    marketer.click("form[action$='/message/test/'] button")
    marketer.get_by_text(ME).first.wait_for()
    assert set(sink.recipients) == {ME}
    assert all("List-Unsubscribe" not in message for message in sink.messages)
    sink.raw.clear()

    marketer.goto(plan)
    with marketer.expect_navigation():
        marketer.click("form[action$='/submit/'] button")
    manager = desk("manager", lang=lang)
    manager.goto(plan)
    with manager.expect_navigation():
        manager.click("form[action$='/decide/'] .btn-primary")
    marketer.goto(plan)
    with marketer.expect_navigation():
        marketer.click("form[action$='/launch/'] button")
    work()
    marketer.locator("form[action$='/end/']").wait_for(timeout=30_000)  # the page looks by itself how far it is
    expect(marketer.locator(".verdict h2")).to_contain_text(words["launched"])
    assert faults(marketer) == []
    Outgoing.objects.exclude(pk__in=list(Outgoing.objects.order_by("pk").values_list("pk", flat=True)[:2])).delete()
    send()
    marketer.goto(f"{plan}e-mails/")
    assert faults(marketer) == []

    reader = chromium.new_context(base_url=live_server.url, locale="zh-CN" if lang == "zh-hans" else "en-GB")
    by_page, by_click = (
        re.search("/unsubscribe/[^>]+", message["List-Unsubscribe"]).group() for message in sink.messages
    )
    page = reader.new_page()
    page.complaints = []
    page.goto(by_page)
    expect(page.locator("h1")).to_contain_text(words["ask"])
    assert faults(page) == []
    assert not Suppressed.objects.exists(), "to open the page changes nothing"
    page.click("main form button")
    expect(page.locator("h1")).to_contain_text(words["done"])
    assert faults(page) == []
    assert reader.request.post(by_click, form={"List-Unsubscribe": "One-Click"}).status == 200
    assert Suppressed.objects.count() == len(set(sink.recipients)) == 2
    reader.close()
