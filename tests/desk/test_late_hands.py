"""A wait ends at its limit, whoever was late to notice: the worker, the collège, or the holder."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from router.desk import escalate, handle, redecide, settling
from router.model.words import DeadlineKind, Party, PauseCause
from router.store.tables import DeadlineRow, HoldingRow, PauseRow
from tests.desk.world import MONDAY, World, hours

TEN = MONDAY + hours(1)
LATE = MONDAY + timedelta(days=20)


def asked(world: World) -> int:
    ticket = world.file(asset_tag="VP-204").ticket
    handle.ask_information(world.desk, world["technician"], ticket, "Quel voyant ?", TEN)
    return ticket


def wait(world: World) -> PauseRow:
    with world.desk.database.reading() as session:
        return session.scalars(select(PauseRow)).one()


def due(world: World, kind: DeadlineKind) -> datetime | None:
    with world.desk.database.reading() as session:
        rows = session.scalars(select(DeadlineRow).where(DeadlineRow.kind == kind.value)).all()
        return rows[-1].due_at


def answered_on_time(world: World, ticket: int, at: datetime) -> None:
    escalate.run_due(world.desk, at)


def answered_late(world: World, ticket: int, at: datetime) -> None:
    handle.answer(world.desk, world["rupn"], ticket, "Le rouge.", at)


def resumed_late(world: World, ticket: int, at: datetime) -> None:
    handle.resume(world.desk, world["technician"], ticket, at)


def resolved_late(world: World, ticket: int, at: datetime) -> None:
    settling.resolve(world.desk, world["technician"], ticket, "Lampe changée.", at)


def transferred_late(world: World, ticket: int, at: datetime) -> None:
    redecide.transfer(world.desk, world["technician"], ticket, Party.ACADEMIE_DSI, "3.2.1", "Pas à nous.", at)


@pytest.mark.parametrize(
    "then", [answered_late, resumed_late, resolved_late, transferred_late, answered_on_time]
)
def test_an_act_after_the_limit_counts_the_wait_up_to_the_limit(
    world: World, then: Callable[[World, int, datetime], None]
) -> None:
    """Each of these comes while no worker has passed since the question."""
    ticket = asked(world)
    limit = wait(world).limit_at
    assert limit is not None and limit < LATE
    then(world, ticket, LATE)
    assert wait(world).until_at == limit
    promise = due(world, DeadlineKind.PROMISE)
    assert promise is not None and promise < LATE


def test_late_or_not_the_deadlines_are_the_same(world: World) -> None:
    """The due instants are a function of the question and of its limit, not of who ran when."""
    first = asked(world)
    limit = wait(world).limit_at
    assert limit is not None
    escalate.run_due(world.desk, limit)
    on_time = {kind: due(world, kind) for kind in (DeadlineKind.RESOLVE, DeadlineKind.PROMISE)}
    second = world.file(asset_tag="VP-204").ticket
    handle.ask_information(world.desk, world["technician"], second, "Quel voyant ?", TEN)
    answered_late(world, second, LATE)
    assert {kind: due(world, kind) for kind in on_time} == on_time
    assert first != second


def test_an_answer_before_the_limit_ends_the_wait_when_it_comes(world: World) -> None:
    ticket = asked(world)
    answered_late(world, ticket, TEN + hours(2))
    assert wait(world).until_at == TEN + hours(2)


def test_the_service_time_of_a_holding_counts_what_ran_after_the_limit(world: World) -> None:
    """Three days were agreed for the part; seventeen more went by unnoticed, on the holder's clock."""
    ticket = world.file(asset_tag="VP-204").ticket
    limit = TEN + timedelta(days=3)
    handle.pause(world.desk, world["technician"], ticket, PauseCause.PART, "Lampe commandée.", limit, TEN)
    resolved_late(world, ticket, LATE)
    with world.desk.database.reading() as session:
        held = session.scalars(select(HoldingRow)).one()
    assert wait(world).until_at == limit
    assert held.served_seconds is not None and held.served_seconds > hours(50).total_seconds()
