"""Open days against an oracle that walks day by day, minute by minute; and the cases one can read in a diary."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from router.clock.allowances import OpenDays, due
from router.clock.calendar import Paused, ServiceCalendar, UnknownFrom, add, calendars_of
from tests.clock.oracle import MINUTE, Oracle
from tests.clock.test_arithmetic import BUILT

TEXT = """
[calendar.semaine]
timezone = "Europe/Paris"
monday = ["08:00-12:00", "13:30-17:30"]
tuesday = ["08:00-12:00", "13:30-17:30"]
wednesday = ["08:00-12:00"]
thursday = ["08:00-12:00", "13:30-17:30"]
friday = ["08:15-12:00", "13:30-16:45"]
public_holidays = "metropole"

[calendar.permanent]
timezone = "Europe/Paris"
monday = ["00:00-24:00"]
tuesday = ["00:00-24:00"]
wednesday = ["00:00-24:00"]
thursday = ["00:00-24:00"]
friday = ["00:00-24:00"]
saturday = ["00:00-24:00"]
sunday = ["00:00-24:00"]

[calendar.ecole]
timezone = "Europe/Paris"
monday = ["08:00-17:30"]
school_zone = "C"
"""
CALENDARS = calendars_of(TEXT)
WEEK = CALENDARS["semaine"]


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


CASES = {
    "the day it starts on does not count": ("2026-11-02T08:00+01:00", 1, (), "2026-11-03T17:30+01:00"),
    "whatever the hour of that day": ("2026-11-02T23:59+01:00", 1, (), "2026-11-03T17:30+01:00"),
    "a half day is an open day": ("2026-11-03T10:00+01:00", 1, (), "2026-11-04T12:00+01:00"),
    "a closed day is none": ("2026-11-06T09:00+01:00", 1, (), "2026-11-09T17:30+01:00"),
    "from a closed day too": ("2026-11-07T09:00+01:00", 1, (), "2026-11-09T17:30+01:00"),
    "a public holiday is none": ("2026-11-10T09:00+01:00", 2, (), "2026-11-13T16:45+01:00"),
    "over the change of hour": ("2026-10-23T09:00+02:00", 1, (), "2026-10-26T17:30+01:00"),
    "a day wholly paused does not count": (
        "2026-11-02T09:00+01:00",
        1,
        [("2026-11-03T07:00+01:00", "2026-11-03T18:00+01:00")],
        "2026-11-04T12:00+01:00",
    ),
    "a day paused in part counts": (
        "2026-11-02T09:00+01:00",
        2,
        [("2026-11-03T10:00+01:00", "2026-11-03T20:00+01:00")],
        "2026-11-04T12:00+01:00",
    ),
    "nothing falls while the clock stands still": (
        "2026-11-02T09:00+01:00",
        1,
        [("2026-11-03T16:00+01:00", "2026-11-04T10:00+01:00")],
        "2026-11-04T12:00+01:00",
    ),
    "a pause that begins at the closing comes too late": (
        "2026-11-02T09:00+01:00",
        1,
        [("2026-11-03T17:30+01:00", None)],
        "2026-11-03T17:30+01:00",
    ),
    "a pause that ends at the closing leaves the next one": (
        "2026-11-02T09:00+01:00",
        1,
        [("2026-11-03T16:00+01:00", "2026-11-03T17:30+01:00")],
        "2026-11-04T12:00+01:00",
    ),
    "a pause over the day it starts on takes nothing": (
        "2026-11-02T09:00+01:00",
        1,
        [("2026-11-02T10:00+01:00", "2026-11-03T07:00+01:00")],
        "2026-11-03T17:30+01:00",
    ),
}


@pytest.mark.parametrize(("start", "count", "pauses", "expected"), CASES.values(), ids=CASES)
def test_a_diary_says_the_same(
    start: str, count: int, pauses: list[tuple[str, str | None]], expected: str
) -> None:
    spoken = [(at(begin), at(end) if end else None) for begin, end in pauses]
    assert due(WEEK, at(start), OpenDays(count), spoken) == at(expected)


def test_on_the_permanent_clock_a_day_ends_at_midnight() -> None:
    found = due(CALENDARS["permanent"], at("2026-10-24T09:00+02:00"), OpenDays(1))
    assert found == at("2026-10-26T00:00+01:00")


def test_a_day_that_a_territory_skipped_is_none() -> None:
    text = TEXT.replace("Europe/Paris", "Pacific/Apia")
    found = due(calendars_of(text)["permanent"], at("2011-12-29T09:00-10:00"), OpenDays(1))
    assert found == at("2012-01-01T00:00+14:00")


def test_the_first_unknown_day_is_named_unless_it_is_wholly_paused() -> None:
    start = at("2028-08-31T09:00+02:00")
    school = CALENDARS["ecole"]
    found = due(school, start, OpenDays(1))
    assert isinstance(found, UnknownFrom)
    assert str(found.day) == "2028-09-01"
    assert due(school, start, OpenDays(1), [(start, None)]) == Paused(start)


def test_a_pause_without_end_leaves_no_due_instant() -> None:
    start, asked = at("2026-11-02T09:00+01:00"), at("2026-11-03T16:00+01:00")
    assert due(WEEK, start, OpenDays(1), [(asked, None)]) == Paused(asked)
    before = [(at("2026-11-03T09:00+01:00"), asked), (asked, None)]
    assert due(WEEK, start, OpenDays(3), before) == Paused(before[0][0])
    assert due(WEEK, start, OpenDays(1), [(start - timedelta(hours=1), None)]) == Paused(start)


def test_service_time_is_what_add_answers() -> None:
    start, hours = at("2026-11-02T09:00+01:00"), timedelta(hours=9)
    assert due(WEEK, start, hours) == add(WEEK, start, hours)


@pytest.mark.parametrize("count", [0, -1])
def test_less_than_a_day_is_no_allowance(count: int) -> None:
    with pytest.raises(ValueError, match="one day at least"):
        due(WEEK, at("2026-11-02T09:00+01:00"), OpenDays(count))


@st.composite
def cases(draw: st.DrawFn, minutes: int) -> tuple[int, int, list[tuple[int, int]]]:
    """A start, a number of days and pauses, in minutes of the window; some pauses touch midnight."""
    place = st.integers(0, minutes - 1)
    begins = st.one_of(place, st.integers(0, minutes // 1440 - 1).map(lambda day: day * 1440))
    pauses = draw(st.lists(st.tuples(begins, st.one_of(st.integers(0, 5_000), st.just(1440))), max_size=4))
    return draw(place), draw(st.integers(1, 6)), [(begin, begin + length) for begin, length in pauses]


def check_days(
    calendar: ServiceCalendar, oracle: Oracle, start: int, count: int, pauses: list[tuple[int, int]]
) -> None:
    expected = oracle.end_of_open_days(start, count, pauses)
    if expected is None:
        return
    spoken = [(oracle.instant(begin), oracle.instant(end)) for begin, end in pauses]
    found = due(calendar, oracle.instant(start), OpenDays(count), spoken)
    if expected == "unknown":
        assert isinstance(found, UnknownFrom)
    else:
        assert found == oracle.begin + int(expected) * MINUTE


@pytest.mark.parametrize("name", BUILT)
@given(data=st.data())
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_the_oracle_agrees_day_by_day(name: str, data: st.DataObject) -> None:
    calendar, oracle = BUILT[name]
    check_days(calendar, oracle, *data.draw(cases(oracle.minutes)))
