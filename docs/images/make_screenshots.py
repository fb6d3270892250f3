"""Take the pictures of README and docs: the demo company in Chromium, in Chinese and English (`make screenshots`)."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.error import URLError
from urllib.request import urlopen

from playwright.sync_api import sync_playwright

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

HERE = Path(__file__).parent
LOCALES = {"zh": "zh-CN", "en": "en-GB"}
DESK = {"width": 1360, "height": 850}
PORT = 8417


@contextmanager
def demo(lang: str) -> Iterator[tuple[str, str]]:
    """Make the demo company and serve it; yield its address and everybody's password."""
    env = {**os.environ, "CI": "1", "REGULARS_LOG_LEVEL": "ERROR"}
    with tempfile.TemporaryDirectory() as room:
        made = [sys.executable, "-m", "regulars", "demo", "--serve", "--lang", lang, "--out", room, "--port", str(PORT)]
        subprocess.run(made, env=env, check=True, stdout=subprocess.DEVNULL)
        home = Path(room) / "workspace"
        serve = [sys.executable, "-m", "regulars", "serve", "--home", str(home), "--port", str(PORT)]
        server = subprocess.Popen(serve, env=env, stdout=subprocess.DEVNULL)
        try:
            url = f"http://127.0.0.1:{PORT}"
            _wait(url)
            time.sleep(15)  # the valuation's alerts become tasks
            yield url, json.loads((home / "demo.json").read_text(encoding="utf-8"))["password"]
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(30)


def _wait(url: str) -> None:
    for _ in range(300):
        try:
            with urlopen(f"{url}/healthz", timeout=2):
                return
        except (URLError, OSError):
            time.sleep(0.1)
    raise SystemExit("the demo does not answer")


def person(browser: Browser, url: str, password: str, username: str, lang: str) -> Page:
    """Sign in as one of the demo's people."""
    context = browser.new_context(
        base_url=url, viewport=DESK, locale=LOCALES[lang], reduced_motion="reduce", color_scheme="light"
    )  # fmt: skip
    page = context.new_page()
    page.goto("/sign-in/")
    page.fill("[name=login]", username)
    page.fill("[name=password]", password)
    page.click("main form button.btn-primary")
    page.wait_for_load_state()
    return page


def take(browser: Browser, lang: str) -> None:
    """Take every picture in one language."""
    with demo(lang) as (url, password):
        _picture(person(browser, url, password, "account", lang), "/", f"today-{lang}")
        manager = person(browser, url, password, "manager", lang)
        manager.goto("/customers/")
        best = manager.locator("tbody a[href^='/customers/']").first.get_attribute("href") or "/customers/"
        _picture(manager, best, f"customer-{lang}")
        _picture(manager, "/campaigns/1/", f"campaign-{lang}")
        if lang == "en":  # docs are in English
            _picture(manager, "/customers/", "customers-en")
            _picture(manager, "/value/", "value-en")
            _picture(person(browser, url, password, "account", lang), "/tasks/", "tasks-en")


def _picture(page: Page, path: str, name: str) -> None:
    page.goto(path)
    page.wait_for_timeout(600)  # charts are drawn
    page.screenshot(path=HERE / f"{name}.png")
    print(f"{name}.png")


def main() -> None:
    """Take all pictures, with the Chromium of the system."""
    executable = os.environ.get("REGULARS_TEST_BROWSER") or shutil.which("chromium") or shutil.which("google-chrome")
    if executable is None:
        raise SystemExit("no Chromium: install it, or name one in REGULARS_TEST_BROWSER")
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        for lang in LOCALES:
            take(browser, lang)
        browser.close()


if __name__ == "__main__":
    main()
