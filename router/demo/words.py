"""What the people of the demonstration write, read from files: incidents, answers, motives, names."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from router.model.incident import FactValue
from router.model.words import Category, ReporterRole

HERE = Path(__file__).parent
ALL = "all"


@dataclass(frozen=True, slots=True)
class IncidentText:
    """One incident as somebody of a collège words it. `on` is the family of the thing at fault, `season` when it
    happens (empty: at any time); `denied`: an attack whose author believes it is something else; `mistaken`: the
    category that its author chooses, wrongly."""

    category: Category
    by: ReporterRole
    subject: str
    body: str
    on: str = ""
    product: str = ""
    season: str = ""
    facts: Mapping[str, FactValue] = field(default_factory=lambda: MappingProxyType({}))
    denied: bool = False
    mistaken: Category | None = None


@dataclass(frozen=True, slots=True)
class Departement:
    """A made-up Département: its digits, its convention, its collèges as (name, town)."""

    digits: str
    convention: str
    postcode: str
    colleges: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Names:
    """First and last names to draw people from."""

    first: tuple[str, ...]
    last: tuple[str, ...]


@cache
def incident_texts() -> tuple[IncidentText, ...]:
    """Every incident text, in the order of the files."""
    return tuple(text for path in sorted((HERE / "texts").glob("*.toml")) for text in _texts(_read(path)))


@cache
def phrases() -> Mapping[str, Mapping[str, Sequence[str]]]:
    """What is written later in a ticket: kind of gesture → family, category or `all` → sentences."""
    return _read(HERE / "words.toml")


@cache
def departements() -> tuple[Departement, ...]:
    return tuple(
        Departement(
            each["digits"],
            each["convention"],
            each["postcode"],
            tuple((name, town) for name, town in each["colleges"]),
        )
        for each in _read(HERE / "places.toml")["departement"]
    )


@cache
def names() -> Names:
    people = _read(HERE / "places.toml")["people"]
    return Names(tuple(people["first"]), tuple(people["last"]))


def _texts(document: Mapping[str, Any]) -> list[IncidentText]:
    category = Category(document["category"])
    return [
        IncidentText(
            category=category,
            by=ReporterRole(entry["by"]),
            subject=entry["subject"],
            body=entry["body"],
            on=entry.get("on", ""),
            product=entry.get("product", ""),
            season=entry.get("when", ""),
            facts=MappingProxyType(entry.get("facts", {})),
            denied=entry.get("denied", False),
            mistaken=Category(entry["mistaken"]) if "mistaken" in entry else None,
        )
        for entry in document["incident"]
    ]


def _read(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))
