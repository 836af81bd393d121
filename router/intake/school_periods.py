"""One line of a school calendar: a period without class, read and checked by itself."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from router.clock.school import Zone
from router.clock.service_calendar import FIRST_DAY, LAST_DAY
from router.intake.readable import day as written_day
from router.intake.school_words import begins_only, name_of, resumes_only
from router.model.actor import Invalid

PARIS = ZoneInfo("Europe/Paris")
A_DAY = timedelta(days=1)
LONGEST = timedelta(days=100)
"""No holiday of any zone comes near; published files hold a few lines with a wrong year."""
_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}.*")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}|\d{1,2}/\d{1,2}/\d{4}")


class PeriodKind(StrEnum):
    HOLIDAY = "holiday"
    BEGINNING = "beginning"
    RETURN = "return"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is read of a file: these zones (all when none is named), and what begins on `since` or later."""

    zones: frozenset[Zone]
    since: date

    def among(self, zones: Iterable[Zone]) -> tuple[Zone, ...]:
        return tuple(zone for zone in zones if not self.zones or zone in self.zones)


@dataclass(frozen=True, slots=True)
class Period:
    """No class from `first` until `back`, a day of class. A beginning has no `back` yet; a return is `first` alone.

    `place` is how the file calls it: an académie, or some zones."""

    line: int
    place: str
    zones: tuple[Zone, ...]
    kind: PeriodKind
    name: str
    first: date
    back: date

    @property
    def last(self) -> date:
        return self.back - A_DAY

    @property
    def days(self) -> int:
        return (self.back - self.first).days

    def __str__(self) -> str:
        if self.kind is not PeriodKind.HOLIDAY:
            return f"« {self.name} », le {self.first:%d/%m/%Y}"
        if self.days == 1:
            return f"« {self.name} », le {self.first:%d/%m/%Y}"
        return f"« {self.name} », du {self.first:%d/%m/%Y} au {self.last:%d/%m/%Y}"


def period_of(
    line: int, place: str, zones: tuple[Zone, ...], description: str, first: date, back: date
) -> Period:
    """The official way: `first` is the first day without class, `back` the morning of return; the same day twice is
    one day off, or a mark. Raises Invalid."""
    if not FIRST_DAY <= first <= LAST_DAY or not FIRST_DAY <= back <= LAST_DAY:
        raise Invalid(f"L'année n'est pas plausible ({first:%d/%m/%Y}, {back:%d/%m/%Y}) : corrigez la date.")
    if back < first:
        raise Invalid(
            f"La période finit le {back:%d/%m/%Y}, avant de commencer le {first:%d/%m/%Y} : "
            "l'année de la fin est sans doute fausse. Corrigez-la dans une copie du fichier, "
            "ou n'importez que les zones qu'il vous faut."
        )
    if back - first > LONGEST:
        raise Invalid(
            f"La période dure {(back - first).days} jours, du {first:%d/%m/%Y} au {back - A_DAY:%d/%m/%Y}, "
            "plus qu'aucunes vacances : corrigez l'une des deux dates dans une copie du fichier, "
            "ou n'importez que les zones qu'il vous faut."
        )
    kind = PeriodKind.HOLIDAY
    if begins_only(description) and back <= first + A_DAY:
        kind = PeriodKind.BEGINNING
    elif resumes_only(description):
        kind = PeriodKind.RETURN
    end = back if back > first else first + A_DAY
    return Period(line, place, zones, kind, name_of(description), first, end)


def paris_day(cell: str, what: str) -> date:
    """The official day: an instant is midnight in Paris, for every territory. Raises Invalid for anything else."""
    if _INSTANT.fullmatch(cell):
        return day_of_instant(_instant(cell, what), what)
    found = written_day(cell) if _DAY.fullmatch(cell) else None
    if found is None:
        raise Invalid(
            f"La date {what} « {cell} » n'est pas lisible : attendu 2026-10-16T22:00:00+00:00, ou 17/10/2026."
            if cell
            else f"La date {what} manque : la ligne est-elle coupée ? Téléchargez de nouveau le fichier."
        )
    return found


def day_of_instant(instant: datetime, what: str) -> date:
    """Raises Invalid when it isn't midnight in Paris: a spreadsheet has moved it."""
    try:
        local = instant.astimezone(PARIS) if instant.tzinfo else instant
    except OverflowError:  # at either end of all dates: no day of Paris
        local = None
    if local is not None and local.time() == time():
        return local.date()
    if instant.tzinfo is None:
        raise Invalid(
            f"La date {what} « {instant:%d/%m/%Y %H:%M} » a perdu son décalage horaire : un tableur a réécrit le "
            "fichier. Repartez du CSV publié, sans l'ouvrir dans un tableur."
        )
    raise Invalid(
        f"La date {what} « {instant.isoformat()} » n'est pas un minuit de Paris, comme le sont les dates officielles : "
        "repartez du fichier publié."
    )


def _instant(cell: str, what: str) -> datetime:
    try:
        return datetime.fromisoformat(cell)
    except ValueError as error:
        raise Invalid(
            f"La date {what} « {cell} » n'est pas lisible : attendu 2026-10-16T22:00:00+00:00."
        ) from error
