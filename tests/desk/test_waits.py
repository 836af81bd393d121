"""Whose a wait is: each is signed by whoever began it, as the journal's entry of that instant is."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from router.desk import handle
from router.model.words import EventKind, PauseCause
from router.store.tables import EventRow, PauseRow
from tests.desk.world import MONDAY, World, hours

TEN = MONDAY + hours(1)


@pytest.fixture
def ticket(world: World) -> int:
    number = world.file(asset_tag="VP-204").ticket
    handle.take(world.desk, world["technician"], number, MONDAY)
    return number


def test_every_wait_is_signed_by_whoever_began_it(world: World, ticket: int) -> None:
    desk, limit = world.desk, TEN + timedelta(days=3)
    handle.ask_information(desk, world["technician"], ticket, "Quel voyant est allumé ?", TEN)
    handle.answer(desk, world["rupn"], ticket, "Le rouge.", TEN + hours(1))
    handle.pause(desk, world["colleague"], ticket, PauseCause.PART, "Lampe commandée.", limit, TEN + hours(2))
    handle.resume(desk, world["technician"], ticket, TEN + hours(3))
    handle.pause(desk, world["lead"], ticket, PauseCause.SUPPLIER, "Devis.", None, TEN + hours(4))
    with desk.database.reading() as session:
        waits = session.execute(select(PauseRow.from_at, PauseRow.author).order_by(PauseRow.id)).all()
        begun = EventRow.kind.in_((EventKind.INFORMATION_ASKED.value, EventKind.PAUSED.value))
        told = session.execute(select(EventRow.at, EventRow.actor).where(begun).order_by(EventRow.seq)).all()
    assert [author for _, author in waits] == [
        world[name].signature for name in ("technician", "colleague", "lead")
    ]
    assert [tuple(each) for each in waits] == [tuple(each) for each in told]
