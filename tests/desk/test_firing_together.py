"""Steps fired many at once: the same events, messages and states as one by one, and a bad row spoils nothing."""

import random
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import event, func, select, update

from router.desk import escalate, handle
from router.desk.escalate_together import make_together, write_together
from router.desk.house import Desk
from router.model.words import EventKind
from router.store import firing, journal
from router.store.engine import Database, open_database
from router.store.tables import DeadlineRow, EscalationRow, EventDetail, EventRow, NoticeRow, Ticket
from tests.databases import KINDS, Databases
from tests.desk.test_histories import BEGINNINGS, History
from tests.desk.world import MONDAY, World, settle_world
from tests.processes.backlog import LONG_AFTER, due, fill

TICKETS = 15
PASSES = tuple(MONDAY + timedelta(days=days, hours=hour) for days, hour in ((1, 0), (5, 13), (21, 2), (90, 0)))


@pytest.fixture(params=KINDS)
def two_worlds(request: pytest.FixtureRequest, databases: Databases) -> Iterator[tuple[World, World]]:
    """Two databases of the same kind, settled alike."""
    urls = [databases.migrated(request.param) for _ in range(2)]
    opened = [open_database(url, synchronous="NORMAL") for url in urls]
    yield settle_world(opened[0]), settle_world(opened[1])
    for database, url in zip(opened, urls, strict=True):
        database.engine.dispose()
        databases.drop(url)


def live(world: World, seed: int) -> None:
    """Tickets of every kind to which people did one thing and another; time fires nothing yet."""
    dice = random.Random(seed)  # dice, no secret
    for number in range(TICKETS):
        who, subject, facts = BEGINNINGS[(seed + number) % len(BEGINNINGS)]
        at = MONDAY + timedelta(minutes=dice.randrange(600))
        ticket = world.file(who, f"{subject} {number}", "", at, facts=facts).ticket
        history = History(world, dice, ticket, at)
        for _ in range(dice.randrange(4)):
            history.now += timedelta(minutes=dice.choice((1, 40, 300)))
            history.gesture()


def written(world: World) -> dict[str, list[tuple[object, ...]]]:
    """Everything that firing writes, but what is drawn by lot: salts, and the digests that depend on them."""
    events = EventRow.__table__.c
    kept = {
        "events": select(events.ticket_id, events.seq, events.at, events.actor, events.kind, events.data),
        "details": select(EventDetail.ticket_id, EventDetail.seq, EventDetail.actor_name, EventDetail.text),
        "notices": select(*(each for each in NoticeRow.__table__.c if each.name != "id")),
        "steps": select(EscalationRow.__table__),
        "deadlines": select(DeadlineRow.__table__),
        "tickets": select(*(each for each in Ticket.__table__.c if each.name != "head_hash")),
    }
    with world.desk.database.reading() as session:
        assert journal.verify(session)[1] == ()
        return {name: sorted(map(tuple, session.execute(query)), key=repr) for name, query in kept.items()}


@pytest.mark.parametrize("seed", range(4))
def test_firing_together_writes_what_firing_one_by_one_does(two_worlds: tuple[World, World], seed: int) -> None:
    together, one_by_one = two_worlds
    for world in two_worlds:
        live(world, seed)
    assert written(together) == written(one_by_one)
    for at in PASSES:
        fired = escalate.run_due(together.desk, at)
        assert fired == escalate.run_due(one_by_one.desk, at, together=False) > 0
        first, second = written(together), written(one_by_one)
        for name in first:
            assert first[name] == second[name], name


def test_one_row_at_fault_is_set_aside_and_the_others_pass(world: World) -> None:
    fill(world, 300, models=20)
    database = world.desk.database
    with database.writing() as session:  # a kind of deadline that nothing knows
        bad = session.scalars(select(DeadlineRow.id).where(DeadlineRow.kind == "promise").limit(2)).all()
        session.execute(update(DeadlineRow).where(DeadlineRow.id.in_(bad)).values(kind="dance"))
    waiting = due(database)
    assert escalate.run_due(world.desk, LONG_AFTER) == waiting
    with database.reading() as session:
        states = Counter(session.execute(select(EscalationRow.state, EscalationRow.deadline_id.in_(bad))).all())
        poisoned = [row for row in session.scalars(select(EscalationRow)) if row.state == "poison"]
        assert {row.deadline_id for row in poisoned} == set(bad)
        assert all(row.error and row.error.startswith("ValueError (") for row in poisoned)
        assert {state for state, at_fault in states if not at_fault} == {"fired"}
        told = session.scalar(select(func.count()).where(EventRow.kind == EventKind.ESCALATED.value))
        assert told == waiting - len(poisoned)
        assert journal.verify(session)[1] == ()


