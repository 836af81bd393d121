"""Public holidays of each territory, computed by the `holidays` package for any year.

Legal holidays only (Code du travail, L3133-1 and the abolition days of L3422-2, and Alsace-Moselle's two):
the package adds local customs overseas (Mi-Carême, Vendredi saint in Guadeloupe, Victor Schœlcher's day),
which a calendar that observes them writes under `closed`."""

from datetime import date
from enum import StrEnum
from functools import cache

from holidays import country_holidays


class Territory(StrEnum):
    """The value of `public_holidays` in a calendar file."""

    METROPOLE = "metropole"
    ALSACE_MOSELLE = "alsace-moselle"
    GUADELOUPE = "guadeloupe"
    MARTINIQUE = "martinique"
    GUYANE = "guyane"
    LA_REUNION = "la-reunion"
    MAYOTTE = "mayotte"
    NONE = "none"


_SUBDIVISIONS = {
    Territory.ALSACE_MOSELLE: "6AE",
    Territory.GUADELOUPE: "971",
    Territory.MARTINIQUE: "972",
    Territory.GUYANE: "973",
    Territory.LA_REUNION: "974",
    Territory.MAYOTTE: "976",
}


@cache
def public_holidays(territory: Territory, year: int) -> dict[date, str]:
    """The legal public holidays of a year, with their French names."""
    if territory is Territory.NONE:
        return {}
    national = dict(country_holidays("FR", years=year, language="fr"))
    if territory is Territory.METROPOLE:
        return national
    local = dict(country_holidays("FR", _SUBDIVISIONS[territory], years=year, language="fr"))
    if territory is Territory.ALSACE_MOSELLE:
        return local
    return {day: name for day, name in local.items() if day in national or "Abolition" in name}
