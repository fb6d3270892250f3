"""What people do in a day, on the demo company as it is served: from a file of orders to an outcome in the log."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest

expect = pytest.importorskip("playwright.sync_api").expect

pytestmark = pytest.mark.browser

BOUGHT = [(who, 9 + 23 * k + who * 3) for who in range(8) for k in range(1 + who % 4)]
"""Customer and how many days ago."""


def ugly(lang: str) -> tuple[bytes, str]:
    """Orders as a till exports them: encoding, dates, amounts and a sum at the end as people there write them."""
    days = [(who, date.today() - timedelta(days=ago)) for who, ago in BOUGHT]
    if lang == "zh-hans":
        head = "单据号,会员编号,销售日期,品名,数量,金额（元）,操作员"
        rows = [f'S{i:04d},VIP-{who},{day:%Y/%m/%d},龙井 大,2,"￥1,{who}80.50",甲' for i, (who, day) in enumerate(days)]
        return "\r\n".join([head, *rows, "", f'合计,,,,{2 * len(rows)},"￥99,999.00",']).encode("gb18030"), "收银.csv"
    head = "Receipt no;Client no;Date;Item;Qty;Total amount;Clerk"
    rows = [f"R{i:04d};C-{who};{day:%d.%m.%Y};Longjing;2;1.{who}80,50;Ann" for i, (who, day) in enumerate(days)]
    return ("\ufeff" + "\r\n".join([head, *rows, "", f"Total;;;;{2 * len(rows)};99.999,00;"])).encode(), "till.csv"


def no_complaints(*pages):
    assert [said for page in pages for said in page.complaints] == []


@pytest.mark.parametrize("lang", ["zh-hans", "en"])
def test_from_a_file_to_values(enter, lang):
    """An administrator brings an ugly file in by the wizard and values everybody."""
    page = enter("admin", lang=lang)
    page.click(".rg-side a[href='/import/']")
    content, name = ugly(lang)
    page.set_input_files("[name=file]", {"name": name, "mimeType": "text/csv", "buffer": content})
    page.fill("main [name=source]", f"till-{lang}")
    page.click("main form[enctype] .btn-primary")
    page.locator(".import-columns").wait_for(timeout=30_000)
    meant = page.locator(".import-columns select").evaluate_all("all => all.map(one => one.value)")
    assert {"order_id", "customer_id", "ordered_at", "net_amount", "quantity"} <= set(meant)
    page.click("main form:has(.import-columns) .btn-primary")
    begin = page.locator("form[action$='/begin/'] button")
    begin.wait_for(timeout=30_000)
    expect(page.locator(".rec b")).to_contain_text(str(len(BOUGHT)))
    begin.click()
    onward = page.locator(".rec a.btn-primary")
    onward.wait_for(timeout=60_000)
    expect(page.locator(".rec p")).to_contain_text("8")
    onward.click()
    page.click("main form[action$='/start/'] .btn-primary")
    page.locator("main .c-up").first.wait_for(timeout=90_000)
    expect(page.locator("main .facts")).to_contain_text(re.compile("408|416"))  # eight of this file, eight of the other
    no_complaints(page)


@pytest.mark.parametrize(("lang", "phone"), [("zh-hans", False), ("en", True)])
def test_from_the_queue_to_an_outcome_in_the_log(enter, lang, phone):
    """An account manager opens who matters most, logs a call in two clicks and finishes the task."""
    page = enter("account", lang=lang, phone=phone)
    page.goto("/")
    first = page.locator("#queue .q li").first
    name = first.locator(".what").inner_text()
    task = first.locator("a[href^='/tasks/']:not(.tick)").first.get_attribute("href")
    first.locator(".what").click()
    page.wait_for_url("**/customers/*/")
    customer = page.url
    assert page.inner_text("h1").startswith(name)

    page.fill(".quick textarea", f"Asked about the autumn teas {lang}")
    page.click(".quick .btn-primary")
    page.locator(".tl").get_by_text(f"Asked about the autumn teas {lang}").wait_for()

    page.goto(task)
    page.fill("[name=text]", f"Two cases on Monday {lang}")
    page.click("[name=outcome][value=will_order]")
    page.wait_for_load_state()
    page.goto(customer)
    outcome = {"zh-hans": "会下单", "en": "Will order"}[lang]
    expect(page.locator(".tl li", has_text=f"Two cases on Monday {lang}")).to_contain_text(outcome)
    page.goto(task)
    expect(page.locator("main")).to_contain_text(outcome)
    no_complaints(page)


@pytest.mark.parametrize("lang", ["zh-hans", "en"])
def test_from_a_filter_to_a_file_of_a_frozen_segment(enter, lang):
    """A manager filters the list, keeps it as a view, writes down who is in it and takes them along as a file."""
    page, name = enter("manager", lang=lang), f"Best {lang}"
    page.goto("/customers/")
    page.select_option("#filters [name=matrix]", "IV")
    page.wait_for_url("**matrix=IV**")
    shown = set(page.locator("tbody a[href^='/customers/']").evaluate_all("all => all.map(a => a.pathname)"))

    page.click(".views a[href^='/views/new/']")
    page.fill("[name=name]", name)
    page.click("main form .btn-primary")
    expect(page.locator(".views [aria-current=page]")).to_have_text(name)

    page.click("main a[href^='/segments/new/']")
    page.fill("[name=name]", name)
    page.check("[name=frozen][value='1']")
    page.click("main form .btn-primary")
    page.wait_for_url(re.compile(r"/segments/\d+/$"))
    assert page.inner_text("h1").startswith(name)
    listed = page.locator("tbody a[href^='/customers/']").evaluate_all("all => all.map(a => a.pathname)")
    assert set(listed) == shown != set()

    page.click("details.pop.right > summary")
    page.click("[name=format][value=csv]")
    with page.expect_download(timeout=30_000) as download:
        page.locator("main a[href^='/exports/']").click(timeout=30_000)
    rows = download.value.path().read_text("utf-8-sig").splitlines()[1:]
    assert shown <= {f"/customers/{row.split(',')[0]}/" for row in rows}
    assert name in download.value.suggested_filename
    no_complaints(page)


@pytest.mark.parametrize("lang", ["zh-hans", "en"])
def test_a_caller_is_found_by_part_of_the_phone(enter, lang):
    page = enter("service", lang=lang)
    page.keyboard.press("/")
    page.locator("dialog.pal[open]").wait_for()
    page.keyboard.type("00005")
    expect(page.locator("#palette-answers a").first).to_have_attribute("href", re.compile(r"^/customers/\d+/$"))
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/customers/*/")
    assert re.search(r"1390*0005", page.inner_text("main").replace(" ", ""))
    no_complaints(page)


def test_the_phone_is_hidden_from_who_may_not_read_it(enter):
    page = enter("viewer", lang="en")
    page.goto("/search/?q=13900005")
    assert page.locator(".res a[href^='/customers/']").count() == 0


@pytest.mark.parametrize(
    ("lang", "rule", "words"), [("zh-hans", "晚得反常", "留作对照"), ("en", "unusually late", "Left alone")]
)
def test_who_is_left_alone_is_marked_and_has_no_task(enter, lang, rule, words):
    page = enter("admin", lang=lang)
    page.goto("/control-groups/")
    page.locator("tbody tr", has_text=rule).locator("a").first.click()
    page.locator("main .views a, main [role=tab], main nav a").last.click()
    page.locator("tbody a[href^='/customers/']").first.click()
    page.wait_for_url("**/customers/*/")
    expect(page.locator(".rg-head .chip.info")).to_have_text(words)
    expect(page.locator("#experiments")).to_contain_text(words)
    no_complaints(page)


WHO = [
    ("admin", "zh-hans", "dark", True, 3), ("admin", "en", "light", False, 1),
    ("manager", "zh-hans", "light", False, 1), ("account", "en", "dark", True, 1),
    ("marketing", "zh-hans", "dark", False, 1), ("service", "en", "light", True, 1),
    ("analyst", "en", "dark", False, 1), ("viewer", "zh-hans", "light", True, 1),
]  # fmt: skip
ELSEWHERE = re.compile(r"^/(static|sign-out|administration|api)/|\.csv$|/left-out|^/proof/export")
OPENS = "[...document.querySelectorAll('a[href^=\"/\"]')].map(a => a.getAttribute('href').split(/[?#]/)[0])"


@pytest.mark.parametrize(("username", "lang", "theme", "phone", "steps"), WHO)
def test_every_page_is_sound(enter, faults, username, lang, theme, phone, steps):
    """Pages that lie `steps` steps behind the navigation, one of each kind: accessible, fitting, no complaint."""
    page, wrong, seen = enter(username, lang=lang, theme=theme, phone=phone), [], set()
    ahead = [("/", 0), ("/menu/", 0), ("/settings/", 0)]
    for path, step in ahead:
        kind = re.sub(r"\d+", "N", path)
        if kind in seen or ELSEWHERE.search(path):
            continue
        seen.add(kind)
        answer = page.goto(path)
        assert answer is not None
        wrong += [f"{path}: {answer.status}"] if answer.status >= 400 else []
        page.wait_for_timeout(60)
        wrong += faults(page)
        if step < steps:
            ahead += [(found, step + 1) for found in page.evaluate(OPENS)]
    assert len(seen) >= 8
    assert wrong == []


@pytest.mark.parametrize(("lang", "phone"), [("zh-hans", False), ("en", True)])
def test_a_campaign_from_its_plan_to_its_launch_and_one_that_has_been_read(enter, faults, lang, phone):
    """The marketer plans for a segment, the manager approves, the marketer launches; the finished one has a verdict."""
    name = f"Winter teas {lang}"
    marketer = enter("marketing", lang=lang)
    marketer.goto("/campaigns/new/")
    marketer.fill("[name=name]", name)
    lists = marketer.locator("[name=audience]")  # a small one first: who is in a campaign that runs is in no other
    (lists.first if lang == "zh-hans" else lists.last).check()
    marketer.fill("[name=share]", "50")
    marketer.locator("[name=channel][value=wechat]").check()
    marketer.fill("[name=contact_cost]", "2")
    marketer.fill("[name=quiet_days]", "0")
    marketer.fill("[name=starts_on]", f"{date.today() + timedelta(days=2)}")
    marketer.click("main .btn-primary")
    submit = marketer.locator("form[action$='/submit/'] button")
    submit.wait_for(timeout=30_000)
    assert faults(marketer) == []
    plan = marketer.url
    submit.click()

    manager = enter("manager", lang=lang, phone=phone)
    manager.goto(plan)
    manager.fill("[name=note]", "Agreed")
    manager.click("form[action$='/decide/'] .btn-primary")
    manager.wait_for_load_state()
    assert faults(manager) == []

    marketer.goto(plan)
    marketer.click("form[action$='/launch/'] button")
    marketer.locator("form[action$='/end/']").wait_for(timeout=30_000)
    expect(marketer.locator(".verdict h2")).to_contain_text(
        {"zh-hans": "还没到读结果的时候", "en": "Not read yet"}[lang]
    )
    assert faults(marketer) == []

    manager.goto("/proof/")
    manager.locator("tbody a", has_text="秋茶尝鲜").click()
    any_of_them = {"zh-hans": "有效|尚无定论|亏损", "en": "Proved|Inconclusive|Lost money"}  # 400 customers are few
    expect(manager.locator(".verdict h2")).to_have_text(re.compile(any_of_them[lang]))
    manager.locator("[data-chart=effect] canvas").wait_for()
    assert faults(manager) == []
    manager.goto("/proof/story/")
    manager.locator("[data-chart=forest] canvas").wait_for()
    assert faults(manager) == []
