"""« Pourquoi ? », « Essayer » and the rules for reading, in a real browser: on a desk, on a phone, without scripts."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import served
from tests.browser.test_ticket import Site, fits
from tests.databases import Databases
from tests.web.busy import sqlite_office

Accessible = Callable[[Page], None]
TRIED = "/essayer?category=hardware&asset_owner=etablissement&need=breakdown"
PAGES = (
    TRIED,
    "/essayer?category=plomberie",
    "/zones-grises?convention=demo-nord",
    "/zones-grises/ordre-du-jour?convention=demo-nord",
    "/regles?mots=serveur&convention=demo-nord",
    "/regles?mots=zzzz",
    "/regles/telephonie",
    "/regles/materiel-inventorie/dossiers",
    "/dossiers/{taken}/pourquoi",
)


@pytest.fixture
def site(databases: Databases, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    monkeypatch.setenv("AIGUILLAGE_SECRET_KEY", "k" * 40)
    with sqlite_office(databases) as office, served(office.app) as url:
        yield Site(office, url)


def walk(site: Site, page: Page, accessible: Accessible) -> None:
    site.open(page, "lead", "/regles")
    for path in PAGES:
        page.goto(site.url + path.format(**site.office.made))
        accessible(page)
        assert fits(page), path


def test_the_pages_are_accessible_on_a_desk(site: Site, page: Page, accessible: Accessible) -> None:
    walk(site, page, accessible)


def test_the_pages_are_accessible_on_a_phone(site: Site, phone: Page, accessible: Accessible) -> None:
    walk(site, phone, accessible)


def test_a_choice_refreshes_the_answer_and_the_address(site: Site, page: Page) -> None:
    page.goto(site.url + TRIED)
    page.select_option("#asset_owner", "etat")
    expect(page.locator(".competence__party")).to_contain_text("Académie")
    assert "asset_owner=etat" in page.url
    page.reload()
    expect(page.locator("#asset_owner")).to_have_value("etat")


def test_a_button_does_the_same_without_a_script(site: Site, page_without_scripts: Page) -> None:
    page = page_without_scripts
    page.goto(site.url + TRIED)
    page.select_option("#asset_owner", "etat")
    page.get_by_role("button", name="Voir qui est compétent").click()
    expect(page.locator(".competence__party")).to_contain_text("Académie")
