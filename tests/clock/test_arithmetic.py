"""Service time against an oracle that walks minute by minute, over holidays, changes of hour and pauses."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from dateutil.easter import easter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from router.clock.calendar import (
    Paused,
    ServiceCalendar,
    UnknownFrom,
    add,
    between,
    calendars_of,
    is_known,
    is_open,
    next_opening,
    subtract,
)
from tests.clock.oracle import MINUTE, OPEN, UNKNOWN, DayHours, Oracle, utc

PARIS = "Europe/Paris"
WORK = [("08:00", "12:00"), ("13:30", "17:30")]
WEEK = [WORK, WORK, [("08:00", "12:00")], WORK, [("08:15", "12:00"), ("13:30", "16:45")], [], []]
DAY_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
ALWAYS = [[("00:00", "24:00")]] * 7
NIGHTS = [[("00:00", "06:30"), ("22:00", "24:00")]] * 7


def holidays_of(year: int) -> set[date]:
    sunday = easter(year)
    moving = {sunday + timedelta(days=days) for days in (1, 39, 50)}
    fixed = {(1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25)}
    return moving | {date(year, month, day) for month, day in fixed}


def days(first: str, last: str) -> set[date]:
    begin, end = date.fromisoformat(first), date.fromisoformat(last)
    return {begin + timedelta(days=shift) for shift in range((end - begin).days + 1)}


@dataclass(frozen=True)
class Scene:
    """The same calendar written twice: for the product in TOML, for the oracle as plain values."""

    name: str
    zone: str
    week: Sequence[Sequence[tuple[str, str]]]
    begin: str
    settings: str = ""
    off: frozenset[date] = frozenset()
    unknown_from: date | None = None
    opened: tuple[tuple[date, tuple[tuple[str, str], ...]], ...] = ()
    length: int = 24

    @property
    def toml(self) -> str:
        lines = [f"[calendar.{self.name}]", f'timezone = "{self.zone}"']
        for name, spans in zip(DAY_NAMES, self.week, strict=True):
            lines.append(f"{name} = {[f'{start}-{end}' for start, end in spans]}")
        return "\n".join([*lines, self.settings])

    def calendar(self) -> ServiceCalendar:
        return calendars_of(self.toml)[self.name]

    def oracle(self) -> Oracle:
        return Oracle(ZoneInfo(self.zone), self.hours(), utc(self.begin), self.length * 1440)

    def hours(self) -> DayHours:
        opened = dict(self.opened)

        def of(day: date) -> Sequence[tuple[str, str]] | None:
            if day in opened:
                return opened[day]
            if self.unknown_from and day >= self.unknown_from:
                return None
            return [] if day in self.off else self.week[day.weekday()]

        return of


SCENES = [
    Scene("printemps", PARIS, ALWAYS, "2027-03-20T00:00"),
    Scene("automne", PARIS, NIGHTS, "2026-10-12T00:00"),
    Scene("trente-minutes", "Australia/Lord_Howe", NIGHTS, "2027-03-25T00:00"),
    Scene("terre-neuve", "America/St_Johns", WEEK, "2026-10-25T00:00"),
    Scene(
        "noel",
        PARIS,
        WEEK,
        "2026-12-12T00:00",
        'public_holidays = "metropole"\nschool_zone = "C"',
        frozenset(days("2026-12-19", "2027-01-03")),
        length=30,
    ),
    Scene(
        "mai",
        PARIS,
        WEEK,
        "2027-04-28T00:00",
        'public_holidays = "metropole"\nschool_zone = "B"\n'
        'closed = [{ from = 2027-05-12, to = 2027-05-13, reason = "grève" }]\n'
        'open = [{ date = 2027-05-08, spans = ["08:00-12:00"] }, { date = 2027-05-13, spans = ["10:00-11:00"] }]',
        frozenset(
            holidays_of(2027)
            | days("2027-04-17", "2027-05-02")
            | days("2027-05-06", "2027-05-09")
            | days("2027-05-12", "2027-05-13")
        ),
        opened=((date(2027, 5, 8), (("08:00", "12:00"),)), (date(2027, 5, 13), (("10:00", "11:00"),))),
    ),
    Scene(
        "antilles",
        "America/Martinique",
        WEEK,
        "2027-05-10T00:00",
        'public_holidays = "martinique"',
        frozenset(holidays_of(2027) | {date(2027, 5, 22)}),
    ),
    Scene(
        "fin-de-couverture",
        PARIS,
        WEEK,
        "2028-06-26T00:00",
        'public_holidays = "metropole"\nschool_zone = "A"\n'
        'open = [{ date = 2028-08-30, spans = ["08:00-18:00"] }, { date = 2028-09-02, spans = ["08:00-18:00"] }]',
        frozenset(holidays_of(2028) | days("2028-07-05", "2028-08-31")),
        date(2028, 9, 1),
        ((date(2028, 8, 30), (("08:00", "18:00"),)), (date(2028, 9, 2), (("08:00", "18:00"),))),
        length=75,
    ),
]
BUILT = {scene.name: (scene.calendar(), scene.oracle()) for scene in SCENES}


@st.composite
def cases(draw: st.DrawFn, minutes: int) -> tuple[int, int, list[tuple[int, int]]]:
    """A start, an allowance and pauses, in minutes of the window."""
    at = st.integers(0, minutes - 1)
    start = draw(at)
    allowance = draw(
        st.one_of(st.integers(0, 90), st.integers(0, 4_000), st.sampled_from([240, 465, 480, 1440]))
    )
    pauses = draw(st.lists(st.tuples(at, st.integers(0, 5_000)), max_size=4))
    return start, allowance, [(begin, begin + length) for begin, length in pauses]


def check_case(
    calendar: ServiceCalendar, oracle: Oracle, start: int, allowance: int, pauses: list[tuple[int, int]]
) -> None:
    spoken = [(oracle.instant(begin), oracle.instant(end)) for begin, end in pauses]
    check_add(calendar, oracle, start, allowance, pauses)
    end = min(start + allowance * 3, oracle.minutes)
    expected = oracle.between(start, end, pauses)
    measured = between(calendar, oracle.instant(start), oracle.instant(end), spoken)
    assert (measured / MINUTE if isinstance(measured, timedelta) else "unknown") == expected
    back = oracle.subtract(start, allowance)
    if back is not None:
        found = subtract(calendar, oracle.instant(start), allowance * MINUTE)
        assert ("unknown" if isinstance(found, UnknownFrom) else found) == (
            back if back == "unknown" else oracle.instant(int(back))
        )


def check_add(
    calendar: ServiceCalendar, oracle: Oracle, start: int, allowance: int, pauses: list[tuple[int, int]]
) -> None:
    spoken = [(oracle.instant(begin), oracle.instant(end)) for begin, end in pauses]
    due = oracle.add(start, allowance, pauses)
    if due is None:
        return
    found = add(calendar, oracle.instant(start), allowance * MINUTE, spoken)
    if due == "unknown":
        assert isinstance(found, UnknownFrom)
    else:
        assert found == oracle.instant(int(due))


@pytest.mark.parametrize("name", BUILT)
@given(data=st.data())
@settings(max_examples=1000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_the_oracle_agrees(name: str, data: st.DataObject) -> None:
    calendar, oracle = BUILT[name]
    start, allowance, pauses = data.draw(cases(oracle.minutes))
    check_case(calendar, oracle, start, allowance, pauses)


@pytest.mark.parametrize("name", BUILT)
def test_every_minute_is_what_the_oracle_says(name: str) -> None:
    calendar, oracle = BUILT[name]
    for index in range(0, oracle.minutes, 7):
        at = oracle.instant(index)
        assert is_open(calendar, at) is (oracle.states[index] == OPEN), at
        assert is_known(calendar, at) is (oracle.states[index] != UNKNOWN), at


ZONES = (PARIS, "America/Martinique", "Indian/Reunion", "Asia/Kathmandu", "Africa/Casablanca", "America/Havana")


@st.composite
def weeks(draw: st.DrawFn) -> list[list[tuple[str, str]]]:
    """Seven days of up to three spans; they may touch."""
    week = []
    for _ in range(7):
        edges = sorted(draw(st.sets(st.integers(0, 96), max_size=6)))
        pairs = zip(edges[::2], edges[1::2], strict=False)
        week.append([(clock(first * 15), clock(last * 15)) for first, last in pairs])
    return week if any(week) else [[("00:00", "00:15")], *week[1:]]


def clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


@given(week=weeks(), zone=st.sampled_from(ZONES), data=st.data())
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_week_in_any_zone(week: list[list[tuple[str, str]]], zone: str, data: st.DataObject) -> None:
    begin = data.draw(st.sampled_from(["2026-10-22T00:00", "2027-03-10T00:00", "2027-03-24T00:00"]))
    scene = Scene("libre", zone, week, begin, length=8)
    calendar, oracle = scene.calendar(), scene.oracle()
    for _ in range(10):
        check_case(calendar, oracle, *data.draw(cases(oracle.minutes)))


MOMENTS = st.datetimes(datetime(2021, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
ALLOWANCES = st.timedeltas(timedelta(microseconds=1), timedelta(hours=400))


@given(start=MOMENTS, allowance=ALLOWANCES, pause=st.timedeltas(timedelta(), timedelta(days=9)))
@settings(max_examples=500, deadline=None)
def test_to_the_microsecond_what_is_added_is_what_is_measured(
    start: datetime, allowance: timedelta, pause: timedelta
) -> None:
    calendar = BUILT["noel"][0]
    pauses = [(start + timedelta(hours=1), start + timedelta(hours=1) + pause)]
    due = add(calendar, start, allowance, pauses)
    assert isinstance(due, datetime)
    assert between(calendar, start, due, pauses) == allowance
    assert between(calendar, start, due - timedelta(microseconds=1), pauses) == allowance - timedelta(
        microseconds=1
    )
    assert add(calendar, start, allowance, pauses[::-1] * 2) == due
    begin = subtract(calendar, due, allowance, pauses)
    assert isinstance(begin, datetime)
    assert between(calendar, begin, due, pauses) == allowance
    assert start <= begin


NOEL = BUILT["noel"][0]


def paris(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(PARIS)).astimezone(UTC)


def test_the_end_of_a_span_not_the_start_of_the_next() -> None:
    assert add(NOEL, paris("2026-12-18T08:15"), timedelta(hours=7)) == paris("2026-12-18T16:45")
    assert add(NOEL, paris("2026-12-18T08:15"), timedelta(hours=7, microseconds=1)) == paris(
        "2027-01-04T08:00:00.000001"
    )


def test_going_back_stops_at_the_start_of_a_span() -> None:
    assert subtract(NOEL, paris("2027-01-04T09:00"), timedelta(hours=1)) == paris("2027-01-04T08:00")
    assert subtract(NOEL, paris("2027-01-04T09:00"), timedelta(hours=1, minutes=1)) == paris("2026-12-18T16:44")


def test_nothing_to_run_is_due_at_once_even_closed_paused_or_unknown() -> None:
    for start in (paris("2026-12-25T10:00"), paris("2029-03-01T10:00")):
        assert add(NOEL, start, timedelta(), [(start, None)]) == start
        assert subtract(NOEL, start, timedelta()) == start


def test_a_day_of_23_and_of_25_hours_count_what_they_have() -> None:
    always = BUILT["printemps"][0]
    assert between(always, paris("2027-03-28T00:00"), paris("2027-03-29T00:00")) == timedelta(hours=23)
    assert between(always, paris("2026-10-25T00:00"), paris("2026-10-26T00:00")) == timedelta(hours=25)


def test_a_minute_shown_twice_is_open_twice_and_a_minute_never_shown_is_not_open() -> None:
    text = f'[calendar.nuit]\ntimezone = "{PARIS}"\nsunday = ["02:00-03:00"]'
    night = calendars_of(text)["nuit"]
    assert between(night, paris("2026-10-25T00:00"), paris("2026-10-25T12:00")) == timedelta(hours=2)
    assert between(night, paris("2027-03-28T00:00"), paris("2027-03-28T12:00")) == timedelta()


def test_a_pause_without_end_has_no_due_time() -> None:
    since = paris("2026-12-17T10:00")
    assert add(NOEL, paris("2026-12-17T08:00"), timedelta(hours=3), [(since, None)]) == Paused(since)
    assert add(NOEL, paris("2026-12-17T08:00"), timedelta(hours=2), [(since, None)]) == since
    start = paris("2026-12-18T08:00")
    assert add(NOEL, start, timedelta(hours=1), [(since, None)]) == Paused(start)
    assert between(NOEL, paris("2026-12-17T08:00"), start, [(since, None)]) == timedelta(hours=2)


def test_beyond_the_coverage_is_unknown_from_its_first_day() -> None:
    expected = UnknownFrom(date(2028, 9, 1))
    assert add(NOEL, paris("2028-07-01T08:00"), timedelta(hours=200)) == expected
    assert add(NOEL, paris("2029-03-01T08:00"), timedelta(hours=1)) == expected
    assert add(NOEL, paris("2150-03-01T08:00"), timedelta(hours=1)) == expected
    assert (
        add(
            NOEL,
            paris("2028-06-26T08:00"),
            timedelta(hours=60),
            [(paris("2028-06-26T08:00"), paris("2160-01-01T00:00"))],
        )
        == expected
    )
    assert between(NOEL, paris("2028-08-01T08:00"), paris("2028-09-01T00:01")) == expected
    assert between(NOEL, paris("2028-08-01T08:00"), paris("2028-09-01T00:00")) == timedelta()
    assert next_opening(NOEL, paris("2028-08-01T08:00")) == expected
    assert subtract(NOEL, paris("2029-03-01T08:00"), timedelta(hours=1)) == expected
    assert not is_open(NOEL, paris("2028-09-04T09:00"))
    assert not is_known(NOEL, paris("2028-09-04T09:00"))


def test_before_the_coverage_is_unknown_on_the_day_asked() -> None:
    assert add(NOEL, paris("2019-08-31T08:00"), timedelta(hours=1)) == UnknownFrom(date(2019, 8, 31))
    assert add(NOEL, paris("1990-08-31T08:00"), timedelta(hours=1)) == UnknownFrom(date(1990, 8, 31))
    assert not is_open(NOEL, paris("1990-08-31T08:00"))


def test_a_calendar_without_school_holidays_is_known_until_2099() -> None:
    always = BUILT["printemps"][0]
    assert add(always, paris("2099-12-31T23:00"), timedelta(hours=1)) == paris("2100-01-01T00:00")
    assert add(always, paris("2099-12-31T23:00"), timedelta(hours=2)) == UnknownFrom(date(2100, 1, 1))
    assert add(always, paris("2026-01-01T00:00"), timedelta(hours=87_600)) == utc("2035-12-29T23:00")


def test_the_next_opening_is_now_when_open() -> None:
    assert next_opening(NOEL, paris("2026-12-18T09:00:30")) == paris("2026-12-18T09:00:30")
    assert next_opening(NOEL, paris("2026-12-18T16:45")) == paris("2027-01-04T08:00")


def test_what_makes_no_sense_is_refused() -> None:
    start = paris("2026-12-18T09:00")
    with pytest.raises(ValueError, match="negative"):
        add(NOEL, start, timedelta(hours=-1))
    with pytest.raises(ValueError, match="offset"):
        add(NOEL, datetime(2026, 12, 18), timedelta(hours=1))  # noqa: DTZ001
    with pytest.raises(ValueError, match="before it starts"):
        add(NOEL, start, timedelta(hours=1), [(start, start - MINUTE)])
    with pytest.raises(ValueError, match="before the start"):
        between(NOEL, start, start - MINUTE)
