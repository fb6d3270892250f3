"""The frame around every page: language, navigation, theme, safety, what a visitor without script gets."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

import pytest
from django.template import engines
from django.test import Client
from django.urls import get_resolver
from django.utils import translation

from regulars.web.core import shell
from regulars.web.core.access import ANYONE, declared
from regulars.web.core.models import Workspace

pytestmark = pytest.mark.django_db

WEB = Path(shell.__file__).resolve().parents[1]


def pages() -> list[str]:
    """Every address of the router that names no record and is behind the door; the palette's answers for one word."""

    def walk(patterns, prefix):
        for entry in patterns:
            path = f"{prefix}{entry.pattern}"
            if hasattr(entry, "url_patterns"):
                yield from walk(entry.url_patterns, path)
            elif "<" not in path and declared(entry.callback) and declared(entry.callback).permission != ANYONE:
                yield f"/{path}"

    return [*walk(get_resolver().url_patterns, ""), "/search/?q=to"]


PAGES = pages()


def text(answer):
    return answer.content.decode()


@pytest.fixture
def client(client_of):
    return client_of("administrator")


@pytest.fixture
def chinese(people, client_of):
    user = people["administrator"]
    user.language, user.name = "zh-hans", "周敏"
    user.save()
    return client_of("administrator")


@pytest.fixture
def empty_shell(monkeypatch):
    """A shell that no app has filled."""
    for name in ("_entries", "_sections", "_searches", "_steps"):
        monkeypatch.setattr(shell, name, {})
    monkeypatch.setattr(shell, "_freshness", [])
    monkeypatch.setattr(shell, "_quick", [])


def test_a_stranger_is_led_to_the_door_and_back():
    answer = Client().get("/?from=mail")
    assert answer.status_code == 302
    assert answer.headers["location"] == "/sign-in/?next=%2F%3Ffrom%3Dmail"


def page_of(client, path):
    """The page, None for what only takes a press of a button, leads on, or is a file."""
    answer = client.get(path)
    assert answer.status_code in (200, 302, 404), (path, answer.status_code)  # 404: they have no codes to show, say
    return text(answer) if answer.status_code == 200 and "html" in answer.headers["Content-Type"] else None


def test_the_router_names_the_pages():
    assert {"/", "/menu/", "/components/", "/settings/people/", "/audit/", "/profile/second-factor/"} <= set(PAGES)


@pytest.mark.parametrize("path", PAGES)
def test_every_page_opens_in_both_languages(client, chinese, path):
    english, chinese_page = page_of(client, path), page_of(chinese, path)
    assert (english is None) == (chinese_page is None)
    if chinese_page and "<html" in chinese_page:
        assert 'lang="zh-Hans"' in chinese_page


ENGLISH = re.compile(r"(?:\b[A-Za-z][a-z']+[ ,;:]+){2,}[A-Za-z][a-z']+")
NAMES = {"Head office", "East", "Riverside", "Hillside"}


def seen(page):
    """What a reader sees or hears: text, and the attributes that are read out."""
    body = re.sub(r"<(script|style|svg|code)\b.*?</\1>", " ", page, flags=re.DOTALL)
    spoken = re.findall(r'(?:aria-label|placeholder|title|alt)="([^"]*)"', body)
    return re.sub(r"<option.*?</option>", " ", body, flags=re.DOTALL), spoken


@pytest.mark.parametrize("path", PAGES)
def test_no_english_sentence_is_left_on_a_chinese_page(chinese, path):
    body, spoken = seen(page_of(chinese, path) or "")
    lines = [line.strip() for line in re.sub(r"<[^>]+>", "\n", body).splitlines()] + spoken
    found = {match[0] for line in lines if line not in NAMES for match in ENGLISH.finditer(line)}
    ours = {sentence for sentence in found if not sentence.isupper()}
    assert ours == set()


@pytest.mark.parametrize("path", PAGES)
def test_no_page_carries_inline_style_script_or_handler(client, path):
    page = page_of(client, path) or ""
    assert re.findall(r"<[^>]+\sstyle=", page) == []
    assert re.findall(r"<[^>]+\son[a-z]+=", page) == []
    assert "<style" not in page
    scripts = re.findall(r"<script\b[^>]*>", page)
    assert [tag for tag in scripts if "src=" not in tag and "application/json" not in tag] == []
    assert [tag for tag in scripts if "src=" in tag and "nonce=" not in tag] == []


def test_the_policy_lets_in_nothing_but_our_own(client):
    policy = client.get("/").headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert re.search(r"script-src 'self' 'nonce-[\w-]{16,}'", policy)
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy


def test_a_nonce_is_used_once(client):
    first, second = (re.search(r"nonce-([\w-]+)", client.get("/").headers["Content-Security-Policy"])[1] for _ in "12")
    assert first != second


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("X-Frame-Options", "DENY"),
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", "same-origin"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
    ],
)
def test_headers_that_browsers_heed(client, header, value):
    assert client.get("/").headers[header] == value


def test_the_pulse_needs_no_sign_in_and_says_nothing_more():
    assert Client().get("/healthz").json() == {"status": "ok"}
    assert Client().get("/readyz").json() == {"status": "ok"}


