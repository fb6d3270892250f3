"""The shell as people meet it: in both languages, light, dark, on a phone, by keyboard, without script."""

from __future__ import annotations

import pytest

expect = pytest.importorskip("playwright.sync_api").expect

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PAGES = [
    "/", "/menu/", "/components/", "/profile/", "/settings/", "/settings/workspace/", "/settings/people/",
    "/settings/people/new/", "/settings/people/{user}/", "/settings/teams/", "/settings/teams/new/", "/settings/roles/",
    "/settings/roles/{role}/", "/audit/", "/jobs/", "/jobs/{job}/", "/search/?q=a", "/profile/password/",
    "/profile/second-factor/", "/profile/second-factor/keys/", "/nope/",
]  # fmt: skip
LOOKS = [("zh-hans", "light", False), ("en", "dark", False), ("zh-hans", "dark", True), ("en", "light", True)]


@pytest.fixture
def paths(people):
    """Every page's address, numbers filled in."""
    from regulars.web.accounts.models import Role
    from regulars.web.core.models import Job

    job = Job.objects.create(
        kind="x",
        started_by=people["administrator"],
        state="running",
        progress=0.62,
        message={"en": "row 8,201", "zh": "8201 行"},
    )
    numbers = {"user": people["viewer"].pk, "role": Role.objects.get(key="manager").pk, "job": job.pk}
    return [path.format(**numbers) for path in PAGES]


@pytest.mark.parametrize(("lang", "theme", "phone"), LOOKS)
def test_every_page_is_accessible_fits_and_obeys_the_policy(desk, paths, faults, lang, theme, phone):
    page, wrong = desk(lang=lang, theme=theme, phone=phone), []
    for path in paths:
        page.goto(path)
        page.wait_for_timeout(100)
        wrong += [fault for fault in faults(page) if "404" not in fault]
    assert wrong == []


@pytest.mark.parametrize("lang", ["zh-hans", "en"])
def test_the_door_is_accessible(chromium, live_server, faults, lang):
    context = chromium.new_context(base_url=live_server.url, locale="zh-CN" if lang == "zh-hans" else "en-GB")
    page = context.new_page()
    page.complaints = []
    page.goto("/sign-in/")
    assert faults(page) == []
    assert page.evaluate("document.activeElement.name") == "login"
    context.close()


def test_slash_opens_the_palette_and_arrows_lead(desk):
    page = desk()
    page.keyboard.press("/")
    palette = page.locator("dialog.pal[open]")
    palette.wait_for()
    page.locator("#palette-answers a").first.wait_for()
    page.keyboard.type("team")
    expect(page.locator("#palette-answers a")).to_have_count(1)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/settings/teams/")
    page.keyboard.press("Control+k")
    palette.wait_for()
    page.keyboard.press("Escape")
    assert palette.count() == 0
    assert page.complaints == []


def test_slash_in_a_field_is_a_slash(desk):
    page = desk()
    page.goto("/settings/teams/new/")
    page.fill("[name=name]", "")
    page.locator("[name=name]").press("/")
    assert page.input_value("[name=name]") == "/"
    assert page.locator("dialog.pal[open]").count() == 0


def test_light_and_dark_switch_at_once_and_stay(desk, people):
    page = desk()
    ground = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(ground)
    with page.expect_response("**/preferences/"):
        page.click(".rg-top [name=theme]")
    dark = page.evaluate(ground)
    assert dark != light
    page.reload()
    assert page.evaluate(ground) == dark
    people["administrator"].refresh_from_db()
    assert people["administrator"].theme == "dark"


def test_the_system_decides_where_the_person_does_not(desk):
    page, root = desk(theme="light"), "html[data-theme=system]"
    page.goto("/profile/")
    page.click("button[name=theme][value=system]")
    page.locator(root).wait_for()
    for theme in ("dark", "light"):
        page.emulate_media(color_scheme=theme)
        expect(page.locator(root)).to_have_attribute("data-bs-theme", theme)


def test_the_language_switches_with_one_press(desk):
    page = desk()
    page.click(".rg-top [name=language]")
    page.wait_for_load_state()
    assert page.evaluate("document.documentElement.lang") == "zh-Hans"
    assert "设置" in page.inner_text(".rg-side")


