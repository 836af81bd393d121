"""One line of `aiguillage due`: what it answers, and how it refuses."""

from typing import Any

import pytest

from router.clock.calendar import calendars_of
from router.clock.due import due_line
from router.model.lines import LineError

CALENDARS = calendars_of(
    """
[calendar.exemple]
timezone = "Europe/Paris"
monday = ["08:00-12:00", "13:30-17:30"]
friday = ["08:00-12:00", "13:30-17:30"]
public_holidays = "metropole"
school_zone = "C"

[calendar.antilles]
timezone = "America/Martinique"
monday = ["08:00-12:00"]
"""
)
LINE = {"id": "a1", "calendar": "exemple", "start": "2026-12-18T15:30:00Z", "allowance": "PT1H"}


def answer(**changes: Any) -> dict[str, Any]:
    return due_line(CALENDARS, {**LINE, **changes})


def test_due_is_on_the_wall_clock_of_the_calendar() -> None:
    assert answer() == {"id": "a1", "due": "2026-12-18T17:30:00+01:00"}
    assert answer(calendar="antilles") == {"id": "a1", "due": "2026-12-21T09:00:00-04:00"}


def test_pauses_are_merged_and_half_open() -> None:
    pauses = [
        ["2026-12-18T16:00:00Z", "2026-12-18T16:20:00Z"],
        ["2026-12-18T15:50:00Z", "2026-12-18T16:00:00Z"],
    ]
    assert answer(pauses=pauses) == {"id": "a1", "due": "2027-01-04T08:30:00+01:00"}


def test_an_open_pause_has_no_due_and_says_since_when() -> None:
    expected = {"id": "a1", "due": None, "paused_since": "2026-12-18T16:40:00+01:00"}
    assert answer(pauses=[["2026-12-18T15:40:00Z", None]]) == expected


def test_beyond_the_coverage() -> None:
    assert answer(start="2028-08-01T00:00:00+02:00") == {"id": "a1", "due": None, "unknown_from": "2028-09-01"}
    assert answer(allowance="PT87600H") == {"id": "a1", "due": None, "unknown_from": "2028-09-01"}


def test_a_zero_allowance_is_due_at_once() -> None:
    assert answer(allowance="PT0S") == {"id": "a1", "due": "2026-12-18T16:30:00+01:00"}


REFUSED = [
    ({"calendar": "exemples"}, "calendar"),
    ({"calendar": None}, "calendar"),
    ({"start": "2026-12-18T15:30:00"}, "start"),
    ({"start": "2026-12-18"}, "start"),
    ({"start": "hier"}, "start"),
    ({"start": 3}, "start"),
    ({"start": "0001-01-01T00:00:00+01:00"}, "start"),
    ({"start": "9999-12-31T23:59:59-01:00"}, "start"),
    ({"allowance": "P1D"}, "allowance"),
    ({"allowance": "PT"}, "allowance"),
    ({"allowance": "-PT1H"}, "allowance"),
    ({"allowance": "PT1.5H"}, "allowance"),
    ({"allowance": "PT99999999999H"}, "allowance"),
    ({"allowance": "PT１H"}, "allowance"),
    ({"allowance": 3600}, "allowance"),
    ({"pauses": {}}, "pauses"),
    ({"pauses": [["2026-12-18T15:30:00Z"]]}, "pauses.0"),
    ({"pauses": [["2026-12-18T15:30:00Z", "2026-12-18T15:29:00Z"]]}, "pauses.0"),
    ({"pauses": [["2026-12-18T15:30:00Z", None], [None, None]]}, "pauses.1.0"),
    ({"pauses": [["2026-12-18T15:30:00Z", "demain"]]}, "pauses.0.1"),
    ({"id": None}, "id"),
    ({"id": True}, "id"),
    ({"pause": []}, "pause"),
]


@pytest.mark.parametrize(("changes", "field"), REFUSED)
def test_a_faulty_line_names_its_field(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(LineError) as refused:
        answer(**changes)
    assert refused.value.field == field
    assert refused.value.message[-1] in ".?»)"


@pytest.mark.parametrize("name", LINE)
def test_each_field_is_needed_but_pauses(name: str) -> None:
    with pytest.raises(LineError, match="il manque") as refused:
        due_line(CALENDARS, {key: value for key, value in LINE.items() if key != name})
    assert refused.value.field == name


def test_open_days_may_stand_in_the_place_of_an_allowance() -> None:
    line = {key: value for key, value in LINE.items() if key != "allowance"}
    # From the eve of the Christmas holidays: Monday the 4th, then the end of Friday the 8th.
    assert due_line(CALENDARS, line | {"open_days": 2}) == {"id": "a1", "due": "2027-01-08T17:30:00+01:00"}
    for wrong, words in ((0, "1 à 366"), (True, "entier"), ("2", "entier"), (3650, "1 à 366")):
        with pytest.raises(LineError, match=words):
            due_line(CALENDARS, line | {"open_days": wrong})
    with pytest.raises(LineError, match="gardez-en une"):
        due_line(CALENDARS, LINE | {"open_days": 2})
