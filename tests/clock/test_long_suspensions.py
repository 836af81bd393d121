"""Force majeure joined: what touches or overlaps, for one collège and one party in common, is judged as one."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from router.clock.decided_days import Suspension
from router.clock.long_suspensions import A_DAY, longest_runs
from router.model.words import Party

PARIS = ZoneInfo("Europe/Paris")
MAINTENANCE, DSI = Party.DEPARTEMENT_MAINTENANCE, Party.ACADEMIE_DSI
JANUARY, APRIL, MAY, AUGUST = date(2027, 1, 1), date(2027, 4, 30), date(2027, 5, 1), date(2027, 8, 31)


def suspension(
    number: int, first: date, last: date, uais: set[str] | None = None, parties: set[Party] | None = None
) -> Suspension:
    start, end = (datetime.combine(day, time.min, PARIS) for day in (first, last + A_DAY))
    return Suspension(number, "nord", frozenset(uais or ()), frozenset(parties or ()), start, end)


def long_ones(*given: Suspension) -> dict[int, tuple[date, date]]:
    found = longest_runs(given, PARIS)
    return {number: (run.first, run.last) for number, run in found.items() if run.opens_termination}


@pytest.mark.parametrize(
    ("first", "last", "over"),
    [
        (date(2027, 1, 1), date(2027, 6, 30), False),
        (date(2027, 1, 1), date(2027, 7, 1), True),
        (date(2027, 3, 1), date(2027, 8, 31), False),  # its start is still the month before, in UTC
        (date(2027, 3, 1), date(2027, 9, 1), True),
        (date(2026, 8, 31), date(2027, 2, 27), False),
        (date(2026, 8, 31), date(2027, 2, 28), True),
    ],
)
def test_six_months_are_civil_months_of_the_territory(first: date, last: date, over: bool) -> None:
    assert bool(long_ones(suspension(1, first, last))) is over


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({}, {}),
        ({"uais": {"A", "B"}}, {"uais": {"B", "C"}}),
        ({"uais": {"A"}}, {}),
        ({"parties": {MAINTENANCE, DSI}}, {"parties": {DSI}}),
        ({"parties": {DSI}}, {}),
        ({"uais": {"A"}, "parties": {Party.RSSI}}, {"parties": {Party.RSSI}}),
    ],
)
def test_two_that_touch_are_one_for_whoever_bears_both(
    first: dict[str, set[str]], second: dict[str, set[str]]
) -> None:
    before = suspension(1, JANUARY, APRIL, **first)  # type: ignore[arg-type]
    after = suspension(2, MAY, AUGUST, **second)  # type: ignore[arg-type]
    assert long_ones(after, before) == {1: (JANUARY, AUGUST), 2: (JANUARY, AUGUST)}


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"uais": {"A"}}, {"uais": {"B"}}),
        ({"parties": {MAINTENANCE}}, {"parties": {DSI}}),
        ({"parties": {Party.RSSI}}, {}),  # none named is all of them but the RSSI
        ({"uais": {"A"}, "parties": {DSI}}, {"uais": {"A"}, "parties": {MAINTENANCE}}),
    ],
)
def test_two_that_nobody_bears_both_stay_two(first: dict[str, set[str]], second: dict[str, set[str]]) -> None:
    before = suspension(1, JANUARY, APRIL, **first)  # type: ignore[arg-type]
    after = suspension(2, MAY, AUGUST, **second)  # type: ignore[arg-type]
    assert long_ones(before, after) == {}


def test_a_day_between_breaks_the_run_and_one_inside_another_does_not() -> None:
    assert long_ones(suspension(1, JANUARY, APRIL), suspension(2, MAY + A_DAY, AUGUST)) == {}
    inside = suspension(2, date(2027, 2, 1), date(2027, 2, 3))
    assert long_ones(suspension(1, JANUARY, APRIL), inside, suspension(3, MAY, AUGUST)).keys() == {1, 2, 3}


def test_three_that_chain_without_anybody_in_common_are_not_one() -> None:
    chain = (
        suspension(1, JANUARY, date(2027, 3, 31), uais={"A"}),
        suspension(2, date(2027, 4, 1), date(2027, 5, 31), uais={"A", "B"}),
        suspension(3, date(2027, 6, 1), AUGUST, uais={"B"}),
    )
    assert long_ones(*chain) == {}
