"""Service time: adding it, measuring it, going back in it. Pure: no current time, no database.

An instant is open when its local wall-clock minute falls in a span of that day. A pause is half-open,
[from, to), with `to` None while it has no end; pauses may touch and overlap. What isn't known is said:
`UnknownFrom` and `Paused` are answers, not errors, and no day is silently worked or closed. Instants given
need an offset, any one; those answered are in UTC.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from router.clock.calendar_file import CalendarsRefused, calendars_of, load_calendars
from router.clock.service_calendar import (
    FIRST_DAY,
    LAST_DAY,
    Closure,
    Day,
    DayKind,
    Opening,
    ServiceCalendar,
    Span,
)
from router.clock.timeline import DAY, Stretch, instant_of, moment_of, stretch_at

__all__ = [
    "CalendarsRefused",
    "Closure",
    "Day",
    "DayKind",
    "Opening",
    "Pause",
    "Paused",
    "ServiceCalendar",
    "Span",
    "UnknownFrom",
    "add",
    "between",
    "calendars_of",
    "is_known",
    "is_open",
    "load_calendars",
    "next_opening",
    "subtract",
]

Pause = tuple[datetime, datetime | None]

_NEVER = 1 << 62
_FIRST = instant_of(datetime.fromisoformat(f"{FIRST_DAY}T00:00Z")) - DAY
_LAST = instant_of(datetime.fromisoformat(f"{LAST_DAY}T00:00Z")) + 3 * DAY
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class UnknownFrom:
    """The calendar is not known from that day on: no honest answer. The day is the first of the unknown
    days, so the same fact is told wherever in them the question ended."""

    day: date


@dataclass(frozen=True, slots=True)
class Paused:
    """The clock is stopped by a pause without end, since that instant: there is no due time yet."""

    since: datetime


def add(
    calendar: ServiceCalendar, start: datetime, allowance: timedelta, pauses: Iterable[Pause] = ()
) -> datetime | UnknownFrom | Paused:
    """The earliest instant at which `allowance` has run since `start` in open, unpaused time: the end of a
    span, not the start of the next. Nothing to run is `start` itself, whatever the calendar.

    Raises ValueError for a negative allowance, an instant without offset, a pause that ends before it
    starts."""
    position, remaining = instant_of(start), _microseconds(allowance)
    if remaining == 0:
        return start.astimezone(UTC)
    for low, high in _running(position, pauses):
        step = _forward(calendar, low, high, remaining)
        if step.unknown:
            return _unknown(calendar, step.instant, start)
        if step.remaining == 0:
            return moment_of(step.instant)
        position, remaining = high, step.remaining
    return Paused(moment_of(position))


def subtract(
    calendar: ServiceCalendar, due: datetime, allowance: timedelta, pauses: Iterable[Pause] = ()
) -> datetime | UnknownFrom:
    """The latest instant such that `allowance` runs from it until `due`: the start of a span, not the end of
    the one before. Nothing to run is `due` itself. Raises ValueError as `add` does."""
    instant, remaining = instant_of(due), _microseconds(allowance)
    if remaining == 0:
        return due.astimezone(UTC)
    for low, high in reversed(list(_running(-_NEVER, pauses))):
        if low < instant:
            step = _backward(calendar, low, min(high, instant), remaining)
            if step.unknown or step.remaining == 0:
                return _settled(calendar, step, due)
            remaining = step.remaining
    raise AssertionError("time before the first pause has no begin")


def between(
    calendar: ServiceCalendar, start: datetime, end: datetime, pauses: Iterable[Pause] = ()
) -> timedelta | UnknownFrom:
    """Open, unpaused time from `start` to `end`. Unknown days count only where the clock was not paused.

    Raises ValueError when `end` is before `start`, and as `add` does."""
    first, last = instant_of(start), instant_of(end)
    if last < first:
        raise ValueError("the end is before the start")
    total = 0
    for low, high in _running(first, pauses):
        step = _forward(calendar, low, min(high, last), _NEVER)
        if step.unknown:
            return _unknown(calendar, step.instant, start)
        total += _NEVER - step.remaining
        if high >= last:
            break
    return timedelta(microseconds=total)


def is_open(calendar: ServiceCalendar, at: datetime) -> bool:
    """Whether that instant is known to be open; see `is_known` for « closed » against « unknown »."""
    instant = instant_of(at)
    if not _FIRST <= instant < _LAST:
        return False
    stretch = stretch_at(calendar, instant)
    return stretch.open_before(instant + 1) > stretch.open_before(instant)


def is_known(calendar: ServiceCalendar, at: datetime) -> bool:
    """Whether the calendar says anything of that instant's day."""
    return calendar.knows(at.astimezone(calendar.zone).date())


