"""The outbox: queued once, claimed by one, settled only by who holds it."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import false

from router.model.words import NoticeState
from router.store import operations, outbox
from router.store.engine import Database
from router.store.outbox import ClaimedNotice
from router.store.tables import NoticeRow
from tests.notices.rows import AT, notice, queue, stored

LEASE = timedelta(minutes=2)
MINUTE = timedelta(minutes=1)


def claim(database: Database, *, at=AT, limit: int = 10, worker: str = "w") -> tuple[ClaimedNotice, ...]:
    with database.writing() as session:
        return outbox.claim(session, worker, at, LEASE, limit)


def keys(claimed: tuple[ClaimedNotice, ...]) -> list[str]:
    return [each.subject.removeprefix("Sujet ") for each in claimed]


def test_the_same_key_twice_is_one_message(database: Database) -> None:
    queue(database, notice("a"), notice("b"))
    queue(database, notice("b", address="autre@college.example.org"), notice("c"))
    rows = stored(database)
    assert list(rows) == ["a", "b", "c"]
    assert rows["b"].address == "accueil@college.example.org"
    assert {row.state for row in rows.values()} == {"queued"}
    queue(database)


def test_no_message_exists_before_its_commit(database: Database) -> None:
    with pytest.raises(RuntimeError), database.writing() as session:
        outbox.enqueue(session, [notice("a")])
        raise RuntimeError
    assert stored(database) == {}


def test_the_message_id_follows_from_the_key_and_tells_nothing_of_it(database: Database) -> None:
    queue(database, notice("ticket 42 to x@college.example.org"), notice("b"))
    first, second = stored(database).values()
    assert first.message_id == outbox.stable_message_id(first.key) != second.message_id
    assert first.message_id.isalnum()


def test_urgent_messages_pass_first_then_the_oldest_and_none_before_its_time(database: Database) -> None:
    queue(
        database,
        notice("second", wait=-MINUTE),
        notice("first", wait=-2 * MINUTE),
        notice("later", wait=MINUTE),
        notice("alert", urgent=True),
    )
    assert keys(claim(database)) == ["alert"]
    assert keys(claim(database)) == ["first", "second"]
    assert keys(claim(database)) == []
    assert keys(claim(database, at=AT + MINUTE)) == ["later"]


def test_a_claim_takes_no_more_than_its_limit_and_nothing_twice(database: Database) -> None:
    queue(database, *(notice(str(number)) for number in range(5)))
    assert keys(claim(database, limit=3)) == ["0", "1", "2"]
    assert keys(claim(database, limit=3)) == ["3", "4"]


def test_a_claim_whose_lease_has_run_is_taken_by_another_and_the_first_can_settle_no_more(
    database: Database,
) -> None:
    queue(database, notice("a"))
    (lost,) = claim(database, worker="killed")
    assert claim(database, at=AT + LEASE - MINUTE) == ()
    (again,) = claim(database, at=AT + LEASE, worker="heir")
    assert (again.message_id, again.attempts) == (lost.message_id, 0)
    with database.writing() as session:
        assert not outbox.mark_sent(session, lost, AT)
        assert not outbox.mark_failed(session, lost, "x")
        assert not outbox.mark_delayed(session, lost, AT, "x")
        assert not outbox.put_back(session, lost)
        assert outbox.mark_sent(session, again, AT + LEASE)
        assert not outbox.mark_sent(session, again, AT + LEASE)
    row = stored(database)["a"]
    assert (row.state, row.sent_at, row.claimed_by) == ("sent", AT + LEASE, None)


def test_each_way_of_settling_leaves_its_trace(database: Database) -> None:
    queue(database, *(notice(key) for key in ("failed", "delayed", "back", "closed")))
    failed, delayed, back, closed = claim(database)
    with database.writing() as session:
        outbox.mark_failed(session, failed, "550 inconnu")
        outbox.mark_delayed(session, delayed, AT + MINUTE, "450 occupé")
        outbox.put_back(session, back)
        outbox.put_back(session, closed, AT + 2 * MINUTE, "421 fermé")
    rows = stored(database)
    assert [(row.state, row.attempts, row.next_try_at - AT, row.error) for row in rows.values()] == [
        ("failed", 1, timedelta(0), "550 inconnu"),
        ("queued", 1, MINUTE, "450 occupé"),
        ("queued", 0, timedelta(0), None),
        ("queued", 0, 2 * MINUTE, "421 fermé"),
    ]


def test_a_message_set_aside_can_be_queued_again_once(database: Database) -> None:
    queue(database, notice("a"))
    (held,) = claim(database)
    with database.writing() as session:
        assert not outbox.retry_failed(session, held.id, AT)
        outbox.mark_failed(session, held, "550 inconnu")
        assert outbox.retry_failed(session, held.id, AT + MINUTE)
        assert not outbox.retry_failed(session, held.id, AT + MINUTE)
    (again,) = claim(database, at=AT + MINUTE)
    assert again.attempts == 0


def letters(database: Database, **asked: Any) -> list[NoticeRow]:
    options = {"state": None, "before": None, "limit": 10} | asked
    with database.reading() as session:
        found = operations.letters(session, operations.sent_to(""), false(), **options)
    return [each.row for each in found]


def test_pages_of_messages_go_back_in_time_without_a_gap(database: Database) -> None:
    queue(database, *(notice(str(number)) for number in range(7)))
    with database.writing() as session:
        (held,) = outbox.claim(session, "w", AT, LEASE, 1)
        outbox.mark_failed(session, held, "550 inconnu")
    first = letters(database, limit=4)
    rest = letters(database, limit=4, before=first[-1].id)
    failed = letters(database, state=NoticeState.FAILED)
    assert [each.subject for each in first + rest] == [f"Sujet {number}" for number in range(6, -1, -1)]
    assert [(each.subject, each.error) for each in failed] == [("Sujet 0", "550 inconnu")]


def test_counts_say_what_waits_and_since_when(database: Database) -> None:
    queue(database, notice("old", wait=-MINUTE), notice("new"), notice("later", wait=MINUTE), notice("bad"))
    with database.writing() as session:
        for held in outbox.claim(session, "w", AT, LEASE, 10):
            if held.subject == "Sujet bad":
                outbox.mark_failed(session, held, "550 inconnu")
            elif held.subject == "Sujet old":
                outbox.put_back(session, held)
    with database.reading() as session:
        counts = outbox.unsent_counts(session)
        assert outbox.oldest_waiting(session, AT) == AT - MINUTE
        assert outbox.oldest_waiting(session, AT - 2 * MINUTE) is None
        assert outbox.oldest_waiting(session, AT, urgent=True) is None
    assert counts == {NoticeState.QUEUED: 2, NoticeState.SENDING: 1, NoticeState.FAILED: 1}