def test_a_job_tells_how_far_it_is_without_a_reload(desk, people):
    from regulars.web.core.models import Job

    page = desk()
    job = Job.objects.create(kind="x", started_by=people["administrator"], state="running", progress=0.1)
    page.goto(f"/jobs/{job.pk}/")
    Job.objects.filter(pk=job.pk).update(progress=0.7, message={"en": "nearly there", "zh": "快了"})
    page.get_by_text("nearly there").wait_for()
    assert page.locator("[role=progressbar]").get_attribute("aria-valuenow") == "70"
    Job.objects.filter(pk=job.pk).update(state="done", message={"en": "all done", "zh": "好了"})
    page.get_by_text("all done").wait_for()
    assert page.locator("form[action$=cancel\\/]").count() == 0
    assert page.complaints == []


def test_what_was_typed_survives_an_expired_session(desk):
    page = desk()
    page.goto("/settings/teams/new/")
    page.fill("[name=name]", "Lakeside, typed for minutes")
    page.context.clear_cookies(name="sessionid")
    page.click("main form button.btn-primary")
    page.wait_for_url("**/sign-in/**")
    page.fill("[name=login]", "administrator")
    page.fill("[name=password]", "a long pass phrase")
    page.click("main form button.btn-primary")
    page.wait_for_url("**/settings/teams/new/")
    assert page.input_value("[name=name]") == "Lakeside, typed for minutes"
    page.click("main form button.btn-primary")
    page.wait_for_url("**/settings/teams/")
    page.get_by_text("Lakeside, typed for minutes").wait_for()


def test_two_people_edit_one_team(desk, teams):
    first, second = desk(), desk()
    for page in (first, second):
        page.goto(f"/settings/teams/{teams.own.pk}/")
    first.fill("[name=name]", "First")
    first.click("main form button.btn-primary")
    first.wait_for_url("**/settings/teams/")
    second.fill("[name=name]", "Second")
    second.click("main form button.btn-primary")
    second.get_by_text("Someone else changed this").wait_for()
    assert {"First", "Second"} <= set(second.locator("td").all_inner_texts())
    second.click("main form button.btn-primary")
    second.wait_for_url("**/settings/teams/")
    teams.own.refresh_from_db()
    assert teams.own.name == "Second"


def test_undo_takes_a_closed_account_back(desk, people):
    page = desk()
    page.goto(f"/settings/people/{people['viewer'].pk}/")
    page.click("button.btn-danger-soft")
    page.get_by_text("viewer can no longer sign in").wait_for()
    page.click(".rtoast button")
    page.get_by_text("viewer can sign in again").wait_for()
    people["viewer"].refresh_from_db()
    assert people["viewer"].is_active


def test_everything_can_be_read_and_saved_without_script(desk, paths, teams):
    page = desk(script=False)
    for path in paths:
        page.goto(path)
        assert page.inner_text("h1"), path
    page.goto("/components/")
    assert page.locator(".chart-t table").is_visible()
    page.goto("/search/?q=team")
    page.click(".res a")
    page.wait_for_url("**/settings/teams/")
    page.click("main .btn-primary")
    page.fill("[name=name]", "Lakeside")
    page.click("main form button.btn-primary")
    assert page.get_by_text("Lakeside").is_visible()


def test_a_chart_and_its_table_change_places(desk):
    page = desk()
    page.goto("/components/")
    chart, table = page.locator(".chart"), page.locator(".chart-t")
    assert (chart.is_visible(), table.is_visible()) == (True, False)
    page.click(".chart-b")
    assert (chart.is_visible(), table.is_visible()) == (False, True)
    assert page.locator(".chart-b").get_attribute("aria-pressed") == "true"


def test_a_phone_has_its_bar_at_the_foot_and_no_sidebar(desk):
    page = desk(phone=True)
    assert page.locator(".rg-tabbar").is_visible()
    assert not page.locator(".rg-side").is_visible()
    page.click(".rg-tabbar a[href='/menu/']")
    page.click("main a[href='/settings/']")
    page.wait_for_url("**/settings/")


def test_the_keyboard_finds_the_content_first(desk):
    page = desk()
    page.goto("/settings/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
