"""Health: silence is a fault, lateness is a fault, and nothing in it names anybody."""

from datetime import datetime, timedelta

import pytest

from router.desk.health import health
from router.store import outbox, watch
from router.store.engine import Database
from router.store.tables import College, DeadlineRow, EscalationRow, IncidentRow, Ticket
from tests.notices.anything import row
from tests.notices.rows import AT, notice, queue

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)


def beat(database: Database, at: datetime, name: str = "w") -> None:
    with database.writing() as session:
        watch.beat(session, name, AT, at)


def step(database: Database, due_at: datetime | None, state: str = "pending") -> None:
    with database.writing() as session:
        if session.get(College, "0359001A") is None:
            session.add(row(College, uai="0359001A"))
            session.flush()
        incident = row(IncidentRow, uai="0359001A")
        session.add(incident)
        session.flush()
        ticket = row(Ticket, uai="0359001A", incident_id=incident.id)
        session.add(ticket)
        session.flush()
        deadline = row(DeadlineRow, ticket_id=ticket.id)
        session.add(deadline)
        session.flush()
        session.add(
            row(EscalationRow, ticket_id=ticket.id, deadline_id=deadline.id, due_at=due_at, state=state)
        )


def test_no_worker_ever_seen_is_a_fault(database: Database) -> None:
    seen = health(database, AT)
    assert (seen.ok, seen.beat_age) == (False, None)
    assert seen.reasons == ("Aucun processus de fond n'a jamais donné signe de vie.",)


def test_a_beat_keeps_it_green_for_a_minute(database: Database) -> None:
    beat(database, AT)
    assert health(database, AT + MINUTE).ok
    late = health(database, AT + MINUTE + SECOND)
    assert late.reasons == ("Le processus de fond ne donne plus signe de vie depuis 1 minute.",)
    assert late.beat_age == MINUTE + SECOND


def test_the_last_worker_to_pass_counts_and_those_silent_for_a_day_are_forgotten(database: Database) -> None:
    beat(database, AT, "old")
    beat(database, AT + MINUTE, "new")
    assert health(database, AT + MINUTE).beat_age == timedelta(0)
    beat(database, AT + timedelta(days=2), "next")
    with database.reading() as session:
        assert [each.name for each in watch.beats(session)] == ["next"]


def test_a_beat_from_the_future_is_a_fault_and_shows_no_negative_age(database: Database) -> None:
    """It would keep the watch green for the hour that follows the worker's death."""
    beat(database, AT + timedelta(hours=1))
    seen = health(database, AT)
    assert (seen.ok, seen.beat_age) == (False, timedelta(0))
    assert seen.reasons == (
        "Un processus de fond a donné signe de vie avec une horloge en avance de 1 heure :"
        " vérifiez l'heure des machines.",
    )
    beat(database, AT + timedelta(seconds=50))
    assert health(database, AT).ok


def test_a_due_step_a_minute_late_is_a_fault(database: Database) -> None:
    beat(database, AT)
    step(database, AT - MINUTE)
    step(database, AT + MINUTE)
    step(database, None)
    step(database, AT - timedelta(days=1), state="fired")
    assert health(database, AT).ok
    late = health(database, AT + SECOND)
    assert late.reasons == ("Une relance attend d'être faite depuis 1 minute.",)
    assert late.oldest_due_age == MINUTE + SECOND


def test_what_was_set_aside_is_counted_and_alone_turns_nothing_red(database: Database) -> None:
    beat(database, AT)
    step(database, AT - timedelta(days=1), state="poison")
    queue(database, notice("failed"), notice("waiting"))
    with database.writing() as session:
        first, second = outbox.claim(session, "w", AT, MINUTE, 2)
        outbox.mark_failed(session, first, "550 inconnu")
        outbox.put_back(session, second)
    seen = health(database, AT)
    assert (seen.ok, seen.poison, seen.queued, seen.failed) == (True, 1, 1, 1)
    assert seen.oldest_notice_age == timedelta(0)


@pytest.mark.parametrize(("urgent", "ok"), [(True, False), (False, True)])
def test_an_urgent_message_that_does_not_leave_is_a_fault(database: Database, urgent: bool, ok: bool) -> None:
    queue(database, notice("a", urgent=urgent))
    at = AT + timedelta(minutes=11)
    with database.writing() as session:
        (held,) = outbox.claim(session, "w", AT, MINUTE, 1)
        outbox.mark_delayed(session, held, at + MINUTE, "450 occupé")
    beat(database, at)
    assert health(database, at).ok is ok


def test_an_urgent_message_has_a_few_minutes(database: Database) -> None:
    queue(database, notice("a", urgent=True))
    beat(database, AT + timedelta(minutes=9))
    assert health(database, AT + timedelta(minutes=9)).ok
