"""A calendar written out and read again says the same of every day."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from router.clock.calendar import calendars_of
from router.clock.calendar_text import calendar_text
from router.clock.decided_days import joined
from router.clock.durations import duration_of, duration_text
from router.clock.school import SchoolYears, Vacation, Zone, shipped_school_years
from router.clock.service_calendar import Closure, Opening, ServiceCalendar, Span
from router.settings import SHIPPED_RULES
from tests.clock.test_arithmetic import SCENES

SHIPPED = calendars_of(Path(SHIPPED_RULES, "clocks", "calendars.toml").read_text(encoding="utf-8"))
ANY = {**SHIPPED, **{scene.name: scene.calendar() for scene in SCENES}}


def days_of(calendar: ServiceCalendar) -> list[object]:
    first = date(2025, 9, 1)
    return [calendar.day(first + timedelta(days=shift)) for shift in range(1_200)]


@pytest.mark.parametrize("name", ANY)
def test_it_is_read_again_as_it_was(name: str) -> None:
    again = calendars_of(calendar_text([ANY[name]]))[name]
    assert days_of(again) == days_of(ANY[name])
    assert again.zone == ANY[name].zone


def test_several_fit_in_one_file_under_a_heading() -> None:
    text = calendar_text(SHIPPED.values(), "Horaires du dossier n° 12\nRecueil abc")
    assert text.startswith("# Horaires du dossier n° 12\n# Recueil abc\n[calendar.")
    assert calendars_of(text) == SHIPPED


def test_local_decisions_are_written_and_the_first_of_a_days_openings_wins() -> None:
    day = date(2026, 12, 1)
    special = 'Neige « forte » \\ "fermé"\nsur ordre du préfet\x7f'
    calendar = SHIPPED["nord-pedagogique"].with_overrides(
        (Closure(date(2026, 11, 30), date(2026, 12, 2), special), Closure(day, day, "grève")),
        (Opening(day, (Span(480, 720),), "rattrapage"), Opening(day, (), "rien")),
    )
    again = calendars_of(calendar_text([calendar]))["nord-pedagogique"]
    assert days_of(again) == days_of(calendar)
    assert again.day(day - timedelta(days=1)).reason == special


NEXT_YEAR = SchoolYears(
    Zone.B,
    date(2028, 9, 1),
    date(2029, 8, 31),
    (Vacation("Vacances « de Noël »", date(2028, 12, 23), date(2029, 1, 7)),),
    date(2027, 12, 1),
)


@pytest.mark.parametrize("zone", [Zone.B, Zone.CORSE])
def test_imported_school_dates_go_with_the_calendar(zone: Zone) -> None:
    """Those of a zone that the shipped dates know up to a day, and of one they don't know at all."""
    newer, shipped = replace(NEXT_YEAR, zone=zone), shipped_school_years().get(zone)
    years = joined(shipped, newer) if shipped else newer
    calendar = replace(SHIPPED["nord-pedagogique"], school_zone=zone, school=years)
    assert calendars_of(calendar_text([calendar])) == {calendar.name: calendar}
    assert any(not each.confirmed for each in years.vacations) is (zone is Zone.B), "a disputed day stays one"


def test_the_shipped_school_dates_are_not_repeated() -> None:
    assert "school_coverage" not in calendar_text(SHIPPED.values())


@given(st.integers(0, 10**9))
def test_a_duration_is_read_again_as_it_was(seconds: int) -> None:
    length = timedelta(seconds=seconds)
    assert duration_of(duration_text(length)) == length


@pytest.mark.parametrize(
    ("seconds", "text"), [(0, "PT0S"), (16_200, "PT4H30M"), (59, "PT59S"), (3_600, "PT1H")]
)
def test_a_duration_is_written_shortly(seconds: int, text: str) -> None:
    assert duration_text(timedelta(seconds=seconds)) == text
