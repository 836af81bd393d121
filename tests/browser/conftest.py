"""A real Chromium for the pages' tests. A page that calls another host, or breaks its own policy, fails.

`page` is a desk's screen, `phone` a telephone's, `page_without_scripts` a browser where JavaScript is off;
`serve` puts an application on a free port; `accessible` fails with what axe finds.
"""

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, sync_playwright
from werkzeug.serving import make_server

from tests.browser.chromium import CHROMIUM, flags
from tests.programs import ProgramMissing

DESK = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}
OWN_SCHEMES = ("data", "blob", "about")
POLICY = ("Content Security Policy", "content security policy", "Refused to")


@pytest.fixture(scope="session")
def browser(run_folder: Path) -> Iterator[Browser]:
    try:
        path = CHROMIUM.find(run_folder)
    except ProgramMissing as missing:
        if os.environ.get("ALLOW_NO_BROWSER") == "1" and os.environ.get("CI") != "true":
            pytest.skip(f"browser: {missing}")
        pytest.fail(str(missing), pytrace=False)
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=flags())
        yield opened
        opened.close()


@contextmanager
def watched_page(browser: Browser, **options: Any) -> Iterator[Page]:
    """A page in a fresh session, which fails when it left this machine or broke its own rules."""
    faults: list[str] = []

    def keep_home(request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme not in OWN_SCHEMES and address.hostname != "127.0.0.1":
            faults.append(f"asked another host: {request.url}")

    def keep_policy(message: ConsoleMessage) -> None:
        if any(words in message.text for words in POLICY):
            faults.append(f"broke its policy: {message.text}")

    context = browser.new_context(locale="fr-FR", timezone_id="Europe/Paris", **options)
    page = context.new_page()
    page.on("request", keep_home)
    page.on("console", keep_policy)
    page.on("pageerror", lambda error: faults.append(f"script failed: {error}"))
    try:
        yield page
    finally:
        context.close()
    assert faults == []


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    with watched_page(browser, viewport=DESK) as opened:
        yield opened


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    with watched_page(browser, viewport=PHONE, has_touch=True, is_mobile=True) as opened:
        yield opened


@pytest.fixture
def page_without_scripts(browser: Browser) -> Iterator[Page]:
    with watched_page(browser, viewport=DESK, java_script_enabled=False) as opened:
        yield opened


@contextmanager
def served(application: Any) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, application, threaded=True)
    thread = threading.Thread(target=server.serve_forever, name="served application")
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(scope="session")
def serve() -> Iterator[Callable[[Any], str]]:
    """Serves a WSGI application until the tests end, and gives its address."""
    with ExitStack() as opened:
        yield lambda application: opened.enter_context(served(application))


@pytest.fixture(scope="session")
def accessible() -> Callable[[Page], None]:
    """Fails with what axe finds on the page as it is now."""
    axe = Axe()

    def check(page: Page) -> None:
        found = axe.run(page)
        assert found.violations_count == 0, f"{page.url}\n{found.generate_report()}"

    return check
