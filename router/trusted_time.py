"""Whether the machine's clock may be believed: it moves as time passes, and agrees with the database server's.

A clock that jumps an hour ahead would fire what isn't due, and nothing takes back a message sent. So after a jump
nothing is done until the clock has kept its new course for a while; one that comes back meanwhile has done no harm."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

OFF_BY = timedelta(seconds=30)  # a clock that is only set right moves by less
CONFIRMED_AFTER = timedelta(minutes=2)
APART = timedelta(minutes=1)


def passed_seconds() -> float:
    """Seconds since some instant, whatever is done to the clock; those of a machine asleep too, where it can tell."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


def _no_other() -> None:
    return None


@dataclass(frozen=True, slots=True)
class _Course:
    """How far the clock is from the time that passes, and since when it is."""

    offset: float
    since: float


@dataclass(slots=True)
class TrustedTime:
    """`elapsed` counts real seconds; `other` is another machine's clock, None when there is none to ask."""

    elapsed: Callable[[], float] = passed_seconds
    other: Callable[[], datetime | None] = _no_other
    _believed: _Course | None = None
    _new: _Course | None = None

    def doubt(self, at: datetime) -> str:
        """Why nothing should be done at what the clock gives as `at`, for a log; empty when it may be believed."""
        other = self.other()
        if other is not None and abs(other - at) > APART:
            return "the clock is not the database server's"
        now = self.elapsed()
        offset = at.timestamp() - now
        if self._believed is None or _same(self._believed, offset):
            self._believed, self._new = _Course(offset, now), None
        elif self._new is None or not _same(self._new, offset):
            self._new = _Course(offset, now)
        elif now - self._new.since >= CONFIRMED_AFTER.total_seconds():
            self._believed, self._new = _Course(offset, now), None
        return "the clock has jumped" if self._new else ""


def _same(course: _Course, offset: float) -> bool:
    return abs(course.offset - offset) <= OFF_BY.total_seconds()
