"""The words of the official school calendar: zones, académies, populations, names of holidays. No date here."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from router.classify.fold import fold_text
from router.clock.school import Zone
from router.model.actor import Invalid
from router.model.spelling import nearest_word

METROPOLE = (Zone.A, Zone.B, Zone.C, Zone.CORSE)
ZONE_NAMES: Mapping[Zone, str] = {
    Zone.A: "zone A",
    Zone.B: "zone B",
    Zone.C: "zone C",
    Zone.CORSE: "Corse",
    Zone.GUADELOUPE: "Guadeloupe",
    Zone.MARTINIQUE: "Martinique",
    Zone.GUYANE: "Guyane",
    Zone.LA_REUNION: "La Réunion",
    Zone.MAYOTTE: "Mayotte",
}


def titled(zone: Zone) -> str:
    """Its name at the head of a sentence."""
    return ZONE_NAMES[zone][:1].upper() + ZONE_NAMES[zone][1:]


_ACADEMIES = {
    Zone.A: "Besançon, Bordeaux, Clermont-Ferrand, Dijon, Grenoble, Limoges, Lyon, Poitiers",
    Zone.B: "Aix-Marseille, Amiens, Caen, Lille, Nancy-Metz, Nantes, Nice, Normandie, Orléans-Tours, Reims, Rennes, "
    "Rouen, Strasbourg",
    Zone.C: "Créteil, Montpellier, Paris, Toulouse, Versailles",
    Zone.CORSE: "Corse",
    Zone.GUADELOUPE: "Guadeloupe",
    Zone.MARTINIQUE: "Martinique",
    Zone.GUYANE: "Guyane",
    Zone.LA_REUNION: "Réunion",
    Zone.MAYOTTE: "Mayotte",
}
_ZONE_OF = {fold_text(name): zone for zone, names in _ACADEMIES.items() for name in names.split(", ")}
_ELSEWHERE = (
    "caledonie",
    "polynesie",
    "miquelon",
    "futuna",
    "saint martin",
    "saint barthelemy",
    "st martin",
    "st barthelemy",
)
_LETTERS = {"a": Zone.A, "b": Zone.B, "c": Zone.C}
_LETTER_GROUP = re.compile(r"\bzones? ((?:[abc]|et)(?: (?:[abc]|et))*)\b")
_SPACE = " "

NAMES: Mapping[str, str] = {
    "vacances de la toussaint": "Vacances de la Toussaint",
    "vacances de noel": "Vacances de Noël",
    "vacances d hiver": "Vacances d'hiver",
    "vacances de printemps": "Vacances de printemps",
    "pont de l ascension": "Pont de l'Ascension",
    "vacances d ete": "Vacances d'été",
}
"""As the snapshot writes them; any other name stays as the file has it."""
YEARLY = tuple(name for name in NAMES.values() if name.startswith("Vacances"))
"""What each school year of the metropole has, in order."""
LONGEST_NAME = 120

TEACHERS = "enseignants seulement"
OTHER_TERRITORIES = "territoires qu'aucun calendrier d'ici ne suit"
OTHER_ZONES = "zones non demandées"
PAST = "années passées depuis plus de deux ans"
_SUFFIX = re.compile(r"\s+[-\u2013]\s+(?:zones?\b.*|corse)$", re.IGNORECASE)
_LOST_APOSTROPHE = re.compile(r"(?<=\w)\?(?=\w)")
_BEGINNING = re.compile(r"^d\S+but\s+des\s+(?=vacances)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a line holds: its zones; `elsewhere` when it names a territory the product has no zone for."""

    zones: tuple[Zone, ...] = ()
    elsewhere: bool = False


def place_in(words: str) -> Place:
    """« Zones A/C - Corse », « Zone B », « Lyon », « La Réunion »: nothing when no place is recognised."""
    folded = f" {fold_text(words)} "
    if any(f" {name} " in folded for name in _ELSEWHERE):
        return Place(elsewhere=True)
    letters = {
        letter
        for group in _LETTER_GROUP.findall(folded)
        for letter in group.split(_SPACE)
        if letter in _LETTERS
    }
    found = {_LETTERS[letter] for letter in letters}
    found |= {zone for name, zone in _ZONE_OF.items() if f" {name} " in folded}
    return Place(tuple(zone for zone in Zone if zone in found))


def place_of(zones: str, location: str) -> Place:
    """The place of a line of the CSV. Raises Invalid: unknown, or an académie that isn't of the zone."""
    inside = place_in(location)
    if inside.elsewhere:
        return inside
    named = place_in(zones)
    if not (named.zones or named.elsewhere):
        if fold_text(zones):
            raise Invalid(_unknown_zone(zones))
        named = inside
    if not (named.zones or named.elsewhere):
        raise Invalid("La zone manque : la ligne est-elle coupée ? Téléchargez de nouveau le fichier.")
    if inside.zones and not set(inside.zones) <= set(named.zones):
        right = ZONE_NAMES[inside.zones[0]]
        raise Invalid(
            f"{location} est de la zone « {right} », la ligne dit « {zones} » : corrigez l'une des deux."
        )
    return named


def _unknown_zone(words: str) -> str:
    near = nearest_word(words, ZONE_NAMES.values())
    mend = f"vouliez-vous « {near} » ?" if near else "les zones sont " + ", ".join(ZONE_NAMES.values()) + "."
    return f"La zone « {words} » n'est pas connue ; {mend}"


def for_teachers(population: str, name: str) -> bool:
    """Days off or on duty of teachers alone: pupils have other lines."""
    who = fold_text(population)
    if "enseignant" in who:
        return "eleve" not in who
    return "prerentree" in fold_text(name) or "enseignant" in fold_text(name)


def name_of(description: str) -> str:
    """The name of a holiday, without its zone, its accents mended, as the snapshot writes it."""
    plain = _BEGINNING.sub("", _SUFFIX.sub("", _LOST_APOSTROPHE.sub("'", description.strip())))
    known = NAMES.get(fold_text(plain))
    return known or plain[:1].upper() + plain[1:LONGEST_NAME]


def begins_only(description: str) -> bool:
    """« Début des vacances d'été »: their end isn't published on that line."""
    return fold_text(description).startswith("debut des vacances")


def resumes_only(description: str) -> bool:
    """« Rentrée scolaire des élèves »: a day of class, the first."""
    return fold_text(description).startswith("rentree")
