"""What the calendar's pages say of days and clocks."""

from collections.abc import Sequence
from datetime import date

from router.desk.calendar_messages import period_in_words as period

__all__ = ["ABOUT_CLOCKS", "ANSWERS", "CLOCKS", "KINDS", "ON_CLOCK", "WEEKDAYS", "decision", "hours", "period"]

CLOCKS = {"pedagogique": "Horloge pédagogique", "administratif": "Horloge administrative"}
ON_CLOCK = {"pedagogique": "horloge pédagogique", "administratif": "horloge administrative"}
ABOUT_CLOCKS = {
    "pedagogique": "Les jours de classe : l'assistance aux collèges.",
    "administratif": "Les jours de bureau : l'académie, et les attentes d'une pièce ou d'un fournisseur.",
}
KINDS = {
    "opening": "Ouvert",
    "closure": "Fermé",
    "unknown": "Inconnu",
    "public_holiday": "Jour férié",
    "school_holiday": "Vacances scolaires",
}
ANSWERS = {
    "waiting": ("Attend l'accord de l'autre institution", "late"),
    "accepted": ("Acceptée : les délais sont suspendus", "accent"),
    "refused": ("Refusée", "plain"),
    "withdrawn": ("Retirée", "plain"),
}
WEEKDAYS = ("Lundi", "Mardi", "Mercredi", "Jeudi", "Vendredi", "Samedi", "Dimanche")


def decision(first: date, last: date, spans: Sequence[str], clock: str | None, where: str) -> str:
    """« Lundi 30 novembre 2026 : fermé. Collège des Tilleuls. »"""
    days = period(first, last)
    state = f"ouvert {hours(spans)}" if spans else "fermé"
    only = f", {ON_CLOCK[clock]} seulement" if clock else ""
    return f"{days[0].upper()}{days[1:]} : {state}{only}. {where}."


def hours(spans: Sequence[str]) -> str:
    """« 08:00-12:00 » as people say it."""
    return ", ".join(map(_span, spans))


def _span(text: str) -> str:
    start, end = text.split("-")
    return f"{_time(start)} à {_time(end)}"


def _time(text: str) -> str:
    hour, minute = text.split(":")
    return f"{int(hour)}\u00a0h" + (f"\u00a0{minute}" if minute != "00" else "")
