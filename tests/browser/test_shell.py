"""The shell in a real browser: seen by axe on a desk and on a phone, with and without scripts, light and dark."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from router.model.words import Role
from router.store.engine import Database, open_database
from router.store.schema import upgrade
from tests.browser.conftest import DESK, watched_page
from tests.web.people import (
    PASSWORD,
    UAI,
    SettableClock,
    add_account,
    add_college,
    an_application,
    quick_hashes,
)

ANNE = "anne.administratrice@example.org"
OPEN_PAGES = (
    "/",
    "/connexion",
    "/mot-de-passe-oublie",
    "/mot-de-passe/perdu",
    "/accessibilite",
    "/donnees-personnelles",
    "/mentions-legales",
    "/nulle-part",
)
HER_PAGES = ("/mon-compte", "/comptes", "/comptes?words=personne", "/comptes/nouveau", "/comptes/2")


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    opened = open_database(f"sqlite:///{tmp_path_factory.mktemp('shell') / 'shell.sqlite3'}")
    upgrade(opened.engine)
    add_college(opened)
    with quick_hashes():
        add_account(opened, "Anne Administratrice", Role.ADMINISTRATOR)
        add_account(opened, "Claire Référente", Role.RUPN, uai=UAI, party="rupn", institution="college")
        # The longest menu there is: her team's, the report, the rules and the alerts.
        add_account(
            opened, "Marie-Christine Contact", Role.LEAD, party="departement_maintenance",
            institution="departement", convention_id="demo-nord", security_contact=True,
        )  # fmt: skip
        add_account(opened, "Sam Ancien", Role.RSSI, active=False)
        yield opened
    opened.engine.dispose()


@pytest.fixture(scope="module")
def address(database: Database, serve: Callable[[Any], str]) -> Iterator[str]:
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("AIGUILLAGE_SECRET_KEY", "k" * 40)
        yield serve(an_application(database, SettableClock(), demo=True))


def sign_in(page: Page, address: str) -> None:
    page.goto(f"{address}/connexion")
    page.get_by_label("Adresse électronique professionnelle").fill(ANNE)
    page.get_by_label("Mot de passe", exact=True).fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Se connecter").click()
    expect(page.get_by_role("heading", name="Comptes", level=1)).to_be_visible()


def fits(page: Page) -> bool:
    """Nothing is wider than the screen."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


@pytest.mark.parametrize("screen", ["page", "phone"])
def test_every_page_is_clean_and_fits(
    screen: str, address: str, accessible: Callable[[Page], None], request: pytest.FixtureRequest
) -> None:
    page: Page = request.getfixturevalue(screen)
    for path in OPEN_PAGES:
        page.goto(address + path)
        accessible(page)
        assert fits(page), path
    sign_in(page, address)
    for path in HER_PAGES:
        page.goto(address + path)
        accessible(page)
        assert fits(page), path


def test_dark_colours_keep_their_contrast(
    address: str, browser: Browser, accessible: Callable[[Page], None]
) -> None:
    with watched_page(browser, viewport=DESK, color_scheme="dark") as page:
        sign_in(page, address)
        for path in ("/comptes", "/comptes/2", "/comptes/nouveau"):
            page.goto(address + path)
            accessible(page)


def test_at_320_pixels_nothing_overflows(address: str, browser: Browser) -> None:
    with watched_page(browser, viewport={"width": 320, "height": 640}) as page:
        sign_in(page, address)
        for path in (*HER_PAGES, *OPEN_PAGES):
            page.goto(address + path)
            assert fits(page), path


def test_an_error_takes_the_focus_and_leads_to_its_field(
    address: str, page: Page, accessible: Callable[[Page], None]
) -> None:
    page.goto(f"{address}/connexion")
    page.get_by_role("main").get_by_role("button", name="Se connecter").click()
    expect(page.locator("#error-summary")).to_be_focused()
    accessible(page)
    page.get_by_role("link", name="Écrivez votre mot de passe.").click()
    expect(page.get_by_label("Mot de passe", exact=True)).to_be_focused()


