"""The first decisions of past tickets, in batches, on both databases; and a session that cannot write."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event, text, update
from sqlalchemy.exc import DBAPIError

from router.desk import redecide
from router.model.words import Party
from router.store import past
from router.store.engine import Database
from router.store.tables import Ticket
from tests.desk.world import MONDAY, World, settle_world

WEEK = timedelta(days=7)
SOFTWARE = {"category": "metier_software", "software_origin": "unknown", "need": "breakdown"}


@pytest.fixture
def world(database: Database) -> World:
    return settle_world(database)


def found(world: World, **more: Any) -> list[past.PastDecision]:
    with world.desk.database.sealed() as session:
        return list(past.first_decisions(session, MONDAY - WEEK, MONDAY + WEEK, **more))


def test_each_ticket_once_with_what_was_known(world: World) -> None:
    world.file(at=MONDAY, facts={"asset_owner": "departement"})
    world.file("rupn_south", "Un logiciel", "Il ne démarre plus.", at=MONDAY, facts=SOFTWARE)
    world.file(at=MONDAY + WEEK)  # its first instant is excluded
    world.file(at=MONDAY - WEEK)
    first, second, early = found(world)
    assert (first.convention, second.convention) == ("demo-nord", "demo-sud")
    assert first.facts["asset_owner"] == "departement"
    assert set(second.facts) == set(first.facts)
    assert second.responsible == Party.RUPN
    assert first.at == MONDAY
    assert early.at == MONDAY - WEEK
    assert [each.convention for each in found(world, convention="demo-sud")] == ["demo-sud"]


def test_only_the_first_decision_counts(world: World) -> None:
    filed = world.file(at=MONDAY, facts={"category": "hardware", "asset_owner": "departement"})
    redecide.correct(
        world.desk,
        world["technician"],
        filed.ticket,
        {"asset_owner": "etat"},
        "Étiquette de l'État.",
        MONDAY + timedelta(hours=1),
    )
    (only,) = found(world)
    assert only.facts["asset_owner"] == "departement"
    assert only.responsible == Party.DEPARTEMENT_MAINTENANCE


@pytest.mark.parametrize("batch", [1, 2, 3])
def test_batches_neither_lose_nor_repeat(world: World, monkeypatch: pytest.MonkeyPatch, batch: int) -> None:
    for n in range(4):
        world.file(at=MONDAY + timedelta(minutes=n))
    monkeypatch.setattr(past, "BATCH", batch)
    monkeypatch.setattr(past, "_PAST", past._PAST.limit(batch))
    statements: list[str] = []
    note = lambda _c, _k, statement, *_: statements.append(statement)  # noqa: E731
    event.listen(world.desk.database.engine, "before_cursor_execute", note)
    instants = [each.at for each in found(world)]
    event.remove(world.desk.database.engine, "before_cursor_execute", note)
    assert instants == [MONDAY + timedelta(minutes=n) for n in range(4)]
    assert sum("FROM ticket" in each for each in statements) == 4 // batch + 1


def test_a_sealed_session_cannot_write_and_the_next_can(world: World) -> None:
    filed = world.file(at=MONDAY)
    with pytest.raises(DBAPIError), world.desk.database.sealed() as session:
        session.execute(update(Ticket).values(subject="changé"))
    with world.desk.database.sealed() as session:
        assert session.get_one(Ticket, filed.ticket).subject != "changé"
    with world.desk.database.writing() as session:
        session.execute(text("UPDATE ticket SET room = '204'"))
    with world.desk.database.reading() as session:
        assert session.get_one(Ticket, filed.ticket).room == "204"


def test_nothing_before_the_first_ticket(world: World) -> None:
    with world.desk.database.sealed() as session:
        assert list(past.first_decisions(session, datetime(2020, 1, 1, tzinfo=UTC), MONDAY)) == []
