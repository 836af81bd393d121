"""The simplified table of competences: for each heading of the convention, who is competent for what, on one page.

A kind of incident is left out when leaving its rule out of the book would change nobody's competence: the more
general kind that stays says the same. Exact, by the same cubes as the decision. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from router.model.words import HOLDERS, Party
from router.rulebook.book import Rulebook, Slice
from router.rulebook.cubes import Budget, Cube, conjunction, gap, volume
from router.rulebook.entries import Rule
from router.rulebook.prove import STEPS_PER_SLICE
from router.rulebook.raci import Raci, RaciRow, RowKind, raci, slice_of_day


@dataclass(frozen=True, slots=True)
class SimplifiedLine:
    """One heading: for each party that can hold a ticket, the kinds of incident it is competent for."""

    title: str
    articles: tuple[str, ...]
    kinds: Mapping[Party, tuple[RaciRow, ...]]


@dataclass(frozen=True, slots=True, eq=False)
class Simplified:
    """The page: its lines, and the obligations to tell that go with them."""

    convention: str | None
    day: date
    lines: tuple[SimplifiedLine, ...]
    duties: tuple[RaciRow, ...]


def simplified(book: Rulebook, day: date, convention: str | None = None) -> Simplified:
    """The simplified table of a day. Raises BeforeBook, UnknownConvention."""
    return _laid_out(raci(book, day, convention), _needed(slice_of_day(book, day, convention)))


def _laid_out(table: Raci, needed: frozenset[str]) -> Simplified:
    lines = []
    for group in table.groups:
        rows = [row for row in group.rows if row.kind is RowKind.RULE]
        shown = [row for row in rows if row.id in needed] or rows  # no heading of the convention goes unsaid
        if shown:
            lines.append(SimplifiedLine(group.title, group.articles, _by_party(shown)))
    duties = tuple(row for row in table.rows if row.kind is RowKind.DUTY)
    return Simplified(table.convention, table.day, tuple(lines), duties)


def _by_party(rows: Sequence[RaciRow]) -> Mapping[Party, tuple[RaciRow, ...]]:
    return MappingProxyType(
        {party: tuple(row for row in rows if row.responsible is party) for party in HOLDERS}
    )


def _needed(part: Slice) -> frozenset[str]:
    """The ids of a smallest list of rules that gives every incident the same party: the narrowest go first."""
    kept = list(part.rules)
    for rule in sorted(part.rules, key=lambda rule: (sum(map(volume, rule.cubes)), rule.id)):
        if _same_without(kept, rule, Budget(STEPS_PER_SLICE)):
            kept.remove(rule)
    return frozenset(rule.id for rule in kept)


def _same_without(rules: Sequence[Rule], left_out: Rule, budget: Budget) -> bool:
    """Whether each incident the rule wins would go to the same party by the rules after it."""
    index = rules.index(left_out)
    taken: list[Cube] = [cube for rule in rules[:index] for cube in rule.cubes]
    for other in rules[index + 1 :]:
        common = conjunction(left_out.cubes, other.cubes)
        if other.assign is not left_out.assign and any(gap(cube, taken, budget) for cube in common):
            return False
        taken += other.cubes
    return all(gap(cube, taken, budget) is None for cube in left_out.cubes)
