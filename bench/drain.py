"""What a worker fires per second when much is due at once, with its events and messages: `python -m bench drain`.

Real processes on both engines as durable as in production. Then the same with workers killed at random, each step
checked to have its event and its messages once; and the naive loop, which loads each open ticket to see what is due."""

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select, update

from bench.grounds import Ground, grounds
from bench.machine import cpu_seconds, load, quantile, table
from router.desk import escalate
from router.desk.house import Desk
from router.store.tables import EscalationRow, NoticeRow, Ticket
from tests.processes.backlog import LONG_AFTER, due, fill
from tests.processes.drain_crew import Crew, check_each_once

ENGINES = ("sqlite", "postgresql")
CREWS = (1, 2, 4)
STEPS, FEW = 100_000, 5_000
KILLED_STEPS, KILLS = 20_000, 12
ROUNDS = (20261128, 1, 2)
NAIVE_TICKETS = 25
A_SECOND = 400
MODELS = 40


@dataclass(frozen=True, slots=True)
class Drained:
    """What came of one drain."""

    steps: int
    seconds: float
    processor: float
    notices: int
    killed: int = 0


def main(quick: bool) -> None:
    steps = FEW if quick else STEPS
    for engine in ENGINES:
        rows = [_row(crew, _drained(engine, steps, crew, kills=0)) for crew in CREWS]
        table(
            (
                f"{engine}, {steps:,} due steps",
                "per second",
                "seconds",
                "messages",
                "workers' processor, µs each",
            ),
            rows,
        )
        load()
        for seed in (20261128,) if quick else ROUNDS:
            _killed(engine, FEW if quick else KILLED_STEPS, 4 if quick else KILLS, seed)
        _compare(engine, FEW)
        _lag(engine, seconds=5 if quick else 20)


def _killed(engine: str, steps: int, kills: int, seed: int) -> None:
    done = _drained(engine, steps, 4, kills, seed)
    killed = f"{engine}, {done.steps:,} steps, 4 workers, {done.killed} killed"
    print(f"\n{killed}: none lost, none twice; {_speed(done)} a second")


def _row(crew: int, done: Drained) -> tuple[str, ...]:
    each = done.processor / done.steps * 1e6
    workers = f"{crew} worker{'s' if crew > 1 else ''}"
    return workers, _speed(done), f"{done.seconds:.1f}", f"{done.notices:,}", f"{each:.0f}"


def _speed(done: Drained) -> str:
    return f"{done.steps / done.seconds:,.0f}"


@contextmanager
def _backlog(engine: str, steps: int) -> Iterator[tuple[Ground, int]]:
    with grounds(engine) as ground:
        fill(ground.world, steps, MODELS)
        yield ground, due(ground.world.desk.database)


def _drained(engine: str, steps: int, workers: int, kills: int, seed: int = 0) -> Drained:
    dice = random.Random(seed)  # dice, no secret
    with _backlog(engine, steps) as (ground, waiting):
        database = ground.world.desk.database
        marks = sorted(dice.randrange(waiting) for _ in range(kills))
        crew = Crew(ground.settings.database_url)
        crew.hire(workers)
        try:
            crew.ready()
            before = sum(cpu_seconds(each.pid) for each in crew.hands)
            begun = time.perf_counter()
            crew.start()
            while left := due(database):
                if marks and waiting - left >= marks[0]:
                    marks.pop(0)
                    crew.kill_one(dice)
                time.sleep(0.1)
            seconds = time.perf_counter() - begun
            processor = sum(cpu_seconds(each.pid) for each in crew.hands) - before
        finally:
            crew.stop()
        check_each_once(database, waiting)
        with database.reading() as session:
            notices = session.scalar(select(func.count(NoticeRow.id))) or 0
        return Drained(waiting, seconds, processor, notices, crew.killed)


def _compare(engine: str, steps: int) -> None:
    """One process, in turn: the naive loop on a part, each step by itself on a part, the batches on the rest."""
    with _backlog(engine, steps) as (ground, _):
        desk = ground.world.desk
        naive = _each(lambda: _naive(desk, NAIVE_TICKETS))
        passes = iter((True, False))
        alone = _each(
            lambda: escalate.run_due(
                desk, LONG_AFTER, batch=NAIVE_TICKETS, go_on=lambda: next(passes), together=False
            )
        )
        batch = _each(lambda: escalate.run_due(desk, LONG_AFTER))
        print(
            f"{engine}, one process, ms a step: naive loop {naive:.2f}, one by one {alone:.2f}, together {batch:.2f}; "
            f"× {naive / batch:.1f} and × {alone / batch:.1f}"
        )


def _each(fire: Callable[[], int]) -> float:
    """Milliseconds a step."""
    begun = time.perf_counter()
    fired = fire()
    return (time.perf_counter() - begun) / fired * 1000


def _naive(desk: Desk, most: int) -> int:
    """Loads each open ticket, looks at its steps, and saves what is due, a transaction each."""
    with desk.database.reading() as session:
        numbers = session.scalars(
            select(Ticket.id).where(Ticket.opened.is_(True)).order_by(Ticket.id).limit(most)
        )
        open_tickets = list(numbers)
    total = 0
    for number in open_tickets:
        with desk.database.writing() as session:
            ticket = session.get_one(Ticket, number, with_for_update=True)
            for step in session.scalars(select(EscalationRow).where(EscalationRow.ticket_id == number)).all():
                if step.state == "pending" and step.due_at is not None and step.due_at <= LONG_AFTER:
                    escalate.fire_one(desk, session, ticket, step.id, LONG_AFTER)
                    total += 1
    return total


def _lag(engine: str, seconds: int) -> None:
    """Steps fall due all the time, a worker passes each second: how long after its instant is each recorded?"""
    with _backlog(engine, A_SECOND * seconds) as (ground, waiting):
        desk, dice = ground.world.desk, random.Random(5)  # dice, no secret
        begun = datetime.now(UTC) + timedelta(seconds=1)
        with desk.database.writing() as session:
            numbers = session.scalars(select(EscalationRow.id).where(EscalationRow.state == "pending")).all()
            spread = [begun + timedelta(seconds=seconds * dice.random()) for _ in numbers]
            rows = [{"id": number, "due_at": at} for number, at in zip(numbers, spread, strict=True)]
            session.execute(update(EscalationRow), rows)
        late: list[float] = []
        while len(late) < waiting:
            at = datetime.now(UTC)
            escalate.run_due(desk, at)
            recorded = datetime.now(UTC)
            with desk.database.reading() as session:
                fired = session.scalars(select(EscalationRow.due_at).where(EscalationRow.fired_at == at))
                late += [(recorded - due_at).total_seconds() for due_at in fired if due_at]
            time.sleep(max(0.0, 1 - (datetime.now(UTC) - at).total_seconds()))
        p50, p99 = quantile(late, 0.5), quantile(late, 0.99)
        every = f"{engine}, {A_SECOND} due a second, a pass each second"
        print(f"{every}: recorded after {p50:.1f} s, 99 in 100 within {p99:.1f} s")
