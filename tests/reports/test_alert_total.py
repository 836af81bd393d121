"""A total of alerts is told only where no subtraction tells less than five."""

from datetime import date, datetime, timedelta
from itertools import combinations
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from router.reports.alert_total import Untold, alert_total
from router.reports.period import Period, Preset, preset

PARIS = ZoneInfo("Europe/Paris")
QUARTER = Period(date(2026, 7, 1), date(2026, 10, 1), PARIS)
AFTER = datetime(2026, 11, 24, tzinfo=PARIS)
COUNTS = st.dictionaries(st.sampled_from(["nord", "sud", "est"]), st.integers(0, 12))


@pytest.mark.parametrize(
    ("counts", "conventions", "told"),
    [
        ({}, ["nord"], Untold.FEW),
        ({"nord": 4}, ["nord"], Untold.FEW),
        ({"nord": 5}, ["nord"], 5),
        ({"nord": 9, "sud": 3}, ["nord", "sud"], Untold.PART),
        ({"nord": 9}, ["nord", "sud"], Untold.PART),
        ({"nord": 2, "sud": 2}, ["nord", "sud"], Untold.FEW),
        ({"nord": 9, "sud": 7}, ["nord", "sud"], 16),
        ({"nord": 9, "sud": 7, None: 1}, ["nord", "sud"], Untold.PART),
        ({"nord": 9, "sud": 7, None: 6}, ["nord", "sud"], 22),
    ],
)
def test_what_is_told(counts: dict[str | None, int], conventions: list[str], told: int | Untold) -> None:
    assert alert_total(counts, conventions, QUARTER, AFTER) == told


@given(COUNTS)
def test_no_subtraction_of_territories_tells_less_than_five(counts: dict[str | None, int]) -> None:
    names = ["nord", "sud", "est"]
    each = {name: alert_total({name: counts.get(name, 0)}, [name], QUARTER, AFTER) for name in names}
    whole = alert_total(counts, names, QUARTER, AFTER)
    if isinstance(whole, Untold):
        return
    known = {name: told for name, told in each.items() if not isinstance(told, Untold)}
    assert set(known) == set(names)
    for some in combinations(known.values(), 2):
        assert whole - sum(some) >= 5


def test_the_periods_told_never_overlap() -> None:
    days = [date(2026, 1, 1) + timedelta(days=number) for number in range(0, 800)]
    starts = [day for day in days if day.day in {1, 2, 15}]
    told = [
        period
        for first in starts
        for end in starts
        if first < end and (period := Period(first, end, PARIS)).is_quarter
    ]
    assert len(told) >= 7
    assert all(one.end <= other.first for one, other in combinations(told, 2))


def test_the_last_quarter_can_be_asked_by_name() -> None:
    assert preset(Preset.LAST_QUARTER, date(2026, 11, 24), PARIS) == QUARTER
    assert preset(Preset.LAST_QUARTER, date(2026, 2, 1), PARIS).first == date(2025, 10, 1)
