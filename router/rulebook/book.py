"""The book: everything the sources say, checked and proved, cut into slices of time in which it is constant."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from router.model.uai import same_departement
from router.model.words import Party
from router.rulebook.catalogue import Product
from router.rulebook.cubes import Cubes
from router.rulebook.entries import (
    AlertDefinition,
    Article,
    Convention,
    GreyZone,
    Heading,
    Impossible,
    Obligation,
    PartyDefinition,
    PriorityRule,
    Property,
    Rule,
)
from router.rulebook.index import Index
from router.rulebook.vocabulary import Vocabulary

DEFAULT_ZONE = ZoneInfo("Europe/Paris")


class BeforeBook(ValueError):
    """The instant asked for is before the first rule of the book."""

    def __init__(self, day: date, first: date) -> None:
        super().__init__(
            f"Aucune règle n'était en vigueur le {day:%d/%m/%Y} : la première date du {first:%d/%m/%Y}."
        )
        self.field = "at"


class UnknownConvention(ValueError):
    """No convention of this id in the book."""

    def __init__(self, convention: str) -> None:
        super().__init__(f"La convention « {convention} » n'est pas dans ce livre de règles.")
        self.field = "convention"


def first_instant(day: date, zone: ZoneInfo) -> datetime:
    """When a civil day begins in a zone, in UTC."""
    if day == date.min:
        return datetime.min.replace(tzinfo=UTC)
    return datetime.combine(day, time.min, zone).astimezone(UTC)


@dataclass(frozen=True, slots=True, eq=False)
class Slice:
    """Days in which nothing changes: the rules in winning order (impossible combinations first, then the
    convention's own, then the national ones), the obligations in force, and their index.

    `begins` is the first instant of the day `since`, in UTC."""

    since: date
    begins: datetime
    until: date | None
    rules: tuple[Rule, ...]
    obligations: tuple[Obligation, ...]
    index: Index


@dataclass(frozen=True, slots=True, eq=False)
class Rulebook:
    """A whole book. Immutable; `fingerprint` is the SHA-256 of its sources, `slices` is keyed by convention id
    (None: the national base alone)."""

    fingerprint: str
    sources: Mapping[str, str]
    vocabulary: Vocabulary
    parties: Mapping[Party, PartyDefinition]
    articles: Mapping[str, Article]
    rules: tuple[Rule, ...]
    obligations: tuple[Obligation, ...]
    priorities: tuple[PriorityRule, ...]
    alert: AlertDefinition
    impossibles: tuple[Impossible, ...]
    incoherent: Rule | None
    conventions: Mapping[str, Convention]
    catalogue: tuple[Product, ...]
    properties: tuple[Property, ...]
    headings: tuple[Heading, ...]
    slices: Mapping[str | None, tuple[Slice, ...]]
    zones: tuple[GreyZone, ...] = ()

    @property
    def product_names(self) -> dict[str, str]:
        """What people call each product of the catalogue, by its id."""
        return {product.id: product.name for product in self.catalogue}

    def product_name(self, product_id: str) -> str:
        """What people call a product; empty when the catalogue doesn't know it (any more)."""
        return next((product.name for product in self.catalogue if product.id == product_id), "")

    def convention_of(self, departement: str) -> str | None:
        """The convention of a Département, in any of its spellings (35, 035, 2A, 620), or None when none covers it."""
        code = same_departement(departement)
        for convention in self.conventions.values():
            if code in map(same_departement, convention.departements):
                return convention.id
        return None

    def zone(self, convention: str | None) -> ZoneInfo:
        """The time zone in which the civil dates of a convention are read."""
        return DEFAULT_ZONE if convention is None else self._convention(convention).timezone

    def slice_at(self, at: datetime, convention: str | None = None) -> Slice:
        """The slice in force at an aware instant. Raises BeforeBook, UnknownConvention."""
        if at.tzinfo is None:
            raise ValueError("un instant sans décalage horaire ne désigne aucun jour")
        slices = self.slices.get(convention)
        if slices is None:
            raise UnknownConvention(str(convention))
        for part in reversed(slices):  # the slice asked for is nearly always the last
            if part.begins <= at:
                return part
        raise BeforeBook(at.astimezone(self.zone(convention)).date(), slices[0].since)

    def rule(self, identifier: str) -> Rule:
        """The rule of this id, national or local, in its latest version. Raises KeyError."""
        local = (rule for convention in self.conventions.values() for rule in convention.rules)
        for rule in reversed([*self.rules, *local, *([self.incoherent] if self.incoherent else [])]):
            if rule.id == identifier:
                return rule
        raise KeyError(identifier)

    @property
    def impossible_cubes(self) -> Cubes:
        return tuple(cube for impossible in self.impossibles for cube in impossible.condition.cubes)

    def _convention(self, convention: str) -> Convention:
        found = self.conventions.get(convention)
        if found is None:
            raise UnknownConvention(convention)
        return found
