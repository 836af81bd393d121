"""How the browser's tests sign somebody in, and walk through her pages on a desk and on a telephone."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from playwright.sync_api import Page

from tests.web.people import PASSWORD


def sign_in(page: Page, address: str, name: str) -> None:
    page.goto(f"{address}/connexion")
    page.get_by_label("Adresse électronique").fill(f"{name}@example.org")
    page.get_by_label("Mot de passe").fill(PASSWORD)
    page.get_by_role("button", name="Se connecter").click()
    page.wait_for_url(lambda url: "/connexion" not in url)


def walk(
    screens: Iterable[Page], address: str, name: str, paths: Iterable[str], accessible: Callable[[Page], None]
) -> None:
    """Each page has its heading, nothing axe finds, and nothing wider than the screen."""
    for screen in screens:
        sign_in(screen, address, name)
        for path in paths:
            screen.goto(f"{address}{path}")
            assert screen.get_by_role("heading", level=1).is_visible()
            accessible(screen)
            width, shown = screen.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
            assert width <= shown, path


SLOW = """() => {
  const real = window.fetch;
  window.fetch = (address, options) => new Promise((answer, refuse) => {
    options.signal.addEventListener("abort", () => refuse(new DOMException("", "AbortError")));
    window.addEventListener("answered", () => real(address, options).then(answer, refuse));
  });
  window.addEventListener("answered", () => { window.fetch = real; });
}"""


@contextmanager
def nothing_comes_back(page: Page) -> Iterator[None]:
    """A network so slow that what the page's script asks is only answered afterwards."""
    page.evaluate(SLOW)
    yield
    page.evaluate("window.dispatchEvent(new Event('answered'))")
