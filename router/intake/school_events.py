"""The events of an iCal calendar, official (one per zone, or all in one) or written by another program."""

import re
from collections.abc import Iterator
from datetime import date, datetime

from icalendar import Calendar, Component

from router.intake.columns import clean
from router.intake.report import Tally
from router.intake.school_periods import A_DAY, Period, Wanted, day_of_instant, period_of
from router.intake.school_words import (
    OTHER_TERRITORIES,
    OTHER_ZONES,
    PAST,
    TEACHERS,
    Place,
    for_teachers,
    place_in,
)
from router.model.actor import Invalid

OPENING = "begin:vcalendar"
_CLOSING = "end:vcalendar"
_EVENT = "begin:vevent"
_AGAIN = "téléchargez-le de nouveau"
_EXTENSION = re.compile(r"\.ics$", re.IGNORECASE)


def periods_in_calendar(text: str, name: str, wanted: Wanted, tally: Tally) -> Iterator[Period]:
    """As `periods_in_table`, for the text of an iCal file; a line is where its event begins. Raises Invalid."""
    lines = text.splitlines()
    if not lines or lines[-1].strip().lower() != _CLOSING:
        raise Invalid(f"{name} est coupé : il ne finit pas par « END:VCALENDAR » ; {_AGAIN}.")
    calendar = _parsed(text, name)
    events = calendar.walk("VEVENT")
    places = [number for number, line in enumerate(lines, 1) if line.strip().lower() == _EVENT]
    if len(events) != len(places):
        raise Invalid(f"{name} n'est pas un calendrier iCal bien formé : {_AGAIN}.")
    if not events:
        raise Invalid(f"{name} ne contient aucun événement : {_AGAIN}.")
    whole = _only_zone(_text(calendar, "X-WR-CALNAME")) or _only_zone(_EXTENSION.sub("", name))
    for number, event in zip(places, events, strict=True):
        tally.read += 1
        try:
            found = _read(event, number, whole, wanted)
        except Invalid as refusal:
            tally.refuse(number, _text(event, "SUMMARY"), refusal.message)
            continue
        if isinstance(found, Period):
            yield found
        else:
            tally.skip(found)


def _parsed(text: str, name: str) -> Component:
    try:
        return Calendar.from_ical(text)
    except (ValueError, KeyError, IndexError, TypeError, RecursionError) as error:
        raise Invalid(f"{name} n'est pas un calendrier iCal lisible : {_AGAIN}.") from error


def _read(event: Component, line: int, whole: Place | None, wanted: Wanted) -> Period | str:
    summary = _text(event, "SUMMARY")
    if not summary:
        raise Invalid("L'événement n'a pas de titre (SUMMARY) : écrivez le nom des vacances.")
    if for_teachers("", summary):
        return TEACHERS
    place = _place(event, summary, whole)
    if place.elsewhere or place_in(summary).elsewhere:
        return OTHER_TERRITORIES
    zones = wanted.among(place.zones)
    if not zones:
        return OTHER_ZONES
    if "RRULE" in event:
        raise Invalid("Cet événement se répète (RRULE) : écrivez chaque période à part.")
    first = _day(event, "DTSTART", "de début")
    if first < wanted.since:
        return PAST
    back = _day(event, "DTEND", "de fin") if "DTEND" in event else first + A_DAY
    return period_of(line, _text(event, "LOCATION") or summary, zones, summary, first, back)


def _place(event: Component, summary: str, whole: Place | None) -> Place:
    """Its own words first, then those of the file when they name one zone."""
    for words in (_text(event, "LOCATION"), summary):
        found = place_in(words)
        if found.zones or found.elsewhere:
            return found
    named = _only_zone(_text(event, "UID").partition("@")[0]) or whole
    if named is None:
        raise Invalid(
            "Rien ne dit de quelle zone est cet événement : écrivez « Zone A » (ou l'académie) dans LOCATION, "
            "ou nommez le fichier comme l'officiel, « Zone-A.ics »."
        )
    return named


def _only_zone(words: str) -> Place | None:
    found = place_in(words)
    return found if found.elsewhere or len(found.zones) == 1 else None


def _text(component: Component, key: str) -> str:
    return clean(str(component.get(key, "")))


def _day(event: Component, key: str, what: str) -> date:
    value = getattr(event.get(key), "dt", None) if key not in dict(event.errors) else None
    if isinstance(value, datetime):
        return day_of_instant(value, what)
    if isinstance(value, date):
        return value
    raise Invalid(f"La date {what} ({key}) manque ou n'est pas lisible : attendu 20261017.")
