"""The lines of the official CSV (`fr-en-calendrier-scolaire`): one per académie and period."""

import re
from collections.abc import Iterator

from router.intake.columns import Column, Row, select
from router.intake.lines import checked
from router.intake.report import Tally
from router.intake.school_periods import Period, Wanted, paris_day, period_of
from router.intake.school_words import (
    OTHER_TERRITORIES,
    OTHER_ZONES,
    PAST,
    TEACHERS,
    for_teachers,
    place_in,
    place_of,
)
from router.intake.tabular import Table
from router.model.actor import Invalid

COLUMNS = (
    Column("name", "de la description", ("description",), required=True),
    Column("population", "de la population", ("population",)),
    Column("start", "de la date de début", ("start_date", "Date de début", "date_debut"), required=True),
    Column("end", "de la date de fin", ("end_date", "Date de fin", "date_fin"), required=True),
    Column("place", "de l'académie", ("location", "Académies", "Académie")),
    Column("zones", "de la zone", ("zones", "Zone"), required=True),
    Column("year", "de l'année scolaire", ("annee_scolaire", "Année scolaire")),
)
_YEAR = re.compile(r"(\d{4})-(\d{4})")


def periods_in_table(table: Table, wanted: Wanted, tally: Tally) -> Iterator[Period]:
    """The pupils' lines of the wanted zones (all when none is named); the others are counted, the faulty refused."""
    rows = select(table, COLUMNS)
    with_year = rows.has("year")
    for found in checked(rows, tally, "name", lambda row: _read(row, wanted, with_year=with_year)):
        if isinstance(found, Period):
            yield found
        else:
            tally.skip(found)


def _read(row: Row, wanted: Wanted, *, with_year: bool) -> Period | str:
    """A period, or why the line is left aside."""
    if for_teachers(row.text("population"), row.text("name")):
        return TEACHERS
    place = place_of(row.text("zones"), row.text("place"))
    if place.elsewhere or place_in(row.text("population")).elsewhere or place_in(row.text("name")).elsewhere:
        return OTHER_TERRITORIES
    zones = wanted.among(place.zones)
    if not zones:
        return OTHER_ZONES
    if not row.text("name"):
        raise Invalid("La description manque : écrivez le nom des vacances.")
    if with_year:
        _check_year(row.text("year"))
    first = paris_day(row.text("start"), "de début")
    if first < wanted.since:
        return PAST
    back = paris_day(row.text("end"), "de fin")
    where = row.text("place") or row.text("zones")
    return period_of(row.line, where, zones, row.text("name"), first, back)


def _check_year(cell: str) -> None:
    """The last cell of each line: cut, it tells that the file is."""
    found = _YEAR.fullmatch(cell)
    if not found or int(found[2]) != int(found[1]) + 1:
        raise Invalid(
            f"L'année scolaire « {cell} » n'est pas entière (attendu 2026-2027) : le fichier est-il coupé ? "
            "Téléchargez-le de nouveau."
        )
