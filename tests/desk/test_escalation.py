"""What happens by itself: each step once, at its time, told to whom the ladder names."""

from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import DatabaseError

from router.desk import escalate, handle, redecide, settling
from router.desk.policy import load_policy, read_sources
from router.model.words import DeadlineKind, EventKind, Party, PauseCause, TicketStatus
from router.settings import SHIPPED_RULES
from router.store import books, journal
from router.store.tables import DeadlineRow, EscalationRow, EventRow, HoldingRow, NoticeRow, PauseRow, Ticket
from tests.desk.world import MONDAY, World, hours, notices

LONG_AFTER = MONDAY + timedelta(days=60)


def test_nothing_fires_before_its_time(world: World) -> None:
    world.file(asset_tag="VP-204")
    assert escalate.run_due(world.desk, MONDAY + hours(1)) == 0


def test_each_step_fires_once_whatever_the_number_of_passes(world: World) -> None:
    world.file(asset_tag="VP-204")
    fired = escalate.run_due(world.desk, LONG_AFTER)
    assert fired > 0
    assert escalate.run_due(world.desk, LONG_AFTER) == 0
    with world.desk.database.reading() as session:
        steps = session.scalars(select(EscalationRow)).all()
        assert {step.state for step in steps} == {"fired"}
        assert all(step.fired_at == LONG_AFTER for step in steps)
        events = session.scalar(select(func.count()).where(EventRow.kind == EventKind.ESCALATED.value))
        assert events == fired == len(steps)
        keys = Counter(session.scalars(select(NoticeRow.key)))
        assert max(keys.values()) == 1
        assert journal.verify(session)[1] == ()


def test_an_overdue_ticket_tells_the_lead(world: World) -> None:
    ticket = world.file(asset_tag="VP-204").ticket
    with world.desk.database.reading() as session:
        due = session.scalars(
            select(DeadlineRow.due_at).where(
                DeadlineRow.ticket_id == ticket, DeadlineRow.kind == DeadlineKind.ACKNOWLEDGE.value
            )
        ).one()
    assert due is not None
    escalate.run_due(world.desk, due + hours(200))
    with world.desk.database.reading() as session:
        assert ("escalation", "lead@example.org") in notices(session)


def test_ordinary_messages_wait_for_opening_and_alerts_do_not(world: World) -> None:
    world.file("teacher", subject="Compte piraté", facts={"category": "security"})
    sunday = MONDAY + timedelta(days=6, hours=2)
    world.file(asset_tag="VP-204")
    escalate.run_due(world.desk, sunday)
    with world.desk.database.reading() as session:
        rows = session.scalars(select(NoticeRow).where(NoticeRow.created_at == sunday)).all()
        waits = {row.kind: row.next_try_at > sunday for row in rows if not row.urgent}
        assert waits == {"escalation": True}
        assert all(row.next_try_at == sunday for row in rows if row.kind == "alert_escalation")


def test_the_rupn_who_does_not_answer_is_passed_over(world: World) -> None:
    ticket = world.file("teacher", subject="Éléa", body="Mes élèves n'ouvrent pas le parcours Éléa.").ticket
    escalate.run_due(world.desk, MONDAY + timedelta(days=3))
    with world.desk.database.reading() as session:
        holdings = session.scalars(select(HoldingRow).order_by(HoldingRow.seq)).all()
        assert [row.party for row in holdings] == [Party.RUPN, Party.ACADEMIE_DSI]
        assert session.get_one(Ticket, ticket).holder == Party.ACADEMIE_DSI
        assert ("routed", "dsi@example.org") in notices(session)


def test_a_wait_ends_by_itself_at_its_limit(world: World) -> None:
    ticket = world.file(asset_tag="VP-204").ticket
    handle.ask_information(world.desk, world["technician"], ticket, "Quel voyant ?", MONDAY + hours(1))
    late_pass = MONDAY + timedelta(days=20)
    escalate.run_due(world.desk, late_pass)
    with world.desk.database.reading() as session:
        pause = session.scalars(select(PauseRow)).one()
        assert pause.until_at == pause.limit_at
        assert session.get_one(Ticket, ticket).status == TicketStatus.ASSIGNED
        resolve = session.scalars(
            select(DeadlineRow).where(DeadlineRow.kind == DeadlineKind.RESOLVE.value)
        ).one()
        assert resolve.due_at is not None and resolve.due_at < late_pass
        assert ("reminder", "rupn@example.org") in notices(session)


def test_waiting_for_a_supplier_asks_nothing_of_the_college(world: World) -> None:
    ticket = world.file(asset_tag="VP-204").ticket
    handle.pause(
        world.desk,
        world["technician"],
        ticket,
        PauseCause.SUPPLIER,
        "Lampe commandée.",
        None,
        MONDAY + hours(1),
    )
    with world.desk.database.reading() as session:
        limit = session.scalars(select(PauseRow)).one().limit_at
        assert limit is not None
    escalate.run_due(world.desk, limit)
    with world.desk.database.reading() as session:
        told = notices(session)
        assert not any(kind == "reminder" for kind, _ in told)
        assert ("escalation", "maintenance-nord@example.org") in told
        assert ("escalation", "rupn@example.org") not in told
        waits = [
            row.data["tell"]
            for row in session.scalars(select(EventRow).where(EventRow.kind == EventKind.ESCALATED.value))
            if row.data["kind"] == DeadlineKind.ANSWER.value
        ]
        assert waits and all(tell == ["holder"] for tell in waits)


