"""What newer school years change, day by day."""

from dataclasses import replace
from datetime import date

from router.clock.school import SchoolYears, Vacation, Zone, shipped_school_years
from router.clock.school_changes import DayRun, DayState, changed_days

KNOWN = shipped_school_years()


def years(*vacations: Vacation, first: date, last: date, zone: Zone = Zone.A) -> SchoolYears:
    return SchoolYears(zone, first, last, vacations, date(2026, 11, 28))


def test_the_same_days_change_nothing_whatever_their_names_and_cuts() -> None:
    first, last = date(2026, 12, 1), date(2027, 1, 31)
    halves = (
        Vacation("Fêtes", date(2026, 12, 19), date(2026, 12, 25)),
        Vacation("Suite", date(2026, 12, 26), date(2027, 1, 3)),
    )
    assert changed_days(KNOWN, years(*halves, first=first, last=last)) == ()
    assert changed_days(KNOWN, KNOWN[Zone.A]) == ()


def test_days_gained_and_lost_are_told_with_their_holidays() -> None:
    moved = Vacation("Vacances de Noël", date(2026, 12, 18), date(2027, 1, 2))
    assert changed_days(KNOWN, years(moved, first=date(2026, 12, 1), last=date(2027, 1, 31))) == (
        DayRun(date(2026, 12, 18), date(2026, 12, 18), DayState.CLASS, DayState.HOLIDAY, "Vacances de Noël"),
        DayRun(date(2027, 1, 3), date(2027, 1, 3), DayState.HOLIDAY, DayState.CLASS, "Vacances de Noël"),
    )


def test_days_unknown_so_far_are_one_run_whatever_they_become() -> None:
    later = Vacation("Vacances de la Toussaint", date(2028, 10, 21), date(2028, 11, 5))
    newer = years(later, first=date(2028, 8, 20), last=date(2028, 12, 1))
    assert changed_days(KNOWN, newer) == (
        DayRun(date(2028, 8, 20), date(2028, 8, 31), DayState.HOLIDAY, DayState.CLASS, "Vacances d'été"),
        DayRun(date(2028, 9, 1), date(2028, 12, 1), DayState.UNKNOWN, DayState.SETTLED),
    )
    corse = replace(newer, zone=Zone.CORSE)
    assert changed_days(KNOWN, corse) == (DayRun(corse.first, corse.last, DayState.UNKNOWN, DayState.SETTLED),)


def test_a_disputed_bridge_is_settled_either_way() -> None:
    first, last = date(2028, 5, 20), date(2028, 5, 31)
    bridge = Vacation("Pont de l'Ascension", date(2028, 5, 25), date(2028, 5, 28))
    (kept,) = changed_days(KNOWN, years(bridge, first=first, last=last))
    (lost,) = changed_days(KNOWN, years(first=first, last=last))
    assert (kept.before, kept.after) == (DayState.DISPUTED, DayState.HOLIDAY)
    assert (lost.before, lost.after) == (DayState.DISPUTED, DayState.CLASS)
    assert lost.name == "Pont de l'Ascension"
