"""The urgency proposed from the calendar, in a real browser: seen, left or changed, with scripts."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from router.desk.calendar_days import DaysAsked, decide_days
from router.model.words import DayCause, Reach
from router.store.engine import open_database
from tests.browser.test_declare import BROKEN, not_wider_than_the_screen, sign_in
from tests.databases import Databases
from tests.desk.world import MONDAY, NORTH
from tests.web.declare_world import open_pages
from tests.web.people import quick_hashes

Accessible = Callable[[Page], None]


@pytest.fixture(scope="module")
def address(databases: Databases, serve: Callable[[Any], str]) -> Iterator[str]:
    database = open_database(databases.migrated("sqlite"), synchronous="NORMAL")
    with quick_hashes(), pytest.MonkeyPatch.context() as patch:
        patch.setenv("AIGUILLAGE_SECRET_KEY", "k" * 40)
        pages = open_pages(database)
        today = MONDAY.date()
        exams = DaysAsked(
            Reach.COLLEGE, NORTH, None, today, today, ("08:00-12:00",), DayCause.EXAM, "Brevet blanc."
        )
        decide_days(pages.world.desk, pages.world["principal"], exams, MONDAY)
        yield serve(pages.app)
    database.engine.dispose()


@pytest.mark.parametrize("on", ["page", "phone"])
def test_it_stays_proposed_while_she_types_and_is_hers_once_she_chooses(
    on: str, address: str, request: pytest.FixtureRequest, accessible: Accessible
) -> None:
    screen: Page = request.getfixturevalue(on)
    sign_in(screen, address, "rupn")
    screen.goto(f"{address}/signaler")
    exam = screen.get_by_label("Un examen ou une certification est en jeu")
    expect(exam).to_be_checked()
    expect(screen.locator("#exam-said")).to_contain_text("noté au calendrier du lundi 23 novembre 2026")
    accessible(screen)
    not_wider_than_the_screen(screen)
    screen.get_by_label("Qu'est-ce qui ne va pas ?").fill(BROKEN)
    expect(screen.locator("#competence")).to_contain_text("Priorité")
    expect(exam).to_be_checked()
    screen.get_by_text("On peut travailler autrement en attendant").click()
    expect(screen.locator("#exam-said")).to_be_hidden()
    expect(screen.locator("[name=exam_read]")).to_have_value("")
