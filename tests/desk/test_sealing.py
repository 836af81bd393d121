"""The daily seal: made once, mailed to both institutions, and what tells that a whole history was written anew."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import func, select, text, update
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from router.desk import handle, sealing
from router.desk.house import Desk
from router.desk.installation import verify_journal, verify_seals
from router.model.words import EventKind
from router.settings import Settings
from router.store import journal, seals
from router.store.engine import Database
from router.store.guards import made_ordinary
from router.store.journal import Signature
from router.store.tables import (
    Account,
    EventDetail,
    EventRow,
    NoticeRow,
    PartyChannel,
    SealedHead,
    SealRow,
    Ticket,
)
from tests.desk.world import MONDAY, World, hours, notices

DAY = timedelta(days=1)


def seal_two_days(world: World) -> tuple[int, int]:
    first, second = world.file().ticket, world.file("teacher").ticket
    assert sealing.run_daily(world.desk, MONDAY + hours(2)) == 1
    handle.comment(world.desk, world["rupn"], second, "Toujours rien.", MONDAY + hours(3))
    assert sealing.run_daily(world.desk, MONDAY + DAY) == 1
    return first, second


def test_a_day_has_one_seal_over_every_head(world: World) -> None:
    first, second = seal_two_days(world)
    assert sealing.run_daily(world.desk, MONDAY + DAY + hours(5)) == 0
    made, breaks = verify_seals(world.desk)
    assert breaks == ()
    assert [(each.number, each.tickets) for each in made] == [(1, 2), (2, 2)]
    assert made[1].previous == made[0].digest
    with world.desk.database.reading() as session:
        heads = session.execute(select(SealedHead.seal, SealedHead.ticket_id).order_by(SealedHead.seal)).all()
        assert [tuple(each) for each in heads] == [(1, first), (1, second), (2, second)]
        entries = session.scalar(select(func.count()).select_from(EventRow))
        assert made[1].entries == entries


def test_both_institutions_receive_it_and_it_says_nothing_of_anybody(world: World) -> None:
    world.file(subject="Panne de Mme Exemple")
    sealing.run_daily(world.desk, MONDAY)
    made, _ = verify_seals(world.desk)
    with world.desk.database.reading() as session:
        told = [address for kind, address in notices(session) if kind == "seal"]
        assert sorted(told) == ["dsi-lead@example.org", "lead@example.org"]
        rows = session.scalars(select(NoticeRow).where(NoticeRow.kind == "seal")).all()
        assert {row.ticket_id for row in rows} == {None}
        assert all(made[0].digest in row.body and "Exemple" not in row.body for row in rows)


NORTH, SOUTH = "demo-nord", "demo-sud"


def untold(world: World) -> list[tuple[str, str]]:
    return [(each.institution, each.convention) for each in sealing.seal_untold(world.desk, MONDAY)]


def test_an_institution_that_no_coordinator_stands_for_is_named(world: World) -> None:
    """In the tests' world the Département's coordinator is the North's, the académie's everybody's."""
    assert untold(world) == [("departement", SOUTH)]
    with world.desk.database.writing() as session:
        session.execute(update(Account).where(Account.id == world["lead"].id).values(active=False))
        session.execute(update(Account).where(Account.id == world["dsi_lead"].id).values(email=""))
    assert untold(world) == [
        (institution, convention)
        for convention in (NORTH, SOUTH)
        for institution in ("departement", "academie")
    ]


def test_a_coordinators_mailbox_stands_for_its_institution(world: World) -> None:
    with world.desk.database.writing() as session:
        session.add(
            PartyChannel(
                party="departement_maintenance",
                convention_id=SOUTH,
                email="pilotage@example.org",
                phone="",
                purpose="coordinator",
            )
        )
    assert untold(world) == []


def test_before_any_book_nobody_is_missing(database: Database) -> None:
    assert sealing.seal_untold(Desk(database, Settings()), MONDAY) == ()


