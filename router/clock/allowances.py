"""How long somebody has: service time, or a number of open days. Pure: no current time, no database.

The day it starts on doesn't count. An open day counts when its clock ran on it, were it a minute: one that was
wholly paused doesn't. It ends with the day's last span; a clock that stands still then waits for the next closing."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from router.clock.calendar import Pause, Paused, UnknownFrom, add, between, subtract
from router.clock.service_calendar import ServiceCalendar

LONGEST = timedelta(days=366)
MOST_DAYS = 366
"""A target beyond a year promises nothing, and is more likely a slip of the pen."""

_INSTANT = timedelta(microseconds=1)
_A_DAY = timedelta(days=1)
_NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class OpenDays:
    """The end of the nth open day after the start."""

    count: int


Allowance = timedelta | OpenDays


def due(
    calendar: ServiceCalendar, start: datetime, allowance: Allowance, pauses: Iterable[Pause] = ()
) -> datetime | UnknownFrom | Paused:
    """The instant at which the allowance has run since `start`, as `add` answers for service time.

    Raises ValueError for less than one open day, and as `add` does."""
    match allowance:
        case timedelta():
            return add(calendar, start, allowance, pauses)
        case OpenDays():
            return _end_of_open_days(calendar, start, allowance.count, tuple(pauses))


def _end_of_open_days(
    calendar: ServiceCalendar, start: datetime, count: int, pauses: tuple[Pause, ...]
) -> datetime | UnknownFrom | Paused:
    if count < 1:
        raise ValueError("an allowance in open days is one day at least")
    stopped, around = _stopped_since(pauses), _Around(pauses)
    day, counted = start.astimezone(calendar.zone).date(), 0
    while True:
        day += _A_DAY
        begin, end = _midnight(calendar, day), _midnight(calendar, day + _A_DAY)
        here = around.of(begin, end)
        run = between(calendar, begin, end, here)
        if isinstance(run, UnknownFrom):
            return run
        counted += 1 if run else 0
        if stopped and stopped <= begin:
            return Paused(max(stopped, start.astimezone(UTC)))
        if run and counted >= count and (closing := _closing(calendar, begin, end, here)):
            return closing


class _Around:
    """Pauses put in order and joined once, so that each day looks at its own."""

    __slots__ = ("_begins", "_ends")

    def __init__(self, pauses: tuple[Pause, ...]) -> None:
        self._begins: list[datetime] = []
        self._ends: list[datetime] = []
        for begin, end in sorted(_bounds(each) for each in pauses):
            if self._ends and begin <= self._ends[-1]:
                self._ends[-1] = max(self._ends[-1], end)
            else:
                self._begins.append(begin)
                self._ends.append(end)

    def of(self, begin: datetime, end: datetime) -> list[Pause]:
        """Those that touch [begin, end)."""
        first, last = bisect_right(self._ends, begin), bisect_left(self._begins, end)
        return list(zip(self._begins[first:last], self._ends[first:last], strict=True))


def _bounds(pause: Pause) -> tuple[datetime, datetime]:
    begin, end = pause[0].astimezone(UTC), _NEVER if pause[1] is None else pause[1].astimezone(UTC)
    if end < begin:
        raise ValueError("a pause ends before it starts")
    return begin, end


def _closing(
    calendar: ServiceCalendar, begin: datetime, end: datetime, pauses: Sequence[Pause]
) -> datetime | None:
    """The end of the day's last span; None when the clock stands still then."""
    last = subtract(calendar, end, _INSTANT)
    if not isinstance(last, datetime) or last < begin:
        raise AssertionError("time ran on a day that has no open instant")
    return last + _INSTANT if between(calendar, last, last + _INSTANT, pauses) else None


def _midnight(calendar: ServiceCalendar, day: date) -> datetime:
    return datetime.combine(day, time(), calendar.zone).astimezone(UTC)


def _stopped_since(pauses: tuple[Pause, ...]) -> datetime | None:
    """Since when a pause without end holds, those that lead to it included."""
    since = min((begin for begin, end in pauses if end is None), default=None)
    if since is None:
        return None
    for begin, end in sorted(pauses, key=lambda pause: pause[0], reverse=True):
        if end is not None and begin < since <= end:
            since = begin
    return since.astimezone(UTC)
