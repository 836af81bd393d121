"""School holidays by zone: a dated, sourced snapshot, with the days it covers.

Packages compute or repeat dates beyond what is published and answer « no » in silence there; here a day
outside the coverage is unknown. `school_holidays.toml` says where each date comes from."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from importlib import resources
from typing import Any


class Zone(StrEnum):
    """The value of `school_zone` in a calendar file."""

    A = "A"
    B = "B"
    C = "C"
    CORSE = "corse"
    GUADELOUPE = "guadeloupe"
    MARTINIQUE = "martinique"
    GUYANE = "guyane"
    LA_REUNION = "la-reunion"
    MAYOTTE = "mayotte"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Vacation:
    """Days without class, both ends included. `confirmed` is false when published sources disagree."""

    name: str
    first: date
    last: date
    confirmed: bool = True

    def covers(self, day: date) -> bool:
        return self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class SchoolYears:
    """What is known of one zone: every day from `first` to `last` is either a class day or in a vacation."""

    zone: Zone
    first: date
    last: date
    vacations: tuple[Vacation, ...]
    obtained: date

    def knows(self, day: date) -> bool:
        return self.first <= day <= self.last

    def vacation_on(self, day: date) -> Vacation | None:
        return next((vacation for vacation in self.vacations if vacation.covers(day)), None)

    def unconfirmed(self) -> tuple[Vacation, ...]:
        """The vacations a person must still settle, by `closed` or `open`, in each calendar."""
        return tuple(vacation for vacation in self.vacations if not vacation.confirmed)


@cache
def shipped_school_years() -> Mapping[Zone, SchoolYears]:
    """The snapshot that comes with the product. A zone that is absent is wholly unknown."""
    text = resources.files("router.clock").joinpath("school_holidays.toml").read_text(encoding="utf-8")
    return school_years_of(tomllib.loads(text))


def school_years_of(document: Mapping[str, Any]) -> Mapping[Zone, SchoolYears]:
    """A snapshot read from its TOML document."""
    return {Zone(name): _one_zone(document, name) for name in document["coverage"]}


def _one_zone(document: Mapping[str, Any], name: str) -> SchoolYears:
    coverage = document["coverage"][name]
    vacations = (_vacation(row) for row in document["vacation"] if name in row["zones"])
    return SchoolYears(
        zone=Zone(name),
        first=coverage["from"],
        last=coverage["to"],
        vacations=tuple(sorted(vacations, key=lambda vacation: vacation.first)),
        obtained=document["obtained"],
    )


def _vacation(row: Mapping[str, Any]) -> Vacation:
    return Vacation(row["name"], row["from"], row["to"], row.get("confirmed", True))
