"""A faulty calendar file is refused whole, each fault at its line and column, with its mend."""

from datetime import date
from pathlib import Path

import pytest

from router.clock.calendar import CalendarsRefused, calendars_of, load_calendars
from router.clock.targets import Clock

GOOD = """\
[calendar.exemple]
timezone = "Europe/Paris"
monday = ["08:00-12:00", "13:30-17:30"]
friday = ["18:00-24:00", "00:00-06:00"]
public_holidays = "metropole"
school_zone = "C"
closed = [{ from = 2026-12-24, to = 2026-12-24, reason = "fermeture" }]
open = [{ date = 2027-05-08, spans = ["08:00-12:00"], reason = "rattrapage" }]
"""


def faults_of(text: str) -> list[tuple[int, int, str]]:
    with pytest.raises(CalendarsRefused) as refused:
        calendars_of(text, "essai.toml")
    assert all(fault.file == "essai.toml" for fault in refused.value.faults)
    assert all(
        fault.message.endswith((".", "?")) or "analyseur" in fault.message for fault in refused.value.faults
    )
    return [(fault.line, fault.column, fault.code) for fault in refused.value.faults]


def test_a_good_file() -> None:
    calendar = calendars_of(GOOD)["exemple"]
    assert [str(span) for span in calendar.week[0]] == ["08:00-12:00", "13:30-17:30"]
    assert [str(span) for span in calendar.week[4]] == ["00:00-06:00", "18:00-24:00"]
    assert calendar.week[1] == ()
    assert calendar.closures[0].reason == "fermeture"
    assert calendar.openings[0].reason == "rattrapage"


FAULTY = [
    ("open = [{ date", "opne = [{ date", (8, 1, "AIG302")),
    ('reason = "fermeture"', 'motif = "fermeture"', (7, 49, "AIG302")),
    ("[calendar.exemple]", "[calendrier.exemple]", (1, 1, "AIG302")),
    ('timezone = "Europe/Paris"', "", (1, 1, "AIG303")),
    ("from = 2026-12-24, ", "", (7, 11, "AIG303")),
    ('"metropole"', '"metropol"', (5, 19, "AIG305")),
    ('"C"', '"D"', (6, 15, "AIG305")),
    ('"C"', "3", (6, 15, "AIG304")),
    ('"Europe/Paris"', '"Europe/Pari"', (2, 12, "AIG305")),
    ('"Europe/Paris"', '"Europe"', (2, 12, "AIG305")),
    ('"Europe/Paris"', '"../etc/passwd"', (2, 12, "AIG305")),
    ('"Europe/Paris"', '"localtime"', (2, 12, "AIG305")),
    ('"Europe/Paris"', '"right/Europe/Paris"', (2, 12, "AIG305")),
    ('"13:30-17:30"', '"11:30-17:30"', (3, 26, "AIG307")),
    ('"13:30-17:30"', '"8:00-17:30"', (3, 26, "AIG306")),
    ('"13:30-17:30"', '"13:30-24:01"', (3, 26, "AIG306")),
    ('"13:30-17:30"', '"13:30-25:00"', (3, 26, "AIG306")),
    ('"13:30-17:30"', '"24:00-24:00"', (3, 26, "AIG306")),
    ('"13:30-17:30"', '"17:30-13:30"', (3, 26, "AIG306")),
    ('"13:30-17:30"', '"13:30-13:30"', (3, 26, "AIG306")),
    ('["08:00-12:00", "13:30-17:30"]', '"08:00-12:00"', (3, 10, "AIG304")),
    ("to = 2026-12-24", "to = 2026-12-23", (7, 37, "AIG308")),
    ("to = 2026-12-24", 'to = "2026-12-24"', (7, 37, "AIG304")),
    ("to = 2026-12-24", "to = 2026-12-24T00:00:00", (7, 37, "AIG304")),
    ("to = 2026-12-24", "to = 2028-12-24", (7, 11, "AIG309")),
    ("to = 2026-12-24", "to = 9999-12-31", (7, 11, "AIG309")),
    ("from = 2026-12-24", "from = 0001-01-01", (7, 11, "AIG309")),
    ("to = 2026-12-24,", "to = 2027-05-07 }, { from = 2027-05-08, to = 2028-05-07,", (7, 11, "AIG309")),
    ('spans = ["08:00-12:00"]', "spans = []", (8, 38, "AIG306")),
    ("[{ date", '[{ date = 2027-05-08, spans = ["14:00-15:00"] }, { date', (8, 57, "AIG310")),
    ("2027-05-08", "2027-02-30", (8, 18, "AIG301")),
    ('timezone = "', "timezone = ", (2, 12, "AIG301")),
]


