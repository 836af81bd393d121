"""Since when a rule says what it says: what was published decides, not what the file has kept."""

from datetime import date, timedelta

import pytest

from router.desk import advise, rule_pages
from router.desk.house import Desk
from router.desk.publish import publish
from router.store.engine import Database
from tests.desk.drafts import COPIER, NORTH, TODAY, approve, propose, settle_keepers, shipped, started
from tests.desk.world import MONDAY, World
from tests.web.busy import statements

RULE = "nord-copieurs"
OTHER = "routing/30-materiel.toml"
READS_A_BOOK = "SELECT published_book.sources FROM"
LATER = MONDAY + timedelta(days=1)


@pytest.fixture
def world(database: Database) -> World:
    return settle_keepers(database)


def since(world: World, convention: str = NORTH) -> tuple[date | None, date | None]:
    """By the rule's page, and by « Qui est compétent ? »."""
    page = rule_pages.rule(world.desk, RULE, LATER, convention=convention)
    advice = advise.advise(world.desk, {**COPIER}, {}, convention, LATER)
    return page.since, advice.since


def test_a_rule_that_never_changed_says_its_own_first_day(world: World) -> None:
    assert since(world) == (date(2025, 9, 1), date(2025, 9, 1))


def test_a_rule_whose_answer_a_publication_changed_says_that_publications_day(world: World) -> None:
    draft = started(world)
    propose(world, draft)
    approve(world, draft)
    assert since(world) == (TODAY, TODAY)


def test_books_that_say_the_rule_in_the_same_words_are_not_read_for_it(world: World) -> None:
    """A service that has just started has the book in force in mind, and no other."""
    for number in range(1, 5):
        sources = shipped() | {OTHER: shipped()[OTHER] + f"# Relu {number} fois.\n"}
        at = MONDAY - timedelta(days=10 - number)
        publish(world.desk, sources, in_force_from=at, reason="Relecture", by="command", at=at)
    started_anew = World(Desk(world.desk.database, world.desk.settings), world.people)
    with statements(started_anew) as asked:
        assert since(started_anew) == (date(2025, 9, 1), date(2025, 9, 1))
    assert sum(READS_A_BOOK in " ".join(each.split()) for each in asked) == 1
    with statements(started_anew) as asked:
        changed = rule_pages.rule(started_anew.desk, "materiel-inventorie", LATER)
    assert changed.since == date(2025, 9, 1), "in other words around it, it says the same"
    assert sum(READS_A_BOOK in " ".join(each.split()) for each in asked) == 4
