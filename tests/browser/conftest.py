"""A browser and the application in it: `desk("manager", lang="zh-hans", theme="dark")` gives a page, signed in."""

from __future__ import annotations

import os
import runpy
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from urllib.error import URLError
from urllib.request import urlopen

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

CAST = runpy.run_path(str(Path(__file__).parents[1] / "web_cast.py"))
globals().update({name: value for name, value in CAST.items() if type(value).__name__ == "FixtureFunctionDefinition"})

RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}
DESK, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
LOCALES = {"zh-hans": "zh-CN", "en": "en-GB"}
PASSWORD = "a long pass phrase"


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The Chromium of the system."""
    api = pytest.importorskip("playwright.sync_api", reason="the browser tests need the package playwright")
    named = os.environ.get("REGULARS_TEST_BROWSER")
    executable = named or shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if executable is None:
        pytest.skip("no Chromium: install it, or name one in REGULARS_TEST_BROWSER")
    with pytest.MonkeyPatch.context() as patch, api.sync_playwright() as play:
        # Playwright keeps an event loop in this thread, which Django takes for asynchronous code.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        browser = play.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def desk(chromium: Browser, live_server: Any, people: dict[str, Any]) -> Iterator[Callable[..., Page]]:
    """Open the application as a role; `page.complaints` holds what the browser complained about."""
    contexts = []

    def sit_down(
        role: str = "administrator", *, lang: str = "en", theme: str = "light", phone: bool = False, script: bool = True
    ) -> Page:
        user = people[role]
        user.language, user.theme = lang, theme
        user.save()
        context = chromium.new_context(
            base_url=live_server.url, viewport=PHONE if phone else DESK, color_scheme=theme, locale=LOCALES[lang],
            java_script_enabled=script, reduced_motion="reduce",
        )  # fmt: skip
        contexts.append(context)
        page = context.new_page()
        listen(page)
        sign_in(page, role)
        return page

    yield sit_down
    for context in contexts:
        context.close()


def sign_in(page: Page, username: str, password: str = PASSWORD) -> None:
    """Go through the door as a person does."""
    page.goto("/sign-in/")
    page.fill("[name=login]", username)
    page.fill("[name=password]", password)
    page.click("main form button.btn-primary")
    page.wait_for_load_state()


def listen(page: Page) -> None:
    """Let `page.complaints` hold what the browser complains about: errors, warnings, what the policy refused."""
    page.complaints = []  # type: ignore[attr-defined]
    page.on("console", lambda m: page.complaints.append(m.text) if m.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: page.complaints.append(str(error)))


@pytest.fixture
def faults() -> Callable[..., list[str]]:
    """What is wrong with the page as it stands: rules of accessibility, width, complaints of the browser."""
    from axe_playwright_python.sync_playwright import Axe

    axe = Axe()

    def of(page: Page) -> list[str]:
        path = page.url.split("/", 3)[-1]
        found = axe.run(page, options=RULES).response["violations"]
        wrong = [f"/{path}: {v['id']} {[node['html'][:120] for node in v['nodes'][:3]]}" for v in found]
        width = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        wrong += [f"/{path}: {width} px too wide"] if width > 0 else []
        wrong += [f"/{path}: {said}" for said in page.complaints]
        page.complaints.clear()
        return wrong

    return of


MAKE_DEMO = """
import sys
from datetime import date
from pathlib import Path
from regulars.web.config.demo import Demo, ready
wanted = Demo(customers=int(sys.argv[2]), seed=5, lang=sys.argv[3])
print(ready(Path(sys.argv[1]), wanted, today=date.today(), step=lambda _: None).password)
"""


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimpleNamespace]:
    """The demo company, served with its worker as `regulars serve` does."""
    home = tmp_path_factory.mktemp("demo") / "workspace"
    env = {name: value for name, value in os.environ.items() if name not in {"DJANGO_SETTINGS_MODULE", "DATABASE_URL"}}
    env |= {"REGULARS_LOG_LEVEL": "ERROR"}
    make = [sys.executable, "-c", MAKE_DEMO, str(home), "400", "zh"]
    password = subprocess.run(make, env=env, capture_output=True, text=True, check=True).stdout.split()[-1]
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "regulars", "serve", "--home", str(home), "--port", str(port)]
    server = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}"
    try:
        answers(url, server)
        yield SimpleNamespace(url=url, password=password, home=home)
    finally:
        server.terminate()
        server.wait(30)


def answers(url: str, server: subprocess.Popen[bytes]) -> None:
    """Wait until pages can be had."""
    until = time.monotonic() + 60
    while time.monotonic() < until and server.poll() is None:
        try:
            with urlopen(f"{url}/healthz", timeout=2):
                return
        except (URLError, OSError):
            time.sleep(0.1)
    pytest.fail("the demo does not answer")


@pytest.fixture
def enter(chromium: Browser, demo: SimpleNamespace) -> Iterator[Callable[..., Page]]:
    """Come into the demo as one of its people: `enter("account", lang="en", theme="dark", phone=True)`."""
    contexts = []

    def come(username: str, *, lang: str = "zh-hans", theme: str = "light", phone: bool = False) -> Page:
        context = chromium.new_context(
            base_url=demo.url, viewport=PHONE if phone else DESK, color_scheme=theme, locale=LOCALES[lang],
            reduced_motion="reduce",
        )  # fmt: skip
        contexts.append(context)
        page = context.new_page()
        listen(page)
        sign_in(page, username, demo.password)
        for name, value in (("language", lang), ("theme", theme)):
            page.goto("/profile/")
            page.click(f"main button[name={name}][value={value}]")
            page.wait_for_load_state()
        return page

    yield come
    for context in contexts:
        context.close()
