"""Writes calendars in the format `aiguillage due --calendars` reads, so that anyone can recompute a deadline. Pure."""

import json
from collections.abc import Iterable, Iterator

from router.clock import school_dates
from router.clock.calendar_file import WEEK
from router.clock.school import SchoolYears, Vacation, shipped_school_years
from router.clock.service_calendar import Closure, Opening, ServiceCalendar, Span


def calendar_text(calendars: Iterable[ServiceCalendar], heading: str = "") -> str:
    """One table per calendar; read again by `calendars_of`, each says the same of every day. School dates that whoever
    knows only the shipped ones couldn't have are written with the calendar."""
    comment = "".join(f"# {line}\n" for line in heading.splitlines())
    return comment + "\n".join(_table(each) for each in calendars)


def _table(calendar: ServiceCalendar) -> str:
    lines = [f"[calendar.{_text(calendar.name)}]", f"timezone = {_text(calendar.zone.key)}"]
    lines += [f"{name} = {_spans(spans)}" for name, spans in zip(WEEK, calendar.week, strict=True) if spans]
    lines.append(f"public_holidays = {_text(calendar.public_holidays)}")
    lines.append(f"school_zone = {_text(calendar.school_zone)}")
    if calendar.school and calendar.school != shipped_school_years().get(calendar.school_zone):
        lines += _school_dates(calendar.school)
    lines += _array("closed", (_closure(each) for each in calendar.closures))
    first = {each.day: each for each in reversed(calendar.openings)}  # of one day's openings, the first wins
    lines += _array("open", (_opening(first[day]) for day in sorted(first)))
    return "\n".join(lines) + "\n"


def _school_dates(years: SchoolYears) -> Iterator[str]:
    known = f"from = {years.first}, to = {years.last}, obtained = {years.obtained}"
    yield f"{school_dates.COVERAGE} = {{ {known} }}"
    yield from _array(school_dates.HOLIDAYS, (_vacation(each) for each in years.vacations))


def _vacation(vacation: Vacation) -> str:
    disputed = "" if vacation.confirmed else ", confirmed = false"
    return f"{{ from = {vacation.first}, to = {vacation.last}, reason = {_text(vacation.name)}{disputed} }}"


def _array(name: str, rows: Iterable[str]) -> list[str]:
    found = [f"    {row}," for row in rows]
    return [f"{name} = [", *found, "]"] if found else []


def _closure(closure: Closure) -> str:
    return f"{{ from = {closure.first}, to = {closure.last}, reason = {_text(closure.reason)} }}"


def _opening(opening: Opening) -> str:
    return f"{{ date = {opening.day}, spans = {_spans(opening.spans)}, reason = {_text(opening.reason)} }}"


def _spans(spans: Iterable[Span]) -> str:
    return json.dumps([str(span) for span in spans])


def _text(words: str) -> str:
    """A TOML string: those of JSON are, but for one character that TOML wants escaped."""
    return json.dumps(str(words), ensure_ascii=False).replace("\x7f", "\\u007f")
