"""Since when a rule says what it says: what was published decides, not what the file has kept."""

from datetime import date, timedelta

import pytest

from router.desk import advise, rule_pages
from router.store.engine import Database
from tests.desk.drafts import COPIER, NORTH, TODAY, approve, propose, settle_keepers, started
from tests.desk.world import MONDAY, World

RULE = "nord-copieurs"
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
