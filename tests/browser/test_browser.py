"""The browser's fixtures see what they are there to see."""

from collections.abc import Callable, Iterable
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.conftest import watched_page

PAGE = """<!doctype html><html lang="fr"><head><title>Essai</title></head>
<body><main><h1>Essai</h1>%s</main></body></html>"""


def site(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    bodies = {
        "/": "<p>Bonjour</p>",
        "/faute": "<img src='/vide'>",
        "/ailleurs": "<img alt='' src='http://ailleurs.invalid/x.png'>",
        "/script": "<script>document.title = 'non'</script>",
    }
    start_response(
        "200 OK",
        [
            ("Content-Type", "text/html; charset=utf-8"),
            ("Content-Security-Policy", "default-src 'self'; img-src *"),
        ],
    )
    return [(PAGE % bodies.get(environ["PATH_INFO"], "")).encode()]


@pytest.fixture(scope="module")
def address(serve: Callable[[Any], str]) -> str:
    return serve(site)


def test_a_clean_page_passes(address: str, page: Page, accessible: Callable[[Page], None]) -> None:
    page.goto(address)
    assert page.get_by_role("heading", name="Essai").is_visible()
    accessible(page)


def test_axe_finds_a_planted_fault(address: str, page: Page, accessible: Callable[[Page], None]) -> None:
    page.goto(f"{address}/faute")
    with pytest.raises(AssertionError, match="image-alt"):
        accessible(page)


def test_a_request_to_another_host_fails_the_page(address: str, browser: Browser) -> None:
    with pytest.raises(AssertionError, match="asked another host"), watched_page(browser) as page:
        page.goto(f"{address}/ailleurs")


def test_a_script_against_the_policy_fails_the_page(address: str, browser: Browser) -> None:
    with pytest.raises(AssertionError, match="broke its policy"), watched_page(browser) as page:
        page.goto(f"{address}/script")
        assert page.title() == "Essai"


def test_a_telephone_is_narrow(address: str, phone: Page) -> None:
    phone.goto(address)
    assert phone.viewport_size == {"width": 390, "height": 844}
