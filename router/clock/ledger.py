"""Where the time of a ticket went: [opened, end) cut into segments, each of exactly one kind. Pure.

No gap, no overlap: held by each party + paused + suspended + the requester's = elapsed, to the microsecond. A
suspension covers a wait, and a wait covers the calendar: a night inside a wait is waited, and its unknown days are too.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import groupby

from router.clock.service_calendar import ServiceCalendar
from router.clock.timeline import instant_of, moment_of, stretch_at
from router.model.words import Party, PauseCause

Suspension = tuple[datetime, datetime | None]
Interval = tuple[int, int]


class TimeKind(StrEnum):
    """What happens to a ticket at an instant."""

    RUNNING = "running"  # the holder's clock is open
    CLOSED = "closed"  # the holder's clock is closed: night, Sunday, holidays
    UNKNOWN = "unknown"  # nobody knows: the day is beyond the holder's calendar
    PAUSED = "paused"
    SUSPENDED = "suspended"
    REQUESTER = "requester"  # resolved, before it was reopened: the collège's time


HELD_KINDS = (TimeKind.RUNNING, TimeKind.CLOSED, TimeKind.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Held:
    """One party holds the ticket, on its clock; `until_at` None while it does."""

    party: Party
    calendar: ServiceCalendar
    from_at: datetime
    until_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Wait:
    """The clock of one holding (by its place in the history) stands still: until somebody ends it, at its limit at
    the latest, whoever noticed that, and never beyond its holding."""

    holding: int
    cause: PauseCause
    from_at: datetime
    until_at: datetime | None = None
    limit_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class History:
    """What a ticket's time depends on. `end_at`: its resolution, or the instant of the reading. `settled`: from each
    resolution to the reopening that followed. Holdings are in order and touch, but where it was settled."""

    opened_at: datetime
    end_at: datetime
    holdings: Sequence[Held]
    waits: Sequence[Wait] = ()
    suspensions: Sequence[Suspension] = ()
    settled: Sequence[tuple[datetime, datetime]] = ()


@dataclass(frozen=True, slots=True)
class Segment:
    """[from_at, until_at), never empty. `holding` and `party` are None in the requester's time alone; `cause` is a
    wait's."""

    kind: TimeKind
    from_at: datetime
    until_at: datetime
    holding: int | None = None
    party: Party | None = None
    cause: PauseCause | None = None

    @property
    def length(self) -> timedelta:
        return self.until_at - self.from_at

    @property
    def is_held(self) -> bool:
        return self.kind in HELD_KINDS


@dataclass(frozen=True, slots=True)
class Spell:
    """Consecutive segments that people tell as one: a holding's days and nights, a wait, a suspension."""

    segments: tuple[Segment, ...]

    @property
    def first(self) -> Segment:
        return self.segments[0]

    @property
    def from_at(self) -> datetime:
        return self.segments[0].from_at

    @property
    def until_at(self) -> datetime:
        return self.segments[-1].until_at

    @property
    def length(self) -> timedelta:
        return self.until_at - self.from_at

    def total(self, kind: TimeKind) -> timedelta:
        return _total(self.segments, kind)


@dataclass(frozen=True, slots=True)
class Ledger:
    """The whole partition."""

    opened_at: datetime
    end_at: datetime
    segments: tuple[Segment, ...]

    @property
    def elapsed(self) -> timedelta:
        return self.end_at - self.opened_at

    def total(self, kind: TimeKind) -> timedelta:
        return _total(self.segments, kind)

    def held(self) -> Mapping[Party, timedelta]:
        """By each party, its clock open, closed or unknown, in the order in which they first held."""
        found: dict[Party, timedelta] = {}
        for each in self.segments:
            if each.party is not None and each.is_held:
                found[each.party] = found.get(each.party, timedelta()) + each.length
        return found

    def of_party(self, party: Party, kind: TimeKind) -> timedelta:
        return _total((each for each in self.segments if each.party is party), kind)

    def of_holding(self, holding: int, kind: TimeKind) -> timedelta:
        return _total((each for each in self.segments if each.holding == holding), kind)

    def spells(self) -> tuple[Spell, ...]:
        """The segments, those of one holding joined as long as nothing else comes between."""

        def told_as(each: Segment) -> tuple[int | None, TimeKind | None, PauseCause | None]:
            return each.holding, None if each.is_held else each.kind, each.cause

        return tuple(Spell(tuple(group)) for _, group in groupby(self.segments, told_as))


def ledger(history: History) -> Ledger:
    """Raises ValueError when holdings and settled times leave a gap, overlap, or don't reach the end."""
    start, end = instant_of(history.opened_at), instant_of(history.end_at)
    if end < start:
        raise ValueError("the ticket ends before it opens")
    segments: list[Segment] = []
    for low, high, holding in _turns(history, start, end):
        if holding is None:
            segments.append(_segment(TimeKind.REQUESTER, low, high))
        else:
            segments.extend(_of_holding(history, holding, low, high))
    return Ledger(moment_of(start), moment_of(end), tuple(segments))


def _total(segments: Iterable[Segment], kind: TimeKind) -> timedelta:
    return sum((each.length for each in segments if each.kind is kind), timedelta())


