"""The worker: at each tick it beats, fires what is due, and empties the outbox. Any number may run at once.

APScheduler only ticks: what is due lives in the tables, and whoever claims it first does it. A tick that fails
(a database that restarts, a bug) is logged and the next one tries again. Logs name no person."""

import logging
import os
import signal
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from time import monotonic
from traceback import format_tb
from types import FrameType

from apscheduler.events import EVENT_SCHEDULER_STARTED
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.job import Job
from apscheduler.schedulers.blocking import BlockingScheduler
from sqlalchemy.exc import DBAPIError

from router.desk import housekeeping, sealing
from router.desk.calendar_days import heal
from router.desk.escalate import run_due
from router.desk.house import Desk, open_desk
from router.notices.channels import Channel, channel_from
from router.notices.compose import CHOICES_PATH
from router.notices.deliver import Drained, drain
from router.settings import Settings
from router.store import watch
from router.store.engine import Database
from router.store.journal import WORKER
from router.trusted_time import TrustedTime

LOG = logging.getLogger(__name__)

Clock = Callable[[], datetime]
Escalate = Callable[[datetime, Callable[[], bool]], int]


@dataclass(slots=True)
class Worker:
    """One process's work. `escalate` fires all that is due at an instant and says how much; `stopping` ends the
    pass after the batch in hand; a pass sends for `slice_seconds` at most before it beats and looks again."""

    database: Database
    escalate: Escalate
    channel: Channel
    clock: Clock
    name: str
    started_at: datetime
    slice_seconds: float = 10.0
    choices: str = ""  # the page where people say which messages they want
    doubt: Callable[[datetime], str] = lambda _at: ""  # why the clock is not to be believed
    stopping: threading.Event = field(default_factory=threading.Event)
    _lost: bool = False
    _doubted: str = ""

    def tick(self) -> None:
        """Passes until nothing is left to send. Never raises: one bad pass doesn't end the worker."""
        try:
            while self.work() and not self.stopping.is_set():
                continue
        except DBAPIError as error:
            self._database_lost(error)
        except Exception as error:
            # The place, not the words: an error's message may hold somebody's.
            place = "".join(format_tb(error.__traceback__))
            LOG.error("the pass failed (%s); trying again at the next tick\n%s", type(error).__name__, place)

    def work(self) -> bool:
        """One pass; whether messages may be left for the next. The time is read once for what is due; each
        message reads it anew, since sending takes time."""
        at = self.clock()
        with self.database.writing() as session:
            watch.beat(session, self.name, self.started_at, at)
        if self._doubts(at):
            return False
        until = monotonic() + self.slice_seconds
        fired = self.escalate(at, lambda: not self.stopping.is_set() and monotonic() < until)
        drained = self._drain()
        if self._lost:
            self._lost = False
            LOG.warning("database found again")
        if fired or drained.sent or drained.delayed or drained.failed:
            LOG.info(
                "fired %d, sent %d, delayed %d, set aside %d",
                fired,
                drained.sent,
                drained.delayed,
                drained.failed,
            )
        return drained.interrupted

    def _doubts(self, at: datetime) -> bool:
        found = self.doubt(at)
        if found != self._doubted:
            LOG.warning("%s", f"nothing is done: {found}" if found else "the clock is believed again")
        self._doubted = found
        return bool(found)

    def _drain(self) -> Drained:
        until = monotonic() + self.slice_seconds
        return drain(
            self.database,
            self.channel,
            self.clock,
            self.name,
            choices=self.choices,
            go_on=lambda: not self.stopping.is_set() and monotonic() < until,
        )

    def _database_lost(self, error: DBAPIError) -> None:
        # Once, and without the statement and its values: they may hold names.
        if not self._lost:
            LOG.error("database lost (%s); waiting for it", type(error.orig).__name__)
        self._lost = True


class Ticker:
    """Calls `act` every `seconds`, one call at a time, until `stopping` is set; a call under way ends first."""

    def __init__(self, act: Callable[[], None], seconds: float, stopping: threading.Event) -> None:
        self._act = act
        self._seconds = seconds
        self._stopping = stopping
        self._last, self._busy = monotonic(), False
        self.scheduler = BlockingScheduler(executors={"default": ThreadPoolExecutor(1)}, timezone=UTC)

    def run(self) -> None:
        logging.getLogger("apscheduler").setLevel(logging.ERROR)  # a pass longer than a tick is nothing to tell
        job = self.scheduler.add_job(
            self._tick,
            "interval",
            seconds=self._seconds,
            next_run_time=now(),
            coalesce=True,
            max_instances=1,
            misfire_grace_time=None,
        )
        # Only a scheduler that has started can be stopped.
        self.scheduler.add_listener(
            lambda _: threading.Thread(target=self._keep, args=(job,), name="keep").start(),
            EVENT_SCHEDULER_STARTED,
        )
        self.scheduler.start()

    def _tick(self) -> None:
        self._busy = True
        self._act()
        self._last, self._busy = monotonic(), False

    def _keep(self, job: Job) -> None:
        """Stops the scheduler when told; meanwhile, wakes it when the machine's clock was put back: it reckons
        by the wall clock, and would wait as long as the clock went back."""
        while not self._stopping.wait(self._seconds):
            if not self._busy and monotonic() - self._last > 2 * self._seconds:
                job.modify(next_run_time=now())
        self.scheduler.shutdown()


def run_worker(settings: Settings, *, once: bool = False) -> None:
    """Works until SIGTERM or SIGINT, or for one pass only when `once`; that pass raises what goes wrong.

    Raises SettingsError when the mail settings can't be used."""
    worker = _hire(settings)
    try:
        if once:
            worker.work()
        else:
            _work_until_told(worker, settings.worker_tick_seconds)
    finally:
        worker.database.engine.dispose()


def _work_until_told(worker: Worker, tick_seconds: int) -> None:
    _stop_on_signal(worker.stopping)
    LOG.info("worker %s started, one pass every %d s", worker.name, tick_seconds)
    Ticker(worker.tick, tick_seconds, worker.stopping).run()
    LOG.info("worker %s stopped", worker.name)


def _stop_on_signal(stopping: threading.Event) -> None:
    def stop(_signal: int, _frame: FrameType | None) -> None:
        stopping.set()

    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, stop)


def _hire(settings: Settings) -> Worker:
    desk = open_desk(settings)
    return Worker(
        database=desk.database,
        escalate=lambda at, go_on: healed(desk, at) + run_due(desk, at, go_on=go_on) + _once_a_day(desk, at),
        channel=channel_from(settings, os.environ),
        clock=now,
        name=f"{socket.gethostname()}:{os.getpid()}",
        started_at=now(),
        slice_seconds=settings.worker_tick_seconds,
        choices=settings.public_url + CHOICES_PATH,
        doubt=TrustedTime(other=lambda: _server_time(desk.database)).doubt,
    )


def _server_time(database: Database) -> datetime | None:
    with database.asking() as session:
        return watch.server_time(session)


def healed(desk: Desk, at: datetime) -> int:
    """First of all: nothing fires on an instant that the calendars have moved meanwhile."""
    return heal(desk, WORKER, at).moved


def _once_a_day(desk: Desk, at: datetime) -> int:
    """The seal before the housekeeping: what it erases lies beside the chain."""
    return sealing.run_daily(desk, at) + housekeeping.run_daily(desk, at)


def now() -> datetime:
    return datetime.now(UTC)
