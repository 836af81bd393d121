"""The answer to one line of `aiguillage due`: when an allowance has run, on a given calendar."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, assert_never

from router.clock.allowances import MOST_DAYS, OpenDays, due
from router.clock.calendar import Pause, Paused, ServiceCalendar, UnknownFrom
from router.clock.durations import DurationError, duration_of
from router.clock.service_calendar import LAST_DAY
from router.clock.toml_reading import nearest
from router.model.lines import LineError

_FIELDS = ("id", "calendar", "start", "allowance", "open_days", "pauses")
_REQUIRED = ("id", "calendar", "start")
_FIRST_YEAR = 1900
_LAST_YEAR = LAST_DAY.year + 100


def due_line(calendars: Mapping[str, ServiceCalendar], line: Mapping[str, Any]) -> dict[str, Any]:
    """`{id, due}`; with `unknown_from` beside a null `due` when the calendar isn't known that far, or
    `paused_since` when a pause without end stops the clock first. Raises LineError."""
    _check_fields(line)
    identity = _identity(line["id"])
    calendar = _calendar(calendars, line["calendar"])
    start = _instant(line["start"], "start")
    allowance = _open_days(line["open_days"]) if "open_days" in line else _allowance(line["allowance"])
    found = due(calendar, start, allowance, _pauses(line.get("pauses")))
    match found:
        case datetime():
            return {"id": identity, "due": _local(found, calendar)}
        case UnknownFrom():
            return {"id": identity, "due": None, "unknown_from": found.day.isoformat()}
        case Paused():
            return {"id": identity, "due": None, "paused_since": _local(found.since, calendar)}
        case _:
            assert_never(found)


def _local(instant: datetime, calendar: ServiceCalendar) -> str:
    """On the calendar's wall clock, with the offset it has then."""
    return instant.astimezone(calendar.zone).isoformat()


def _check_fields(line: Mapping[str, Any]) -> None:
    for name in line:
        if name not in _FIELDS:
            raise LineError(f"clé inconnue « {name} »{nearest(name, _FIELDS)}", name)
    for name in _REQUIRED:
        if name not in line:
            raise LineError(f"il manque « {name} ».", name)
    if "allowance" not in line and "open_days" not in line:
        raise LineError("il manque « allowance ».", "allowance")
    if "allowance" in line and "open_days" in line:
        raise LineError("« allowance » et « open_days » disent deux durées : gardez-en une.", "open_days")


def _identity(value: Any) -> str | int:
    if isinstance(value, str | int) and not isinstance(value, bool):
        return value
    raise LineError("« id » est un texte ou un nombre entier.", "id")


def _calendar(calendars: Mapping[str, ServiceCalendar], name: Any) -> ServiceCalendar:
    if not isinstance(name, str):
        raise LineError("« calendar » est le nom d'un calendrier, entre guillemets.", "calendar")
    if name not in calendars:
        raise LineError(f"calendrier inconnu « {name} »{nearest(name, calendars)}", "calendar")
    return calendars[name]


def _instant(value: Any, field: str) -> datetime:
    """An instant with its offset, in years that every clock of the world can show."""
    wanted = "un instant ISO 8601 avec son décalage, comme « 2026-11-02T08:00:00+01:00 »"
    if not isinstance(value, str):
        raise LineError(f"il faut ici {wanted}.", field)
    try:
        instant = datetime.fromisoformat(value)
    except ValueError as error:
        raise LineError(f"instant illisible « {value} » : il faut {wanted}.", field) from error
    if instant.tzinfo is None:
        raise LineError(f"l'instant « {value} » n'a pas de décalage : il faut {wanted}.", field)
    if not _FIRST_YEAR <= instant.year <= _LAST_YEAR:
        raise LineError(f"l'année {instant.year} est hors de tout calendrier : vérifiez la date.", field)
    return instant


def _allowance(value: Any) -> timedelta:
    if not isinstance(value, str):
        raise LineError("« allowance » est une durée comme « PT4H30M », entre guillemets.", "allowance")
    try:
        return duration_of(value)
    except DurationError as error:
        raise LineError(str(error), "allowance") from error


def _open_days(value: Any) -> OpenDays:
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= MOST_DAYS:
        raise LineError(f"« open_days » est un nombre entier, de 1 à {MOST_DAYS} jours ouverts.", "open_days")
    return OpenDays(value)


def _pauses(value: Any) -> list[Pause]:
    if value is None:
        return []
    if not isinstance(value, list):
        raise LineError("« pauses » est une liste de [début, fin], la fin pouvant être null.", "pauses")
    return [_pause(pause, f"pauses.{position}") for position, pause in enumerate(value)]


def _pause(value: Any, field: str) -> Pause:
    if not isinstance(value, list) or len(value) != 2:
        raise LineError(
            "une pause est une liste de deux instants : [début, fin], la fin pouvant être null.", field
        )
    begin = _instant(value[0], f"{field}.0")
    end = None if value[1] is None else _instant(value[1], f"{field}.1")
    if end is not None and end < begin:
        raise LineError("la pause finit avant de commencer : inversez ses deux instants.", field)
    return begin, end
