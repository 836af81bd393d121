"""The drafts of rules and their history in a real browser: nothing axe finds, nothing wider than a telephone."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import update

from router.store.engine import open_database
from router.store.tables import Account
from tests.browser.walks import sign_in
from tests.databases import Databases
from tests.desk.drafts import FILE, propose, settle_keepers, shipped, started, to_complete
from tests.desk.world import MONDAY
from tests.web.people import SettableClock, quick_hash, quick_hashes, settings_for_tests
from web import create_app

PROPOSED, FAULTY, OPEN, WAITING = (f"/recueil/projets/{number}" for number in (1, 2, 3, 4))
PAGES = (
    "/recueil/projets",
    PROPOSED,
    FAULTY,
    OPEN,
    WAITING,
    f"{OPEN}/fichier?nom={FILE}",
    "/recueil/historique",
    "/regles/raci/relecture?convention=demo-nord",
    "/rapport",
)


@pytest.fixture(scope="module")
def address(databases: Databases, serve: Callable[[Any], str]) -> Iterator[str]:
    url = databases.migrated("sqlite")
    with pytest.MonkeyPatch.context() as patch, quick_hashes():
        patch.setenv("AIGUILLAGE_SECRET_KEY", "k" * 40)
        world = settle_keepers(open_database(url, synchronous="NORMAL"), settings_for_tests())
        with world.desk.database.writing() as session:
            session.execute(update(Account).values(password_hash=quick_hash()))
        propose(world, started(world))
        broken = shipped()
        broken[FILE] = broken[FILE].replace("asset_owner ==", "asset_ownr ==")
        started(world, sources=broken)
        started(world)
        started(world, sources=to_complete())
        yield serve(create_app(desk=world.desk, clock=SettableClock(MONDAY)))


@pytest.mark.parametrize("place", PAGES)
def test_on_a_desk_and_on_a_telephone(
    place: str, address: str, page: Page, phone: Page, accessible: Callable[[Page], None]
) -> None:
    for screen in (page, phone):
        sign_in(screen, address, "manager-academie")
        screen.goto(f"{address}{place}")
        expect(screen.locator("h1")).to_be_visible()
        accessible(screen)
        wide = screen.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
        assert not wide, place


def test_what_is_to_complete_is_written_without_scripts(address: str, page_without_scripts: Page) -> None:
    """Before the avenant is approved: this draft would then have to be taken up again."""
    screen = page_without_scripts
    sign_in(screen, address, "manager-academie")
    screen.goto(f"{address}{WAITING}")
    screen.get_by_label("La raison").fill("Le Département répare les copieurs.")
    expect(screen.get_by_label("La décision", exact=True)).to_have_value("Avenant n° 1 à la convention")
    screen.get_by_role("button", name="Enregistrer pour Copieurs").click()
    expect(screen.get_by_text("Dites qui a signé la décision.").first).to_be_visible()
    expect(screen.get_by_label("La raison")).to_have_value("Le Département répare les copieurs.")
    screen.get_by_label("Le signataire").fill("Les deux coordonnateurs")
    screen.get_by_role("button", name="Enregistrer pour Copieurs").click()
    expect(screen.get_by_role("button", name="Proposer à l'autre institution")).to_be_visible()


def test_an_avenant_is_approved_without_scripts(address: str, page_without_scripts: Page) -> None:
    screen = page_without_scripts
    sign_in(screen, address, "manager-academie")
    screen.goto(f"{address}{PROPOSED}")
    screen.get_by_role("button", name="Approuver et publier").click()
    expect(screen.locator("h1")).to_have_text("Avenant n° 1 : copieurs")
    expect(screen.get_by_text("Le projet est approuvé et publié.")).to_be_visible()
    screen.goto(f"{address}/recueil/historique?convention=demo-nord")
    expect(screen.get_by_text("Avenant n° 1 à la convention")).to_be_visible()
