"""A browser and the application in it: `desk("manager", lang="zh-hans", theme="dark")` gives a page, signed in."""

from __future__ import annotations

import os
import runpy
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

CAST = runpy.run_path(str(Path(__file__).parents[1] / "web_cast.py"))
globals().update({name: value for name, value in CAST.items() if type(value).__name__ == "FixtureFunctionDefinition"})

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
        page.complaints = []  # type: ignore[attr-defined]
        page.on("console", lambda m: page.complaints.append(m.text) if m.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        sign_in(page, role)
        return page

    yield sit_down
    for context in contexts:
        context.close()


def sign_in(page: Page, username: str) -> None:
    """Go through the door as a person does."""
    page.goto("/sign-in/")
    page.fill("[name=login]", username)
    page.fill("[name=password]", PASSWORD)
    page.click("main form button.btn-primary")
    page.wait_for_load_state()
