"""A clock that jumps, forth or back, is not believed until it has kept its course; nothing is done meanwhile."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from router.store.engine import Database
from router.trusted_time import CONFIRMED_AFTER, TrustedTime
from tests.notices.mail_server import FakeChannel
from tests.notices.rows import AT, notice, queue
from tests.notices.test_worker import Escalations, beats, hired

HOUR, TEN = timedelta(hours=1), timedelta(seconds=10)


@dataclass
class Machine:
    """Real seconds pass; its clock may be set to anything."""

    passed: timedelta = timedelta()
    off: timedelta = timedelta()

    def elapsed(self) -> float:
        return self.passed.total_seconds()

    def clock(self) -> datetime:
        return AT + self.passed + self.off

    def after(self, length: timedelta) -> datetime:
        self.passed += length
        return self.clock()


def passes(time: TrustedTime, machine: Machine, length: timedelta) -> list[bool]:
    """Whether the clock is believed at each tick of ten seconds."""
    return [not time.doubt(machine.after(TEN)) for _ in range(length // TEN)]


def test_a_clock_that_goes_on_is_believed_even_set_right_by_seconds() -> None:
    machine = Machine()
    time = TrustedTime(machine.elapsed)
    assert all(passes(time, machine, HOUR))
    machine.off = timedelta(seconds=-20)
    assert all(passes(time, machine, HOUR))


def test_a_jump_that_comes_back_has_fired_nothing() -> None:
    for jump in (HOUR, -HOUR):
        machine = Machine()
        time = TrustedTime(machine.elapsed)
        assert all(passes(time, machine, HOUR))
        machine.off = jump
        assert not any(passes(time, machine, CONFIRMED_AFTER - TEN))
        machine.off = timedelta()
        assert all(passes(time, machine, HOUR))


def test_a_new_course_is_believed_once_it_has_lasted() -> None:
    machine = Machine()
    time = TrustedTime(machine.elapsed)
    assert all(passes(time, machine, HOUR))
    machine.off = HOUR
    found = passes(time, machine, 2 * CONFIRMED_AFTER)
    waited = found.index(True)
    assert timedelta(seconds=10 * waited) == CONFIRMED_AFTER
    assert all(found[waited:])


def test_a_clock_that_never_settles_is_never_believed() -> None:
    machine = Machine()
    time = TrustedTime(machine.elapsed)
    assert all(passes(time, machine, HOUR))
    for number in range(60):
        machine.off = HOUR * (1 + number % 5)
        assert time.doubt(machine.after(TEN))


def test_the_database_servers_clock_has_its_say() -> None:
    machine = Machine()
    time = TrustedTime(machine.elapsed, other=lambda: AT + machine.passed)
    assert not time.doubt(machine.after(TEN))
    machine.off = timedelta(minutes=3)
    assert not any(passes(time, machine, HOUR))
    machine.off = timedelta()
    assert all(passes(time, machine, HOUR))


def test_a_worker_in_doubt_gives_sign_of_life_and_does_nothing_else(database: Database) -> None:
    queue(database, notice("a"))
    escalations, channel, words = Escalations(), FakeChannel(), ["the clock has jumped", ""]
    worker = hired(database, escalations, channel)
    worker.doubt = lambda _at: words.pop(0)
    worker.tick()
    assert (beats(database), escalations.asked, channel.mails) == (["w"], [], [])
    worker.tick()
    assert (escalations.asked, len(channel.mails)) == ([AT], 1)
