"""Public and school holidays: the official dates, and the packages where they are right."""

from datetime import date, timedelta

import holidays
import pytest
from vacances_scolaires_france import SchoolHolidayDates

from router.clock.calendar import (
    Closure,
    DayKind,
    Opening,
    Span,
    UnknownFrom,
    calendars_of,
    is_open,
    subtract,
)
from router.clock.school import Zone, shipped_school_years
from router.clock.territory import Territory, public_holidays
from tests.clock.oracle import utc

YEARS = shipped_school_years()
METROPOLE = (Zone.A, Zone.B, Zone.C)


def off(zone: Zone, day: date) -> bool:
    """No class that day: school holiday, or one of the metropole's public holidays."""
    assert YEARS[zone].knows(day)
    return YEARS[zone].vacation_on(day) is not None or day in public_holidays(Territory.METROPOLE, day.year)


def each(first: date, last: date) -> list[date]:
    return [first + timedelta(days=shift) for shift in range((last - first).days + 1)]


OFFICIAL = [
    ("ABC", "2026-10-17", "2026-11-01"),
    ("ABC", "2026-12-19", "2027-01-03"),
    ("A", "2027-02-13", "2027-02-28"),
    ("B", "2027-02-20", "2027-03-07"),
    ("C", "2027-02-06", "2027-02-21"),
    ("A", "2027-04-10", "2027-04-25"),
    ("B", "2027-04-17", "2027-05-02"),
    ("C", "2027-04-03", "2027-04-18"),
    ("ABC", "2027-05-06", "2027-05-09"),
    ("ABC", "2027-07-03", "2027-09-01"),
    ("ABC", "2027-10-23", "2027-11-07"),
    ("ABC", "2027-12-18", "2028-01-02"),
    ("A", "2028-02-19", "2028-03-05"),
    ("B", "2028-02-05", "2028-02-20"),
    ("C", "2028-02-12", "2028-02-27"),
    ("A", "2028-04-22", "2028-05-08"),
    ("B", "2028-04-08", "2028-04-23"),
    ("C", "2028-04-15", "2028-05-01"),
    ("ABC", "2028-07-05", "2028-08-31"),
    ("ABC", "2023-05-18", "2023-05-21"),
    ("ABC", "2024-05-09", "2024-05-12"),
    ("ABC", "2025-05-29", "2025-06-01"),
    ("ABC", "2026-05-14", "2026-05-17"),
    ("ABC", "2021-04-10", "2021-04-25"),
]


@pytest.mark.parametrize(("zones", "first", "last"), OFFICIAL)
def test_official_dates_first_and_last_day_without_class(zones: str, first: str, last: str) -> None:
    begin, end = date.fromisoformat(first), date.fromisoformat(last)
    for name in zones:
        zone = Zone(name)
        assert all(YEARS[zone].vacation_on(day) for day in each(begin, end))
        before, after = begin - timedelta(days=1), end + timedelta(days=1)
        assert YEARS[zone].vacation_on(before) is None
        assert not YEARS[zone].knows(after) or YEARS[zone].vacation_on(after) is None


@pytest.mark.parametrize("day", ["2026-09-01", "2027-09-02", "2027-07-02", "2028-07-04", "2025-09-01"])
def test_class_days_at_the_edges_of_summer(day: str) -> None:
    assert not any(off(zone, date.fromisoformat(day)) for zone in METROPOLE)


def test_coverage_ends_where_nothing_is_published() -> None:
    for zone in METROPOLE:
        assert YEARS[zone].knows(date(2028, 8, 31))
        assert not YEARS[zone].knows(date(2028, 9, 1))
        assert not YEARS[zone].knows(date(2019, 8, 31))


def test_snapshot_is_in_order_and_nothing_overlaps() -> None:
    for years in YEARS.values():
        for vacation in years.vacations:
            assert years.first <= vacation.first <= vacation.last <= years.last
        for earlier, later in zip(years.vacations, years.vacations[1:], strict=False):
            assert earlier.last < later.first, (years.zone, earlier, later)


@pytest.mark.parametrize("zone", METROPOLE)
def test_the_holidays_package_agrees_all_along_the_coverage(zone: Zone) -> None:
    package = holidays.country_holidays(
        "FR", f"Zone {zone}", years=range(2019, 2029), categories=("school",), language="fr"
    )
    years = YEARS[zone]
    different = [
        day for day in each(years.first, years.last) if (day in package) != bool(years.vacation_on(day))
    ]
    assert different == []


KNOWN_FAULTS_OF_VACANCES = [
    (
        "2021-01-01",
        "2021-09-02",
        "spring 2021 before it was moved, and days at the edges of bridges and summer",
    ),
    ("2022-07-07", "2022-07-07", "a class day marked as summer"),
    ("2023-05-18", "2023-05-21", "bridge missing"),
    ("2024-05-09", "2024-05-12", "bridge missing"),
    ("2025-05-29", "2025-06-01", "bridge missing"),
    ("2026-05-14", "2026-05-17", "bridge missing"),
    ("2027-05-09", "2027-05-09", "the Sunday of the bridge"),
    ("2027-09-01", "2027-09-01", "summer ends a day early"),
    ("2028-05-25", "2028-05-28", "Ascension day and the Sunday of the bridge"),
    ("2028-07-04", "2028-07-04", "a class day marked as summer"),
]


