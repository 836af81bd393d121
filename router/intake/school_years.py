"""From the periods of one zone to its school years: what contradicts itself or leaves a hole is refused.

A year is settled once its summer is there. The coverage ends with the last day before the return, or, when no return
is published yet, with the first day of that summer."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise

from router.classify.fold import fold_text
from router.clock.school import SchoolYears, Vacation, Zone
from router.clock.territory import Territory, public_holidays
from router.intake.report import Tally
from router.intake.school_periods import A_DAY, LONGEST, Period, PeriodKind
from router.intake.school_words import METROPOLE, YEARLY, titled

SUMMER_MONTHS = (6, 7, 8)
SUMMER_DAYS = 28
SAME_SUMMER = timedelta(days=30)
A_YEAR_AT_MOST = timedelta(days=430)
NO_CLASS_BREAK = timedelta(days=98)
"""No zone teaches longer without a week off: beyond, some line is missing."""
A_WEEK_OFF = 5
SATURDAY = 5
CUT = "le fichier est-il coupé ? Téléchargez-le de nouveau"


def years_of(zone: Zone, periods: Iterable[Period], obtained: date, tally: Tally) -> SchoolYears | None:
    """What the periods settle for a zone; None when one was refused, said in `tally` with its line."""
    building = _Building(zone, tally, _unique(periods))
    return building.years(obtained)


def _unique(periods: Iterable[Period]) -> list[Period]:
    """One académie's line after the other says the same: the first of each, by date, the longest before the others."""
    found: dict[tuple[object, ...], Period] = {}
    for each in periods:
        found.setdefault((each.kind, each.name, each.first, each.back), each)
    return sorted(found.values(), key=lambda each: (each.first, -each.days, each.line))


