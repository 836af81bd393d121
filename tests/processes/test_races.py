"""Real processes on one database: who comes second is told, and no step is lost or fired twice, whatever is killed."""

import random
import time
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess

from sqlalchemy import ColumnElement, func, select

from router.model.words import EventKind
from router.store import journal
from router.store.engine import Database
from router.store.tables import EscalationRow, EventRow, NoticeRow, Ticket
from tests.desk.world import MONDAY, World, settle_world
from tests.processes import desk_process
from tests.processes.nursery import born, line

LONG_AFTER = MONDAY + timedelta(days=90)
TICKETS = 48
KILLS = 4


@dataclass(frozen=True)
class Entrant:
    """A process at the start line, and the line to it."""

    process: BaseProcess
    line: Connection

    def said(self) -> str:
        return str(self.line.recv())

    def start(self) -> None:
        self.line.send("go")

    def finish(self) -> None:
        self.process.join(timeout=120)
        assert self.process.exitcode is not None, "a process doesn't end"
        self.line.close()


def enter(url: str, *words: str) -> Entrant:
    ours, theirs = line()
    process = born(desk_process.main, theirs, url, *words)
    theirs.close()
    return Entrant(process, ours)


def race(url: str, entrants: list[list[str]]) -> list[str]:
    """Starts them together; what came of each, in their order."""
    racing = [enter(url, *words) for words in entrants]
    try:
        assert [each.said() for each in racing] == ["ready"] * len(racing)
        for each in racing:
            each.start()
        return [each.said() for each in racing]
    finally:
        for each in racing:
            each.finish()


def test_of_two_who_resolve_at_once_one_is_told_who_was_first(database: Database, database_url: str) -> None:
    world = settle_world(database)
    ticket = world.file(asset_tag="VP-204").ticket
    results = race(
        database_url, [["resolve", str(ticket), "technician"], ["resolve", str(ticket), "colleague"]]
    )
    assert sorted(word.split()[0] for word in results) == ["conflict", "resolved"]
    winner = "Technician" if results[0] == "resolved" else "Colleague"
    assert any(f"Personne {winner}" in word for word in results)
    with database.reading() as session:
        resolved = session.scalar(select(func.count()).where(EventRow.kind == EventKind.RESOLVED.value))
        assert resolved == 1
        assert journal.verify(session)[1] == ()


def test_the_same_form_sent_four_times_at_once_is_one_ticket(database: Database, database_url: str) -> None:
    settle_world(database)
    results = race(database_url, [["file", "form:1"]] * 4)
    assert Counter(word.split()[1] for word in results) == {"new": 1, "again": 3}
    assert len({word.split()[0] for word in results}) == 1
    with database.reading() as session:
        assert session.scalar(select(func.count(Ticket.id))) == 1


def test_four_workers_killed_at_random_fire_each_step_once(database: Database, database_url: str) -> None:
    fill(settle_world(database))
    chance, killed = random.Random(20261123), 0
    while waiting(database):
        crew = at_work(database_url, 4)
        try:
            for victim in chance.sample(crew, 4 if killed < KILLS else 0):
                if work_goes_on(database, crew, chance.randint(1, 12)):
                    victim.process.kill()
                    killed += 1
        finally:
            for each in crew:
                each.finish()
    assert killed >= KILLS, "too few kills to prove anything"
    check_each_once(database)


def fill(world: World) -> None:
    """Overdue tickets of several kinds."""
    kinds = ("rupn", "bursar", "teacher", "principal", "rupn_south")
    for number in range(TICKETS):
        world.file(kinds[number % 5], subject=f"Panne n° {number}", external_id=f"n{number}")


def at_work(url: str, number: int) -> list[Entrant]:
    """Workers that start together."""
    crew = [enter(url, "escalate", LONG_AFTER.isoformat()) for _ in range(number)]
    assert [each.said() for each in crew] == ["ready"] * number
    for each in crew:
        each.start()
    return crew


def waiting(database: Database) -> int:
    return count(database, EscalationRow.state == "pending")


def count(database: Database, condition: ColumnElement[bool]) -> int:
    with database.reading() as session:
        query = select(func.count(EscalationRow.id)).where(condition, EscalationRow.due_at <= LONG_AFTER)
        return session.scalar(query) or 0


def work_goes_on(database: Database, crew: list[Entrant], steps: int) -> bool:
    """Waits until some steps more are fired; whether somebody is still at work."""
    limit, goal = time.monotonic() + 60, count(database, EscalationRow.state == "fired") + steps
    while any(each.process.is_alive() for each in crew):
        if count(database, EscalationRow.state == "fired") >= goal:
            return True
        assert time.monotonic() < limit, "the workers do nothing"
        time.sleep(0.005)
    return False


def check_each_once(database: Database) -> None:
    with database.reading() as session:
        states = Counter(session.scalars(select(EscalationRow.state)))
        assert set(states) <= {"fired", "cancelled"}
        fired = session.scalars(
            select(EscalationRow).where(EscalationRow.state == "fired", EscalationRow.act == "tell")
        ).all()
        told = Counter(
            (event.data["deadline"], event.data["step"], event.data["cycle"])
            for event in session.scalars(select(EventRow).where(EventRow.kind == EventKind.ESCALATED.value))
        )
        assert set(told.values()) == {1}
        assert set(told) == {(row.deadline_id, row.step, row.cycle) for row in fired}
        assert len(fired) > TICKETS
        keys = list(session.scalars(select(NoticeRow.key)))
        assert len(keys) == len(set(keys))
        assert journal.verify(session)[1] == ()
