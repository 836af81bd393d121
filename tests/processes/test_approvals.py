"""Real processes that approve at the same instant: one publication at most, and the others are told."""

from collections import Counter

from sqlalchemy import update

from router.store import books
from router.store.engine import Database
from router.store.tables import Account
from tests.desk.drafts import FILE, NORTH, propose, read, settle_keepers, shipped, started
from tests.desk.world import World
from tests.processes.test_races import race


def settled(database: Database) -> World:
    """A world where a second person of the académie may approve."""
    world = settle_keepers(database)
    with database.writing() as session:
        session.execute(
            update(Account).where(Account.id == world["manager_of_both"].id).values(institution="academie")
        )
    return world


def published(database: Database) -> list[int | None]:
    with database.reading() as session:
        return [row.number for row in books.history(session, NORTH) if row.convention_id]


def test_two_who_approve_one_draft_at_once_publish_it_once(database: Database, database_url: str) -> None:
    world = settled(database)
    draft_id = started(world)
    propose(world, draft_id)
    words = ["approve", str(draft_id), read(world, draft_id).fingerprint]
    results = race(database_url, [[*words, "manager_academie"], [*words, "manager_of_both"]])
    assert Counter(word.split()[0] for word in results) == {"published": 1, "conflict": 1}
    assert any("déjà approuvé et publié" in word for word in results)
    assert published(database) == [1]


def test_two_drafts_of_one_convention_approved_at_once_are_one_publication(
    database: Database, database_url: str
) -> None:
    world = settled(database)
    one, other = started(world), started(world, sources=shipped() | {FILE: shipped()[FILE] + "\n# Autre.\n"})
    entrants = []
    for draft_id, who in ((one, "manager_academie"), (other, "manager_of_both")):
        propose(world, draft_id)
        entrants.append(["approve", str(draft_id), read(world, draft_id).fingerprint, who])
    results = race(database_url, entrants)
    assert Counter(word.split()[0] for word in results) == {"published": 1, "conflict": 1}
    assert any("Le recueil a changé depuis" in word for word in results)
    assert published(database) == [1]
