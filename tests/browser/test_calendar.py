"""« Calendrier » in a real browser: nothing axe finds, nothing wider than a telephone, and no need of scripts."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from router.desk.calendar_days import DaysAsked, decide_days
from router.desk.suspensions import declare_suspension
from router.model.words import DayCause, Reach
from router.store.engine import open_database
from tests.browser.walks import sign_in
from tests.databases import Databases
from tests.desk.test_calendar_days import TUESDAY
from tests.desk.test_suspensions import FLOOD
from tests.desk.world import MONDAY
from tests.web.keepers import keepers_pages

HARDWARE = {"category": "hardware", "asset_owner": "departement", "need": "breakdown"}


@pytest.fixture(scope="module")
def address(databases: Databases, serve: Callable[[Any], str]) -> Iterator[str]:
    url = databases.migrated("sqlite")
    database = open_database(url, synchronous="NORMAL")
    with pytest.MonkeyPatch.context() as patch, keepers_pages(database, patch) as pages:
        world = pages.world
        world.file(facts=HARDWARE)
        asked = DaysAsked(
            Reach.CONVENTION,
            "demo-nord",
            None,
            TUESDAY,
            TUESDAY,
            ("08:00-12:00",),
            DayCause.SNOW,
            "Verglas.",
        )
        decide_days(world.desk, world["manager"], asked, MONDAY)
        declare_suspension(world.desk, world["manager"], FLOOD, MONDAY)
        yield serve(pages.app)


@pytest.mark.parametrize("name", ["rupn", "principal", "manager", "manager-academie"])
def test_on_a_desk_and_on_a_telephone(
    name: str, address: str, page: Page, phone: Page, accessible: Callable[[Page], None]
) -> None:
    for screen in (page, phone):
        sign_in(screen, address, name)
        screen.goto(f"{address}/calendrier")
        for fold in screen.locator("details > summary").all():
            fold.press("Enter")
        _holds(screen, accessible)
        if name in {"principal", "manager"}:
            screen.goto(f"{address}/calendrier/jours")
            _holds(screen, accessible)
        if name == "manager":
            screen.goto(f"{address}/calendrier/force-majeure")
            screen.get_by_role("button", name="Déclarer").click()
            expect(screen.get_by_role("alert")).to_contain_text("Choisissez le premier jour")
            _holds(screen, accessible)


def test_a_principal_closes_her_college_for_a_day_without_scripts(
    address: str, page_without_scripts: Page, accessible: Callable[[Page], None]
) -> None:
    page = page_without_scripts
    sign_in(page, address, "principal")
    page.goto(f"{address}/calendrier")
    page.get_by_role("link", name="Décider d'un jour").click()
    page.get_by_label("Ce qui se passe").select_option("strike")
    page.get_by_label("Premier jour").fill("2026-12-01")
    page.get_by_label("Motif").fill("Grève annoncée des transports.")
    page.get_by_role("button", name="Voir ce qui change").click()
    expect(page.get_by_text("Rien n'est encore enregistré")).to_be_visible()
    page.get_by_role("button", name="Confirmer").click()
    expect(page.get_by_role("heading", name="Mardi 1er décembre 2026")).to_be_visible()
    expect(page.get_by_role("paragraph").filter(has_text="Grève annoncée")).to_be_visible()


def test_accepting_tells_first_what_would_stand_still(
    address: str, page_without_scripts: Page, phone: Page, accessible: Callable[[Page], None]
) -> None:
    for screen in (phone, page_without_scripts):
        sign_in(screen, address, "manager-academie")
        screen.goto(f"{address}/calendrier?convention=demo-nord")
        screen.get_by_role("button", name="Accepter").click()
        expect(screen.get_by_text("Rien n'est encore enregistré")).to_be_visible()
    _holds(phone, accessible)
    page_without_scripts.get_by_role("button", name="Accepter").click()
    expect(page_without_scripts.get_by_text("La force majeure est acceptée.")).to_be_visible()


def _holds(page: Page, accessible: Callable[[Page], None]) -> None:
    accessible(page)
    width, shown = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    assert width <= shown
