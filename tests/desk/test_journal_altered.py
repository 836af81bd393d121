"""Somebody with the database's keys: each way of altering a journal is named, never an accident of the verification."""

import pytest
from sqlalchemy import text

from router.desk import handle, sealing
from router.desk.installation import verify_journal, verify_seals
from router.store.guards import made_ordinary
from tests.desk.world import MONDAY, World, hours

READABLE = {
    "data": "UPDATE event SET data = '{\"lune\": 1}' WHERE ticket_id = 1 AND seq = 2",
    "data of no kind": "UPDATE event SET data = 'null' WHERE ticket_id = 1 AND seq = 2",
    "actor": "UPDATE event SET actor = 'account:99' WHERE ticket_id = 1 AND seq = 2",
    "name": "UPDATE event_detail SET actor_name = 'Un autre' WHERE ticket_id = 1 AND seq = 2",
    "text without its salt": "UPDATE event_detail SET text = 'Faux', salt = '' WHERE ticket_id = 1 AND seq = 2",
    "name without its salt": "UPDATE event_detail SET text = '', salt = '' WHERE ticket_id = 1 AND seq = 2",
    "hidden": "UPDATE event_detail SET internal = (salt <> '') WHERE ticket_id = 1 AND seq = 2",
}
# SQLite keeps whatever is put into a column.
UNREADABLE = {
    "half a character": 'UPDATE event SET data = \'{"x": "\\ud800"}\' WHERE ticket_id = 1 AND seq = 2',
    "no JSON": "UPDATE event SET data = 'lune' WHERE ticket_id = 1 AND seq = 2",
    "deep JSON": "UPDATE event SET data = replace(hex(zeroblob(50000)), '0', '[') WHERE ticket_id = 1 AND seq = 2",
    "no instant": "UPDATE event SET at = 'lundi' WHERE ticket_id = 1 AND seq = 2",
    "a number for an instant": "UPDATE event SET at = 3 WHERE ticket_id = 1 AND seq = 2",
    "no text": "UPDATE event SET actor = CAST(x'ff' AS TEXT) WHERE ticket_id = 1 AND seq = 2",
    "no name": "UPDATE event_detail SET actor_name = CAST(x'ff' AS TEXT) WHERE ticket_id = 1 AND seq = 2",
}


def two_stories(world: World) -> None:
    for at in (MONDAY, MONDAY + hours(1)):
        ticket = world.file(at=at).ticket
        handle.comment(world.desk, world["rupn"], ticket, "Toujours rien.", at + hours(0.2))


def alter(world: World, statement: str) -> None:
    with world.desk.database.writing() as session:
        engine = session.get_bind().dialect.name
        for each in made_ordinary(engine, ("event", "seal", "sealed_head")):
            session.execute(text(each))
        session.connection().exec_driver_sql(statement)


def refused_by_the_engine(world: World) -> bool:
    """PostgreSQL's columns hold nothing but what they are for, and no entry without its ticket."""
    return world.desk.database.engine.dialect.name == "postgresql"


@pytest.mark.parametrize("change", [*READABLE, *UNREADABLE])
def test_an_altered_entry_is_named_and_the_others_are_read(world: World, change: str) -> None:
    if change in UNREADABLE and refused_by_the_engine(world):
        return
    two_stories(world)
    count, breaks = verify_journal(world.desk, None)
    assert breaks == ()
    alter(world, {**READABLE, **UNREADABLE}[change])
    after, breaks = verify_journal(world.desk, None)
    assert [(each.ticket_id, each.seq) for each in breaks] == [(1, 2)] and after == count
    assert verify_journal(world.desk, 2)[1] == ()
    assert [each.seq for each in verify_journal(world.desk, 1)[1]] == [2]


def test_words_erased_with_their_salt_are_no_break(world: World) -> None:
    two_stories(world)
    alter(world, "UPDATE event_detail SET actor_name = '', text = '', salt = '' WHERE ticket_id = 1")
    assert verify_journal(world.desk, None)[1] == ()


def test_the_first_break_comes_before_an_entry_that_cannot_be_read(world: World) -> None:
    if refused_by_the_engine(world):
        return
    two_stories(world)
    alter(world, UNREADABLE["half a character"])
    with world.desk.database.writing() as session:
        session.execute(text("UPDATE event SET actor = 'account:99' WHERE ticket_id = 1 AND seq = 1"))
    assert [(each.ticket_id, each.seq) for each in verify_journal(world.desk, None)[1]] == [(1, 1)]


def test_a_ticket_taken_away_from_its_entries_is_named(world: World) -> None:
    """Its line is gone, its journal is left: nothing refuses that in SQLite while its keys aren't looked at."""
    if refused_by_the_engine(world):
        return
    two_stories(world)
    raw = world.desk.database.engine.raw_connection()
    try:
        raw.cursor().execute("PRAGMA foreign_keys = OFF")
        raw.cursor().execute("DELETE FROM ticket WHERE id = 1")
        raw.commit()
    finally:
        raw.close()
    (found,) = verify_journal(world.desk, None)[1]
    assert (found.ticket_id, found.reason) == (1, "le dossier de ces entrées n'existe plus")


def test_a_seal_that_cannot_be_read_is_named(world: World) -> None:
    if refused_by_the_engine(world):
        return
    two_stories(world)
    sealing.run_daily(world.desk, MONDAY + hours(2))
    sealing.run_daily(world.desk, MONDAY + hours(26))
    alter(world, "UPDATE seal SET at = 'lundi' WHERE number = 1")
    seals, breaks = verify_seals(world.desk)
    assert [each.number for each in seals] == [2]
    assert (breaks[0].number, breaks[0].at) == (1, None)
