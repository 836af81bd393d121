"""What can still come out of a region of the fact domain: the labels first-match lists reach in it, and whether
one fact alone can change the label. Exact, within a step budget."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from router.model.words import Party
from router.rulebook.book import Rulebook, Slice
from router.rulebook.cubes import (
    Budget,
    Cube,
    Cubes,
    Domain,
    absorbed,
    conjunction,
    inside,
    meets,
    split,
)
from router.rulebook.vocabulary import DerivedFact

Line = tuple[Cube, Hashable]
Lines = tuple[Line, ...]
_ANY = -1


@dataclass(frozen=True, slots=True)
class Outcomes:
    """The first-match lists of one slice, over facts as given (before derived facts are set)."""

    parties: Lines
    priorities: Lines
    informed: tuple[tuple[Party, Lines], ...]


@lru_cache(maxsize=32)
def outcomes_of(book: Rulebook, part: Slice) -> Outcomes:
    """The lists of a slice: who holds, which priority, and for each party whether it is told."""
    domain, derived = book.vocabulary.domain, book.vocabulary.derived
    alert = [(cube, book.alert.priority) for cube in book.alert.condition.cubes]
    grid = [(cube, rule.priority) for rule in book.priorities for cube in rule.condition.cubes]
    told: dict[Party, list[Line]] = {}
    for obligation in part.obligations:
        for party in obligation.inform:
            told.setdefault(party, []).extend((cube, True) for cube in obligation.condition.cubes)
    default: Line = (domain.full, False)
    return Outcomes(
        parties=given_lines(
            domain, derived, [(cube, rule.assign) for rule in part.rules for cube in rule.cubes]
        ),
        priorities=given_lines(domain, derived, [*alert, *grid]),
        informed=tuple(
            (party, given_lines(domain, derived, [*reporting_lines(book, party), *lines, default]))
            for party, lines in told.items()
        ),
    )


def reporting_lines(book: Rulebook, party: Party) -> list[Line]:
    """Where the party itself reports, and so is not told."""
    bits = book.vocabulary.domain.bits["reporter_role"]
    mask = sum(bits[role] for role in book.parties[party].reports_as)
    return [(book.vocabulary.domain.cube({"reporter_role": mask}), False)] if mask else []


def reachable(box: Cube, lines: Sequence[Line], budget: Budget) -> set[Hashable]:
    """Every label that some cell of the box gets."""
    found: set[Hashable] = set()
    _reach(box, lines, found, budget)
    return found


def _reach(box: Cube, lines: Sequence[Line], found: set[Hashable], budget: Budget) -> None:
    budget.spend()
    near = nearest_lines(box, lines)
    if {label for _, label in near} <= found:
        return
    if inside(box, near[0][0]):
        found.add(near[0][1])
        return
    for part, chosen in parts_of(box, near):
        _reach(part, [near[n] for n in chosen], found, budget)


def sensitive(box: Cube, position: int, lines: Sequence[Line], budget: Budget) -> bool:
    """Whether two cells of the box that differ only in the fact at `position` get different labels."""
    near = [line for line in lines if meets(box, line[0])]
    groups = split(box[position], [cube[position] for cube, _ in near])
    blind = [((*cube[:position], _ANY, *cube[position + 1 :]), label) for cube, label in near]
    return _differ(box, [[blind[n] for n in chosen] for _, chosen in groups], budget)


def _differ(box: Cube, lists: Sequence[Sequence[Line]], budget: Budget) -> bool:
    """Whether two of the lists give some cell of the box different labels."""
    budget.spend()
    near = list({tuple(nearest_lines(box, lines)) for lines in lists})
    if len(near) < 2 or len({label for lines in near for _, label in lines}) < 2:
        return False
    if all(inside(box, lines[0][0]) for lines in near):
        return len({lines[0][1] for lines in near}) > 1
    distinct = list(dict.fromkeys(line for lines in near for line in lines))
    for part, chosen in parts_of(box, distinct):
        kept = {distinct[n] for n in chosen}
        if _differ(part, [[line for line in lines if line in kept] for lines in near], budget):
            return True
    return False


def nearest_lines(box: Cube, lines: Sequence[Line]) -> list[Line]:
    """The lines that meet the box, up to the first that holds it whole."""
    near: list[Line] = []
    for line in lines:
        if meets(box, line[0]):
            near.append(line)
            if inside(box, line[0]):
                break
    return near


def parts_of(box: Cube, lines: Sequence[Line]) -> list[tuple[Cube, list[int]]]:
    """The box cut along the fact the lines restrict most, with the lines that meet each part."""
    counts = [sum(1 for cube, _ in lines if mask & ~cube[n]) for n, mask in enumerate(box)]
    index = counts.index(max(counts))
    groups = split(box[index], [cube[index] for cube, _ in lines])
    return [((*box[:index], mask, *box[index + 1 :]), chosen) for mask, chosen in groups]


def given_lines(domain: Domain, derived: Sequence[DerivedFact], lines: Sequence[Line]) -> Lines:
    """The same lists over facts as given: a cell falls where its derived facts will put it."""
    for fact in derived:
        lines = [(cube, label) for line, label in lines for cube in _before_derivation(domain, fact, line)]
    return tuple(lines)


def _before_derivation(domain: Domain, fact: DerivedFact, cube: Cube) -> Cubes:
    position = domain.position[fact.name]
    false_bit, true_bit = domain.bits[fact.name][False], domain.bits[fact.name][True]
    if cube[position] == true_bit:
        derived = conjunction([domain.narrowed(cube, fact.name, false_bit | true_bit)], fact.cubes)
        return absorbed([cube, *derived])
    if cube[position] == false_bit:
        return conjunction([cube], _complement(domain, fact.cubes))
    return (cube,)


def _complement(domain: Domain, cubes: Cubes) -> Cubes:
    left: Cubes = (domain.full,)
    for cube in cubes:
        sides = [
            domain.narrowed(domain.full, name, full & ~mask)
            for name, mask, full in zip(domain.names, cube, domain.full, strict=True)
            if full & ~mask
        ]
        left = conjunction(left, sides)
    return left