def next_opening(calendar: ServiceCalendar, at: datetime) -> datetime | UnknownFrom:
    """The earliest open instant from `at` on: `at` itself when it is open."""
    step = _forward(calendar, instant_of(at), _NEVER, 1)
    if step.unknown:
        return _unknown(calendar, step.instant, at)
    return moment_of(step.instant - 1)


@dataclass(frozen=True, slots=True)
class _Step:
    """Where a walk stopped: all has run (`remaining` is 0), an unknown day begins, or the limit."""

    instant: int
    remaining: int
    unknown: bool = False


def _forward(calendar: ServiceCalendar, low: int, high: int, remaining: int) -> _Step:
    """Runs `remaining` (more than none) of open time from `low`, no further than `high`."""
    while low < high:
        if not _FIRST <= low < _LAST:
            return _Step(low, remaining, unknown=True)
        stretch = stretch_at(calendar, low)
        limit = min(high, stretch.end)
        stop = _first_unknown(stretch, low, limit)
        run = stretch.open_before(low)
        available = stretch.open_before(stop) - run
        if remaining <= available:
            return _Step(stretch.earliest(run + remaining), 0)
        remaining -= available
        if stop < limit:
            return _Step(stop, remaining, unknown=True)
        low = limit
    return _Step(high, remaining)


def _backward(calendar: ServiceCalendar, low: int, high: int, remaining: int) -> _Step:
    """Runs `remaining` (more than none) of open time back from `high`, no further than `low`."""
    while high > low:
        if not _FIRST < high <= _LAST:
            return _Step(high - 1, remaining, unknown=True)
        stretch = stretch_at(calendar, high - 1)
        limit = max(low, stretch.begin)
        stop = _last_unknown(stretch, limit, high)
        run = stretch.open_before(high)
        available = run - stretch.open_before(stop)
        if remaining <= available:
            return _Step(stretch.latest(run - remaining), 0)
        remaining -= available
        if stop > limit:
            return _Step(stop - 1, remaining, unknown=True)
        high = limit
    return _Step(low, remaining)


def _first_unknown(stretch: Stretch, low: int, high: int) -> int:
    """The first unknown instant of [low, high), else `high`."""
    return next((max(low, start) for start, end in stretch.unknown if start < high and end > low), high)


def _last_unknown(stretch: Stretch, low: int, high: int) -> int:
    """The end of the last unknown interval of [low, high), else `low`."""
    found = (min(high, end) for start, end in reversed(stretch.unknown) if start < high and end > low)
    return next(found, low)


def _running(start: int, pauses: Iterable[Pause]) -> Iterator[tuple[int, int]]:
    """The unpaused intervals from `start` on, in order; the last one has no end, unless a pause has none."""
    for begin, end in sorted(map(_pause, pauses)):
        if begin > start:
            yield start, begin
        start = max(start, end)
    if start < _NEVER:
        yield start, _NEVER


def _pause(pause: Pause) -> tuple[int, int]:
    begin, end = instant_of(pause[0]), _NEVER if pause[1] is None else instant_of(pause[1])
    if end < begin:
        raise ValueError("a pause ends before it starts")
    return begin, end


def _microseconds(allowance: timedelta) -> int:
    if allowance < timedelta():
        raise ValueError("an allowance can't be negative")
    return allowance // _MICROSECOND


def _settled(calendar: ServiceCalendar, step: _Step, asked: datetime) -> datetime | UnknownFrom:
    return _unknown(calendar, step.instant, asked) if step.unknown else moment_of(step.instant)


def _unknown(calendar: ServiceCalendar, instant: int, asked: datetime) -> UnknownFrom:
    if instant < _FIRST:
        return UnknownFrom(calendar.unknown_since(asked.date()))
    return UnknownFrom(calendar.unknown_since(moment_of(min(instant, _LAST)).astimezone(calendar.zone).date()))
