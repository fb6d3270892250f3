"""The pages of value as people meet them: drawn, accessible, in both languages and themes, on a phone, clicked."""

from __future__ import annotations

import runpy
from datetime import timedelta
from pathlib import Path

import pytest

pytest.importorskip("playwright.sync_api")

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

CAST = runpy.run_path(str(Path(__file__).parents[1] / "web" / "shop_cast.py"))
globals().update({name: made for name, made in CAST.items() if type(made).__name__ == "FixtureFunctionDefinition"})

PAGES = [
    "",
    "matrix/",
    "pyramid/",
    "concentration/",
    "rfm/",
    "cohort/",
    "retention/",
    "what-if/?weeks=104&lower=20&claim_low=10",
    "movements/",
    "movements/who/?before=I&after=I",
]
LOOKS = [("zh-hans", "light", False), ("en", "dark", True)]
RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}


@pytest.fixture
def paths(simulated, value):
    """Every address, with two valuations published and one customer's page."""
    from regulars.web.valuations.models import CustomerFigure

    value(as_of=simulated.as_of - timedelta(days=30))
    valuation = value()
    best = CustomerFigure.objects.order_by("-customer_value").values_list("customer_id", flat=True)[0]
    pages = [f"/value/{page}" for page in PAGES]
    return [
        *pages,
        f"/value/runs/{valuation.pk}/model/",
        f"/customers/{best}/",
        f"/value/customers/{best}/orders/",
        "/",
    ]


@pytest.mark.parametrize(("lang", "theme", "phone"), LOOKS)
def test_every_page_of_value_is_accessible_fits_and_obeys_the_policy(desk, paths, lang, theme, phone):
    from axe_playwright_python.sync_playwright import Axe

    page, axe, wrong = desk("viewer", lang=lang, theme=theme, phone=phone), Axe(), []
    for path in paths:
        page.complaints.clear()
        page.goto(path)
        page.wait_for_timeout(300)
        found = axe.run(page, options=RULES).response["violations"]
        wrong += [f"{path}: {v['id']} {v['nodes'][0]['html'][:160]}" for v in found]
        width = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        wrong += [f"{path}: {width} px too wide"] if width > 0 else []
        wrong += [f"{path}: {said}" for said in page.complaints]
        blank = page.evaluate("[...document.querySelectorAll('.chart')].filter(c => !c.querySelector('canvas')).length")
        wrong += [f"{path}: {blank} charts not drawn"] if blank else []
    assert wrong == []


def test_a_mark_opens_its_customers(desk, paths):
    page = desk("viewer")
    page.goto("/value/pyramid/")
    page.wait_for_timeout(600)
    box = page.locator(".chart").bounding_box()
    page.mouse.click(box["x"] + box["width"] / 6 - 40, box["y"] + box["height"] * 0.8)
    page.wait_for_url("**/customers/?matrix=*")
    page.goto("/value/concentration/")
    page.wait_for_timeout(600)
    box = page.locator(".chart").bounding_box()
    page.mouse.click(box["x"] + box["width"] * 0.3, box["y"] + box["height"] * 0.6)
    page.wait_for_url("**/customers/?current_value_from=*")


def test_without_script_the_tables_say_the_same(desk, paths):
    page = desk("viewer", script=False)
    page.goto("/value/matrix/")
    assert page.locator("table").first.is_visible()
    assert not page.locator(".chart").first.is_visible()


def test_a_question_is_answered_in_place_and_stands_in_the_address(desk, paths):
    page = desk("viewer", lang="zh-hans")
    page.goto("/value/what-if/")
    before = page.locator("#answer .kpi-v").first.inner_text()
    page.select_option("[name=weeks]", "104")
    page.wait_for_function("before => document.querySelector('#answer .kpi-v').innerText !== before", arg=before)
    page.wait_for_url("**/value/what-if/?weeks=104*")
    page.fill("[name=lower]", "20")
    page.keyboard.press("Tab")
    page.wait_for_selector("text=乘以 0.8")
    page.wait_for_function("document.querySelectorAll('#answer .chart canvas').length === 3")
    page.locator("#claims td").get_by_text("Reichheld").first.wait_for()
    with page.expect_download() as found:
        page.locator("a[href*='table.csv']").click()
    assert "104" in found.value.path().read_text(encoding="utf-8-sig")


def test_the_model_card_explains_itself_and_the_customer_says_why(desk, paths):
    page = desk("viewer")
    page.goto(next(path for path in paths if "/model/" in path))
    page.wait_for_function("document.querySelectorAll('.chart canvas').length >= 3")
    meaning = page.locator("#pit details")
    meaning.locator("summary").click()
    assert "PIT histogram" in meaning.inner_text()
    page.locator("#weekly [data-act=table]").click()
    assert page.locator("#weekly table").is_visible()
    page.goto(next(path for path in paths if path.startswith("/customers/")))
    page.evaluate("document.getElementById('why').scrollIntoView()")  # at once: seen, it is replaced
    page.wait_for_selector("#why >> text=They order now")
    assert page.complaints == []


def test_what_if_works_without_script(desk, paths):
    page = desk("viewer", script=False)
    page.goto("/value/what-if/")
    page.fill("[name=rate]", "5")
    page.click("main form button.btn-primary")
    assert "rate=5" in page.url
    assert "95.24" in page.locator("#answer").inner_text()
