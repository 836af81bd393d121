"""What was read in her words, in a real browser: refused in one press, with scripts and without."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from router.store.engine import open_database
from tests.browser.test_declare import not_wider_than_the_screen, panel, sign_in
from tests.databases import Databases
from tests.web.declare_world import open_pages
from tests.web.people import quick_hashes
from tests.web.test_told import MUCH, STOLEN

Accessible = Callable[[Page], None]


@pytest.fixture(scope="module")
def address(databases: Databases, serve: Callable[[Any], str]) -> Iterator[str]:
    database = open_database(databases.migrated("sqlite"), synchronous="NORMAL")
    with quick_hashes(), pytest.MonkeyPatch.context() as patch:
        patch.setenv("AIGUILLAGE_SECRET_KEY", "k" * 40)
        yield serve(open_pages(database).app)
    database.engine.dispose()


def write(screen: Page, words: dict[str, str]) -> None:
    screen.get_by_label("Qu'est-ce qui ne va pas").fill(words["subject"])
    screen.get_by_label("Racontez").fill(words["body"])


@pytest.mark.parametrize("on", ["page", "phone"])
def test_facts_show_as_she_types_and_one_press_refuses(
    on: str, address: str, request: pytest.FixtureRequest, accessible: Accessible
) -> None:
    screen: Page = request.getfixturevalue(on)
    sign_in(screen, address, "rupn")
    screen.goto(f"{address}/signaler")
    write(screen, MUCH)
    told = screen.locator("section.told")
    expect(told).to_contain_text("« 28 élèves »")
    exam = screen.get_by_label("Un examen ou une certification est en jeu")
    expect(exam).to_be_checked()
    expect(screen.locator("#exam-said")).to_contain_text("DNB blanc jeudi")
    accessible(screen)
    not_wider_than_the_screen(screen)
    screen.get_by_role("button", name=re.compile("Écarter.*Examen")).click()
    expect(exam).not_to_be_checked()
    expect(screen.locator("#exam-said")).to_be_hidden()
    expect(screen.get_by_role("button", name=re.compile("Remettre.*Examen"))).to_be_focused()
    screen.get_by_label("Racontez").fill(MUCH["body"] + " Brevet blanc aussi.")
    expect(panel(screen)).to_contain_text("Priorité")
    expect(exam).not_to_be_checked()
    accessible(screen)
    screen.get_by_role("button", name=re.compile("Remettre.*Examen")).click()
    expect(exam).to_be_checked()
    expect(screen.get_by_role("button", name=re.compile("Écarter.*Examen"))).to_be_focused()


def test_without_scripts_a_press_refuses_and_nothing_is_lost(address: str, page_without_scripts: Page) -> None:
    page = page_without_scripts
    sign_in(page, address, "rupn")
    page.goto(f"{address}/signaler")
    write(page, MUCH)
    page.get_by_role("button", name="Voir qui est compétent").last.click()
    page.get_by_role("button", name=re.compile("Écarter.*Salle")).click()
    expect(page.locator("section.told")).to_contain_text("Écarté à votre demande : salle")
    expect(page.get_by_label("Racontez")).to_have_value(MUCH["body"])
    page.get_by_role("button", name="Envoyer", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("ouvert")
    page.get_by_role("link", name="Voir le dossier").click()
    expect(page.get_by_text("Déjà essayé")).to_be_visible()
    expect(page.get_by_text("lue dans ses mots")).to_have_count(0)


def test_a_doubt_is_a_question_with_her_words(address: str, page: Page, accessible: Accessible) -> None:
    sign_in(page, address, "rupn")
    page.goto(f"{address}/signaler")
    write(page, STOLEN)
    question = page.get_by_role("group", name=re.compile("ont-elles pu être vues"))
    expect(question).to_contain_text("Vous avez écrit « volée avec les bulletins »")
    accessible(page)
    write(page, {"subject": "vidéoprojecteur vp204 en panne", "body": ""})
    expect(page.get_by_role("group", name="Est-ce l'appareil VP-204")).to_be_visible()
    accessible(page)
    page.locator("#pick-1").check()
    expect(page.get_by_role("group", name="Qui possède ce matériel")).to_have_count(0)
