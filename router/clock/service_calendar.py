"""A service calendar: which minutes of a civil day are open, and what is not known.

Values only: no current time, no arithmetic (see `calendar.py`), no file (see `calendar_file.py`)."""

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from router.clock.school import SchoolYears, Vacation, Zone
from router.clock.territory import Territory, public_holidays

FIRST_DAY = date(2000, 1, 1)
LAST_DAY = date(2099, 12, 31)
"""Public holidays are computed between these days; outside them every day of every calendar is unknown."""

MINUTES_A_DAY = 24 * 60


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Open from `start` to `end` (excluded, up to 1440): minutes of the local wall clock since midnight."""

    start: int
    end: int

    def __str__(self) -> str:
        return f"{self.start // 60:02}:{self.start % 60:02}-{self.end // 60:02}:{self.end % 60:02}"


@dataclass(frozen=True, slots=True)
class Closure:
    """Closed from `first` to `last`, both included."""

    first: date
    last: date
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Opening:
    """On that day, these spans replace the usual ones, holiday or not."""

    day: date
    spans: tuple[Span, ...]
    reason: str = ""


class DayKind(StrEnum):
    """Why a day is open or closed, in the order in which it is decided."""

    OPENING = "opening"
    CLOSURE = "closure"
    UNKNOWN = "unknown"
    PUBLIC_HOLIDAY = "public_holiday"
    SCHOOL_HOLIDAY = "school_holiday"
    USUAL = "usual"


@dataclass(frozen=True, slots=True)
class Day:
    """One civil day of a calendar. `reason` is French, maybe empty; no `spans` when closed or unknown."""

    kind: DayKind
    spans: tuple[Span, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ServiceCalendar:
    """Opening hours of one clock. `week` has seven entries, Monday first.

    `school` is None when the calendar follows a zone of which nothing is known: every day is then unknown
    unless an opening or a closure settles it."""

    name: str
    zone: ZoneInfo
    week: tuple[tuple[Span, ...], ...]
    public_holidays: Territory = Territory.NONE
    school_zone: Zone = Zone.NONE
    school: SchoolYears | None = None
    closures: tuple[Closure, ...] = ()
    openings: tuple[Opening, ...] = ()
    memory: dict[int, object] = field(default_factory=dict, init=False, repr=False, compare=False)
    """Kept by `timeline.py`: what was computed once from the fields above."""

    def day(self, day: date) -> Day:
        """What that civil day is: an opening wins over a closure, both over holidays."""
        if opening := next((each for each in self.openings if each.day == day), None):
            return Day(DayKind.OPENING, opening.spans, opening.reason)
        if closure := next((each for each in self.closures if each.first <= day <= each.last), None):
            return Day(DayKind.CLOSURE, reason=closure.reason)
        if not self._covers(day):
            return Day(DayKind.UNKNOWN)
        if holiday := public_holidays(self.public_holidays, day.year).get(day):
            return Day(DayKind.PUBLIC_HOLIDAY, reason=holiday)
        if self.school and (vacation := self.school.vacation_on(day)):
            return Day(DayKind.SCHOOL_HOLIDAY, reason=vacation.name)
        return Day(DayKind.USUAL, self.week[day.weekday()])

    def knows(self, day: date) -> bool:
        """Whether that day is open or closed, rather than unknown."""
        return FIRST_DAY <= day <= LAST_DAY and self.day(day).kind is not DayKind.UNKNOWN

    @property
    def covered_until(self) -> date | None:
        """The last day of the coverage, openings and closures apart; None when nothing is covered."""
        if self.school_zone is Zone.NONE:
            return LAST_DAY
        return self.school.last if self.school else None

    @property
    def unconfirmed(self) -> tuple[Vacation, ...]:
        """School holidays on which published sources disagree and that nothing here settles."""
        vacations = self.school.unconfirmed() if self.school else ()
        return tuple(vacation for vacation in vacations if not self._settled(vacation.first))

    def unknown_since(self, day: date) -> date:
        """The first day of the unknown days that hold `day`; `day` itself when nothing before it is known."""
        known = [each.day for each in self.openings] + [each.last for each in self.closures]
        known += [self.covered_until] if self.covered_until else []
        last_known = max((each for each in known if each < day), default=None)
        return last_known + timedelta(days=1) if last_known else day

    def with_overrides(
        self, closures: tuple[Closure, ...] = (), openings: tuple[Opening, ...] = ()
    ) -> "ServiceCalendar":
        """The same calendar with more local decisions; a later opening of the same day wins."""
        return replace(self, closures=closures + self.closures, openings=openings + self.openings)

    def _covers(self, day: date) -> bool:
        if not FIRST_DAY <= day <= LAST_DAY:
            return False
        return self.school_zone is Zone.NONE or (self.school is not None and self.school.knows(day))

    def _settled(self, day: date) -> bool:
        return self.day(day).kind in (DayKind.OPENING, DayKind.CLOSURE)
