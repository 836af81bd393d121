"""A doubt that the page had not shown, in a real browser: asked once at the head, with scripts and without."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_declare import Accessible, address, not_wider_than_the_screen, pages, panel, sign_in
from tests.browser.walks import nothing_comes_back
from tests.desk.test_doubts import doubtful

__all__ = ["address", "pages"]


def press_at_once(screen: Page, address: str) -> None:
    """Sends before the page could show anything of her words."""
    sign_in(screen, address, "teacher")
    screen.goto(f"{address}/signaler")
    with nothing_comes_back(screen):
        screen.get_by_label("Qu'est-ce qui ne va pas").fill("Signalement")
        screen.get_by_label("Racontez").fill(doubtful(fired=True, own_question=True))
        screen.get_by_role("button", name="Envoyer", exact=True).click()
        expect(screen.get_by_role("heading", name="Une question avant d'envoyer")).to_be_focused()


@pytest.mark.parametrize("on", ["page", "phone", "page_without_scripts"])
def test_the_question_comes_first_and_its_answer_is_sent(
    on: str, address: str, request: pytest.FixtureRequest, accessible: Accessible
) -> None:
    screen: Page = request.getfixturevalue(on)
    press_at_once(screen, address)
    expect(screen.get_by_role("heading", name="Une question avant d'envoyer")).to_be_in_viewport()
    expect(screen.get_by_label("Racontez")).to_have_value(doubtful(fired=True, own_question=True))
    if on != "page_without_scripts":
        not_wider_than_the_screen(screen)
        accessible(screen)
    panel(screen).get_by_label("Non", exact=True).check()
    if on != "page_without_scripts":
        expect(panel(screen)).to_contain_text("personne n'est alerté")
    screen.get_by_role("button", name="Envoyer", exact=True).first.click()
    expect(screen.get_by_role("heading", level=1)).to_contain_text("ouvert")
    expect(screen.get_by_text("Le RSSI relira ce signalement")).to_be_visible()


@pytest.mark.parametrize("on", ["page", "page_without_scripts"])
def test_unanswered_it_is_sent_as_it_is(on: str, address: str, request: pytest.FixtureRequest) -> None:
    screen: Page = request.getfixturevalue(on)
    press_at_once(screen, address)
    screen.get_by_role("button", name="Envoyer", exact=True).last.click()
    expect(screen.get_by_text("tient l'alerte")).to_be_visible()


def test_a_question_that_the_panel_showed_is_not_asked_again(address: str, page: Page) -> None:
    sign_in(page, address, "teacher")
    page.goto(f"{address}/signaler")
    page.get_by_label("Racontez").fill(doubtful(fired=True, own_question=True))
    expect(panel(page)).to_contain_text("Un doute sur la sécurité")
    page.get_by_role("button", name="Envoyer", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("ouvert")