def test_a_clock_put_back_makes_no_older_seal(world: World) -> None:
    world.file()
    sealing.run_daily(world.desk, MONDAY + 3 * DAY)
    sealing.run_daily(world.desk, MONDAY + 2 * DAY)
    made, breaks = verify_seals(world.desk)
    assert breaks == ()
    assert made[0].at == made[1].at == MONDAY + 3 * DAY


def test_the_database_refuses_to_change_a_seal(world: World) -> None:
    world.file()
    sealing.run_daily(world.desk, MONDAY)
    for table in ("seal", "sealed_head"):
        for order in (f"UPDATE {table} SET seal = 2", f"DELETE FROM {table}"):
            statement = order.replace("SET seal", "SET number") if table == "seal" else order
            with pytest.raises(DatabaseError), world.desk.database.writing() as session:
                session.execute(text(statement))


def rewrite(session: Session, ticket_id: int, change: Callable[[list[dict[str, object]]], None]) -> None:
    """Somebody with the database's keys: the ticket's whole history anew, each entry well chained."""
    events = session.execute(select(EventRow.__table__).where(EventRow.ticket_id == ticket_id)).mappings().all()
    entries = [dict(each) for each in events]
    change(entries)
    session.execute(text("DELETE FROM event_detail WHERE ticket_id = :id"), {"id": ticket_id})
    session.execute(text("DELETE FROM event WHERE ticket_id = :id"), {"id": ticket_id})
    ticket = session.get_one(Ticket, ticket_id)
    ticket.head_seq, ticket.head_hash = 0, journal.GENESIS
    for each in entries:
        who = Signature(str(each["actor"]), "Quelqu'un")
        journal.append(session, ticket, each["at"], who, EventKind(each["kind"]), each["data"])  # type: ignore[arg-type]


def unguard(session: Session) -> None:
    engine = session.get_bind().dialect.name
    for statement in made_ordinary(engine, ("event", "seal", "sealed_head")):
        session.execute(text(statement))


CHANGES: dict[str, Callable[[list[dict[str, object]]], None]] = {
    "altered": lambda entries: entries[0].update(actor="account:99"),
    "removed": lambda entries: entries.pop(1),
    "inserted": lambda entries: entries.insert(1, dict(entries[0])),
    "cut": lambda entries: entries.__delitem__(slice(-1, None)),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_history_written_anew_is_named_though_its_chain_holds(world: World, change: str) -> None:
    first, second = seal_two_days(world)
    with world.desk.database.writing() as session:
        unguard(session)
        rewrite(session, first, CHANGES[change])
    assert verify_journal(world.desk, None)[1] == ()
    _, breaks = verify_seals(world.desk)
    assert [(each.number, each.ticket_id) for each in breaks] == [(1, first)]
    assert str(first) in breaks[0].reason
    assert second != first


def test_a_seal_changed_or_taken_out_is_named(world: World) -> None:
    seal_two_days(world)
    sealing.run_daily(world.desk, MONDAY + 2 * DAY)
    with world.desk.database.writing() as session:
        unguard(session)
        session.execute(update(SealRow).where(SealRow.number == 2).values(digest="f" * 64))
    _, breaks = verify_seals(world.desk)
    assert [(each.number, each.reason) for each in breaks] == [(2, seals.CONTENT), (3, seals.FOLLOWS)]
    with world.desk.database.writing() as session:
        session.execute(text("DELETE FROM sealed_head WHERE seal = 2"))
        session.execute(text("DELETE FROM seal WHERE number = 2"))
    _, breaks = verify_seals(world.desk)
    assert (3, seals.FOLLOWS) in [(each.number, each.reason) for each in breaks]


def test_erasing_a_person_leaves_seals_valid(world: World) -> None:
    seal_two_days(world)
    with world.desk.database.writing() as session:
        session.execute(EventDetail.__table__.delete())
    assert verify_seals(world.desk)[1] == ()