def _turns(history: History, start: int, end: int) -> Iterator[tuple[int, int, int | None]]:
    """[start, end) cut by who had the ticket: a holding's place, None for the requester."""
    turns: list[tuple[int, int, int | None]] = [
        (instant_of(each.from_at), end if each.until_at is None else instant_of(each.until_at), place)
        for place, each in enumerate(history.holdings)
    ]
    turns += [(instant_of(since), instant_of(until), None) for since, until in history.settled]
    reached = start
    for low, high, holding in sorted(turns, key=lambda turn: turn[:2]):
        if low >= end:
            break
        if low != reached or high < low:
            raise ValueError(f"nobody, or two at once, at {moment_of(min(low, reached))}")
        reached = min(high, end)
        if low < reached:
            yield low, reached, holding
    if reached != end:
        raise ValueError(f"nobody from {moment_of(reached)}")


def _of_holding(history: History, holding: int, low: int, high: int) -> Iterator[Segment]:
    held = history.holdings[holding]
    stops = _stops(history, holding, low, high)
    reached = low
    for begin, end, kind, cause in stops:
        yield from _by_calendar(held, holding, reached, begin)
        yield _segment(kind, begin, end, holding, held.party, cause)
        reached = end
    yield from _by_calendar(held, holding, reached, high)


def _stops(
    history: History, holding: int, low: int, high: int
) -> list[tuple[int, int, TimeKind, PauseCause | None]]:
    """Where the clock of a holding stands still, in order, disjoint: suspensions, and the waits outside them."""
    limits = (low, high)
    suspended = _joined(_clipped(_ends(*each, limits), limits) for each in history.suspensions)
    stops: list[tuple[int, int, TimeKind, PauseCause | None]] = [
        (*each, TimeKind.SUSPENDED, None) for each in suspended
    ]
    reached = low
    for wait in sorted(
        (each for each in history.waits if each.holding == holding), key=lambda each: each.from_at
    ):
        begin, end = _clipped(_ends(wait.from_at, _wait_end(wait), limits), limits)
        for piece in _outside((max(begin, reached), end), suspended):
            stops.append((*piece, TimeKind.PAUSED, wait.cause))
        reached = max(reached, end)
    return sorted(stops, key=lambda stop: stop[0])


def _wait_end(wait: Wait) -> datetime | None:
    ends = [each for each in (wait.until_at, wait.limit_at) if each is not None]
    return min(ends, default=None)


def _ends(from_at: datetime, until_at: datetime | None, limits: Interval) -> Interval:
    return instant_of(from_at), limits[1] if until_at is None else instant_of(until_at)


def _clipped(interval: Interval, limits: Interval) -> Interval:
    return max(interval[0], limits[0]), min(interval[1], limits[1])


def _joined(intervals: Iterable[Interval]) -> list[Interval]:
    """In order, those that touch or overlap made one; empty ones left out."""
    found: list[Interval] = []
    for begin, end in sorted(each for each in intervals if each[0] < each[1]):
        if found and begin <= found[-1][1]:
            found[-1] = found[-1][0], max(found[-1][1], end)
        else:
            found.append((begin, end))
    return found


def _outside(interval: Interval, holes: Sequence[Interval]) -> Iterator[Interval]:
    """The parts of an interval outside holes that are in order and disjoint."""
    reached, end = interval
    for begin, stop in holes:
        if stop <= reached:
            continue
        if begin >= end:
            break
        if reached < begin:
            yield reached, begin
        reached = stop
    if reached < end:
        yield reached, end


def _by_calendar(held: Held, holding: int, low: int, high: int) -> Iterator[Segment]:
    """[low, high) of a holding, by what its calendar says; what touches across two stretches is joined."""
    since, before = moment_of(low), None
    for start, kind in _states(held.calendar, low, high):
        if kind is before:
            continue
        if before is not None:
            until = moment_of(start)
            yield Segment(before, since, until, holding, held.party)
            since = until
        before = kind
    if before is not None:
        yield Segment(before, since, moment_of(high), holding, held.party)


def _states(calendar: ServiceCalendar, low: int, high: int) -> Iterator[tuple[int, TimeKind]]:
    """Where each state of [low, high) begins, in order; the same one may begin twice."""
    while low < high:
        stretch = stretch_at(calendar, low)
        stop = min(high, stretch.end)
        known = [(begin, end, TimeKind.RUNNING) for begin, end in stretch.open_between(low, stop)]
        unknown = [(*_clipped(each, (low, stop)), TimeKind.UNKNOWN) for each in stretch.unknown]
        if found := [each for each in unknown if each[0] < each[1]]:
            known = sorted([*known, *found])
        for begin, end, kind in known:
            if low < begin:
                yield low, TimeKind.CLOSED
            yield begin, kind
            low = end
        if low < stop:
            yield low, TimeKind.CLOSED
        low = stop


def _segment(
    kind: TimeKind,
    begin: int,
    end: int,
    holding: int | None = None,
    party: Party | None = None,
    cause: PauseCause | None = None,
) -> Segment:
    return Segment(kind, moment_of(begin), moment_of(end), holding, party, cause)
