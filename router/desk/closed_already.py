"""Days that were closed before anybody decided about them: Sundays, holidays, other decisions."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from router.clock.service_calendar import Day, DayKind, ServiceCalendar
from router.clock.targets import Clock
from router.desk.policies import InForce

__all__ = ["ClosedAlready", "DayKind", "closed_already"]


@dataclass(frozen=True, slots=True)
class ClosedAlready:
    """Of `asked` days, how many one clock had closed wherever the decision reaches; why, when one day was asked."""

    clock: Clock
    count: int
    asked: int
    kind: DayKind | None = None
    reason: str = ""


def closed_already(
    books: InForce, convention: str | None, uai: str | None, clocks: Iterable[Clock], first: date, last: date
) -> tuple[ClosedAlready, ...]:
    """One for each clock that had some of these days closed. No `convention`: a collège's without one, or all."""
    everywhere = convention is None and uai is None and books.conventions
    places = tuple(books.conventions) if everywhere else (convention,)
    found = (
        _on(clock, [books.of(each).calendar(each, clock, uai) for each in places], first, last)
        for clock in clocks
    )
    return tuple(each for each in found if each.count)


def _on(clock: Clock, calendars: Sequence[ServiceCalendar], first: date, last: date) -> ClosedAlready:
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    closed = [day for day in days if all(_is_closed(each.day(day)) for each in calendars)]
    if len(days) > 1 or not closed:
        return ClosedAlready(clock, len(closed), len(days))
    known = calendars[0].day(first)
    return ClosedAlready(clock, 1, 1, known.kind, known.reason)


def _is_closed(day: Day) -> bool:
    return not day.spans and day.kind is not DayKind.UNKNOWN
