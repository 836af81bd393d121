"""Deadlines follow a ticket's priority: same starts, same waits; nothing passed or answered is rewritten."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from router.clock.calendar import add
from router.desk import escalate, handle, redecide, ticket_page
from router.model.incident import FactValue
from router.model.words import DeadlineKind, EventKind, Party, Priority
from router.store import journal
from router.store.tables import DeadlineRow, EscalationRow, EventRow, PauseRow, Ticket
from tests.desk.world import MONDAY, World, hours, shipped_policy

TEN = MONDAY + hours(1)
HOLDERS_OWN = (DeadlineKind.ACKNOWLEDGE, DeadlineKind.RESOLVE)
EXAM: dict[str, FactValue] = {"urgency": "exam", "scope": "site"}
ORDINARY: dict[str, FactValue] = {"urgency": "normal", "scope": "room"}
SLIGHT: dict[str, FactValue] = {"urgency": "normal", "scope": "person"}


@pytest.fixture
def ticket(world: World) -> int:
    """Held by the Département's maintenance, with an ordinary priority."""
    found = world.file(asset_tag="VP-204").ticket
    assert row(world, found).priority == Priority.NORMAL
    return found


def row(world: World, ticket: int) -> Ticket:
    with world.desk.database.reading() as session:
        return session.get_one(Ticket, ticket)


def correct(world: World, ticket: int, changes: dict[str, FactValue], at: datetime) -> None:
    redecide.correct(world.desk, world["technician"], ticket, changes, "Vu sur place.", at)


def live(world: World, ticket: int) -> dict[DeadlineKind, DeadlineRow]:
    with world.desk.database.reading() as session:
        mine = select(DeadlineRow).where(
            DeadlineRow.ticket_id == ticket, DeadlineRow.state.in_(("running", "paused"))
        )
        return {DeadlineKind(each.kind): each for each in session.scalars(mine)}


def aimed(world: World, ticket: int, kind: DeadlineKind) -> datetime:
    """What the calendar answers for the ticket's priority, from the deadline's start, without any wait."""
    policy, present = shipped_policy(), row(world, ticket)
    priority = Priority(present.priority)
    if kind is DeadlineKind.PROMISE:
        promise = policy.targets.promise(priority)
        clock, allowance, start = promise.clock, promise.allowance, present.opened_at
    else:
        target = policy.targets.of(Party(present.holder), priority, present.category)
        clock, start = target.clock, present.opened_at
        allowance = target.resolve if kind is DeadlineKind.RESOLVE else target.acknowledge
    due = add(policy.calendar(present.convention_id, clock), start, allowance)
    assert isinstance(due, datetime)
    return due


def steps(world: World, deadline: int) -> list[EscalationRow]:
    with world.desk.database.reading() as session:
        mine = select(EscalationRow).where(EscalationRow.deadline_id == deadline)
        return list(session.scalars(mine.order_by(EscalationRow.step)))


def told(world: World, ticket: int) -> list[dict[str, Any]]:
    with world.desk.database.reading() as session:
        mine = select(EventRow).where(EventRow.ticket_id == ticket, EventRow.kind == EventKind.RETARGETED.value)
        return [event.data for event in session.scalars(mine.order_by(EventRow.seq))]


def test_a_higher_priority_brings_every_deadline_nearer_from_the_same_start(world: World, ticket: int) -> None:
    before = live(world, ticket)
    correct(world, ticket, EXAM, TEN)
    after = live(world, ticket)
    assert row(world, ticket).priority != Priority.NORMAL
    for kind in (*HOLDERS_OWN, DeadlineKind.PROMISE):
        assert after[kind].id == before[kind].id
        assert after[kind].starts_at == before[kind].starts_at == MONDAY
        assert after[kind].due_at == aimed(world, ticket, kind)
        assert after[kind].due_at < before[kind].due_at
    assert row(world, ticket).due_at == min(after[kind].due_at or MONDAY for kind in HOLDERS_OWN)


def test_a_lower_one_takes_them_further_and_back(world: World, ticket: int) -> None:
    first = {kind: each.due_at for kind, each in live(world, ticket).items()}
    correct(world, ticket, EXAM, MONDAY + timedelta(minutes=20))
    correct(world, ticket, ORDINARY, MONDAY + timedelta(minutes=25))
    assert {kind: each.due_at for kind, each in live(world, ticket).items()} == first


def test_the_journal_says_each_deadline_before_and_after(world: World, ticket: int) -> None:
    before = live(world, ticket)
    correct(world, ticket, EXAM, TEN)
    after = live(world, ticket)
    (event,) = told(world, ticket)
    said = {DeadlineKind(each["kind"]): each["due_at"] for each in event["moved"]}
    assert said == {
        kind: [before[kind].due_at.isoformat(), after[kind].due_at.isoformat()]
        for kind in (*HOLDERS_OWN, DeadlineKind.PROMISE)
    }
    assert event["passed"] == []
    with world.desk.database.reading() as session:
        assert journal.verify(session)[1] == ()
    view = ticket_page.show(world.desk, world["technician"], ticket, TEN)
    assert EventKind.RETARGETED in {entry.kind for entry in view.story}


def test_a_correction_that_leaves_the_priority_says_nothing(world: World, ticket: int) -> None:
    correct(world, ticket, {"zone": "administration"}, TEN)
    assert row(world, ticket).priority == Priority.NORMAL
    assert told(world, ticket) == []


