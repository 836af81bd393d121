"""The school calendar's page in a real browser, on a desk and on a telephone, with and without scripts."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from router.store.engine import open_database
from tests.browser.walks import sign_in
from tests.databases import Databases
from tests.desk.test_calendar_import import SNOWED
from tests.intake.school_files import CORSE, csv_file, csv_lines, csv_of
from tests.web import test_operations
from tests.web.people import SettableClock, quick_hashes
from web import create_app

FAULTY = csv_of([line.replace("Zone C", "Zone D") for line in csv_lines(SNOWED)])
FILES = {"change": csv_file([*SNOWED, *CORSE]), "refused": FAULTY}


@pytest.fixture(scope="module")
def address(databases: Databases, serve: Callable[[Any], str]) -> Iterator[str]:
    url = databases.migrated("sqlite")
    with pytest.MonkeyPatch.context() as patch, quick_hashes():
        patch.setenv("AIGUILLAGE_SECRET_KEY", "k" * 40)
        world = test_operations.settled(open_database(url, synchronous="NORMAL"))
        yield serve(create_app(desk=world.desk, clock=SettableClock(test_operations.NOW)))


def read(screen: Page, address: str, content: bytes) -> None:
    screen.goto(f"{address}/calendrier-scolaire")
    screen.get_by_label("Fichier du calendrier").set_input_files(
        {"name": "calendrier.csv", "mimeType": "text/csv", "buffer": content}
    )
    screen.get_by_role("button", name="Lire le fichier").click()


@pytest.mark.parametrize("name", FILES)
def test_on_a_desk_and_on_a_telephone(
    name: str, address: str, page: Page, phone: Page, accessible: Callable[[Page], None]
) -> None:
    for screen in (page, phone):
        sign_in(screen, address, "administrator")
        read(screen, address, FILES[name])
        expect(screen.get_by_role("heading", name="Ce qui a été lu")).to_be_visible()
        accessible(screen)
        width, shown = screen.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
        assert width <= shown
        screen.goto(f"{address}/calendrier-scolaire")
        accessible(screen)


def test_a_preview_without_scripts(address: str, page_without_scripts: Page) -> None:
    page = page_without_scripts
    sign_in(page, address, "administrator")
    read(page, address, FILES["change"])
    expect(page.get_by_role("heading", name="Ce qui change : Zone B")).to_be_visible()
    expect(page.get_by_role("button", name="Mettre en vigueur")).to_be_visible()
