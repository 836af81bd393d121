"""Emptying the outbox: each message goes once, comes back later, or is set aside; none stops the line."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from router.notices import channels
from router.notices.deliver import BATCH, CLOSED_FOR, DELAYS, Drained, drain
from router.store.engine import Database
from tests.notices import mail_server as ms
from tests.notices.mail_server import FakeChannel, address
from tests.notices.rows import AT, notice, queue, stored

MINUTE = timedelta(minutes=1)


@dataclass
class Clock:
    """A clock the test turns; `step` passes at each reading."""

    at: datetime = AT
    step: timedelta = timedelta(0)

    def __call__(self) -> datetime:
        now, self.at = self.at, self.at + self.step
        return now


@dataclass
class FailingChannel(FakeChannel):
    """Raises what it is told to, one after the other, then works."""

    errors: Iterator[Exception] = field(default_factory=lambda: iter(()))

    def send(self, envelope: channels.Envelope) -> None:
        error = next(self.errors, None)
        if error is not None:
            raise error
        super().send(envelope)


def sent_to(channel: FakeChannel) -> list[str]:
    return [str(mail["Subject"]).removeprefix("Sujet ") for mail in channel.mails]


def test_all_that_is_due_goes_and_nothing_else(database: Database) -> None:
    number = BATCH * 2 + 3
    queue(database, *(notice(f"{each:03}") for each in range(number)), notice("later", wait=MINUTE))
    channel = FakeChannel()
    assert drain(database, channel, Clock(), "w") == Drained(sent=number)
    assert sent_to(channel) == [f"{each:03}" for each in range(number)]
    assert channel.closed == 1
    assert drain(database, channel, Clock(), "w") == Drained()


def test_one_refused_and_one_delayed_stop_nobody(database: Database) -> None:
    queue(
        database,
        notice("unknown", address=address(ms.UNKNOWN)),
        notice("busy", address=address(ms.BUSY)),
        notice("unreadable", address="personne"),
        notice("good"),
    )
    channel = FakeChannel()
    assert drain(database, channel, Clock(), "w") == Drained(sent=1, delayed=1, failed=2)
    rows = stored(database)
    assert {key: row.state for key, row in rows.items()} == {
        "unknown": "failed",
        "busy": "queued",
        "unreadable": "failed",
        "good": "sent",
    }
    assert rows["unknown"].error == "550 5.1.1 No such user"
    assert rows["busy"].next_try_at == AT + MINUTE


def test_delays_grow_then_the_message_is_set_aside(database: Database) -> None:
    queue(database, notice("busy", address=address(ms.BUSY)))
    clock, waits = Clock(), []
    while stored(database)["busy"].state == "queued":
        drain(database, FakeChannel(), clock, "w")
        waits.append(stored(database)["busy"].next_try_at - clock.at)
        clock.at = stored(database)["busy"].next_try_at
    assert waits[:-1] == list(DELAYS)
    assert sum(DELAYS, timedelta()) > timedelta(days=2)
    row = stored(database)["busy"]
    assert (row.state, row.attempts, row.error) == ("failed", len(DELAYS) + 1, "450 4.2.1 Mailbox busy")


def test_a_closed_way_out_stops_the_pass_and_counts_against_nobody(database: Database) -> None:
    queue(database, *(notice(str(each)) for each in range(3)), notice("closing", address=address(ms.CLOSING)))
    queue(database, *(notice(str(each)) for each in range(4, 7)))
    channel = FakeChannel()
    assert drain(database, channel, Clock(), "w") == Drained(sent=3, closed=True)
    waiting = [row for row in stored(database).values() if row.state == "queued"]
    assert {(row.attempts, row.next_try_at) for row in waiting} == {(0, AT + CLOSED_FOR)}
    assert len(waiting) == 4
    assert drain(database, channel, Clock(), "w") == Drained()


def test_a_repeat_after_a_kill_carries_the_same_message_id(database: Database) -> None:
    queue(database, notice("a"))
    killed = FailingChannel(errors=iter([KeyboardInterrupt()]))
    with pytest.raises(KeyboardInterrupt):
        drain(database, killed, Clock(), "killed")
    before = stored(database)["a"]
    assert before.state == "sending"
    channel = FakeChannel()
    assert drain(database, channel, Clock(AT + MINUTE), "heir") == Drained()
    assert drain(database, channel, Clock(AT + 2 * MINUTE), "heir") == Drained(sent=1)
    (mail,) = channel.mails
    assert mail["Message-ID"] == f"<{before.message_id}@academie.example.org>"


def test_kills_count_against_no_message(database: Database) -> None:
    queue(database, notice("a"))
    clock = Clock()
    for _ in range(len(DELAYS) + 5):
        with pytest.raises(KeyboardInterrupt):
            drain(database, FailingChannel(errors=iter([KeyboardInterrupt()])), clock, "w")
        clock.at += 2 * MINUTE
    assert drain(database, FakeChannel(), clock, "w") == Drained(sent=1)
    assert stored(database)["a"].attempts == 1


def test_an_error_nobody_foresaw_sets_the_message_aside_and_logs_no_word_of_it(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    queue(database, notice("odd", address="odd@college.example.org"), notice("good"))
    channel = FailingChannel(errors=iter([RuntimeError("odd@college.example.org")]))
    with caplog.at_level(logging.INFO):
        assert drain(database, channel, Clock(), "w") == Drained(sent=1, failed=1)
    assert stored(database)["odd"].error == "RuntimeError"
    assert "example.org" not in caplog.text


def test_logs_name_no_address_and_no_word(database: Database, caplog: pytest.LogCaptureFixture) -> None:
    names = (ms.UNKNOWN, ms.BUSY, ms.DROPPED, ms.WELCOME, ms.CLOSING)
    queue(database, *(notice(f"secret {name}", address=address(name)) for name in names))
    with caplog.at_level(logging.DEBUG, logger="router"):
        drain(database, FakeChannel(), Clock(), "w")
    assert caplog.records
    assert "example.org" not in caplog.text
    assert "secret" not in caplog.text


def test_nothing_is_sent_with_too_little_of_the_lease_left(database: Database) -> None:
    queue(database, *(notice(str(each)) for each in range(10)))
    channel = FakeChannel()
    slow = Clock(step=timedelta(seconds=15))
    assert drain(database, channel, slow, "w") == Drained(sent=10)
    assert sorted(sent_to(channel)) == [str(each) for each in range(10)]
    assert {row.attempts for row in stored(database).values()} == {1}


def test_a_pass_told_to_stop_ends_after_its_batch(database: Database) -> None:
    queue(database, *(notice(f"{each:03}") for each in range(BATCH * 3)))
    asked = iter([True, False])
    channel = FakeChannel()
    assert drain(database, channel, Clock(), "w", go_on=lambda: next(asked)) == Drained(
        sent=BATCH, interrupted=True
    )
    assert {row.state for row in stored(database).values()} == {"sent", "queued"}


def test_an_alert_queued_while_others_are_sent_goes_next(database: Database) -> None:
    queue(database, *(notice(f"{each:03}") for each in range(BATCH * 2)))

    class Ringing(FakeChannel):
        def send(self, envelope: channels.Envelope) -> None:
            if not self.mails:
                queue(database, notice("alert", urgent=True))
            super().send(envelope)

    channel = Ringing()
    drain(database, channel, Clock(), "w")
    assert sent_to(channel).index("alert") == BATCH


def test_a_message_sent_after_its_lease_is_said_in_the_log(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    queue(database, notice("a"))

    class Stalled(FakeChannel):
        def send(self, envelope: channels.Envelope) -> None:
            super().send(envelope)
            drain(database, heir, Clock(AT + 3 * MINUTE), "heir")

    heir, channel = FakeChannel(), Stalled()
    drain(database, channel, Clock(), "w")
    assert channel.mails[0]["Message-ID"] == heir.mails[0]["Message-ID"]
    assert "may go twice" in caplog.text