def test_a_row_that_the_database_refuses_is_set_aside_too(world: World) -> None:
    """The fault shows only when the batch is written."""
    fill(world, 100, models=10)
    database = world.desk.database
    with database.writing() as session:
        last = session.scalars(select(Ticket.id).order_by(Ticket.id.desc()).limit(1)).one()
        # Its next entry is there already, out of its chain: the key refuses another.
        head = session.get_one(Ticket, last).head_seq
        session.execute(update(Ticket).where(Ticket.id == last).values(head_seq=head - 1))
    escalate.run_due(world.desk, LONG_AFTER)
    with database.reading() as session:
        found = session.execute(select(EscalationRow.ticket_id == last, EscalationRow.state)).all()
        assert set(found) == {(True, "poison"), (False, "fired")}
        assert session.scalar(select(func.count()).where(EventRow.ticket_id == last)) == head


def test_how_many_questions_a_batch_asks_does_not_grow_with_its_rows(database: Database) -> None:
    world = settle_world(database)
    fill(world, 600, models=10)
    few = statements(world.desk, batch=5)
    many = statements(world.desk, batch=500)
    assert many[0] >= 5 * few[0]
    assert many[1] <= few[1] + 25  # other audiences may come up; their number is the territory's


def statements(desk: Desk, batch: int) -> tuple[int, int]:
    """How many steps one batch fires, and by how many statements."""
    counted: list[str] = []

    def count(_connection, _cursor, statement, *_rest) -> None:
        counted.append(statement)

    one_pass = iter((True, False))
    event.listen(desk.database.engine, "before_cursor_execute", count)
    try:
        fired = escalate.run_due(desk, LONG_AFTER, batch=batch, go_on=lambda: next(one_pass))
    finally:
        event.remove(desk.database.engine, "before_cursor_execute", count)
    return fired, len(counted)


def test_what_was_made_is_not_written_for_a_ticket_that_moved_meanwhile(world: World) -> None:
    """On SQLite nothing holds the tickets while messages are worded: a gesture in between has the last word."""
    for number in range(5):
        world.file(
            asset_tag="VP-204", subject=f"Le vidéoprojecteur {number} clignote", external_id=f"n{number}"
        )
    database, at = world.desk.database, LONG_AFTER
    with database.reading() as session:
        tickets = firing.tickets_with_due_steps(session, at, 1_000)
        steps = firing.due_steps(session, list(tickets), at)
        made = make_together(world.desk, session, tickets, steps, at)
    moved = made[0].ticket.id
    handle.comment(world.desk, world["technician"], moved, "Je regarde.", at)
    with database.writing() as session:
        assert write_together(session, made, at) == {each.ticket.id for each in made[1:]}
    with database.reading() as session:
        still = session.scalars(select(EscalationRow.ticket_id).where(EscalationRow.state == "pending")).all()
        assert set(still) == {moved}
        assert journal.verify(session)[1] == ()
    assert escalate.run_due(world.desk, at) == len(made[0].steps)
    with database.reading() as session:
        told = session.scalar(select(func.count()).where(EventRow.kind == EventKind.ESCALATED.value))
        assert told == len(steps)
        assert journal.verify(session)[1] == ()


def test_every_lane_is_emptied(world: World) -> None:
    fill(world, 120, models=6)
    with world.desk.database.reading() as session:
        all_of_them = firing.tickets_with_due_steps(session, LONG_AFTER, 1_000)
        lanes = [firing.tickets_with_due_steps(session, LONG_AFTER, 1_000, (8, each)) for each in range(8)]
    assert sorted(all_of_them) == sorted(number for lane in lanes for number in lane)