def test_the_pulse_beats_without_a_database(monkeypatch):
    from django.db import DatabaseError, connection

    def refuse(*_args, **_more):
        raise DatabaseError("down")

    monkeypatch.setattr(connection, "cursor", refuse)
    assert Client().get("/healthz").status_code == 200
    answer = Client().get("/readyz")
    assert (answer.status_code, answer.json()) == (503, {"status": "unavailable"})


# ---- language, theme, clock


def switch(client, **choice):
    return client.post("/preferences/", {"next": "/profile/", **choice})


def test_one_press_changes_the_language_and_stays(client, people):
    assert switch(client, language="zh-hans").headers["location"] == "/profile/"
    people["administrator"].refresh_from_db()
    assert people["administrator"].language == "zh-hans"
    assert "退出" in text(client.get("/profile/"))


def test_a_stranger_chooses_for_the_door():
    visitor = Client()
    switch(visitor, language="zh-hans")
    assert "登录" in text(visitor.get("/sign-in/"))


def test_the_browser_decides_where_nobody_chose():
    assert "登录" in text(Client(headers={"accept-language": "zh-CN,zh;q=0.9"}).get("/sign-in/"))
    assert "Sign in" in text(Client(headers={"accept-language": "de"}).get("/sign-in/"))


def test_the_workspace_decides_for_who_has_not_chosen(people, client_of):
    people["viewer"].language = ""
    people["viewer"].save()
    Workspace(pk=1, language="zh-hans").save()
    assert "设置" in text(client_of("viewer").get("/"))


@pytest.mark.parametrize(("choice", "now"), [("dark", "dark"), ("light", "light"), ("system", None)])
def test_light_or_dark_is_there_before_the_first_paint(client, choice, now):
    switch(client, theme=choice)
    page = text(client.get("/"))
    assert f'data-theme="{choice}"' in page
    assert (f'data-bs-theme="{now}"' in page) == (now is not None)


def test_rows_can_be_closer(client):
    switch(client, density="compact")
    assert 'data-density="compact"' in text(client.get("/"))


@pytest.mark.parametrize("choice", [{"language": "xx"}, {"theme": "pink"}, {"density": "<script>"}])
def test_a_choice_that_there_is_not_changes_nothing(client, people, choice):
    before = {name: getattr(people["administrator"], name) for name in ("language", "theme", "density")}
    switch(client, **choice)
    people["administrator"].refresh_from_db()
    assert {name: getattr(people["administrator"], name) for name in before} == before


def test_a_switch_never_leads_elsewhere(client):
    assert client.post("/preferences/", {"next": "https://evil.example/"}).headers["location"] == "/"


def test_times_are_the_workspaces(client, people):
    from regulars.web.core.models import Job

    Workspace(pk=1, zone="Asia/Tokyo").save()
    job = Job.objects.create(kind="x", started_by=people["administrator"])
    Job.objects.filter(pk=job.pk).update(created_at=datetime.fromisoformat("2026-07-01T20:30:00+00:00"))
    assert "2 Jul, 05:30" in text(client.get("/jobs/"))


# ---- navigation, home, search


def test_the_navigation_shows_what_one_may_open(empty_shell, actors):
    shell.add(
        shell.Entry("a", "All", "sun", "home"),
        shell.Entry("b", "Some", "sun", "people", "accounts.administer", group="know"),
    )
    assert [entry.key for entry in shell.entries(actors["viewer"])] == ["a"]
    assert [entry.key for entry in shell.entries(actors["administrator"])] == ["a", "b"]


def test_where_one_stands_is_marked(client):
    page = text(client.get("/settings/people/"))
    assert re.search(r'href="/settings/" aria-current="page"', page)
    assert not re.search(r'class="rg-nav" href="/" aria-current', page)


def test_a_count_stands_beside_its_entry(empty_shell, client):
    shell.add(shell.Entry("a", "Work", "checklist", "home", count=lambda actor: 1234))
    assert '<span class="n">1,234</span>' in text(client.get("/"))


def test_a_phone_gets_two_entries_the_plus_one_more_and_the_menu(empty_shell, client):
    for key in "abcde":
        shell.add(shell.Entry(key, key.upper() * 3, "sun", "home", tab=True))
    shell.set_quick(shell.Entry("q", "Quick", "plus", "home"))
    bar = re.search(r'<nav class="rg-tabbar".*?</nav>', text(client.get("/")), re.DOTALL)[0]
    assert re.findall(r"(AAA|BBB|CCC|DDD|Quick|Menu)", bar) == ["AAA", "BBB", "Quick", "CCC", "Menu"]


def test_the_menu_holds_the_whole_navigation(client):
    page = text(client.get("/menu/"))
    assert 'href="/settings/"' in page.split("<main")[1]


def test_a_section_stands_where_it_belongs_for_whom_it_is(empty_shell, client, client_of):
    shell.add(
        shell.Section("mine", "core/partials/empty.html", lambda actor: {"x": 1}, permission="accounts.administer"),
        shell.Section("nothing", "core/partials/empty.html", lambda actor: None),
    )
    assert 'class="empty"' in text(client.get("/"))
    assert "Nothing for you here yet" in text(client_of("viewer").get("/"))