def test_the_keyboard_skips_to_the_content(address: str, page: Page) -> None:
    page.goto(address)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Aller au contenu")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


@pytest.mark.parametrize("width", [1280, 1440])
def test_the_longest_menu_holds_on_one_line(address: str, page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{address}/connexion")
    page.get_by_label("Adresse électronique professionnelle").fill("marie-christine.contact@example.org")
    page.get_by_label("Mot de passe", exact=True).fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Se connecter").click()
    menu = page.get_by_role("navigation", name="Navigation principale")
    expect(menu.get_by_role("link", name="Alertes")).to_be_visible()
    tops = menu.locator("li").evaluate_all("items => items.map(item => item.getBoundingClientRect().top)")
    assert len(tops) == 10 and len(set(tops)) == 1
    assert fits(page)


def test_the_menu_of_a_phone_opens_and_closes(address: str, phone: Page) -> None:
    sign_in(phone, address)
    link = phone.get_by_role("navigation", name="Navigation principale").get_by_role("link", name="Comptes")
    expect(link).to_be_hidden()
    button = phone.get_by_role("button", name="Menu")
    button.click()
    expect(link).to_be_visible()
    expect(button).to_have_attribute("aria-expanded", "true")
    phone.keyboard.press("Escape")
    expect(link).to_be_hidden()
    expect(button).to_be_focused()


def test_all_of_it_without_scripts(address: str, page_without_scripts: Page) -> None:
    page = page_without_scripts
    page.set_viewport_size({"width": 390, "height": 844})
    sign_in(page, address)
    expect(page.get_by_role("navigation", name="Navigation principale")).to_be_visible()
    expect(page.get_by_role("button", name="Menu")).to_be_hidden()
    page.get_by_role("link", name="Créer un compte").click()
    page.get_by_label("Prénom et nom").fill("Lou Sans-Script")
    page.get_by_label("Adresse électronique professionnelle").fill("lou.sans-script@example.org")
    page.get_by_label("Rôle").select_option("manager")
    page.get_by_role("button", name="Créer et inviter").click()
    expect(page.get_by_role("status")).to_contain_text("Le compte est créé.")


def test_what_was_typed_survives_the_end_of_the_session(
    address: str, page: Page, accessible: Callable[[Page], None]
) -> None:
    sign_in(page, address)
    page.goto(f"{address}/comptes/nouveau")
    page.get_by_label("Prénom et nom").fill("Un nom qu'on ne retape pas")
    page.get_by_label("Adresse électronique professionnelle").fill("retape@example.org")
    page.get_by_label("Rôle").select_option("manager")
    page.context.clear_cookies()
    page.get_by_role("button", name="Créer et inviter").click()
    expect(page.get_by_role("heading", name="Votre session a expiré")).to_be_visible()
    accessible(page)
    page.get_by_label("Adresse électronique professionnelle").fill(ANNE)
    page.get_by_label("Mot de passe", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Se connecter et reprendre").click()
    expect(page.get_by_text("Un nom qu'on ne retape pas").first).to_be_visible()
    accessible(page)
    page.get_by_role("button", name="Envoyer maintenant").click()
    expect(page.get_by_role("heading", name="Un nom qu'on ne retape pas")).to_be_visible()


def test_a_printed_page_holds_the_content_alone(address: str, page: Page) -> None:
    sign_in(page, address)
    page.emulate_media(media="print")
    expect(page.get_by_role("heading", name="Comptes", level=1)).to_be_visible()
    for hidden in (".nav", ".footer", ".filters", ".demo"):
        expect(page.locator(hidden).first).to_be_hidden()


def test_pages_stay_light(address: str, page: Page, tmp_path: Path) -> None:
    """The whole of a first visit, files included, under 100 kB."""
    weights: list[int] = []
    page.on("response", lambda answer: weights.append(len(answer.body())))
    page.goto(address)
    page.wait_for_load_state("networkidle")
    assert 10_000 < sum(weights) < 100_000
