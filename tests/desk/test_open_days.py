"""A target in open days on a real ticket: its row says what it was computed from, and waits and changes follow."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from router.clock.allowances import OpenDays
from router.desk import handle, redecide
from router.desk.clocking import allowance_of
from router.desk.policy import load_policy, read_sources
from router.model.words import DeadlineKind, EventKind, PauseCause
from router.settings import SHIPPED_RULES
from router.store import books
from router.store.tables import DeadlineRow, EscalationRow, EventRow
from tests.desk.world import MONDAY, World, hours

TARGETS = "clocks/targets.toml"
HEAD = "[target.departement_maintenance.normal]"
WEDNESDAY_CLOSE = datetime(2026, 11, 25, 14, 30, tzinfo=UTC)
THURSDAY_CLOSE = datetime(2026, 11, 26, 16, 30, tzinfo=UTC)


@pytest.fixture
def ticket(world: World) -> int:
    """Filed while the Département's ordinary resolution is two open days."""
    sources = dict(read_sources(SHIPPED_RULES))
    before, after = sources[TARGETS].split(HEAD, 1)
    sources[TARGETS] = before + HEAD + after.replace('resolve = "PT40H"', "resolve = { open_days = 2 }", 1)
    since = datetime(2025, 10, 1, tzinfo=UTC)
    with world.desk.database.writing() as session:
        books.publish(
            session,
            load_policy(sources).fingerprint,
            sources,
            in_force_from=since,
            at=since,
            by="command",
            reason="jours ouverts",
        )
    return world.file(asset_tag="VP-204").ticket


def resolution(world: World, ticket: int) -> DeadlineRow:
    with world.desk.database.reading() as session:
        mine = select(DeadlineRow).where(
            DeadlineRow.ticket_id == ticket, DeadlineRow.kind == DeadlineKind.RESOLVE.value
        )
        return session.scalars(mine).one()


def test_the_row_says_what_it_was_computed_from(world: World, ticket: int) -> None:
    row = resolution(world, ticket)
    assert (row.open_days, row.allowance, allowance_of(row)) == (2, 0, OpenDays(2))
    assert row.due_at == WEDNESDAY_CLOSE


def test_its_ladder_falls_in_service_time_of_its_end(world: World, ticket: int) -> None:
    with world.desk.database.reading() as session:
        mine = select(EscalationRow).where(EscalationRow.deadline_id == resolution(world, ticket).id)
        steps = [(row.offset, row.due_at) for row in session.scalars(mine.order_by(EscalationRow.step))]
    assert steps[0] == (-4 * 3600, datetime(2026, 11, 25, 9, 0, tzinfo=UTC))
    assert steps[1] == (0, WEDNESDAY_CLOSE)


def test_a_day_wholly_waited_does_not_count(world: World, ticket: int) -> None:
    handle.take(world.desk, world["technician"], ticket, MONDAY + hours(1))
    handle.pause(
        world.desk,
        world["technician"],
        ticket,
        PauseCause.PART,
        "La lampe est commandée.",
        None,
        MONDAY + hours(2),
    )
    assert resolution(world, ticket).due_at is None
    handle.resume(world.desk, world["technician"], ticket, MONDAY + hours(46))
    assert resolution(world, ticket).due_at == THURSDAY_CLOSE


def test_a_correction_gives_it_hours_and_the_journal_says_both(world: World, ticket: int) -> None:
    redecide.correct(
        world.desk,
        world["technician"],
        ticket,
        {"urgency": "exam", "scope": "site"},
        "Vu sur place.",
        MONDAY + hours(1),
    )
    row = resolution(world, ticket)
    assert (row.open_days, row.allowance) == (None, 4 * 3600)
    with world.desk.database.reading() as session:
        told = session.scalars(select(EventRow).where(EventRow.kind == EventKind.RETARGETED.value)).one()
    moved = next(each for each in told.data["moved"] if each["kind"] == DeadlineKind.RESOLVE)
    assert (moved["open_days"], moved["allowance"]) == ([2, None], [0, 4 * 3600])
    assert moved["due_at"][0] == WEDNESDAY_CLOSE.isoformat()
