"""Drift and corrections in a real browser: nothing axe finds, nothing wider than a telephone, keyboard alone."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

import web
from router.desk import redecide
from router.store.engine import open_database
from tests.browser.walks import sign_in, walk
from tests.databases import Databases
from tests.desk.world import MONDAY, hours
from tests.web.declare_world import open_pages
from tests.web.people import SettableClock, quick_hashes

LIST = "/classement/corrections/a-relire"
PAGES = {
    "manager": ("/classement", LIST, "/classement/corrections/acceptees"),
    "rssi": ("/classement", LIST),
    "administrator": ("/classement", "/exploitation"),
}
TEXTS = (
    (
        "Le wifi de la salle 12 coupe sans arrêt",
        "hardware",
        "Mme Roussel attend depuis ce matin, au 01 99 00 12 34.",
    ),
    ("Plus d'internet au CDI", "hardware", "Aucun poste ne va sur le réseau, le switch clignote en orange."),
    ("Pronote ne s'ouvre plus", "pedagogical_resource", "Les bulletins sont à rendre demain."),
    ("L'imprimante de la vie scolaire est bloquée", "network", ""),
    ("On m'a volé mon mot de passe, compte piraté", "hardware", "Un message a été envoyé à toute la classe."),
)


@pytest.fixture(scope="module")
def address(databases: Databases, serve: Callable[[Any], str]) -> Iterator[str]:
    url = databases.migrated("sqlite")
    with pytest.MonkeyPatch.context() as patch, quick_hashes():
        patch.setenv("AIGUILLAGE_SECRET_KEY", "k" * 40)
        pages = open_pages(open_database(url, synchronous="NORMAL"), public_url="http://localhost")
        for week in range(12):
            for number, (subject, chosen, body) in enumerate(TEXTS):
                facts = {"category": chosen} if (week + number) % 3 == 0 else {}
                at = MONDAY - timedelta(weeks=week) + hours(number)
                pages.world.file("teacher", subject=subject, body=body, facts=facts, at=min(at, MONDAY))
        ticket = pages.world.file("teacher", subject="Pronote ne s'ouvre plus", body="").ticket
        redecide.correct(
            pages.world.desk,
            pages.world["rupn"],
            ticket,
            {"need": "access"},
            "C'est Éléa.",
            MONDAY,
            product="Éléa",
        )
        yield serve(web.create_app(desk=pages.world.desk, clock=SettableClock(MONDAY + hours(8))))


@pytest.mark.parametrize("name", PAGES)
def test_on_a_desk_and_on_a_telephone(
    name: str, address: str, page: Page, phone: Page, accessible: Callable[[Page], None]
) -> None:
    walk((page, phone), address, name, PAGES[name], accessible)


def test_masked_further_then_accepted_by_the_keyboard_without_scripts(
    address: str, page_without_scripts: Page
) -> None:
    page = page_without_scripts
    sign_in(page, address, "manager")
    page.goto(f"{address}{LIST}")
    cards = page.locator(".lesson")
    before = cards.count()
    first = cards.first
    first.locator("summary").focus()
    page.keyboard.press("Enter")
    kept = first.get_by_label("Description").input_value()
    left = kept.replace("ce matin", "[nom]")
    assert left != kept, kept
    first.get_by_label("Description").fill(left)
    first.get_by_role("button", name="Accepter").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Correction acceptée")).to_be_visible()
    expect(page.locator(".lesson")).to_have_count(before - 1)
    page.locator(".lesson").first.get_by_role("button", name="Refuser").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Correction refusée")).to_be_visible()
    page.goto(f"{address}/classement/corrections/acceptees")
    expect(page.get_by_text(left)).to_be_visible()


def test_what_is_wrong_is_said_where_it_is(
    address: str, page: Page, accessible: Callable[[Page], None]
) -> None:
    sign_in(page, address, "manager")
    page.goto(f"{address}{LIST}")
    card = page.locator(".lesson").first
    card.locator("summary").click()
    card.get_by_label("Objet").fill("")
    card.get_by_label("Description").fill("")
    card.get_by_role("button", name="Accepter").click()
    expect(page.get_by_role("alert")).to_contain_text("Il ne reste rien à apprendre")
    accessible(page)
