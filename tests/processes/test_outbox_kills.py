"""Several worker processes over one outbox, killed at random: no message lost, none sent again once confirmed.

The workers' clock stands still within a round, so that a claim ends only with its worker; between two rounds
every worker is dead and the leases have run. So the test judges the claims, not the speed of the machine."""

import random
import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest
from sqlalchemy import func, select

from router.notices.deliver import LEASE
from router.store.engine import Database
from router.store.tables import NoticeRow
from tests.notices.rows import AT, notice, queue, stored
from tests.processes import outbox_worker
from tests.processes.nursery import born

MESSAGES = 600
WORKERS = 4
KILLS_A_ROUND = 6
ROUND_SECONDS = 60.0


@dataclass
class Crew:
    """Worker processes at one instant; a killed one is replaced."""

    url: str
    at: datetime
    record: Path
    crew: list[BaseProcess] = field(default_factory=list)

    def start(self, number: int) -> None:
        words = (self.url, self.at.isoformat(), str(self.record))
        self.crew += [born(outbox_worker.main, *words) for _ in range(number)]

    def sent(self) -> list[str]:
        return self.record.read_text().split() if self.record.exists() else []

    def kill_one(self, chance: random.Random) -> None:
        """Waits for a few messages more, then kills a worker whatever it is doing."""
        enough = len(self.sent()) + chance.randint(1, 30)
        _wait(lambda: len(self.sent()) >= enough or not self.alive())
        if victims := self.alive():
            chance.choice(victims).kill()
            self.start(1)

    def alive(self) -> list[BaseProcess]:
        return [each for each in self.crew if each.is_alive()]

    def finish(self, *, kill: bool) -> None:
        for each in self.crew:
            if kill:
                each.kill()
            each.join(timeout=ROUND_SECONDS)
            assert each.exitcode is not None, "a worker doesn't end"


def _wait(until) -> None:
    limit = time.monotonic() + ROUND_SECONDS
    while not until():
        assert time.monotonic() < limit, "the workers do nothing"
        time.sleep(0.005)


def confirmed(database: Database) -> set[str]:
    return {row.message_id for row in stored(database).values() if row.state == "sent"}


def test_no_message_is_lost_and_none_goes_again_once_confirmed(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    queue(database, *(notice(f"{number:04}", urgent=number % 7 == 0) for number in range(MESSAGES)))
    everything = sent_by_crews(database, database_url, tmp_path, MESSAGES)
    assert set(everything) == confirmed(database)
    assert len(set(everything)) == MESSAGES
    assert len(everything) > MESSAGES, "no kill fell between a sending and its record: the test proved little"


def test_a_mail_of_several_messages_is_the_same_whoever_was_killed(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    to = [f"personne{number % (MESSAGES // 3)}@college.example.org" for number in range(MESSAGES)]
    queue(database, *(notice(f"{number:04}", address=to[number], waits=True) for number in range(MESSAGES)))
    everything = sent_by_crews(database, database_url, tmp_path, MESSAGES, killed=1)
    mails = {f"{row.digest}*3" for row in stored(database).values()}
    assert set(everything) == mails, "a repeat named other messages, or a mail was cut in two"
    assert len(mails) == MESSAGES // 3
    assert len(everything) > len(mails), "no kill fell between a sending and its record: the test proved little"


def sent_by_crews(database: Database, url: str, folder: Path, number: int, *, killed: int = 3) -> list[str]:
    """Rounds of workers, the first ones killed at random, until every message is confirmed: what each mail was."""
    chance, rounds = random.Random(20261102), 0
    everything: list[str] = []
    while len(confirmed(database)) < number:
        assert rounds < 12, "the workers don't get on"
        last = rounds >= killed
        before = {mail for row in stored(database).values() if row.state == "sent" for mail in mails_of(row)}
        crew = Crew(url, AT + rounds * LEASE, folder / f"round{rounds}")
        try:
            crew.start(WORKERS)
            for _ in range(0 if last else KILLS_A_ROUND):
                crew.kill_one(chance)
        finally:
            crew.finish(kill=not last)
        sent = crew.sent()
        assert len(sent) == len(set(sent)), "two workers held the same message"
        assert not before & set(sent), "a confirmed message went again"
        everything += sent
        rounds += 1
    return everything


def mails_of(row: NoticeRow) -> tuple[str, ...]:
    """What a record may call the mail that this message left in."""
    return (row.message_id, f"{row.digest}*3")


@pytest.mark.parametrize("number", [400])
def test_workers_share_what_is_due_and_settle_each_message_once(
    database: Database, database_url: str, tmp_path: Path, number: int
) -> None:
    queue(database, *(notice(f"{each:04}") for each in range(number)))
    crew = Crew(database_url, AT + timedelta(seconds=1), tmp_path / "record")
    crew.start(WORKERS)
    crew.finish(kill=False)
    assert sorted(crew.sent()) == sorted(row.message_id for row in stored(database).values())
    with database.reading() as session:
        attempts = session.execute(select(func.min(NoticeRow.attempts), func.max(NoticeRow.attempts))).one()
    assert tuple(attempts) == (1, 1)