CARRYING = (
    GOOD
    + """\
school_coverage = { from = 2028-09-01, to = 2029-08-31, obtained = 2027-12-01 }
school_holidays = [{ from = 2028-12-23, to = 2029-01-07, reason = "Noël" }]
"""
)
FAULTY_DATES = [
    ("to = 2029-08-31", "to = 2027-08-31", (9, 45, "AIG308")),
    ("to = 2029-01-07", "to = 2028-01-07", (10, 46, "AIG308")),
    ("to = 2029-08-31, ", "", (9, 1, "AIG303")),
    (", obtained = 2027-12-01", "", (9, 1, "AIG303")),
    ("obtained = 2027-12-01", "obtained = 2027-12-01, lu = 1", (9, 80, "AIG302")),
    ('reason = "Noël"', 'motif = "Noël"', (10, 58, "AIG302")),
    ('"Noël"', '"Noël", confirmed = "non"', (10, 87, "AIG304")),
    ("school_coverage = { from = 2028-09-01, to = 2029-08-31, obtained = 2027-12-01 }", "", (10, 1, "AIG303")),
    ('school_zone = "C"', "", (9, 1, "AIG303")),
]


def test_a_file_may_carry_school_dates_in_the_place_of_the_shipped_ones() -> None:
    calendar = calendars_of(CARRYING)["exemple"]
    days = [calendar.day(date(2028, 12, number)) for number in (18, 25, 29)]
    assert [each.kind for each in days] == ["usual", "public_holiday", "school_holiday"]
    assert not calendar.knows(date(2028, 8, 28)) and calendars_of(GOOD)["exemple"].knows(date(2028, 8, 28))
    assert calendar.covered_until == date(2029, 8, 31)


@pytest.mark.parametrize(("was", "becomes", "fault"), FAULTY_DATES)
def test_a_fault_in_school_dates_at_its_place(was: str, becomes: str, fault: tuple[int, int, str]) -> None:
    assert was in CARRYING
    assert faults_of(CARRYING.replace(was, becomes, 1)) == [fault]


def test_the_rules_carry_none_since_theirs_are_imported() -> None:
    with pytest.raises(CalendarsRefused) as refused:
        load_calendars({"clocks/a.toml": CARRYING})
    assert [(each.line, each.code) for each in refused.value.faults] == [(9, "AIG302"), (10, "AIG302")]


@pytest.mark.parametrize(("was", "becomes", "fault"), FAULTY)
def test_one_fault_at_its_place(was: str, becomes: str, fault: tuple[int, int, str]) -> None:
    assert was in GOOD
    assert faults_of(GOOD.replace(was, becomes, 1)) == [fault]


def test_every_fault_is_told_at_once() -> None:
    text = GOOD.replace('"C"', '"D"').replace("08:00-12:00", "12:00-08:00").replace("Europe/Paris", "Paris")
    assert faults_of(text) == [(2, 12, "AIG305"), (3, 11, "AIG306"), (6, 15, "AIG305"), (8, 39, "AIG306")]


def test_a_calendar_that_never_opens() -> None:
    assert faults_of('[calendar.vide]\ntimezone = "Europe/Paris"\nmonday = []\n') == [(1, 1, "AIG309")]


def test_an_empty_file_and_a_file_that_is_not_toml() -> None:
    assert faults_of("") == [(1, 1, "AIG303")]
    assert faults_of("[calendar.x\n") == [(1, 12, "AIG301")]
    assert faults_of("calendar = 3") == [(1, 12, "AIG304")]


def test_a_text_too_deep_to_be_read_is_refused_like_any_other() -> None:
    assert faults_of("x = " + "[" * 5_000) == [(1, 1, "AIG301")]


def test_a_folder_has_its_calendars_in_clocks_and_no_name_twice() -> None:
    sources = {"clocks/a.toml": GOOD, "clocks/targets.toml": "autre = 1", "vocabulary.toml": "x = 1"}
    assert list(load_calendars(sources)) == ["exemple"]
    with pytest.raises(CalendarsRefused) as refused:
        load_calendars({"clocks/a.toml": GOOD, "clocks/b.toml": GOOD})
    assert [(fault.file, fault.code) for fault in refused.value.faults] == [("clocks/b.toml", "AIG310")]
    with pytest.raises(CalendarsRefused, match="aucun fichier de calendriers"):
        load_calendars({"vocabulary.toml": ""})


def test_the_shipped_calendars_say_everything() -> None:
    text = (Path(__file__).parents[2] / "rules/clocks/calendars.toml").read_text(encoding="utf-8")
    calendars = load_calendars({"clocks/calendars.toml": text})
    for name in ("nord", "sud"):
        assert {f"{name}-{clock}" for clock in Clock if clock is not Clock.PERMANENT} <= set(calendars)
    assert "permanent" in calendars
    tables = text.split("[calendar.")[1:]
    assert all("public_holidays" in table and "school_zone" in table for table in tables)


def test_the_first_and_the_last_day_of_all_may_be_closed() -> None:
    ends = "from = 0001-01-01, to = 0001-01-01 }, { from = 9999-12-30, to = 9999-12-31 }, { from = 9999-12-31"
    calendar = calendars_of(GOOD.replace("from = 2026-12-24, to = 2026-12-24", f"{ends}, to = 9999-12-31"))
    assert len(calendar["exemple"].closures) == 3


def test_a_long_closure_with_an_open_day_in_it_is_allowed() -> None:
    calendars_of(GOOD.replace("to = 2026-12-24", "to = 2027-12-24"))
