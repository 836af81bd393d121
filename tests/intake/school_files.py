"""School calendars in the official formats, made here: the bytes are invented, the dates of zones A, B and C public.

The CSV has a line per académie, instants that are midnight in Paris, and the morning of return as its end; the iCal
for all zones cuts a holiday into slices that several zones share. Dates of Corse and overseas are invented for the
tests of the formats, and shipped nowhere as data."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

HEADER = "description;population;start_date;end_date;location;zones;annee_scolaire"
ACADEMIES = {
    "Zone A": ("Besançon", "Bordeaux", "Lyon"),
    "Zone B": ("Aix-Marseille", "Normandie", "Rennes"),
    "Zone C": ("Créteil", "Paris", "Versailles"),
    "Corse": ("Corse",),
    "La Réunion": ("Réunion",),
}
ABC = ("Zone A", "Zone B", "Zone C")
PUPILS = "Élèves"


@dataclass(frozen=True, slots=True)
class Off:
    """A period as the dataset gives it: `back` is the morning of return; the same day twice is a mark."""

    description: str
    first: str
    back: str
    zones: tuple[str, ...] = ABC
    population: str = "-"

    @property
    def year(self) -> str:
        day = date.fromisoformat(self.first)
        start = day.year if day.month >= 9 else day.year - 1
        return f"{start}-{start + 1}"


OFFICIAL = (
    Off("Vacances d'Été", "2026-07-04", "2026-09-01", population=PUPILS),
    Off("Vacances d'Été", "2026-07-04", "2026-08-31", population="Enseignants"),
    Off("Vacances de la Toussaint", "2026-10-17", "2026-11-02"),
    Off("Vacances de Noël", "2026-12-19", "2027-01-04"),
    Off("Vacances d'Hiver", "2027-02-13", "2027-03-01", ("Zone A",)),
    Off("Vacances d'Hiver", "2027-02-20", "2027-03-08", ("Zone B",)),
    Off("Vacances d'Hiver", "2027-02-06", "2027-02-22", ("Zone C",)),
    Off("Vacances de Printemps", "2027-04-10", "2027-04-26", ("Zone A",)),
    Off("Vacances de Printemps", "2027-04-17", "2027-05-03", ("Zone B",)),
    Off("Vacances de Printemps", "2027-04-03", "2027-04-19", ("Zone C",)),
    Off("Pont de l'Ascension", "2027-05-07", "2027-05-07"),
    Off("Début des Vacances d'Été", "2027-07-03", "2027-07-03"),
    Off("Vacances d'Été", "2027-07-03", "2027-09-02", population=PUPILS),
    Off("Vacances d'Été", "2027-07-03", "2027-09-01", population="Enseignants"),
    Off("Vacances de la Toussaint", "2027-10-23", "2027-11-08"),
    Off("Vacances de Noël", "2027-12-18", "2028-01-03"),
    Off("Vacances d'Hiver", "2028-02-19", "2028-03-06", ("Zone A",)),
    Off("Vacances d'Hiver", "2028-02-05", "2028-02-21", ("Zone B",)),
    Off("Vacances d'Hiver", "2028-02-12", "2028-02-28", ("Zone C",)),
    Off("Vacances de Printemps", "2028-04-22", "2028-05-09", ("Zone A",)),
    Off("Vacances de Printemps", "2028-04-08", "2028-04-24", ("Zone B",)),
    Off("Vacances de Printemps", "2028-04-15", "2028-05-02", ("Zone C",)),
    Off("Début des Vacances d'Été", "2028-07-05", "2028-07-05"),
)
"""The return of 2028 isn't published, hence the mark alone; the bridge of 2028, which sources dispute, isn't here."""

CORSE = (
    Off("Vacances d'Été", "2026-07-04", "2026-09-01", ("Corse",)),
    Off("Vacances de la Toussaint", "2026-10-16", "2026-11-02", ("Corse",)),
    Off("Vacances de Noël", "2026-12-18", "2027-01-04", ("Corse",)),
    Off("Vacances d'Hiver", "2027-02-18", "2027-03-08", ("Corse",)),
    Off("Vacances de Printemps", "2027-04-16", "2027-05-03", ("Corse",)),
    Off("Lundi de Pentecôte", "2027-05-17", "2027-05-17", ("Corse",)),
    Off("Début des Vacances d'Été", "2027-07-03", "2027-07-03", ("Corse",)),
)
REUNION = (
    Off("Vacances d'hiver austral", "2026-07-04", "2026-08-17", ("La Réunion",)),
    Off("Vacances après 1ère période", "2026-10-10", "2026-10-26", ("La Réunion",)),
    Off("Vacances d'été austral", "2026-12-19", "2027-01-25", ("La Réunion",)),
    Off("Vacances après 3ème période", "2027-03-13", "2027-03-29", ("La Réunion",)),
    Off("Vacances après 4ème période", "2027-05-08", "2027-05-24", ("La Réunion",)),
    Off("Début des vacances d'hiver austral", "2027-07-10", "2027-07-10", ("La Réunion",)),
)
"""Corse and La Réunion: invented."""


def csv_lines(periods: Iterable[Off]) -> list[str]:
    return [
        f"{each.description};{each.population};{instant(each.first)};{instant(each.back)};{academie};{zone};{each.year}"
        for each in periods
        for zone in each.zones
        for academie in ACADEMIES[zone]
    ]


def csv_file(periods: Iterable[Off], *, encoding: str = "utf-8", delimiter: str = ";") -> bytes:
    return csv_of(csv_lines(periods), encoding=encoding, delimiter=delimiter)


def csv_of(lines: Sequence[str], *, encoding: str = "utf-8", delimiter: str = ";") -> bytes:
    return "\r\n".join([HEADER, *lines, ""]).replace(";", delimiter).encode(encoding)


def instant(day: str) -> str:
    """Midnight in Paris, in UTC: the evening before."""
    midnight = datetime.combine(date.fromisoformat(day), datetime.min.time(), ZoneInfo("Europe/Paris"))
    return midnight.astimezone(UTC).isoformat()


def ical_file(events: Iterable[tuple[str, str, str, str]], name: str = "") -> bytes:
    """Events (title, place, first, back) as published; a title or a place left empty isn't written."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Exemple//FR",
        *([f"X-WR-CALNAME:{name}"] if name else []),
    ]
    for number, (summary, location, first, back) in enumerate(events):
        lines += [
            "BEGIN:VEVENT",
            "DTSTAMP:20260918T084701Z",
            f"UID:{number}@example.org",
            f"DTSTART;VALUE=DATE:{first.replace('-', '')}",
            f"DTEND;VALUE=DATE:{back.replace('-', '')}",
            f"SUMMARY:{summary}",
            *([f"LOCATION:{location}"] if location else []),
            "END:VEVENT",
        ]
    return "\r\n".join([*lines, "END:VCALENDAR", ""]).encode()


