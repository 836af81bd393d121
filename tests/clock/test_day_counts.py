"""A deadline's allowance, day by day: nothing lost on the way, and the days as one would write them by hand."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from router.clock.calendar import add
from router.clock.day_counts import day_counts
from router.clock.school import shipped_school_years
from router.clock.service_calendar import ServiceCalendar, Span, Zone

PARIS = ZoneInfo("Europe/Paris")
MORNING, AFTERNOON = Span(480, 720), Span(810, 1050)
FULL = (MORNING, AFTERNOON)
CLASSES = ServiceCalendar(
    "classes",
    PARIS,
    (FULL, FULL, (MORNING,), FULL, FULL, (), ()),
    school_zone=Zone.B,
    school=shipped_school_years()[Zone.B],
)
ALWAYS = ServiceCalendar("toujours", PARIS, ((Span(0, 1440),),) * 7)
FIRST = datetime(2024, 1, 1, tzinfo=UTC)
START = datetime(2026, 11, 23, 15, 3, 41, tzinfo=PARIS)


def test_a_day_at_a_time() -> None:
    due = add(CLASSES, START, timedelta(hours=8))
    assert isinstance(due, datetime)
    assert [(each.day, each.spans, each.counted) for each in day_counts(CLASSES, START, due)] == [
        (date(2026, 11, 23), FULL, timedelta(hours=2, minutes=26, seconds=19)),
        (date(2026, 11, 24), FULL, timedelta(hours=5, minutes=33, seconds=41)),
    ]


def test_a_wait_and_closed_days_count_nothing() -> None:
    wait = (datetime(2026, 11, 24, tzinfo=PARIS), datetime(2026, 11, 26, tzinfo=PARIS))
    due = add(CLASSES, START, timedelta(hours=20), [wait])
    assert isinstance(due, datetime)
    days = [each.day for each in day_counts(CLASSES, START, due, [wait])]
    assert days == [date(2026, 11, 23), date(2026, 11, 26), date(2026, 11, 27), date(2026, 11, 30)]


def test_days_of_23_and_25_hours_count_what_they_have() -> None:
    for first, hours in ((datetime(2026, 3, 29, tzinfo=PARIS), 23), (datetime(2026, 10, 25, tzinfo=PARIS), 25)):
        found = day_counts(ALWAYS, first, first + timedelta(days=1))
        assert [each.counted for each in found] == [timedelta(hours=hours)]


def test_it_stops_where_the_calendar_is_unknown() -> None:
    last = datetime(2028, 8, 31, 12, tzinfo=PARIS)
    assert CLASSES.covered_until == last.date()
    assert day_counts(CLASSES, last, last + timedelta(days=9)) == ()


@given(
    start=st.integers(0, 1_200 * 86_400).map(lambda seconds: FIRST + timedelta(seconds=seconds)),
    allowance=st.timedeltas(timedelta(seconds=1), timedelta(hours=200)),
    waits=st.lists(st.tuples(st.integers(0, 60), st.integers(0, 20)), max_size=3),
    calendar=st.sampled_from([CLASSES, ALWAYS]),
)
def test_the_days_add_up_to_the_allowance(
    start: datetime, allowance: timedelta, waits: list[tuple[int, int]], calendar: ServiceCalendar
) -> None:
    pauses = [
        (start + timedelta(days=after), start + timedelta(days=after + length, hours=1))
        for after, length in waits
    ]
    due = add(calendar, start, allowance, pauses)
    assert isinstance(due, datetime)
    found = day_counts(calendar, start, due, pauses)
    assert sum((each.counted for each in found), timedelta()) == allowance
    assert len({each.day for each in found}) == len(found)
