"""The queue, the ticket and the alerts in a real browser: on a desk, on a phone, without scripts; axe on each."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import served
from tests.databases import Databases
from tests.web.busy import Office, address, sqlite_office
from tests.web.people import PASSWORD
from tests.web.test_ticket_time import flooded

Accessible = Callable[[Page], None]


@dataclass(frozen=True)
class Site:
    office: Office
    url: str

    def open(self, page: Page, who: str, path: str) -> None:
        """Signs in through the form, then opens a page; `{taken}` and the like are tickets' numbers."""
        page.goto(f"{self.url}/connexion")
        page.fill("#email", address(who))
        page.fill("#password", PASSWORD)
        page.press("#password", "Enter")
        page.wait_for_url(lambda url: "/connexion" not in url)
        page.goto(self.url + path.format(**self.office.made))

    def number(self, name: str) -> int:
        return self.office.made[name]


@pytest.fixture
def site(databases: Databases, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    monkeypatch.setenv("AIGUILLAGE_SECRET_KEY", "k" * 40)
    with sqlite_office(databases) as office, served(office.app) as url:
        yield Site(office, url)


PAGES = (
    ("technician", "/a-traiter"),
    ("technician", "/a-traiter?holder=toutes&priority=normal"),
    ("technician", "/a-traiter?q=introuvable"),
    ("rupn_too", "/a-traiter"),
    ("technician", "/dossiers/{taken}"),
    ("technician", "/dossiers/{taken}/temps"),
    ("technician", "/dossiers/{paused}/temps"),
    ("technician", "/dossiers/{contested}/temps"),
    ("technician", "/dossiers/{taken}/resoudre"),
    ("technician", "/dossiers/{taken}/attendre"),
    ("technician", "/dossiers/{taken}/corriger"),
    ("technician", "/dossiers/{taken}/transmettre"),
    ("rupn", "/dossiers/{solved}"),
    ("teacher", "/dossiers/{asked}/repondre"),
    ("lead", "/dossiers/{contested}/arbitrer"),
    ("rssi", "/alertes"),
    ("rssi", "/alertes/terminees"),
    ("rssi", "/a-revoir"),
    ("rssi", "/dossiers/{breach}"),
    ("rssi", "/dossiers/{handled}/mesure"),
    ("principal", "/dossiers/{breach}"),
    ("principal", "/messages"),
    ("technician", "/dossiers/{taken}/transmettre?vers=academie_dsi"),
    ("dpo", "/alertes/donnees-personnelles"),
)


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


def walk(site: Site, page: Page, accessible: Accessible) -> None:
    signed_in = ""
    for who, path in PAGES:
        if who != signed_in:
            page.context.clear_cookies()
            site.open(page, who, path)
            signed_in = who
        else:
            page.goto(site.url + path.format(**site.office.made))
        assert fits(page), f"{path} overflows"
        accessible(page)


def test_every_page_is_accessible_on_a_desk(site: Site, page: Page, accessible: Accessible) -> None:
    walk(site, page, accessible)


def test_every_page_is_accessible_on_a_phone(site: Site, phone: Page, accessible: Accessible) -> None:
    walk(site, phone, accessible)


def test_a_technician_s_morning(site: Site, page: Page, accessible: Accessible) -> None:
    site.open(page, "technician", "/a-traiter")
    page.get_by_role("link", name="En retard").click()
    row = page.get_by_role("row").filter(has_text="Les tablettes de la classe mobile")
    expect(row.get_by_text("En retard de")).to_be_visible()
    row.get_by_role("button", name="Prendre").click()
    expect(page.get_by_role("status")).to_have_text(re.compile("^\\s*Vous suivez maintenant le dossier"))
    page.get_by_role("link", name="À moi").click()
    page.get_by_role("link", name="Les tablettes de la classe mobile").click()
    page.get_by_text("Résoudre", exact=True).click()
    page.get_by_label("Ce qui a été fait").fill("")
    page.get_by_role("button", name="Marquer comme résolu").click()
    expect(page.locator("#error-summary")).to_be_visible()
    expect(page.locator("#error-summary")).to_be_focused()
    accessible(page)
    page.get_by_label("Ce qui a été fait").fill("Chargeur du chariot changé.")
    page.get_by_role("button", name="Marquer comme résolu").click()
    expect(page.get_by_text("est résolu").first).to_be_visible()


def test_the_same_without_scripts(site: Site, page_without_scripts: Page) -> None:
    page = page_without_scripts
    site.open(page, "technician", "/dossiers/{taken}")
    page.get_by_text("Demander une précision", exact=True).click()
    page.get_by_label("Votre question au collège").fill("Quel modèle de clavier ?")
    page.get_by_role("button", name="Envoyer la question").click()
    expect(page.get_by_text("Le délai est arrêté jusqu'à la réponse")).to_be_visible()
    page.get_by_text("Autres gestes").click()
    page.get_by_role("link", name="Transmettre à une autre équipe").click()
    page.get_by_role("link", name="Académie, DSI et DRANE").click()
    page.get_by_label("Règle ou article qui le dit").select_option("D211-14")
    page.locator("#transfer-reason").fill("Clavier du plan national.")
    page.get_by_role("button", name="Transmettre", exact=True).click()
    expect(page.get_by_text("l'académie (DSI et DRANE) le tient maintenant")).to_be_visible()


def test_an_attack_is_said_in_two_presses_by_whoever_sees_it(site: Site, phone: Page) -> None:
    site.open(phone, "rupn", "/dossiers/{taken}")
    phone.get_by_text("C'est un incident de sécurité", exact=True).tap()
    phone.get_by_role("button", name="Prévenir le RSSI").tap()
    expect(phone.get_by_text("est maintenant une alerte de sécurité")).to_be_visible()


def test_by_keyboard_alone(site: Site, page: Page) -> None:
    site.open(page, "technician", "/dossiers/{taken}")
    page.locator("summary", has_text="Note interne").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("Souris aussi.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{site.url}/dossiers/{site.number('taken')}")
    expect(page.get_by_text("Souris aussi.")).to_be_visible()


def test_friday_evening_on_a_phone(site: Site, phone: Page) -> None:
    site.open(phone, "rssi", "/alertes")
    press: Any = phone.get_by_role("button", name="Accuser réception")
    assert press.bounding_box()["height"] >= 44 and press.bounding_box()["y"] < 844
    press.tap()
    phone.wait_for_url(f"{site.url}/dossiers/{site.number('breach')}")
    phone.get_by_text("Consigner une action", exact=True).tap()
    phone.get_by_label("Ce qui a été fait, par qui").fill("Principal joint par téléphone, poste débranché.")
    phone.get_by_role("button", name="Consigner", exact=True).tap()
    expect(phone.get_by_text("Principal joint par téléphone")).to_be_visible()


def test_the_second_to_resolve_keeps_her_words(site: Site, page: Page, accessible: Accessible) -> None:
    site.open(page, "colleague", "/dossiers/{taken}/resoudre")
    page.get_by_label("Ce qui a été fait").fill("Clavier remplacé par un neuf.")
    site.office.make("technician", site.number("taken"), "resolve", text="Touches nettoyées.")
    page.get_by_role("button", name="Marquer comme résolu").click()
    expect(page.get_by_text("vient d'être résolu par Nadia Roche")).to_be_visible()
    expect(page.get_by_label("Votre texte, non enregistré")).to_have_value("Clavier remplacé par un neuf.")
    accessible(page)


def test_force_majeure_is_seen_on_a_desk_and_on_a_phone(
    site: Site, page: Page, phone: Page, accessible: Accessible
) -> None:
    ticket = flooded(site.office)
    for screen in (page, phone):
        site.open(screen, "technician", f"/dossiers/{ticket}")
        expect(screen.get_by_text("Suspendu : force majeure", exact=True)).to_be_visible()
        for path in ("", "/temps"):
            screen.goto(f"{site.url}/dossiers/{ticket}{path}")
            bar = screen.locator(".time .time__over[fill='url(#time-suspended)']").first
            bar.scroll_into_view_if_needed()
            assert (box := bar.bounding_box()) and box["width"] > 20 and box["height"] >= 20
            assert fits(screen)
            accessible(screen)