def sliced(periods: Iterable[Off]) -> list[tuple[str, str, str, str]]:
    """As `Zone-A-B-C-Corse.ics` has them: a slice for each set of zones off together, the latest first."""
    by_name: dict[tuple[str, str], list[Off]] = {}
    for each in periods:
        if each.population != "Enseignants":
            by_name.setdefault((each.description, each.year), []).append(each)
    events = []
    for (name, _), offs in by_name.items():
        if any(each.first == each.back for each in offs):
            events += [(name, each.first, each.back, each.zones) for each in offs]
            continue
        edges = sorted({day for each in offs for day in (each.first, each.back)})
        for first, back in pairwise(edges):
            zones = tuple(
                zone for each in offs for zone in each.zones if each.first <= first and back <= each.back
            )
            if zones:
                events.append((name, first, back, zones))
    ordered = sorted(events, key=lambda event: event[1], reverse=True)
    return [
        (f"{name} - {together(zones)}", together(zones), first, back) for name, first, back, zones in ordered
    ]


def together(zones: Sequence[str]) -> str:
    """« Zones A/C - Corse »."""
    letters = sorted({zone.removeprefix("Zone ") for zone in zones if zone.startswith("Zone ")})
    parts = [f"Zone{'s' if len(letters) > 1 else ''} {'/'.join(letters)}"] if letters else []
    return " - ".join([*parts, *sorted({zone for zone in zones if not zone.startswith("Zone ")})])


def each_day(first: date, last: date) -> list[date]:
    return [first + timedelta(days=shift) for shift in range((last - first).days + 1)]
