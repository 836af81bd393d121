"""Worker processes over one backlog, killed at random and replaced; and the account of what they did."""

import random
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess

from sqlalchemy import func, select

from router.model.words import EventKind
from router.store import journal
from router.store.engine import Database
from router.store.tables import EscalationRow, EventRow, NoticeRow
from tests.processes import drain_worker
from tests.processes.backlog import LONG_AFTER
from tests.processes.nursery import born, line

PATIENCE_SECONDS = 120.0


@dataclass
class Crew:
    """Workers at one instant, `seed` other than 0 giving each a clock that jumps."""

    url: str
    at: datetime = LONG_AFTER
    batch: int = 200
    seed: int = 0
    hands: list[BaseProcess] = field(default_factory=list)
    killed: int = 0
    _waiting: list[Connection] = field(default_factory=list)
    _lines: list[Connection] = field(default_factory=list)

    def hire(self, number: int) -> None:
        """They get ready, and wait for the start."""
        for _ in range(number):
            ours, theirs = line()
            seed = self.seed and self.seed + len(self.hands)
            self.hands.append(born(drain_worker.main, self.url, self.at, self.batch, seed, theirs))
            theirs.close()
            self._waiting.append(ours)

    def ready(self) -> None:
        for each in self._waiting:
            assert each.recv() == "ready"

    def start(self) -> None:
        for each in self._waiting:
            each.send("go")
        self._lines += self._waiting
        self._waiting = []

    def kill_one(self, dice: random.Random) -> None:
        """Whatever it is doing; another takes its place as soon as it is ready."""
        alive = [each for each in self.hands if each.is_alive()]
        dice.choice(alive).kill()
        self.killed += 1
        self.hire(1)
        self.start()

    def stop(self) -> None:
        for each in self.hands:
            each.terminate()
        for each in self.hands:
            each.join(timeout=PATIENCE_SECONDS)
            assert each.exitcode is not None, "a worker doesn't stop"
        for each in (*self._lines, *self._waiting):
            each.close()


def wait_until(done: Callable[[], bool]) -> None:
    limit = time.monotonic() + PATIENCE_SECONDS
    while not done():
        assert time.monotonic() < limit, "the workers do nothing"
        time.sleep(0.005)


def fired(database: Database) -> int:
    """How many steps are done with."""
    with database.reading() as session:
        query = select(func.count(EscalationRow.id)).where(EscalationRow.fired_at.is_not(None))
        return session.scalar(query) or 0


def check_each_once(database: Database, steps: int) -> None:
    """Each step that tells has exactly its event and its messages, and every chain holds."""
    with database.reading() as session:
        states = Counter(session.scalars(select(EscalationRow.state)))
        assert set(states) <= {"fired", "cancelled"}, states
        tells = session.scalars(
            select(EscalationRow).where(EscalationRow.state == "fired", EscalationRow.act == "tell")
        ).all()
        told = Counter(
            (data["deadline"], data["step"], data["cycle"])
            for data in session.scalars(select(EventRow.data).where(EventRow.kind == EventKind.ESCALATED.value))
        )
        assert set(told.values()) == {1}
        assert set(told) == {(row.deadline_id, row.step, row.cycle) for row in tells}
        assert len(tells) >= steps, (len(tells), steps)
        keys = Counter(session.scalars(select(NoticeRow.key)))
        assert max(keys.values()) == 1
        occasions = {int(key.split("/")[3]) for key in keys if key.count("/") == 4}
        assert occasions >= {row.id for row in tells}
        assert journal.verify(session)[1] == ()