def test_what_has_passed_stays_passed(world: World, ticket: int) -> None:
    acknowledge = live(world, ticket)[DeadlineKind.ACKNOWLEDGE]
    assert acknowledge.due_at is not None
    at = acknowledge.due_at + hours(1)
    correct(world, ticket, SLIGHT, at)
    correct(world, ticket, EXAM, at)
    kept = live(world, ticket)[DeadlineKind.ACKNOWLEDGE]
    assert (kept.id, kept.due_at, kept.allowance) == (
        acknowledge.id,
        acknowledge.due_at,
        acknowledge.allowance,
    )
    assert DeadlineKind.ACKNOWLEDGE in told(world, ticket)[-1]["passed"]


def test_what_was_passed_when_a_wait_began_stays_passed(world: World, ticket: int) -> None:
    promise = live(world, ticket)[DeadlineKind.PROMISE]
    assert promise.due_at is not None
    at = promise.due_at + hours(1)
    handle.ask_information(world.desk, world["technician"], ticket, "Quel voyant ?", at)
    correct(world, ticket, EXAM, at + hours(1))
    handle.answer(world.desk, world["rupn"], ticket, "Le rouge.", at + hours(2))
    kept = live(world, ticket)[DeadlineKind.PROMISE]
    assert (kept.id, kept.allowance, kept.passed_at) == (promise.id, promise.allowance, promise.due_at)


def test_what_was_answered_is_not_asked_again(world: World, ticket: int) -> None:
    handle.take(world.desk, world["technician"], ticket, TEN)
    correct(world, ticket, EXAM, TEN + hours(1))
    with world.desk.database.reading() as session:
        mine = select(DeadlineRow).where(
            DeadlineRow.ticket_id == ticket, DeadlineRow.kind == DeadlineKind.ACKNOWLEDGE.value
        )
        met = session.scalars(mine).one()
    assert (met.state, met.met_at) == ("met", TEN)
    assert {each["kind"] for each in told(world, ticket)[0]["moved"]} == {"resolve", "promise"}


def test_a_wait_is_kept_before_and_during_the_change(world: World, ticket: int) -> None:
    handle.ask_information(world.desk, world["technician"], ticket, "Quel voyant ?", TEN)
    correct(world, ticket, EXAM, TEN + hours(1))
    during = live(world, ticket)
    for kind in (DeadlineKind.RESOLVE, DeadlineKind.PROMISE):
        assert (during[kind].state, during[kind].due_at) == ("paused", None)
        assert {step.due_at for step in steps(world, during[kind].id)} == {None}
    assert told(world, ticket)[0]["moved"][0]["due_at"][1] is None
    handle.answer(world.desk, world["rupn"], ticket, "Le rouge.", TEN + hours(2))
    after = live(world, ticket)
    with world.desk.database.reading() as session:
        pause = session.scalars(select(PauseRow)).one()
        policy = shipped_policy()
    for kind in (DeadlineKind.RESOLVE, DeadlineKind.PROMISE):
        calendar = policy.calendar(row(world, ticket).convention_id, after[kind].clock)
        allowance = timedelta(seconds=after[kind].allowance)
        assert after[kind].due_at == add(calendar, MONDAY, allowance, [(pause.from_at, pause.until_at)])
        assert after[kind].due_at > aimed(world, ticket, kind)


def test_a_step_already_fired_is_not_fired_again_and_the_others_move(world: World, ticket: int) -> None:
    resolve = live(world, ticket)[DeadlineKind.RESOLVE]
    first, *_ = steps(world, resolve.id)
    assert first.due_at is not None and first.due_at < resolve.due_at
    handle.take(world.desk, world["technician"], ticket, TEN)
    escalate.run_due(world.desk, first.due_at)
    at = first.due_at + timedelta(minutes=1)
    planned = {step.step: step.due_at for step in steps(world, resolve.id)}
    correct(world, ticket, SLIGHT, at)
    lowered = live(world, ticket)[DeadlineKind.RESOLVE]
    correct(world, ticket, EXAM, at)
    moved = steps(world, resolve.id)
    assert lowered.id == resolve.id and moved[0].state == "fired"
    assert moved[0].fired_at == first.due_at
    assert all(step.due_at != planned[step.step] for step in moved[1:])
    escalate.run_due(world.desk, at + timedelta(days=60))
    with world.desk.database.reading() as session:
        mine = select(EventRow).where(EventRow.ticket_id == ticket, EventRow.kind == EventKind.ESCALATED.value)
        fired = [event.data["step"] for event in session.scalars(mine) if event.data["deadline"] == resolve.id]
    assert sorted(fired) == [step.step for step in moved]


def test_a_step_that_should_have_been_fired_by_now_is_due_now_and_not_late(world: World, ticket: int) -> None:
    at = MONDAY + timedelta(days=2)
    handle.take(world.desk, world["technician"], ticket, TEN)
    correct(world, ticket, EXAM, at)
    resolve = live(world, ticket)[DeadlineKind.RESOLVE]
    assert resolve.due_at is not None and resolve.due_at < at
    assert all(step.due_at is not None and step.due_at >= at for step in steps(world, resolve.id))


def test_with_another_holder_only_the_promise_is_taken_anew(world: World, ticket: int) -> None:
    before = live(world, ticket)
    correct(world, ticket, {"category": "security"}, TEN)
    assert row(world, ticket).holder == Party.RSSI
    after = live(world, ticket)
    assert after[DeadlineKind.PROMISE].id == before[DeadlineKind.PROMISE].id
    assert after[DeadlineKind.PROMISE].due_at == aimed(world, ticket, DeadlineKind.PROMISE)
    assert after[DeadlineKind.RESOLVE].id != before[DeadlineKind.RESOLVE].id
    assert after[DeadlineKind.RESOLVE].starts_at == TEN
    assert [each["kind"] for each in told(world, ticket)[0]["moved"]] == ["promise"]
