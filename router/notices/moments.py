"""Instants and durations in plain French, in the reader's zone. Pure: nothing here knows the time."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
MONTHS = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)

# The zones of the French territories, as people there name them; another one shows its own name.
PLACES = {
    "Europe/Paris": "heure de Paris",
    "America/Guadeloupe": "heure de la Guadeloupe",
    "America/Martinique": "heure de la Martinique",
    "America/Cayenne": "heure de la Guyane",
    "Indian/Reunion": "heure de La Réunion",
    "Indian/Mayotte": "heure de Mayotte",
    "America/Miquelon": "heure de Saint-Pierre-et-Miquelon",
}


def day_in_words(day: date) -> str:
    """« lundi 2 novembre 2026 » ; the first of a month is « 1er »."""
    number = "1er" if day.day == 1 else str(day.day)
    return f"{DAYS[day.weekday()]} {number} {MONTHS[day.month - 1]} {day.year}"


def place_in_words(zone: str) -> str:
    """« heure de La Réunion »."""
    return PLACES.get(zone, f"heure de {zone}")


def moment_in_words(at: datetime, zone: str) -> str:
    """« lundi 2 novembre 2026 à 14 h 30 (heure de Paris) », for an aware `at` shown in `zone` (IANA name).

    Raises ValueError on a naive instant: it has no place in time."""
    if at.tzinfo is None:
        raise ValueError(f"naive datetime {at!r}")
    local = at.astimezone(ZoneInfo(zone))
    return f"{day_in_words(local.date())} à {local.hour} h {local.minute:02d} ({place_in_words(zone)})"


def duration_in_words(length: timedelta) -> str:
    """The two greatest units of a duration (« 2 jours et 3 heures »), never less than a minute."""
    minutes = max(1, int(length.total_seconds() // 60))
    days, rest = divmod(minutes, 24 * 60)
    hours, minutes = divmod(rest, 60)
    units = [(days, "jour"), (hours, "heure"), (minutes, "minute")]
    said = [f"{count} {name}{'s' if count > 1 else ''}" for count, name in units if count]
    return " et ".join(said[:2]) if not (days and not hours) else said[0]