@pytest.mark.parametrize("zone", METROPOLE)
def test_the_other_package_agrees_but_for_its_known_faults(zone: Zone) -> None:
    package = SchoolHolidayDates()
    years = YEARS[zone]
    different = {
        day
        for day in each(years.first, years.last)
        if package.is_holiday_for_zone(day, zone.value) != bool(years.vacation_on(day))
    }
    faults = set()
    for first, last, _ in KNOWN_FAULTS_OF_VACANCES:
        faults.update(each(date.fromisoformat(first), date.fromisoformat(last)))
    assert different <= faults
    assert date(2026, 5, 15) in different, "the package has been mended: shorten the list"


def test_what_sources_dispute_waits_for_a_person() -> None:
    text = '[calendar.c]\ntimezone = "Europe/Paris"\nmonday = ["08:00-12:00"]\nschool_zone = "C"\n'
    (disputed,) = calendars_of(text)["c"].unconfirmed
    assert (disputed.first, disputed.last) == (date(2028, 5, 25), date(2028, 5, 28))
    settled = calendars_of(text + "closed = [{ from = 2028-05-25, to = 2028-05-28 }]")["c"]
    assert settled.unconfirmed == ()


ABOLITION = [
    (Territory.GUADELOUPE, date(2027, 5, 27)),
    (Territory.MARTINIQUE, date(2027, 5, 22)),
    (Territory.GUYANE, date(2027, 6, 10)),
    (Territory.LA_REUNION, date(2027, 12, 20)),
    (Territory.MAYOTTE, date(2027, 4, 27)),
]


@pytest.mark.parametrize(("territory", "day"), ABOLITION)
@pytest.mark.parametrize("year", [2020, 2026, 2027, 2030])
def test_overseas_has_the_national_days_and_its_abolition_day_only(
    territory: Territory, day: date, year: int
) -> None:
    national = set(public_holidays(Territory.METROPOLE, year))
    assert set(public_holidays(territory, year)) == national | {day.replace(year=year)}


def test_alsace_moselle_has_two_more_days() -> None:
    more = set(public_holidays(Territory.ALSACE_MOSELLE, 2027)) - set(
        public_holidays(Territory.METROPOLE, 2027)
    )
    assert more == {date(2027, 3, 26), date(2027, 12, 26)}


def test_the_metropole_has_eleven_days_and_none_has_none() -> None:
    assert len(public_holidays(Territory.METROPOLE, 2026)) == 11
    assert public_holidays(Territory.NONE, 2026) == {}


def test_each_day_says_why_it_is_closed() -> None:
    calendar = calendars_of(
        '[calendar.c]\ntimezone = "Europe/Paris"\nfriday = ["08:00-12:00"]\nschool_zone = "C"\n'
        'public_holidays = "metropole"\nclosed = [{ from = 2027-01-08, to = 2027-01-08, reason = "neige" }]\n'
        'open = [{ date = 2027-01-15, spans = ["14:00-15:00"], reason = "examen" }]'
    )["c"]
    kinds = {
        date(2027, 1, 1): (DayKind.PUBLIC_HOLIDAY, "Jour de l'an"),
        date(2026, 12, 24): (DayKind.SCHOOL_HOLIDAY, "Vacances de Noël"),
        date(2027, 1, 8): (DayKind.CLOSURE, "neige"),
        date(2027, 1, 15): (DayKind.OPENING, "examen"),
        date(2027, 1, 22): (DayKind.USUAL, ""),
        date(2028, 9, 1): (DayKind.UNKNOWN, ""),
    }
    assert {day: (calendar.day(day).kind, calendar.day(day).reason) for day in kinds} == kinds


def test_a_zone_of_which_nothing_is_known_is_unknown_unless_a_person_settles_the_day() -> None:
    text = (
        '[calendar.g]\ntimezone = "America/Guadeloupe"\nmonday = ["08:00-12:00"]\nschool_zone = "guadeloupe"\n'
        "closed = [{ from = 2027-01-05, to = 2027-01-06 }]\n"
        'open = [{ date = 2027-01-04, spans = ["08:00-12:00"] }]'
    )
    calendar = calendars_of(text, schools={})["g"]
    assert is_open(calendar, utc("2027-01-04T12:00"))
    assert not calendar.knows(date(2027, 1, 3))
    assert calendar.knows(date(2027, 1, 6))
    assert calendar.covered_until is None
    assert subtract(calendar, utc("2027-01-05T12:00"), timedelta(hours=5)) == UnknownFrom(date(2027, 1, 3))


def test_local_decisions_are_added_without_touching_the_calendar_they_start_from() -> None:
    calendar = calendars_of('[calendar.c]\ntimezone = "Europe/Paris"\nmonday = ["08:00-12:00"]\n')["c"]
    monday = utc("2027-01-11T09:00")
    assert is_open(calendar, monday)
    snow = calendar.with_overrides(closures=(Closure(monday.date(), monday.date(), "neige"),))
    assert not is_open(snow, monday)
    assert snow.day(monday.date()).reason == "neige"
    caught_up = snow.with_overrides(openings=(Opening(monday.date(), (Span(600, 660),), "rattrapage"),))
    assert is_open(caught_up, utc("2027-01-11T09:30"))
    assert not is_open(caught_up, utc("2027-01-11T10:30"))
    assert is_open(calendar, monday)