def test_first_steps_stay_until_all_are_done(empty_shell, client):
    done = {"one": True, "two": False}
    for key in done:
        shell.add(
            shell.Step(key, f"Step {key}", "text", "sun", "home", "accounts.administer", lambda a, k=key: done[k])
        )
    page = text(client.get("/"))
    assert "Step one" in page
    assert "Do it" in page
    done["two"] = True
    assert "Step one" not in text(client.get("/"))


def test_freshness_stands_in_the_top_bar(empty_shell, client):
    shell.add_freshness(lambda actor: None)
    shell.add_freshness(lambda actor: shell.Freshness("Valued 30 Jun", "warn"))
    page = text(client.get("/"))
    assert "Valued 30 Jun" in page
    assert 'class="dot warn"' in page


def test_the_search_asks_each_app_with_the_actor(empty_shell, client, actors):
    asked = []

    def find(actor, words):
        asked.append((actor.user_id, words))
        return [shell.Found("林晓雯 <b>", "/profile/", "user", "8821")]

    shell.add(shell.Search("people", "People", find), shell.Search("none", "None", lambda actor, words: []))
    whole = text(client.get("/search/?q= lin "))
    assert "林晓雯 &lt;b&gt;" in whole
    assert asked == [(actors["administrator"].user_id, "lin")]
    part = text(client.get("/search/?q=lin", headers={"HX-Request": "true"}))
    assert "<html" not in part
    assert "8821" in part


def test_a_search_in_vain_says_so(client):
    assert "Nothing found for “zzzz”." in text(client.get("/search/?q=zzzz"))


def test_who_may_not_ask_an_app_gets_no_answer_from_it(empty_shell, client_of):
    shell.add(shell.Search("x", "X", lambda actor, words: [shell.Found("secret", "/")], permission="audit.read"))
    assert "secret" not in text(client_of("viewer").get("/search/?q=s"))


# ---- errors


def test_what_is_not_there_says_so(client):
    answer = client.get("/nope/")
    assert answer.status_code == 404
    assert "There is nothing here" in text(answer)


def test_what_is_not_ones_own_says_so(client_of):
    answer = client_of("viewer").get("/settings/people/")
    assert answer.status_code == 403
    assert "This page is not open to you" in text(answer)


def test_a_fault_of_ours_keeps_its_inside(client, monkeypatch):
    def broken(actor, place):
        raise RuntimeError("secret of the machine")

    monkeypatch.setattr(shell, "sections", broken)
    client.raise_request_exception = False
    answer = client.get("/")
    assert answer.status_code == 500
    assert "Something of ours is broken" in text(answer)
    assert "secret" not in text(answer)


def test_a_forged_form_is_refused(people):
    careful = Client(enforce_csrf_checks=True)
    careful.force_login(people["administrator"])
    assert careful.post("/settings/teams/new/", {"name": "x", "kind": "branch"}).status_code == 403


# ---- what pages are made of


def test_every_icon_that_a_template_names_exists():
    sprite = (WEB / "core/static/core/icons.svg").read_text(encoding="utf-8")
    known = set(re.findall(r'<symbol id="([\w-]+)"', sprite))
    used = {
        (path.relative_to(WEB).as_posix(), name)
        for path in WEB.rglob("*.html")
        for name in re.findall(r"""{% (?:icon|empty) ["']([\w-]+)["']""", path.read_text(encoding="utf-8"))
    }
    assert {pair for pair in used if pair[1] not in known} == set()


def test_every_icon_of_the_shell_exists():
    sprite = (WEB / "core/static/core/icons.svg").read_text(encoding="utf-8")
    icons = {part.icon for parts in (shell._entries, shell._steps) for part in parts.values()}
    assert [icon for icon in icons if f'id="{icon}"' not in sprite] == []


def test_every_template_compiles():
    engine = engines["django"]
    names = [
        path.relative_to(folder).as_posix() for folder in WEB.glob("*/templates") for path in folder.rglob("*.html")
    ]
    assert len(names) > 40
    for name in names:
        engine.get_template(name)


def test_what_is_vendored_is_written_down():
    vendor = WEB / "core/static/vendor"
    listed = (vendor / "VENDORED.md").read_text(encoding="utf-8")
    assert [file.name for file in vendor.glob("*.min.*") if f"`{file.name}`" not in listed] == []
    for name, version in (("tabler.min.css", "1.6.1"), ("htmx.min.js", "4.0.1"), ("echarts.min.js", "6.1.0")):
        assert version in (vendor / name).read_text(encoding="utf-8")[:400]
        assert version in listed


def test_a_sentence_can_be_kept_in_both_languages():
    from regulars.web.core.words import both, current_lang

    with translation.override("zh-hans"):
        assert current_lang() == "zh"
        said = both(translation.gettext_lazy("Not enough data"))
    assert said.as_dict() == {"zh": "数据不足", "en": "Not enough data"}
