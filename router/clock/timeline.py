"""Open time on the line of instants: what a calendar's civil days become in UTC, kept once computed.

Instants are whole microseconds since 1970 UTC. A stretch of 128 days is computed at a time; inside it,
open time is a sorted list with running sums, so that a question costs two bisections."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from router.clock.service_calendar import FIRST_DAY, LAST_DAY, DayKind, ServiceCalendar, Span

MINUTE = 60_000_000
DAY = 24 * 60 * MINUTE
STRETCH = 128 * DAY

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_DAY = _EPOCH.date().toordinal()
_MICROSECOND = timedelta(microseconds=1)


def instant_of(moment: datetime) -> int:
    """Microseconds since 1970 UTC. Raises ValueError when `moment` has no offset."""
    if moment.tzinfo is None:
        raise ValueError("an instant needs its offset")
    return (moment - _EPOCH) // _MICROSECOND


def moment_of(instant: int) -> datetime:
    """The instant, in UTC: on a wall clock that changes its hour, Python's arithmetic and equality mislead."""
    return _EPOCH + timedelta(microseconds=instant)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Open time from `begin` to `end`. Interval i is [starts[i], ends[i]); `before[i]` is the open time before
    it, `through[i]` with it; `unknown` are the intervals of which nothing is known."""

    begin: int
    end: int
    starts: list[int]
    ends: list[int]
    before: list[int]
    through: list[int]
    unknown: list[tuple[int, int]]

    def open_before(self, instant: int) -> int:
        """Open time from the stretch's begin to an instant in it."""
        index = bisect_right(self.starts, instant) - 1
        if index < 0:
            return 0
        return self.before[index] + min(instant, self.ends[index]) - self.starts[index]

    def earliest(self, open_time: int) -> int:
        """The earliest instant before which the stretch has run `open_time` (more than none)."""
        index = bisect_left(self.through, open_time)
        return self.starts[index] + open_time - self.before[index]

    def open_between(self, low: int, high: int) -> list[tuple[int, int]]:
        """The open intervals of [low, high), in order."""
        first = max(0, bisect_right(self.starts, low) - 1)
        last = bisect_left(self.starts, high)
        return [
            (max(low, start), min(high, end))
            for start, end in zip(self.starts[first:last], self.ends[first:last], strict=True)
            if end > low
        ]

    def latest(self, open_time: int) -> int:
        """The latest instant before which the stretch has run `open_time` (less than all)."""
        index = bisect_right(self.before, open_time) - 1
        return self.starts[index] + open_time - self.before[index]


def stretch_at(calendar: ServiceCalendar, instant: int) -> Stretch:
    """The stretch an instant is in."""
    index = instant // STRETCH
    stretch = calendar.memory.get(index)
    if not isinstance(stretch, Stretch):
        stretch = calendar.memory[index] = _computed(calendar, index * STRETCH, (index + 1) * STRETCH)
    return stretch


def _computed(calendar: ServiceCalendar, begin: int, end: int) -> Stretch:
    opened: list[tuple[int, int]] = []
    unknown: list[tuple[int, int]] = []
    for low, high, offset in _constant_offsets(calendar, begin, end):
        for day in range((low + offset) // DAY, (high + offset - 1) // DAY + 1):
            spans = _spans(calendar, date.fromordinal(_EPOCH_DAY + day))
            pieces = unknown if spans is None else opened
            for span in spans or ((Span(0, 24 * 60),) if spans is None else ()):
                midnight = day * DAY - offset
                piece = max(low, midnight + span.start * MINUTE), min(high, midnight + span.end * MINUTE)
                _append(pieces, *piece)
    return _with_sums(begin, end, opened, unknown)


def _with_sums(begin: int, end: int, opened: list[tuple[int, int]], unknown: list[tuple[int, int]]) -> Stretch:
    before, through, total = [], [], 0
    for start, stop in opened:
        before.append(total)
        total += stop - start
        through.append(total)
    starts, ends = [start for start, _ in opened], [stop for _, stop in opened]
    return Stretch(begin, end, starts, ends, before, through, unknown)


def _append(pieces: list[tuple[int, int]], start: int, end: int) -> None:
    """Adds an interval after the others, joined to the last one when they touch."""
    if start >= end:
        return
    if pieces and pieces[-1][1] == start:
        start = pieces.pop()[0]
    pieces.append((start, end))


def _spans(calendar: ServiceCalendar, day: date) -> tuple[Span, ...] | None:
    """The open spans of a day in order; None when the day is unknown."""
    if not FIRST_DAY <= day <= LAST_DAY:
        return None
    known = calendar.day(day)
    return None if known.kind is DayKind.UNKNOWN else known.spans


def _constant_offsets(calendar: ServiceCalendar, begin: int, end: int) -> Iterator[tuple[int, int, int]]:
    """Cuts [begin, end) where the zone's offset from UTC changes: a civil day of 23 or 25 hours, and a wall
    clock that shows a minute twice or never, then need no case of their own."""
    low, offset = begin, _offset(calendar, begin)
    for instant in range(begin + DAY, end + 1, DAY):
        changed = _offset(calendar, instant)
        if changed != offset:
            change = _first_minute(calendar, instant - DAY, instant, offset)
            yield low, change, offset
            low, offset = change, changed
    if low < end:
        yield low, end, offset


def _first_minute(calendar: ServiceCalendar, low: int, high: int, offset: int) -> int:
    """The first whole minute of (low, high] where the offset is no longer `offset`."""
    minutes = range(low, high + 1, MINUTE)
    return minutes[bisect_left(minutes, True, key=lambda instant: _offset(calendar, instant) != offset)]


def _offset(calendar: ServiceCalendar, instant: int) -> int:
    return (moment_of(instant).astimezone(calendar.zone).utcoffset() or timedelta()) // _MICROSECOND
