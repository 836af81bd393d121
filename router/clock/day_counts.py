"""What a deadline's allowance is made of, civil day by civil day, so that it can be added up by hand. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from router.clock.calendar import Pause, UnknownFrom, between
from router.clock.service_calendar import ServiceCalendar, Span

A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class DayCount:
    """The open, unpaused time of a civil day between two instants, and the day's own hours."""

    day: date
    spans: tuple[Span, ...]
    counted: timedelta


def day_counts(
    calendar: ServiceCalendar, start: datetime, end: datetime, pauses: Iterable[Pause] = ()
) -> tuple[DayCount, ...]:
    """The days that count something from `start` to `end`; their sum is what `between` answers. Stops where the
    calendar isn't known."""
    stopped, found = tuple(pauses), list[DayCount]()
    for day, low, high in _days(calendar, start, end):
        counted = between(calendar, low, high, stopped)
        if isinstance(counted, UnknownFrom):
            break
        if counted:
            found.append(DayCount(day, calendar.day(day).spans, counted))
    return tuple(found)


def _days(
    calendar: ServiceCalendar, start: datetime, end: datetime
) -> Iterator[tuple[date, datetime, datetime]]:
    """Each civil day of [start, end) with its share of it."""
    day, low = start.astimezone(calendar.zone).date(), start.astimezone(UTC)
    while low < end:
        midnight = datetime.combine(day + A_DAY, time(), calendar.zone).astimezone(UTC)
        high = min(midnight, end.astimezone(UTC))
        if low < high:
            yield day, low, high
        day, low = day + A_DAY, max(low, high)