def test_a_resolved_ticket_closes_when_its_window_ends(world: World) -> None:
    ticket = world.file(asset_tag="VP-204").ticket
    settling.resolve(world.desk, world["technician"], ticket, "Lampe changée.", MONDAY + hours(2))
    escalate.run_due(world.desk, LONG_AFTER)
    with world.desk.database.reading() as session:
        row = session.get_one(Ticket, ticket)
        assert (row.status, row.closed_at) == (TicketStatus.CLOSED, LONG_AFTER)
        assert ("closed", "rupn@example.org") in notices(session)
        assert not session.scalar(select(func.count()).where(EventRow.kind == EventKind.ESCALATED.value))


def ladders_of(world: World, ticket: int) -> list[tuple[str, str, set[str]]]:
    """(party, kind, states of its steps) of each deadline that has a ladder, oldest first."""
    with world.desk.database.reading() as session:
        rows = session.execute(
            select(DeadlineRow.id, DeadlineRow.party, DeadlineRow.kind, EscalationRow.state)
            .join(EscalationRow, EscalationRow.deadline_id == DeadlineRow.id)
            .where(DeadlineRow.ticket_id == ticket, EscalationRow.act == "tell")
            .order_by(DeadlineRow.id)
        ).all()
    found: dict[int, tuple[str, str, set[str]]] = {}
    for key, party, kind, state in rows:
        found.setdefault(key, (party, kind, set()))[2].add(state)
    return list(found.values())


def test_an_answer_stops_one_ladder_and_a_new_holding_starts_its_own(world: World) -> None:
    ticket = world.file(asset_tag="VP-204").ticket
    maintenance, dsi = Party.DEPARTEMENT_MAINTENANCE.value, Party.ACADEMIE_DSI.value
    handle.take(world.desk, world["technician"], ticket, MONDAY + hours(1))
    assert ladders_of(world, ticket) == [
        (maintenance, "acknowledge", {"cancelled"}),
        (maintenance, "resolve", {"pending"}),
        (maintenance, "promise", {"pending"}),
    ]
    redecide.transfer(
        world.desk, world["technician"], ticket, Party.ACADEMIE_DSI, "D211-14", "À l'État.", MONDAY + hours(2)
    )
    assert ladders_of(world, ticket) == [
        (maintenance, "acknowledge", {"cancelled"}),
        (maintenance, "resolve", {"cancelled"}),
        (maintenance, "promise", {"pending"}),
        (dsi, "acknowledge", {"pending"}),
        (dsi, "resolve", {"pending"}),
    ]


def test_a_ladder_published_later_leaves_an_open_ticket_its_own(world: World) -> None:
    ticket = world.file(asset_tag="VP-204").ticket
    opened = ladders_of(world, ticket)
    sources = dict(read_sources(SHIPPED_RULES))
    sources["ladders.toml"] = sources["ladders.toml"].replace(
        'tell = ["lead", "coordinators"]', 'tell = ["dpo"]'
    )
    since = MONDAY + hours(1)
    with world.desk.database.writing() as session:
        fingerprint = load_policy(sources).fingerprint
        books.publish(
            session, fingerprint, sources, in_force_from=since, at=since, by="command", reason="essai"
        )
    escalate.run_due(world.desk, LONG_AFTER)
    assert [each[:2] for each in ladders_of(world, ticket)] == [each[:2] for each in opened]
    with world.desk.database.reading() as session:
        told = notices(session)
    assert ("escalation", "lead@example.org") in told
    assert ("escalation", "dpo@example.org") not in told


def test_a_poison_step_stops_nothing_else(world: World) -> None:
    first, second = world.file(asset_tag="VP-204").ticket, world.file("teacher", asset_tag="VP-204").ticket
    with world.desk.database.writing() as session:
        session.execute(update(EscalationRow).where(EscalationRow.ticket_id == first).values(act="dance"))
    escalate.run_due(world.desk, LONG_AFTER)
    with world.desk.database.reading() as session:
        states = dict(session.execute(select(EscalationRow.ticket_id, func.min(EscalationRow.state)).group_by(
            EscalationRow.ticket_id)).all())  # fmt: skip
        assert states == {first: "poison", second: "fired"}
        error = session.scalars(select(EscalationRow.error).where(EscalationRow.ticket_id == first)).first()
        assert error is not None and error.startswith("ValueError (escalate.py:")


def test_the_journal_refuses_to_be_rewritten(world: World) -> None:
    world.file()
    with pytest.raises(DatabaseError), world.desk.database.writing() as session:
        session.execute(update(EventRow).values(kind="dance"))
    with pytest.raises(DatabaseError), world.desk.database.writing() as session:
        session.execute(delete(EventRow))
