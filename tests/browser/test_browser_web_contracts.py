"""Contracts in the browser: the curve is drawn, the list leads to a customer; on a phone and in Chinese it fits."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

CAST = runpy.run_path(str(Path(__file__).parents[1] / "web" / "contracts" / "conftest.py"))
bring, look, made = (CAST[name] for name in ("bring", "look", "made"))

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def looked_at(bring, made, look):
    bring(made(120))
    return look(margin=0.4)


def test_who_may_leave_is_read_and_opened(desk, faults, looked_at):
    page = desk("viewer")
    page.goto("/value/contracts/")
    page.wait_for_selector("#survival .chart canvas")
    assert faults(page) == []
    page.locator("#survival [data-act=table]").click()
    assert page.locator("#survival table").is_visible()
    page.click("#next .rgc-h a")
    page.wait_for_url("**/value/contracts/who/")
    page.get_by_role("link", name="next renewal").click()
    assert "order=next_due" in page.url
    page.locator(".leaving a").first.click()
    page.wait_for_selector("#contract")
    assert page.complaints == []


def test_on_a_phone_in_chinese_in_the_dark(desk, faults, looked_at):
    page = desk("analyst", lang="zh-hans", theme="dark", phone=True)
    for path in ("/value/contracts/", "/value/contracts/who/"):
        page.goto(path)
        assert faults(page) == []
    assert "谁可能离开" in page.inner_text("main")
