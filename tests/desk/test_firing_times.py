"""When a step fires and when its message goes: oldest first, late ones say so, urgent ones don't wait; and nothing that
befalls a clock or a database makes a step, or a person, look at fault."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import OperationalError

from router.clock.ladders import Step
from router.desk import escalate, handle
from router.desk.calendar_days import DaysAsked, decide_days
from router.model.words import DayCause, DeadlineKind, EventKind, Party, Reach
from router.settings import MailMode, Settings
from router.store import journal
from router.store.engine import Database
from router.store.tables import DeadlineRow, EscalationRow, EventRow, NoticeRow
from router.worker import run_worker
from tests.desk.drafts import settle_keepers
from tests.desk.world import MONDAY, World, hours, shipped_policy

TUESDAY = MONDAY.date() + timedelta(days=1)
OPEN, CLOSED = MONDAY + timedelta(days=7, hours=1), MONDAY + timedelta(days=6, hours=2)


def deadline(world: World, kind: DeadlineKind) -> DeadlineRow:
    with world.desk.database.reading() as session:
        return session.scalars(select(DeadlineRow).where(DeadlineRow.kind == kind.value)).one()


def bodies(world: World, kind: str) -> list[str]:
    with world.desk.database.reading() as session:
        return list(
            session.scalars(select(NoticeRow.body).where(NoticeRow.kind == kind).order_by(NoticeRow.id))
        )


def once() -> Callable[[], bool]:
    answers = iter((True, False))
    return lambda: next(answers)


def test_the_oldest_step_is_fired_first(world: World) -> None:
    for number in range(3):
        at = MONDAY + hours(3 - number)  # the last one filed is the first due
        world.file(
            asset_tag="VP-204", subject=f"Le vidéoprojecteur {number} clignote", external_id=f"n{number}", at=at
        )
    with world.desk.database.reading() as session:
        due = session.execute(
            select(EscalationRow.ticket_id, EscalationRow.due_at).order_by(
                EscalationRow.due_at, EscalationRow.id
            )
        ).all()
    order = list(dict.fromkeys(row.ticket_id for row in due))
    assert order == sorted(order, reverse=True)
    fired: list[int] = []
    for _ in order:
        assert escalate.run_due(world.desk, OPEN, batch=1, go_on=once())
        with world.desk.database.reading() as session:
            done = session.scalars(select(EscalationRow.ticket_id).where(EscalationRow.state == "fired"))
            fired += sorted(set(done) - set(fired))
    assert fired == order


@pytest.mark.parametrize("together", [True, False])
def test_a_step_fired_late_says_by_how_much_in_its_message_and_in_the_journal(
    world: World, together: bool
) -> None:
    world.file(asset_tag="VP-204")
    with world.desk.database.reading() as session:
        planned = session.scalars(
            select(EscalationRow.due_at).order_by(EscalationRow.due_at, EscalationRow.id)
        ).all()
    assert planned[0] is not None
    escalate.run_due(world.desk, planned[0] + timedelta(hours=3), together=together)
    (first, *_) = bodies(world, "escalation")
    assert "Ce message aurait dû partir 3 heures plus tôt" in first
    with world.desk.database.reading() as session:
        event = session.scalars(select(EventRow).where(EventRow.kind == EventKind.ESCALATED.value)).first()
        assert event is not None
        assert datetime.fromisoformat(event.data["planned_at"]) == planned[0]
        assert event.at - planned[0] == timedelta(hours=3)


def test_a_reminder_after_the_limit_does_not_ask_for_what_is_over(world: World) -> None:
    ticket = world.file(asset_tag="VP-204").ticket
    handle.ask_information(world.desk, world["technician"], ticket, "Quel voyant ?", MONDAY + hours(1))
    limit = deadline(world, DeadlineKind.ANSWER).due_at
    assert limit is not None
    before = bodies(world, "reminder")
    escalate.run_due(world.desk, limit - timedelta(minutes=1))
    (in_time,) = bodies(world, "reminder")[len(before) :]
    assert "Elle est attendue au plus tard" in in_time
    escalate.run_due(world.desk, limit + timedelta(days=2))
    (late, *_) = bodies(world, "reminder")[len(before) + 1 :]
    assert "Elle était attendue au plus tard" in late and "2 jours plus tôt" in late
    assert all("2 jours plus tôt" in body for body in bodies(world, "resumed"))


def test_both_coordinators_hear_of_a_ticket_that_stays_late(world: World) -> None:
    world.file(asset_tag="VP-204")
    escalate.run_due(world.desk, MONDAY + timedelta(days=30))
    with world.desk.database.reading() as session:
        told = set(session.scalars(select(NoticeRow.address).where(NoticeRow.kind == "escalation")))
    assert {"lead@example.org", "dsi-lead@example.org"} <= told


@pytest.mark.parametrize("together", [True, False])
@pytest.mark.parametrize("urgent", [True, False])
def test_an_urgent_step_does_not_wait_for_opening_hours(world: World, urgent: bool, together: bool) -> None:
    world.file(asset_tag="VP-204")
    with world.desk.database.writing() as session:
        session.execute(update(EscalationRow).values(urgent=urgent))
    escalate.run_due(world.desk, CLOSED, together=together)
    with world.desk.database.reading() as session:
        sent = set(session.scalars(select(NoticeRow.next_try_at).where(NoticeRow.kind == "escalation")))
    assert sent and all((at == CLOSED) is urgent for at in sent)


def test_a_step_keeps_the_channel_of_its_ladder(world: World) -> None:
    policy = shipped_policy()

    class ByPost:
        """The shipped ladders, by another channel than the one there is."""

        def of(self, party: Party, kind: DeadlineKind) -> tuple[Step, ...]:
            return tuple(replace(step, channel="post") for step in policy.ladders.of(party, kind))

    ladders: Any = ByPost()
    world.desk.policies.remember(replace(policy, ladders=ladders))
    try:
        world.file(asset_tag="VP-204")
    finally:
        world.desk.policies.remember(policy)
    with world.desk.database.reading() as session:
        kept = {(row.act, row.channel) for row in session.scalars(select(EscalationRow))}
    assert kept == {("tell", "post")}


def test_who_acts_in_time_after_a_worker_whose_clock_is_ahead_is_in_time(world: World) -> None:
    ticket = world.file(asset_tag="VP-204").ticket
    due = deadline(world, DeadlineKind.ACKNOWLEDGE).due_at
    assert due is not None
    escalate.run_due(world.desk, due + timedelta(minutes=5))  # by a clock an hour ahead
    handle.take(world.desk, world["technician"], ticket, due - timedelta(minutes=30))
    met = deadline(world, DeadlineKind.ACKNOWLEDGE)
    assert (met.state, met.settled_at) == ("met", due - timedelta(minutes=30))
    with world.desk.database.reading() as session:
        assert journal.verify(session)[1] == ()


@pytest.mark.parametrize("together", [True, False])
def test_what_the_database_cannot_do_just_now_is_no_fault_of_a_step(
    world: World, monkeypatch: pytest.MonkeyPatch, together: bool
) -> None:
    """Two transactions that wait for each other, a full disk: nothing is written, and the next pass fires it all."""
    world.file(asset_tag="VP-204")

    def refuse(*_rest: object, **_more: object) -> None:
        raise OperationalError("INSERT", None, SimpleNamespace(args=("deadlock detected",)))  # type: ignore[arg-type]

    with monkeypatch.context() as broken:
        broken.setattr(journal, "write", refuse)
        with pytest.raises(OperationalError):
            escalate.run_due(world.desk, OPEN, together=together)
    with world.desk.database.reading() as session:
        assert set(session.scalars(select(EscalationRow.state))) == {"pending"}
    assert escalate.run_due(world.desk, OPEN, together=together) > 0
    with world.desk.database.reading() as session:
        assert "poison" not in set(session.scalars(select(EscalationRow.state)))


def test_the_worker_first_computes_again_what_a_gesture_computed_with_older_calendars(
    database: Database, database_url: str
) -> None:
    world = settle_keepers(database)
    world.file(asset_tag="VP-204")
    old = deadline(world, DeadlineKind.RESOLVE)
    snow = DaysAsked(
        Reach.CONVENTION, "demo-nord", None, TUESDAY, TUESDAY, (), DayCause.SNOW, "Routes fermées."
    )
    decide_days(world.desk, world["manager"], snow, MONDAY)
    moved = deadline(world, DeadlineKind.RESOLVE)
    assert moved.due_at != old.due_at
    with database.writing() as session:  # as a gesture that began before the decision would have left it
        behind = update(DeadlineRow).where(DeadlineRow.id == old.id)
        session.execute(behind.values(due_at=old.due_at, calendars=old.calendars))
    run_worker(Settings(database=database_url, mail_mode=MailMode.KEEP), once=True)
    healed = deadline(world, DeadlineKind.RESOLVE)
    assert (healed.due_at, healed.calendars) == (moved.due_at, moved.calendars)
    assert healed.party == Party.DEPARTEMENT_MAINTENANCE
