"""From what was recorded about days to the state of the calendars: a fold, up to any act."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from router.clock.decided_days import CalendarState, DecidedDays, Suspension, joined
from router.clock.school import SchoolYears, Vacation, Zone, shipped_school_years
from router.clock.service_calendar import Span
from router.clock.targets import Clock
from router.model.words import ChangeKind, DayCause, Party, Reach
from router.store.calendar_log import Recorded


def folded(changes: Iterable[Recorded]) -> CalendarState:
    """The state after these acts, given in order."""
    days: dict[int, DecidedDays] = {}
    declared: dict[int, Suspension] = {}
    accepted: dict[int, Suspension] = {}
    school: dict[Zone, SchoolYears] = {}
    seq = 0
    for change in changes:
        seq = change.id
        match change.kind:
            case ChangeKind.DAYS_DECIDED:
                days[change.id] = _days(change)
            case ChangeKind.DAYS_WITHDRAWN:
                days.pop(change.target or 0, None)
            case ChangeKind.SCHOOL_IMPORTED:
                for years in school_years_in(change.data):
                    before = school.get(years.zone) or shipped_school_years().get(years.zone)
                    school[years.zone] = joined(before, years) if before else years
            case ChangeKind.SUSPENSION_DECLARED:
                declared[change.id] = suspension_in(change)
            case ChangeKind.SUSPENSION_ACCEPTED:
                accepted[change.target or 0] = declared[change.target or 0]
            case ChangeKind.SUSPENSION_ENDED:
                _shortened(accepted, change)
            case ChangeKind.SUSPENSION_REFUSED | ChangeKind.SUSPENSION_WITHDRAWN:
                pass
    return CalendarState(seq, tuple(days.values()), MappingProxyType(school), tuple(accepted.values()))


def _days(change: Recorded) -> DecidedDays:
    data = change.data
    return DecidedDays(
        id=change.id,
        reach=Reach(data["reach"]),
        key=change.uai or change.convention or "",
        clock=Clock(data["clock"]) if data["clock"] else None,
        first=date.fromisoformat(data["first"]),
        last=date.fromisoformat(data["last"]),
        spans=tuple(Span(*each) for each in data["spans"]),
        cause=DayCause(data["cause"]),
        reason=change.reason,
    )


def suspension_in(change: Recorded) -> Suspension:
    """What a declaration says, whether or not it was accepted."""
    data = change.data
    return Suspension(
        id=change.id,
        convention=change.convention or "",
        uais=frozenset(data["uais"]),
        parties=frozenset(map(Party, data["parties"])),
        start=datetime.fromisoformat(data["start"]),
        end=datetime.fromisoformat(data["end"]),
    )


def _shortened(accepted: dict[int, Suspension], change: Recorded) -> None:
    before = accepted[change.target or 0]
    accepted[before.id] = before.ending(datetime.fromisoformat(change.data["end"]))


def school_years_in(data: Mapping[str, Any]) -> tuple[SchoolYears, ...]:
    return tuple(
        SchoolYears(
            zone=Zone(each["zone"]),
            first=date.fromisoformat(each["first"]),
            last=date.fromisoformat(each["last"]),
            vacations=tuple(
                Vacation(name, date.fromisoformat(first), date.fromisoformat(last))
                for name, first, last in each["vacations"]
            ),
            obtained=date.fromisoformat(each["obtained"]),
        )
        for each in data["zones"]
    )


def school_document(years: Iterable[SchoolYears], source: str) -> dict[str, Any]:
    """What an import records."""
    return {
        "source": source,
        "zones": [
            {
                "zone": each.zone.value,
                "first": each.first.isoformat(),
                "last": each.last.isoformat(),
                "obtained": each.obtained.isoformat(),
                "vacations": [
                    [vacation.name, vacation.first.isoformat(), vacation.last.isoformat()]
                    for vacation in each.vacations
                ],
            }
            for each in years
        ],
    }
