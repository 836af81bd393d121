"""The grey zones: what the convention leaves open, as a register read with the book and checked against its rules.

A zone to be settled locally names base rules open to arbitration; one that only an avenant settles names the others.
Never decides anything: the rules do."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from router.model.faults import Fault
from router.model.incident import FactValue
from router.rulebook.book import Rulebook
from router.rulebook.cubes import Budget, Cube, Cubes, conjunction, gap, inside
from router.rulebook.entries import GreyZone, Rule
from router.rulebook.prove import STEPS_PER_SLICE
from router.rulebook.read import Words, read_when
from router.rulebook.table import Table
from router.rulebook.vocabulary import Vocabulary, unknown_word
from router.rulebook.wording import describe

_LOCAL, _AVENANT = "local", "avenant"


class Standing(StrEnum):
    """What one convention made of a zone."""

    OPEN = "open"
    PARTLY = "partly"
    DECIDED = "decided"


@dataclass(frozen=True, slots=True)
class ZoneStanding:
    """One zone on one day under one convention: the base rules that answer meanwhile, the local ones that settle it."""

    zone: GreyZone
    standing: Standing
    provisional: tuple[Rule, ...]
    settled_by: tuple[Rule, ...]


def read_zones(root: Table, words: Words) -> tuple[GreyZone, ...]:
    """Every `[[zone]]`; faults are noted at their places."""
    root.only("zone")
    found: dict[str, GreyZone] = {}
    for table in root.tables("zone"):
        zone = _zone(table, words)
        if zone.id in found:
            table.fault("AIG005", f"la zone grise « {zone.id} » est déjà écrite.", "id")
        found[zone.id] = zone
    return tuple(found.values())


def _zone(table: Table, words: Words) -> GreyZone:
    table.only("id", "question", "why", "articles", "when", "rules", "settled_by")
    condition = read_when(table, words.vocabulary)
    return GreyZone(
        id=table.text("id"),
        question=table.text("question"),
        why=table.text("why"),
        articles=table.words("articles", words.articles, "l'article", "AIG009"),
        region=condition.cubes if condition else (),
        rules=table.texts("rules"),
        local=table.word("settled_by", (_LOCAL, _AVENANT), "la façon de trancher", "AIG004") != _AVENANT,
        place=table.place,
    )


def zone_faults(zones: Sequence[GreyZone], rules: Sequence[Rule], vocabulary: Vocabulary) -> Iterator[Fault]:
    """Unknown rules, rules of the other kind, regions that leave their rules, rules open to arbitration in no zone."""
    by_id: dict[str, list[Rule]] = {}
    for rule in rules:
        by_id.setdefault(rule.id, []).append(rule)
    for zone in zones:
        yield from _named_faults(zone, by_id)
        yield from _region_faults(
            zone, [rule for name in zone.rules for rule in by_id.get(name, ())], vocabulary
        )
    for rule in rules:
        if rule.arbitrage:
            yield from _uncovered(rule, [zone for zone in zones if rule.id in zone.rules], vocabulary)


def _named_faults(zone: GreyZone, by_id: Mapping[str, Sequence[Rule]]) -> Iterator[Fault]:
    for name in zone.rules:
        if name not in by_id:
            yield zone.place.fault(
                "AIG130", unknown_word(f"la règle « {name} » de la zone « {zone.id} »", name, by_id)
            )
        elif any(rule.arbitrage != zone.local for rule in by_id[name]):
            mend = (
                'marquez-la arbitrage = "local", ou écrivez settled_by = "avenant".'
                if zone.local
                else 'elle est ouverte à l\'arbitrage : écrivez settled_by = "local".'
            )
            yield zone.place.fault("AIG131", f"zone « {zone.id} », règle « {name} » : {mend}")


def _region_faults(zone: GreyZone, rules: Sequence[Rule], vocabulary: Vocabulary) -> Iterator[Fault]:
    if not rules:
        return
    cover, budget = [cube for rule in rules for cube in rule.cubes], Budget(STEPS_PER_SLICE)
    cell = next((found for cube in zone.region if (found := gap(cube, cover, budget))), None)
    if cell is not None:
        message = (
            f"la zone « {zone.id} » sort de ses règles, par exemple pour « {describe(vocabulary, cell)} » : "
            "restreignez « when », ou nommez la règle qui y répond."
        )
        yield zone.place.fault("AIG133", message)


def _uncovered(rule: Rule, zones: Sequence[GreyZone], vocabulary: Vocabulary) -> Iterator[Fault]:
    if not zones:
        message = (
            f"« {rule.id} » est ouverte à l'arbitrage local, mais n'est dans aucune zone de grey_zones.toml."
        )
        yield rule.place.fault("AIG132", message)
        return
    cover, budget = [cube for zone in zones for cube in zone.region], Budget(STEPS_PER_SLICE)
    cell = next((found for cube in rule.cubes if (found := gap(cube, cover, budget))), None)
    if cell is not None:
        where = describe(vocabulary, cell)
        message = (
            f"« {rule.id} » est ouverte à l'arbitrage hors de ses zones grises, par exemple pour « {where} »."
        )
        yield rule.place.fault("AIG134", message)


def standings(book: Rulebook, at: datetime, convention: str | None) -> tuple[ZoneStanding, ...]:
    """Each zone on a day, under one convention or (None) the base alone. Raises BeforeBook, UnknownConvention."""
    part = book.slice_at(at, convention)
    return tuple(_standing(zone, part.rules) for zone in book.zones)


def _standing(zone: GreyZone, rules: Sequence[Rule]) -> ZoneStanding:
    """Exact: the cells that the base answers in the zone, less those a local rule takes first."""
    provisional, local = [], [rule for rule in rules if rule.local]
    left, settling = False, []
    taken = [cube for rule in local for cube in rule.cubes]
    before: list[Cube] = []
    budget = Budget(STEPS_PER_SLICE)
    for rule in rules:
        if rule.id in zone.rules:
            cells = conjunction(rule.cubes, zone.region)
            provisional.append(rule)
            settling += [each for each in local if _wins(conjunction(cells, each.cubes), before, budget)]
            left = left or _wins(cells, [*before, *taken], budget)
        if not rule.local:
            before += rule.cubes
    settled = tuple(dict.fromkeys(rule.id for rule in settling))
    by_id = {rule.id: rule for rule in settling}
    standing = Standing.OPEN if not settled else Standing.PARTLY if left else Standing.DECIDED
    return ZoneStanding(zone, standing, tuple(provisional), tuple(by_id[name] for name in settled))


def _wins(cells: Cubes, before: Sequence[Cube], budget: Budget) -> bool:
    return any(gap(cell, before, budget) is not None for cell in cells)


def facts_of_zones(book: Rulebook) -> tuple[str, ...]:
    """The facts that zones look at, in display order."""
    domain = book.vocabulary.domain
    looked = {name for zone in book.zones for cube in zone.region for name in domain.restricted(cube)}
    return tuple(name for name in domain.names if name in looked)


def holds_in(book: Rulebook, zone: GreyZone, values: Mapping[str, FactValue]) -> bool:
    """Whether facts (the zones' own, at least) lie in the zone."""
    complete = {name: fact.default for name, fact in book.vocabulary.facts.items()} | dict(values)
    point = book.vocabulary.domain.point(complete)
    return any(inside(point, cube) for cube in zone.region)
