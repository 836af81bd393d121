"""School holidays from the official files: the CSV of `fr-en-calendrier-scolaire`, or its iCal calendars.

Bytes in, school years by zone out, with every refused line. Stores nothing, and with one faulty line gives nothing."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from router.clock.school import SchoolYears, Zone
from router.intake.report import ImportKind, ImportReport, RefusedLine, Tally
from router.intake.school_events import OPENING, periods_in_calendar
from router.intake.school_lines import periods_in_table
from router.intake.school_periods import Period, Wanted
from router.intake.school_words import ZONE_NAMES
from router.intake.school_years import years_of
from router.intake.tabular import decoded, read_table
from router.model.actor import Invalid, TooLarge

MAX_BYTES = 5 * 1024**2
MAX_UNZIPPED = 50 * 1024**2
NOT_YET = "sans faute, mais rien n'est importé tant qu'une ligne est refusée"
_MARKS = b"\xef\xbb\xbf \t\r\n"


@dataclass(frozen=True, slots=True)
class CalendarRead:
    """What a file says. `years` is empty when a line is refused; `periods` are the lines that count."""

    name: str
    obtained: date
    years: tuple[SchoolYears, ...]
    periods: tuple[Period, ...]
    report: ImportReport

    @property
    def source(self) -> str:
        return f"{self.name}, obtenu le {self.obtained:%d/%m/%Y}"


def read_school_calendar(
    content: bytes, name: str, obtained: date, wanted: Collection[Zone] = ()
) -> CalendarRead:
    """What these bytes settle, for the wanted zones, or for all those of the file.

    Raises TooLarge, or Invalid for a file that is no school calendar, with a French sentence."""
    if len(content) > MAX_BYTES:
        raise TooLarge(
            f"{name} dépasse {MAX_BYTES // 1024**2} Mo, bien plus qu'un calendrier scolaire : "
            "vérifiez que c'est le bon fichier."
        )
    if not content.strip(_MARKS):
        raise Invalid(f"Le fichier {name} est vide.")
    tally = Tally(ImportKind.CALENDAR)
    periods = list(_periods(content, name, Wanted(frozenset(wanted), _since(obtained)), tally))
    found: list[SchoolYears | None] = []
    if not tally.report().refused:
        if not periods:
            raise Invalid(_nothing_in(name, wanted))
        each_zone = ((zone, _of(periods, zone)) for zone in Zone)
        found = [years_of(zone, own, obtained, tally) for zone, own in each_zone if own]
    report = _once_a_line(tally.report())
    years = () if report.refused else tuple(each for each in found if each)
    return CalendarRead(name, obtained, years, tuple(periods), report)


def _periods(content: bytes, name: str, wanted: Wanted, tally: Tally) -> Iterator[Period]:
    if content.lstrip(_MARKS)[: len(OPENING)].lower() == OPENING.encode() or content.startswith(
        (b"\xff\xfe", b"\xfe\xff")
    ):
        text, remarks = decoded(content, name)
        if text.lstrip().lower().startswith(OPENING):
            _remark(tally, remarks)
            yield from periods_in_calendar(text.strip(), name, wanted, tally)
            return
    table = read_table(content, name, unzipped=MAX_UNZIPPED)
    _remark(tally, table.remarks)
    yield from periods_in_table(table, wanted, tally)


def _since(obtained: date) -> date:
    """From the summer of two years before: the faults of older lines do no harm, and what is known of then stays."""
    return date(obtained.year - 2, 6, 15)


def _remark(tally: Tally, remarks: Collection[str]) -> None:
    for each in remarks:
        tally.remark(each)


def _of(periods: Collection[Period], zone: Zone) -> list[Period]:
    return [each for each in periods if zone in each.zones]


def _nothing_in(name: str, wanted: Collection[Zone]) -> str:
    asked = f" ({', '.join(ZONE_NAMES[zone] for zone in Zone if zone in wanted)})" if wanted else ""
    return (
        f"{name} ne contient aucunes vacances d'élèves des zones attendues{asked} : "
        "prenez le calendrier scolaire de data.education.gouv.fr."
    )


def _once_a_line(report: ImportReport) -> ImportReport:
    """A line that holds for several zones is refused once, with its first fault."""
    refused: dict[int, RefusedLine] = {}
    for each in report.refused:
        refused.setdefault(each.line, each)
    lines = tuple(sorted(refused.values(), key=lambda each: each.line))
    skipped = dict(report.skipped)
    sound = report.read - sum(skipped.values()) - len(lines)
    if lines and sound:
        skipped[NOT_YET] = sound
    return ImportReport(
        kind=report.kind,
        read=report.read,
        kept=0,
        created=0,
        changed=0,
        unchanged=0,
        skipped=MappingProxyType(skipped),
        refused=lines,
        remarks=() if lines else report.remarks,
    )
