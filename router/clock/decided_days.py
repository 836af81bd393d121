"""What was decided about days since the rules were written: days closed or opened and for whom, newer school dates,
and force majeure (article 11). Pure: a fold over what was recorded, in order; any earlier state can be folded again."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from types import MappingProxyType

from router.clock.school import SchoolYears, Vacation, Zone
from router.clock.service_calendar import Closure, Opening, ServiceCalendar, Span
from router.clock.targets import Clock
from router.model.words import DayCause, Party, Reach

A_DAY = timedelta(days=1)
STRONGEST = (Reach.COLLEGE, Reach.CONVENTION, Reach.ACADEMIE)
"""A narrower decision wins over a wider one; of two as wide, the later."""


@dataclass(frozen=True, slots=True)
class DecidedDays:
    """Days from `first` to `last` (both included) that are closed, or opened with `spans`, on one clock or on both.

    `key` is the convention's id or the collège's UAI, empty for the whole académie."""

    id: int
    reach: Reach
    key: str
    clock: Clock | None
    first: date
    last: date
    spans: tuple[Span, ...]
    cause: DayCause
    reason: str = ""

    def concerns(self, clock: str, convention: str | None, uai: str | None) -> bool:
        if self.clock is not None and self.clock != clock:
            return False
        match self.reach:
            case Reach.ACADEMIE:
                return True
            case Reach.CONVENTION:
                return self.key == convention
            case Reach.COLLEGE:
                return self.key == uai


@dataclass(frozen=True, slots=True)
class Suspension:
    """Force majeure both institutions agreed on: obligations stand still from `start` to `end` (excluded).

    `uais` are the collèges concerned, none for all those of the convention; `parties` likewise."""

    id: int
    convention: str
    uais: frozenset[str]
    parties: frozenset[Party]
    start: datetime
    end: datetime

    def ending(self, end: datetime) -> "Suspension":
        return replace(self, end=end)

    def concerns(self, convention: str | None, uai: str, party: Party | None) -> bool:
        """`party` is None for what binds both institutions together: only a suspension of all parties stops it.

        An alert never waits: the RSSI's clock stands still only when the suspension names it."""
        if self.convention != convention or (self.uais and uai not in self.uais):
            return False
        return party in self.parties if self.parties or party is Party.RSSI else True


@dataclass(frozen=True, slots=True)
class CalendarState:
    """All that was decided up to the change number `seq`; 0 is nothing."""

    seq: int = 0
    days: tuple[DecidedDays, ...] = ()
    school: Mapping[Zone, SchoolYears] = field(default_factory=lambda: MappingProxyType({}))
    suspensions: tuple[Suspension, ...] = ()
    _memory: dict[object, tuple[ServiceCalendar, ServiceCalendar]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def applied(
        self, base: ServiceCalendar, clock: str, convention: str | None, uai: str | None
    ) -> ServiceCalendar:
        """The calendar of a clock with what was decided for a collège, or for a convention without `uai`.

        The permanent clock never stops: nothing is decided about it."""
        if clock == Clock.PERMANENT or not (self.days or self.school):
            return base
        found = [each for each in self.days if each.concerns(clock, convention, uai)]
        school = self.school.get(base.school_zone)
        if not found and school is None:
            return base
        # Collèges about which nothing was decided share one calendar, and what it has computed.
        key = (base.name, id(base), tuple(each.id for each in found))
        if key not in self._memory:
            self._memory[key] = (base, _with_days(_with_school(base, school), found))
        return self._memory[key][1]

    def exam_day(self, convention: str | None, uai: str | None, days: Iterable[date]) -> date | None:
        """The first of these days that is decided to be one of exams there, on either clock."""
        return next((day for day in days if self._exam_on(day, convention, uai)), None)

    def _exam_on(self, day: date, convention: str | None, uai: str | None) -> bool:
        for clock in (Clock.PEDAGOGIQUE, Clock.ADMINISTRATIF):
            found = [
                each
                for each in self.days
                if each.first <= day <= each.last and each.concerns(clock, convention, uai)
            ]
            if found and min(found, key=_strongest).cause is DayCause.EXAM:
                return True
        return False

    def suspended(
        self, convention: str | None, uai: str, party: Party | None
    ) -> tuple[tuple[datetime, datetime], ...]:
        """The periods in which nothing was owed; they may overlap."""
        return tuple(
            (each.start, each.end) for each in self.suspensions if each.concerns(convention, uai, party)
        )


def _with_school(base: ServiceCalendar, newer: SchoolYears | None) -> ServiceCalendar:
    if newer is None:
        return base
    return replace(base, school=joined(base.school, newer) if base.school else newer)


def joined(older: SchoolYears, newer: SchoolYears) -> SchoolYears:
    """The newer dates where they cover, the older ones around. Raises ValueError when days between them are unknown."""
    if newer.first > older.last + A_DAY or newer.last < older.first - A_DAY:
        raise ValueError("the two coverages leave days unknown between them")
    around = [part for vacation in older.vacations for part in _outside(vacation, newer)]
    return replace(
        newer,
        first=min(older.first, newer.first),
        last=max(older.last, newer.last),
        vacations=tuple(sorted((*around, *newer.vacations), key=lambda vacation: vacation.first)),
    )


def _outside(vacation: Vacation, covered: SchoolYears) -> Iterator[Vacation]:
    if vacation.first < covered.first:
        yield replace(vacation, last=min(vacation.last, covered.first - A_DAY))
    if vacation.last > covered.last:
        yield replace(vacation, first=max(vacation.first, covered.last + A_DAY))


def _with_days(base: ServiceCalendar, found: list[DecidedDays]) -> ServiceCalendar:
    settled: set[date] = set()
    closures: list[Closure] = []
    openings: list[Opening] = []
    for decision in sorted(found, key=_strongest):
        for day in _days(decision.first, decision.last):
            if day in settled:
                continue
            settled.add(day)
            if decision.spans:
                openings.append(Opening(day, decision.spans, decision.reason))
            else:
                closures.append(Closure(day, day, decision.reason))
    kept = tuple(each for each in base.openings if each.day not in settled)
    return replace(base, openings=kept).with_overrides(tuple(closures), tuple(openings))


def _strongest(decision: DecidedDays) -> tuple[int, int]:
    return STRONGEST.index(decision.reach), -decision.id


def _days(first: date, last: date) -> Iterator[date]:
    for number in range((last - first).days + 1):
        yield first + timedelta(days=number)
