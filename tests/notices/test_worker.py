"""The worker's pass and its ticker: one reading of the time, nothing that ends it but a signal."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic

import psycopg
import pytest
from sqlalchemy import make_url
from sqlalchemy.exc import OperationalError

from router.notices import channels
from router.notices.deliver import BATCH
from router.settings import MailMode, Settings
from router.store import watch
from router.store.engine import Database, open_database
from router.worker import Ticker, Worker, run_worker
from tests.databases import Databases
from tests.notices.mail_server import FakeChannel
from tests.notices.rows import AT, notice, queue, stored


@dataclass
class Escalations:
    """Takes the place of the due steps: remembers when it was asked, and does what it is told."""

    asked: list[datetime] = field(default_factory=list)
    act: Callable[[], None] = lambda: None

    def __call__(self, at: datetime, _go_on: Callable[[], bool]) -> int:
        self.asked.append(at)
        self.act()
        return 1


def hired(database: Database, escalations: Escalations, channel: FakeChannel) -> Worker:
    return Worker(database, escalations, channel, lambda: AT, "w", AT)


def beats(database: Database) -> list[str]:
    with database.reading() as session:
        return [each.name for each in watch.beats(session)]


def test_a_pass_beats_fires_what_is_due_and_empties_the_outbox(database: Database) -> None:
    queue(database, notice("a"))
    escalations, channel = Escalations(), FakeChannel()
    escalations.act = lambda: queue(database, notice("escalation"))
    hired(database, escalations, channel).tick()
    assert beats(database) == ["w"]
    assert escalations.asked == [AT]
    assert [mail["Subject"] for mail in channel.mails] == ["Sujet a", "Sujet escalation"]


def test_a_long_outbox_is_emptied_in_slices_with_a_beat_before_each(database: Database) -> None:
    queue(database, *(notice(f"{each:03}") for each in range(BATCH * 3)))
    escalations, channel = Escalations(), FakeChannel()
    worker = hired(database, escalations, channel)
    worker.slice_seconds = 1e-3
    channel_send = channel.send

    def slow(envelope: channels.Envelope) -> None:
        threading.Event().wait(2e-3)
        channel_send(envelope)

    channel.send = slow  # type: ignore[method-assign]
    worker.tick()
    assert len(channel.mails) == BATCH * 3
    assert len(escalations.asked) == 4


def test_a_pass_told_to_stop_sends_no_other_batch(database: Database) -> None:
    queue(database, notice("a"))
    escalations, channel = Escalations(), FakeChannel()
    worker = hired(database, escalations, channel)
    escalations.act = worker.stopping.set
    worker.tick()
    assert channel.mails == []
    assert stored(database)["a"].state == "queued"


def test_a_bad_pass_ends_nothing_and_its_words_stay_out_of_the_log(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    def fail() -> None:
        raise LookupError("".join(["Na", "dia"]))

    escalations = Escalations(act=fail)
    worker = hired(database, escalations, FakeChannel())
    worker.tick()
    worker.tick()
    assert len(escalations.asked) == 2
    assert "LookupError" in caplog.text
    assert "test_worker.py" in caplog.text
    assert "Nadia" not in caplog.text


def test_a_lost_database_is_said_once_and_once_more_when_found(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    def lose() -> None:
        raise OperationalError("SELECT 'Nadia Exemple'", {}, ConnectionError("gone"))

    escalations = Escalations(act=lose)
    worker = hired(database, escalations, FakeChannel())
    for _ in range(3):
        worker.tick()
    escalations.act = lambda: None
    worker.tick()
    lines = [record.getMessage() for record in caplog.records if "database" in record.getMessage()]
    assert lines == ["database lost (ConnectionError); waiting for it", "database found again"]
    assert "Nadia" not in caplog.text


def test_a_database_that_drops_every_connection_is_found_again(
    databases: Databases, caplog: pytest.LogCaptureFixture
) -> None:
    url = databases.migrated("postgresql")
    database = open_database(url)
    queue(database, *(notice(str(each)) for each in range(5)))

    class Restarting(FakeChannel):
        def send(self, envelope: channels.Envelope) -> None:
            super().send(envelope)
            if len(self.mails) == 2:
                _drop_connections(url)

    channel = Restarting()
    worker = hired(database, Escalations(), channel)
    worker.tick()
    worker.clock = lambda: AT + timedelta(minutes=3)
    worker.tick()
    assert {row.state for row in stored(database).values()} == {"sent"}
    assert len({mail["Message-ID"] for mail in channel.mails}) == 5
    database.engine.dispose()
    databases.drop(url)


def _drop_connections(url: str) -> None:
    name = make_url(url).database
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()",
            [name],
        )


def ticking(act: Callable[[], None], seconds: float) -> tuple[Ticker, threading.Event, threading.Thread]:
    stopping = threading.Event()
    ticker = Ticker(act, seconds, stopping)
    thread = threading.Thread(target=ticker.run)
    thread.start()
    return ticker, stopping, thread


def test_the_ticker_goes_on_until_told_and_lets_the_pass_end() -> None:
    passes, three = [], threading.Event()

    def act() -> None:
        threading.Event().wait(0.05)
        passes.append(monotonic())
        if len(passes) == 3:
            three.set()

    _, stopping, thread = ticking(act, 0.1)
    assert three.wait(10)
    stopping.set()
    thread.join(10)
    assert not thread.is_alive()
    done = len(passes)
    assert threading.Event().wait(0.3) is False
    assert len(passes) == done


def test_the_ticker_goes_on_when_the_clock_of_the_machine_is_put_back() -> None:
    passed = threading.Event()
    ticker, stopping, thread = ticking(passed.set, 0.1)
    assert passed.wait(10)
    (job,) = ticker.scheduler.get_jobs()
    job.modify(next_run_time=datetime.now(UTC) + timedelta(hours=1))
    passed.clear()
    assert passed.wait(10)
    stopping.set()
    thread.join(10)
    assert not thread.is_alive()


def test_one_pass_of_the_real_worker_on_its_settings(database_url: str) -> None:
    database = open_database(database_url)
    queue(database, notice("a"))
    run_worker(Settings(database=database_url, mail_mode=MailMode.KEEP), once=True)
    assert stored(database)["a"].state == "sent"
    assert len(beats(database)) == 1
    database.engine.dispose()


def test_one_pass_on_a_folder_without_a_database_says_what_is_wrong(tmp_path: Path) -> None:
    settings = Settings(database=f"sqlite:///{tmp_path / 'nowhere' / 'x.sqlite3'}", mail_mode=MailMode.KEEP)
    with pytest.raises(OperationalError):
        run_worker(settings, once=True)
