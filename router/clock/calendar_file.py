"""Reads calendar files (their format: docs/time.md). A faulty file is refused whole, with every fault."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import PurePosixPath
from types import MappingProxyType
from zoneinfo import ZoneInfo, available_timezones

from router.clock import school_dates
from router.clock.school import SchoolYears, Zone, shipped_school_years
from router.clock.service_calendar import Closure, Opening, ServiceCalendar, Span
from router.clock.spans import SpanError, overlap_of, span_of
from router.clock.territory import Territory
from router.clock.toml_reading import MISSING_KEY, UNKNOWN_VALUE, Node, nearest, period_of, read_roots
from router.model.faults import Fault, FilesRefused, by_place
from router.model.zones import zone_named

BAD_SPAN = "AIG306"
OVERLAP = "AIG307"
NEVER_OPEN = "AIG309"
TWICE = "AIG310"

WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_SETTINGS = ("timezone", *WEEK, "public_holidays", "school_zone", "closed", "open")
_A_YEAR = 365  # days, counted by their number: a closure may reach the end of the calendar itself

Schools = Mapping[Zone, SchoolYears]


class CalendarsRefused(FilesRefused):
    """The calendar files are faulty; `faults` says every place and its mend."""


def load_calendars(sources: Mapping[str, str], schools: Schools | None = None) -> Mapping[str, ServiceCalendar]:
    """The calendars of a rules folder, by name: those of every file of `clocks/` but `targets.toml`.

    `sources` is each file's text by its name relative to the folder. Raises CalendarsRefused."""
    files = {name: text for name, text in sources.items() if _holds_calendars(name)}
    if not files:
        sentence = "aucun fichier de calendriers : créez « clocks/calendars.toml » avec [calendar.permanent]."
        raise CalendarsRefused((Fault("clocks/calendars.toml", 1, 1, MISSING_KEY, sentence),))
    return _load(files, schools)


def calendars_of(
    text: str, file: str = "calendars.toml", schools: Schools | None = None
) -> Mapping[str, ServiceCalendar]:
    """The calendars of one text, for `aiguillage due --calendars FILE`; they may carry their school dates.
    Raises CalendarsRefused."""
    return _load({file: text}, schools, more=school_dates.KEYS)


def _holds_calendars(name: str) -> bool:
    path = PurePosixPath(name)
    return path.parent.name == "clocks" and path.name != "targets.toml"


def _load(
    files: Mapping[str, str], schools: Schools | None, more: tuple[str, ...] = ()
) -> Mapping[str, ServiceCalendar]:
    known = shipped_school_years() if schools is None else schools
    reading = _Reading(known, (*_SETTINGS, *more), {}, [])
    for root in read_roots(files, reading.faults):
        reading.file(root)
    if reading.faults:
        raise CalendarsRefused(by_place(reading.faults))
    return MappingProxyType(reading.calendars)


@dataclass(slots=True)
class _Reading:
    schools: Schools
    settings: tuple[str, ...]
    calendars: dict[str, ServiceCalendar]
    faults: list[Fault]

    def file(self, root: Node) -> None:
        before = len(self.faults)
        found = root.table(["calendar"])
        calendars = found["calendar"].entries() if "calendar" in found else {}
        if not calendars and len(self.faults) == before:
            root.fault(MISSING_KEY, "aucun calendrier : écrivez « [calendar.nom] » et ses horaires.")
        for name, node in calendars.items():
            if name in self.calendars:
                node.fault_at_key(TWICE, f"le calendrier « {name} » est déjà écrit dans un autre fichier.")
            self._calendar(name, node)

    def _calendar(self, name: str, node: Node) -> None:
        settings = node.table(self.settings, required=["timezone"])
        before = len(self.faults)
        zone = _timezone(settings["timezone"]) if "timezone" in settings else None
        week = tuple(_spans(settings[day]) if day in settings else () for day in WEEK)
        school_zone = Zone(_choice(settings, "school_zone", Zone))
        calendar = ServiceCalendar(
            name=name,
            zone=zone or ZoneInfo("UTC"),
            week=week,
            public_holidays=Territory(_choice(settings, "public_holidays", Territory)),
            school_zone=school_zone,
            school=school_dates.carried_dates(settings, school_zone) or self.schools.get(school_zone),
            closures=_closures(settings.get("closed")),
            openings=_openings(settings.get("open")),
        )
        if len(self.faults) == before:
            _check_opens(node, settings, calendar)
        self.calendars.setdefault(name, calendar)


