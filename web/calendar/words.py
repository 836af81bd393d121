"""What the calendar's pages say of days and clocks."""

from collections.abc import Iterator, Sequence
from datetime import date

from router.desk.calendar_days import DECIDED_CLOCKS
from router.desk.calendar_messages import period_in_words as period
from router.desk.closed_already import ClosedAlready, DayKind

__all__ = [
    "ABOUT_CLOCKS",
    "ANSWERS",
    "CLOCKS",
    "KINDS",
    "ON_CLOCK",
    "WEEKDAYS",
    "closed_already",
    "decision",
    "hours",
    "period",
]

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
    "yours": ("Attend votre réponse", "late"),
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


def closed_already(found: Sequence[ClosedAlready]) -> Iterator[str]:
    """« Ce jour était déjà fermé (jour férié : Noël). »; by clock when they differ."""
    same = {(each.count, each.kind, each.reason) for each in found}
    alike = len(found) == len(DECIDED_CLOCKS) and len(same) == 1
    for each in found[:1] if alike else found:
        where = "" if alike else f" sur l'{ON_CLOCK[each.clock]}"
        if each.asked == 1:
            yield f"Ce jour était déjà fermé{where} ({_why_closed(each)})."
        elif each.count == each.asked:
            yield f"Ces jours étaient déjà tous fermés{where}."
        else:
            were = "1 était déjà fermé" if each.count == 1 else f"{each.count} étaient déjà fermés"
            yield f"Sur ces {each.asked} jours, {were}{where}."


def _why_closed(each: ClosedAlready) -> str:
    match each.kind:
        case DayKind.USUAL:
            return "jour sans service, chaque semaine"
        case DayKind.CLOSURE:
            return f"fermeture décidée : {each.reason}" if each.reason else "fermeture décidée"
        case None:
            return "fermeture"
        case kind:
            name = KINDS[kind].lower()
            return f"{name} : {each.reason}" if each.reason else name


def hours(spans: Sequence[str]) -> str:
    """« 08:00-12:00 » as people say it."""
    return ", ".join(map(_span, spans))


def _span(text: str) -> str:
    start, end = text.split("-")
    return f"{_time(start)} à {_time(end)}"


def _time(text: str) -> str:
    hour, minute = text.split(":")
    return f"{int(hour)}\u00a0h" + (f"\u00a0{minute}" if minute != "00" else "")