@dataclass(slots=True)
class _Building:
    zone: Zone
    tally: Tally
    periods: list[Period]
    sound: bool = True

    def years(self, obtained: date) -> SchoolYears | None:
        returns = [each for each in self.periods if each.kind is PeriodKind.RETURN]
        holidays = self._apart(self._bridged(each) for each in self._of(PeriodKind.HOLIDAY))
        self._check_returns(returns, holidays)
        holidays = self._with_beginnings(holidays, returns)
        self._check_years(holidays)
        self._check_breaks(holidays)
        if not self.sound or not holidays:
            return None
        last = holidays[-1]
        years = SchoolYears(
            zone=self.zone,
            first=min(each.first for each in (*returns, *holidays)),
            last=last.last,
            vacations=tuple(Vacation(each.name, each.first, each.last) for each in holidays),
            obtained=obtained,
        )
        self._tell(years, last)
        return years

    def _of(self, kind: PeriodKind) -> list[Period]:
        return [each for each in self.periods if each.kind is kind]

    def _refuse(self, period: Period, reason: str) -> None:
        self.sound = False
        self.tally.refuse(period.line, period.place, f"{titled(self.zone)} : {reason}")

    def _bridged(self, period: Period) -> Period:
        """A bridge of one day, as the dataset gives some, with the days off on both sides of it."""
        if period.days > 1 or not fold_text(period.name).startswith("pont"):
            return period
        first, back = period.first, period.back
        while self._off(first - A_DAY):
            first -= A_DAY
        while self._off(back):
            back += A_DAY
        bridged = replace(period, first=first, back=back)
        if bridged != period:
            self.tally.remark(
                f"{period.name} donné pour le seul {period.first:%d/%m/%Y} : pris du {first:%d/%m/%Y} au "
                f"{bridged.last:%d/%m/%Y}, avec les fériés et la fin de semaine qui le touchent.",
                period.line,
            )
        return bridged

    def _off(self, day: date) -> bool:
        territory = Territory.METROPOLE if self.zone in METROPOLE else Territory(self.zone.value)
        return day.weekday() >= SATURDAY or day in public_holidays(territory, day.year)

    def _apart(self, holidays: Iterable[Period]) -> list[Period]:
        """In order, none over another; the slices an iCal file cuts a holiday into are joined again."""
        kept: list[Period] = []
        for each in sorted(holidays, key=lambda each: (each.first, -each.days, each.line)):
            before = kept[-1] if kept else None
            if (
                before is None
                or each.first > before.back
                or (each.first == before.back and each.name != before.name)
            ):
                kept.append(each)
            elif each.first == before.back:
                kept[-1] = replace(before, back=each.back)
            elif each.name != before.name and each.back <= before.back:
                self.tally.remark(f"{each} tombe pendant {before} : rien à ajouter.", each.line)
            else:
                self._refuse(
                    each,
                    f"{each} contredit {before} (ligne {before.line}, {before.place}) : une zone n'a qu'un "
                    "calendrier. Corrigez ou ôtez l'une des deux lignes.",
                )
        return kept

    def _check_returns(self, returns: Sequence[Period], holidays: Sequence[Period]) -> None:
        for each in returns:
            over = next((one for one in holidays if one.first <= each.first < one.back), None)
            if over:
                self._refuse(
                    each, f"{each} tombe pendant {over} (ligne {over.line}) : corrigez l'une des deux."
                )

    def _with_beginnings(self, holidays: list[Period], returns: Sequence[Period]) -> list[Period]:
        """Summers whose beginning alone is given: closed by a return, else open at the end of the file."""
        found = list(holidays)
        for begins in self._of(PeriodKind.BEGINNING):
            known = next((one for one in found if _near(one, begins)), None)
            if known:
                if known.first != begins.first:
                    self._refuse(
                        begins, f"{begins} contredit {known} (ligne {known.line}) : corrigez l'une des deux."
                    )
                continue
            back = next(
                (one.first for one in returns if begins.first < one.first <= begins.first + LONGEST), None
            )
            after = next((one for one in holidays if one.first > begins.first), None)
            if back is None and after is not None:
                self._refuse(
                    begins,
                    f"la fin de ces vacances ({begins}) n'est pas dans le fichier, alors que l'année suivante y est : "
                    "ajoutez la ligne qui donne le jour de la rentrée.",
                )
            found.append(replace(begins, back=back) if back else begins)
        return sorted(found, key=lambda each: each.first)

    def _check_years(self, holidays: Sequence[Period]) -> None:
        """Each year ends with its summer, follows the one before, and in the metropole has its four holidays."""
        year: list[Period] = []
        before: Period | None = None
        for each in holidays:
            if not _is_summer(each):
                year.append(each)
                continue
            if before and each.first - before.first > A_YEAR_AT_MOST:
                self._refuse(each, f"il manque une année entre l'été {before.first:%Y} et {each} : {CUT}.")
            elif self.zone in METROPOLE:
                self._check_names(each, [one.name for one in year], whole=before is not None)
            year, before = [], each
        if year:
            self._refuse(
                year[-1],
                f"après {year[-1]}, les vacances d'été de cette année scolaire manquent : {CUT}.",
            )

    def _check_names(self, summer: Period, names: Sequence[str], *, whole: bool) -> None:
        """The file may begin within a year: what precedes its first line isn't asked."""
        expected = YEARLY[:-1]
        if not whole:
            begun = next((place for place, name in enumerate(expected) if name in names), len(expected))
            expected = expected[begun:]
        lacking = [f"« {name} »" for name in expected if name not in names]
        if lacking:
            self._refuse(summer, f"avant l'été {summer.first:%Y} il manque {' et '.join(lacking)} : {CUT}.")

    def _check_breaks(self, holidays: Sequence[Period]) -> None:
        long = [each for each in holidays if each.days >= A_WEEK_OFF or _is_summer(each)]
        for earlier, later in pairwise(long):
            if self.sound and later.first - earlier.back > NO_CLASS_BREAK:
                weeks = (later.first - earlier.back).days // 7
                self._refuse(later, f"{weeks} semaines de classe sans vacances avant {later} : {CUT}.")

    def _tell(self, years: SchoolYears, last: Period) -> None:
        known = f"{titled(self.zone)} : jours connus du {years.first:%d/%m/%Y} au {years.last:%d/%m/%Y}"
        if last.kind is PeriodKind.BEGINNING:
            known += f" ; la fin de l'été {last.first:%Y} n'y est pas encore"
        self.tally.remark(f"{known}.")


def _is_summer(period: Period) -> bool:
    if period.kind is PeriodKind.BEGINNING:
        return True
    return period.first.month in SUMMER_MONTHS and period.days >= SUMMER_DAYS


def _near(known: Period, begins: Period) -> bool:
    return _is_summer(known) and abs(known.first - begins.first) < SAME_SUMMER
