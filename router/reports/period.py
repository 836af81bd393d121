"""The civil days a report covers, in the territory's time zone."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from router.model.actor import Invalid

FIRST_YEAR, LAST_YEAR = 2000, 2099
OUT_OF_REACH = f"Choisissez des dates entre {FIRST_YEAR} et {LAST_YEAR}."
LONGEST = timedelta(days=5 * 366)
SCHOOL_YEAR_BEGINS = 9


class Preset(StrEnum):
    """Periods offered by name."""

    THIS_MONTH = "this_month"
    LAST_MONTH = "last_month"
    QUARTER = "quarter"
    LAST_QUARTER = "last_quarter"
    SCHOOL_YEAR = "school_year"


@dataclass(frozen=True, slots=True)
class Period:
    """Civil days from `first` (included) to `end` (excluded) in `zone`.

    Raises Invalid, with a French sentence, for an empty, reversed, endless or absurd period."""

    first: date
    end: date
    zone: ZoneInfo

    def __post_init__(self) -> None:
        if self.end <= self.first:
            raise Invalid("La période finit avant de commencer : inversez ses deux dates.", "last")
        if self.first.year < FIRST_YEAR or self.end.year > LAST_YEAR + 1:
            raise Invalid(OUT_OF_REACH, "first")
        if self.end - self.first > LONGEST:
            raise Invalid("Un rapport couvre au plus cinq ans : rapprochez ses deux dates.", "last")

    @classmethod
    def through(cls, first: date, last: date, zone: ZoneInfo) -> "Period":
        """From `first` to `last`, both included, as people say it. Raises Invalid."""
        if last.year > LAST_YEAR:
            raise Invalid(OUT_OF_REACH, "last")
        return cls(first, last + timedelta(days=1), zone)

    @property
    def last(self) -> date:
        """The last day, included: what people read and type."""
        return self.end - timedelta(days=1)

    @property
    def is_quarter(self) -> bool:
        """Whether it is one whole civil quarter."""
        return self.first.day == 1 and self.first.month % 3 == 1 and self.end == _later(self.first, 3)

    @property
    def bounds(self) -> tuple[datetime, datetime]:
        """The first instant of the period, and the first one after it."""
        return self._midnight(self.first), self._midnight(self.end)

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, time.min, self.zone)


def preset(name: Preset, today: date, zone: ZoneInfo) -> Period:
    """The named period that holds `today`, whole: a month, a civil quarter, a school year (from September 1st)."""
    month = today.replace(day=1)
    match name:
        case Preset.THIS_MONTH:
            return Period(month, _later(month, 1), zone)
        case Preset.LAST_MONTH:
            return Period(_later(month, -1), month, zone)
        case Preset.QUARTER:
            return Period(_quarter(month), _later(_quarter(month), 3), zone)
        case Preset.LAST_QUARTER:
            return Period(_later(_quarter(month), -3), _quarter(month), zone)
        case Preset.SCHOOL_YEAR:
            year = month.year if month.month >= SCHOOL_YEAR_BEGINS else month.year - 1
            return Period(date(year, SCHOOL_YEAR_BEGINS, 1), date(year + 1, SCHOOL_YEAR_BEGINS, 1), zone)


def _quarter(month: date) -> date:
    """The first day of the civil quarter of a month."""
    return month.replace(month=(month.month - 1) // 3 * 3 + 1)


def _later(month: date, count: int) -> date:
    """The first day of the month `count` months later."""
    index = month.year * 12 + month.month - 1 + count
    return date(index // 12, index % 12 + 1, 1)
