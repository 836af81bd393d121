"""A RUPN who doesn't answer: her deputy is told and may answer, then the ticket goes on without either."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from router.desk import accounts, escalate, handle, redecide
from router.model.actor import Actor
from router.model.words import DeadlineKind, EventKind, Party, Role
from router.store import journal
from router.store.tables import Account, DeadlineRow, EscalationRow, EventRow, NoticeRow, Ticket
from tests.desk.world import MONDAY, NORTH, World, an_account

AFTER_ALL = MONDAY + timedelta(days=3)


@pytest.fixture
def ticket(world: World) -> int:
    """Waits for the collège's first level, declared by a teacher."""
    return world.file("teacher", subject="Éléa", body="Mes élèves n'ouvrent pas le parcours Éléa.").ticket


@pytest.fixture
def deputy(world: World) -> Actor:
    with world.desk.database.writing() as session:
        row = an_account("deputy", role=Role.RUPN, duty="rupn", party=Party.RUPN, uai=NORTH)
        row.deputy = True
        session.add(row)
        session.flush()
        return accounts.actor_from(row)


def ends(world: World) -> datetime:
    with world.desk.database.reading() as session:
        kind = DeadlineRow.kind == DeadlineKind.FIRST_LEVEL.value
        found = session.scalars(select(DeadlineRow.due_at).where(kind)).one()
    assert found is not None
    return found


def letters(world: World, kind: str) -> list[str]:
    with world.desk.database.reading() as session:
        return list(session.scalars(select(NoticeRow.address).where(NoticeRow.kind == kind)))


def steps_told(world: World, kind: EventKind) -> list[dict[str, object]]:
    with world.desk.database.reading() as session:
        found = session.scalars(select(EventRow).where(EventRow.kind == kind.value).order_by(EventRow.seq))
        return [event.data for event in found]


def test_the_deputy_hears_nothing_while_the_rupn_has_time(world: World, deputy: Actor, ticket: int) -> None:
    assert letters(world, "routed_first_level") == ["rupn@example.org"]
    escalate.run_due(world.desk, MONDAY + timedelta(hours=1))
    assert letters(world, "deputy") == []


def test_she_is_told_then_the_ticket_goes_on_and_the_journal_says_both(
    world: World, deputy: Actor, ticket: int
) -> None:
    escalate.run_due(world.desk, ends(world) - timedelta(minutes=1))
    assert letters(world, "deputy") == ["deputy@example.org"]
    assert letters(world, "no_deputy") == []
    told = [each for each in steps_told(world, EventKind.ESCALATED) if each["tell"] == ["deputy"]]
    assert [(each["kind"], each["deputy"]) for each in told] == [("first_level", True)]
    escalate.run_due(world.desk, AFTER_ALL)
    assert len(steps_told(world, EventKind.FIRST_LEVEL_TIMED_OUT)) == 1
    assert letters(world, "deputy") == ["deputy@example.org"]
    with world.desk.database.reading() as session:
        assert session.get_one(Ticket, ticket).holder == Party.ACADEMIE_DSI
        assert journal.verify(session)[1] == ()


def test_she_may_answer_in_her_place(world: World, deputy: Actor, ticket: int) -> None:
    at = ends(world) - timedelta(minutes=1)
    escalate.run_due(world.desk, at)
    redecide.first_level_done(world.desk, deputy, ticket, "Le mot de passe est bon, la page reste blanche.", at)
    with world.desk.database.reading() as session:
        assert session.get_one(Ticket, ticket).holder == Party.ACADEMIE_DSI
    escalate.run_due(world.desk, AFTER_ALL)
    assert steps_told(world, EventKind.FIRST_LEVEL_TIMED_OUT) == []


def test_nobody_stands_in_for_a_rupn_who_has_answered(world: World, deputy: Actor, ticket: int) -> None:
    handle.take(world.desk, world["rupn"], ticket, MONDAY + timedelta(minutes=30))
    escalate.run_due(world.desk, ends(world) - timedelta(minutes=1))
    assert letters(world, "deputy") == letters(world, "no_deputy") == []
    with world.desk.database.reading() as session:
        asked = [row.state for row in session.scalars(select(EscalationRow)) if row.tell == ["deputy"]]
    assert asked == ["cancelled"]


def test_whom_else_the_step_names_is_told_all_the_same(world: World, deputy: Actor, ticket: int) -> None:
    with world.desk.database.writing() as session:
        (step,) = [row for row in session.scalars(select(EscalationRow)) if row.tell == ["deputy"]]
        step.tell = ["deputy", "principal"]
    handle.take(world.desk, world["rupn"], ticket, MONDAY + timedelta(minutes=30))
    escalate.run_due(world.desk, ends(world) - timedelta(minutes=1))
    assert letters(world, "deputy") == []
    assert "principal@example.org" in letters(world, "escalation")


def test_without_a_deputy_the_principal_is_told_that_nobody_is_named(world: World, ticket: int) -> None:
    escalate.run_due(world.desk, ends(world) - timedelta(minutes=1))
    assert letters(world, "no_deputy") == ["principal@example.org"]
    told = [each for each in steps_told(world, EventKind.ESCALATED) if each["tell"] == ["deputy"]]
    assert [each["deputy"] for each in told] == [False]


def test_a_college_that_has_only_a_deputy_asks_her_at_once(world: World, deputy: Actor) -> None:
    with world.desk.database.writing() as session:
        session.get_one(Account, world["rupn"].id).active = False
    world.file("teacher", subject="Éléa", body="Mes élèves n'ouvrent pas le parcours Éléa.")
    assert letters(world, "routed_first_level") == ["deputy@example.org"]
