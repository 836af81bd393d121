"""A second opinion on service time: walks minute after minute and knows nothing of the code it checks.

It reads its own description of a calendar, asks the wall clock of each UTC minute, and counts."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

CLOSED, OPEN, UNKNOWN = 0, 1, 2
MINUTE = timedelta(minutes=1)

DayHours = Callable[[date], Sequence[tuple[str, str]] | None]
"""The spans of a civil day as ("HH:MM", "HH:MM"), None when the day is unknown."""


@dataclass(frozen=True)
class Oracle:
    """The minutes of [begin, begin + minutes) in UTC, one by one."""

    zone: ZoneInfo
    hours: DayHours
    begin: datetime
    minutes: int

    @cached_property
    def states(self) -> bytes:
        return bytes(self._state(self.begin + MINUTE * index) for index in range(self.minutes))

    def _state(self, instant: datetime) -> int:
        local = instant.astimezone(self.zone)
        spans = self.hours(local.date())
        if spans is None:
            return UNKNOWN
        wall = f"{local.hour:02}:{local.minute:02}"
        return OPEN if any(start <= wall < end for start, end in spans) else CLOSED

    def instant(self, index: int) -> datetime:
        return self.begin + MINUTE * index

    def local_date(self, index: int) -> date:
        return self.instant(index).astimezone(self.zone).date()

    def add(self, start: int, allowance: int, pauses: Sequence[tuple[int, int]]) -> int | str | None:
        """The minute at which `allowance` minutes have run; "unknown" when it can't be said; None beyond the
        window."""
        if allowance == 0:
            return start
        run, running = 0, self._running(pauses)
        for index in range(start, self.minutes):
            if running[index] == UNKNOWN:
                return "unknown"
            run += running[index]
            if run == allowance:
                return index + 1
        return None

    def subtract(self, due: int, allowance: int) -> int | str | None:
        if allowance == 0:
            return due
        run = 0
        for index in range(due - 1, -1, -1):
            if self.states[index] == UNKNOWN:
                return "unknown"
            run += self.states[index]
            if run == allowance:
                return index
        return None

    def between(self, start: int, end: int, pauses: Sequence[tuple[int, int]]) -> int | str:
        running = self._running(pauses)[start:end]
        return "unknown" if UNKNOWN in running else sum(running)

    def end_of_open_days(self, start: int, count: int, pauses: Sequence[tuple[int, int]]) -> int | str | None:
        """The minute that ends the `count`th day after the start's on which the clock ran, or the first day after
        it at whose closing it runs. "unknown" when a day can't be judged; None beyond the window."""
        running, first, counted = self._running(pauses), self._dates[start], 0
        for day in sorted({each for each in self._dates[start:] if each > first}):
            minutes = [index for index, each in enumerate(self._dates) if each == day]
            if minutes[-1] == self.minutes - 1:
                return None
            if any(running[index] == UNKNOWN for index in minutes):
                return "unknown"
            if not any(running[index] for index in minutes):
                continue
            counted += 1
            last = max(index for index in minutes if self.states[index] == OPEN)
            if counted >= count and running[last]:
                return last + 1
        return None

    @cached_property
    def _dates(self) -> list[date]:
        return [self.local_date(index) for index in range(self.minutes)]

    def _running(self, pauses: Sequence[tuple[int, int]]) -> bytearray:
        running = bytearray(self.states)
        for begin, end in pauses:
            running[begin:end] = bytes(max(0, min(end, self.minutes) - begin))
        return running


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
