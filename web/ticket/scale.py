"""Instants as percents of a line's width, and the ticks of its axis on the reader's wall clock. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo

from web.words import SHORT_MONTHS

MOST_TICKS = 5
NBSP = "\u00a0"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
STEPS = (
    HOUR / 12, HOUR / 4, HOUR / 2, HOUR, 2 * HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR,
    DAY, 2 * DAY, 3 * DAY, 7 * DAY, 14 * DAY, 28 * DAY, 42 * DAY,
    56 * DAY, 91 * DAY, 182 * DAY, 365 * DAY, 730 * DAY, 3650 * DAY,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Scale:
    """From `low` at 0 to `high` at 100."""

    low: datetime
    high: datetime

    def at(self, instant: datetime) -> float:
        return self.width(self.low, instant)

    def width(self, since: datetime, until: datetime) -> float:
        whole = self.high - self.low
        return round(100 * ((until - since) / whole), 2) if whole else 0.0

    def holds(self, instant: datetime) -> bool:
        return self.low <= instant <= self.high


@dataclass(frozen=True, slots=True)
class Tick:
    """`anchor`: on which side of its place its words stand, so that none leaves the drawing."""

    x: float
    words: str
    anchor: str


def ticks(scale: Scale, zone: tzinfo) -> tuple[Tick, ...]:
    """A few round hours, or midnights when the line is of days."""
    whole = scale.high - scale.low
    step = next((step for step in STEPS if whole / step <= MOST_TICKS), STEPS[-1])
    found = [instant for instant in _rounds(scale.low, step, zone) if scale.holds(instant)] if whole else []
    return tuple(
        Tick(scale.at(instant), _words(instant.astimezone(zone), step), _anchor(scale.at(instant)))
        for instant in found[: 2 * MOST_TICKS]
    )


def _rounds(low: datetime, step: timedelta, zone: tzinfo) -> Iterator[datetime]:
    """Round wall-clock times from the day of `low` on, enough of them to cross any line of that step."""
    first = datetime.combine(low.astimezone(zone).date(), time.min)
    skipped = max(0, (low.astimezone(zone).replace(tzinfo=None) - first) // step)
    for count in range(skipped, skipped + 2 * MOST_TICKS):
        yield (first + step * count).replace(tzinfo=zone)


def _words(local: datetime, step: timedelta) -> str:
    if step >= DAY or (local.hour, local.minute) == (0, 0):
        year = f"{NBSP}{local.year}" if step >= 91 * DAY else ""
        return f"{local.day}{NBSP}{SHORT_MONTHS[local.month - 1]}{year}"
    return f"{local.hour}{NBSP}h" + (f"{NBSP}{local.minute:02d}" if local.minute else "")


def _anchor(x: float) -> str:
    return "start" if x < 6 else "end" if x > 94 else "middle"