def _choice(settings: Mapping[str, Node], name: str, known: type[Zone] | type[Territory]) -> str:
    return (settings[name].choice(list(known)) if name in settings else None) or "none"


def _timezone(node: Node) -> ZoneInfo | None:
    name = node.text()
    if name is None:
        return None
    try:
        return zone_named(name)
    except ValueError:
        names = sorted(available_timezones())
        tail = nearest(name, names) if nearest(name, names).endswith("?") else " ; écrivez « Europe/Paris »."
        node.fault(UNKNOWN_VALUE, f"fuseau horaire inconnu « {name} »{tail}")
        return None


def _spans(node: Node) -> tuple[Span, ...]:
    """The spans of a day, in order; touching ones are allowed, overlapping ones refused."""
    read = [(span, each) for each in node.rows() if (span := _span(each))]
    read.sort(key=lambda pair: pair[0])
    for (earlier, _), (later, place) in pairwise(read):
        if wrong := overlap_of(earlier, later):
            place.fault(OVERLAP, wrong)
    return tuple(span for span, _ in read)


def _span(node: Node) -> Span | None:
    text = node.text()
    if text is None:
        return None
    try:
        return span_of(text)
    except SpanError as error:
        node.fault(BAD_SPAN, str(error))
        return None


def _closures(node: Node | None) -> tuple[Closure, ...]:
    return tuple(each for row in node.rows() if (each := _closure(row))) if node else ()


def _closure(node: Node) -> Closure | None:
    entries = node.table(["from", "to", "reason"], required=["from", "to"])
    period = period_of(entries, "la fermeture")
    return Closure(*period, _reason(entries)) if period else None


def _openings(node: Node | None) -> tuple[Opening, ...]:
    seen: dict[date, Opening] = {}
    for row in node.rows() if node else ():
        opening = _opening(row)
        if opening and opening.day in seen:
            row.fault(TWICE, f"le {opening.day} est déjà ouvert plus haut : réunissez les plages en une ligne.")
        elif opening:
            seen[opening.day] = opening
    return tuple(seen.values())


def _opening(node: Node) -> Opening | None:
    entries = node.table(["date", "spans", "reason"], required=["date", "spans"])
    day = entries["date"].day() if "date" in entries else None
    spans = _spans(entries["spans"]) if "spans" in entries else ()
    if "spans" in entries and entries["spans"].value == []:
        entries["spans"].fault(BAD_SPAN, "aucune plage : pour fermer ce jour, écrivez-le dans « closed ».")
    return Opening(day, spans, _reason(entries)) if day and spans else None


def _reason(entries: Mapping[str, Node]) -> str:
    return (entries["reason"].text() if "reason" in entries else None) or ""


def _check_opens(node: Node, settings: Mapping[str, Node], calendar: ServiceCalendar) -> None:
    """A clock that never runs would keep every deadline for ever: refused where it is written."""
    if not any(calendar.week) and not calendar.openings:
        node.fault_at_key(
            NEVER_OPEN, f"le calendrier « {calendar.name} » n'est jamais ouvert : donnez des horaires."
        )
    for run in _closed_runs(calendar.closures):
        opened = (each.day.toordinal() for each in calendar.openings if run.first <= each.day <= run.last)
        edges = sorted([run.first.toordinal() - 1, *opened, run.last.toordinal() + 1])
        if any(later - earlier > _A_YEAR for earlier, later in pairwise(edges)):
            sentence = "cette fermeture laisse une année entière sans une heure ouverte : vérifiez ses dates."
            row = next(row for row, each in enumerate(calendar.closures) if each.first == run.first)
            settings["closed"].child(row).fault(NEVER_OPEN, sentence)


def _closed_runs(closures: tuple[Closure, ...]) -> list[Closure]:
    """Closures that touch or overlap, joined."""
    runs: list[Closure] = []
    for closure in sorted(closures, key=lambda each: each.first):
        if runs and (closure.first - runs[-1].last).days <= 1:
            runs[-1] = Closure(runs[-1].first, max(runs[-1].last, closure.last))
        else:
            runs.append(closure)
    return runs
