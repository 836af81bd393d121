"""The convention's annexes in a real browser: readable on a telephone, accessible, and on paper."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from router.store.engine import open_database
from tests.databases import Databases
from tests.web.declare_world import open_pages
from tests.web.people import quick_hashes

Accessible = Callable[[Page], None]
RACI, SIMPLIFIED = "/regles/raci?convention=demo-nord", "/regles/tableau-simplifie?convention=demo-nord"


@pytest.fixture(scope="module")
def address(databases: Databases, serve: Callable[[object], str]) -> Iterator[str]:
    url = databases.migrated("sqlite")
    database = open_database(url, synchronous="NORMAL")
    with quick_hashes(), pytest.MonkeyPatch.context() as patch:
        patch.setenv("AIGUILLAGE_SECRET_KEY", "k" * 40)
        pages = open_pages(database)
    yield serve(pages.app)
    database.engine.dispose()
    databases.drop(url)


@pytest.fixture(params=["page", "phone"])
def screen(request: pytest.FixtureRequest) -> Page:
    opened: Page = request.getfixturevalue(request.param)
    return opened


@pytest.mark.parametrize("path", [RACI, SIMPLIFIED])
def test_the_annexes_read_well(address: str, screen: Page, accessible: Accessible, path: str) -> None:
    screen.goto(f"{address}{path}")
    expect(screen.get_by_role("heading", level=1)).to_be_visible()
    assert screen.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    accessible(screen)


def test_a_letter_leads_to_its_rule(address: str, page: Page) -> None:
    page.goto(f"{address}{RACI}")
    page.get_by_role("link", name=re.compile(r"^R A : agit, répond \(Matériel dont on ignore")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Matériel dont on ignore le propriétaire")


def test_the_three_ways_to_read_keep_the_convention(address: str, page: Page) -> None:
    page.goto(f"{address}{RACI}")
    page.get_by_role("link", name="Tableau simplifié").click()
    expect(page.get_by_label("Convention")).to_have_value("demo-nord")
    expect(page.get_by_role("table").get_by_text("Copieurs : loués par les collèges")).to_be_visible()


def test_on_paper_without_navigation_the_simplified_table_is_one_landscape_page(
    address: str, page: Page
) -> None:
    page.goto(f"{address}{SIMPLIFIED}")
    printed = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1
    width, height = map(float, re.findall(rb"/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]", printed)[0])
    assert width > height
    page.emulate_media(media="print")
    for hidden in ("navigation", "button", "combobox"):
        expect(page.get_by_role(hidden)).to_have_count(0)  # type: ignore[arg-type]


def test_on_paper_the_raci_repeats_its_header(address: str, page: Page) -> None:
    page.goto(f"{address}{RACI}")
    page.emulate_media(media="print")
    assert page.locator("thead").evaluate("head => getComputedStyle(head).display") == "table-header-group"
    assert page.locator("thead th").first.evaluate("head => getComputedStyle(head).position") == "static"
