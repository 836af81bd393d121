"""What newer school years change in the days already known of a zone, as runs of days. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from router.clock.school import SchoolYears, Zone


class DayState(StrEnum):
    """What is known of a day. `SETTLED` is a day of class or of holidays that was unknown before."""

    UNKNOWN = "unknown"
    SETTLED = "settled"
    CLASS = "class"
    HOLIDAY = "holiday"
    DISPUTED = "disputed"


@dataclass(frozen=True, slots=True)
class DayRun:
    """Days from `first` to `last` that change in the same way. `name` is that of the holidays gained or lost."""

    first: date
    last: date
    before: DayState
    after: DayState
    name: str = ""


def changed_days(known: Mapping[Zone, SchoolYears], newer: SchoolYears) -> tuple[DayRun, ...]:
    """The days that `newer` covers and tells otherwise, in order."""
    older = known.get(newer.zone)
    runs: list[DayRun] = []
    day = newer.first
    while day <= newer.last:
        change = _change(older, newer, day)
        if change:
            before = runs[-1] if runs else None
            if before and replace(change, first=before.first) == replace(before, last=day):
                runs[-1] = replace(before, last=day)
            else:
                runs.append(change)
        day += timedelta(days=1)
    return tuple(runs)


def _change(older: SchoolYears | None, newer: SchoolYears, day: date) -> DayRun | None:
    before, after = _state(older, day), _state(newer, day)
    if before is after:
        return None
    if before is DayState.UNKNOWN:
        return DayRun(day, day, before, DayState.SETTLED)
    gained = newer.vacation_on(day) or (older.vacation_on(day) if older else None)
    return DayRun(day, day, before, after, gained.name if gained else "")


def _state(years: SchoolYears | None, day: date) -> DayState:
    if years is None or not years.knows(day):
        return DayState.UNKNOWN
    vacation = years.vacation_on(day)
    if vacation is None:
        return DayState.CLASS
    return DayState.HOLIDAY if vacation.confirmed else DayState.DISPUTED
