"""When incidents happen: more in September, after holidays and around exams; nearly all within school hours."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import accumulate
from random import Random

from router.clock.calendar import DayKind, ServiceCalendar

A_DAY = timedelta(days=1)
BY_MONTH = (1.0, 0.9, 1.0, 0.9, 1.1, 1.3, 0.35, 0.2, 2.0, 1.05, 1.1, 0.8)
BY_WEEKDAY = (1.3, 1.1, 0.55, 1.05, 0.85, 0.0, 0.0)
AFTER_HOLIDAYS = 1.6
IN_HOLIDAYS = 0.05  # the offices are there
LONG_CLOSURE = 6
SEASONS: Mapping[str, tuple[int, ...]] = {"rentree": (9, 10), "hiver": (12, 1, 2, 3), "examens": (5, 6)}
# (from, to) in minutes of the day, weight: before class, the morning break, noon, the afternoon, the evening.
MOMENTS = ((470, 530, 26), (595, 625, 22), (640, 715, 14), (720, 810, 14), (815, 985, 20), (1020, 1130, 4))


@dataclass(frozen=True, slots=True)
class SchoolDays:
    """The days of a past, each with how likely an incident is that day."""

    days: tuple[date, ...]
    reach: tuple[float, ...]
    calendar: ServiceCalendar

    def draw(self, rng: Random, season: str = "") -> date:
        """A day; within `season` when the past holds one."""
        day = rng.choices(self.days, cum_weights=self.reach)[0]
        months = SEASONS.get(season)
        for _ in range(200):
            if months is None or day.month in months:
                break
            day = rng.choices(self.days, cum_weights=self.reach)[0]
        return day


def school_days(calendar: ServiceCalendar, first: date, last: date) -> SchoolDays:
    """The days from `first` to `last`, both included, as `calendar` knows them."""
    days = tuple(_days(first, last))
    return SchoolDays(days, tuple(accumulate(_weights(calendar, days))), calendar)


def moment(rng: Random, day: date, calendar: ServiceCalendar) -> datetime:
    """An instant of that day, on the calendar's wall clock."""
    low, high, _ = rng.choices(MOMENTS, [weight for _, _, weight in MOMENTS])[0]
    minute = rng.randrange(low, high)
    return datetime.combine(day, time(minute // 60, minute % 60, rng.randrange(60)), calendar.zone)


def evening(rng: Random, day: date, calendar: ServiceCalendar) -> datetime:
    """After everybody left: alerts don't wait for the morning."""
    minute = rng.randrange(19 * 60, 23 * 60)
    return datetime.combine(day, time(minute // 60, minute % 60, rng.randrange(60)), calendar.zone)


def _days(first: date, last: date) -> Iterator[date]:
    day = first
    while day <= last:
        yield day
        day += A_DAY


def _weights(calendar: ServiceCalendar, days: tuple[date, ...]) -> Iterator[float]:
    closed = 0
    for day in days:
        kind = calendar.day(day).kind
        if kind in {DayKind.USUAL, DayKind.OPENING, DayKind.UNKNOWN}:
            weight = BY_MONTH[day.month - 1] * BY_WEEKDAY[day.weekday()]
            yield weight * (AFTER_HOLIDAYS if closed >= LONG_CLOSURE else 1)
            closed = closed if closed >= LONG_CLOSURE and weight == 0 else 0
        else:
            closed += 1
            yield IN_HOLIDAYS * BY_WEEKDAY[day.weekday()]
