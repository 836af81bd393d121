"""The competence table: one row per rule in force, in order, in words. What a RACI sheet says, read from the book."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from router.model.words import Party
from router.rulebook.book import Rulebook, Slice
from router.rulebook.cubes import Budget, Cube, conjunction, gap
from router.rulebook.entries import Rule
from router.rulebook.prove import STEPS_PER_SLICE
from router.rulebook.wording import describe


@dataclass(frozen=True, slots=True)
class Row:
    """One rule: who is responsible, who is told in every case of it (`told`) or in some (`told_sometimes`).
    `conditions` are its cases in French; the rules above it win first."""

    group: str
    rule: str
    title: str
    conditions: tuple[str, ...]
    responsible: Party
    told: tuple[Party, ...]
    told_sometimes: tuple[Party, ...]
    articles: tuple[str, ...]
    why: str
    arbitrage: bool
    local: bool


def competence_table(book: Rulebook, at: datetime, convention: str | None = None) -> tuple[Row, ...]:
    """The table of a day. Raises BeforeBook, UnknownConvention."""
    part = book.slice_at(at, convention)
    rows: list[Row] = []
    before: list[Cube] = []
    for rule in part.rules:
        rows.append(_row(book, part, rule, before))
        before += rule.cubes
    return tuple(rows)


def _row(book: Rulebook, part: Slice, rule: Rule, before: Sequence[Cube]) -> Row:
    always, sometimes = _told(part, rule, before)
    return Row(
        group=rule.group,
        rule=rule.id,
        title=rule.title,
        conditions=tuple(describe(book.vocabulary, cube) for cube in rule.cubes),
        responsible=rule.assign,
        told=always,
        told_sometimes=sometimes,
        articles=rule.articles,
        why=rule.why,
        arbitrage=rule.arbitrage,
        local=rule.local is not None,
    )


def _told(part: Slice, rule: Rule, before: Sequence[Cube]) -> tuple[tuple[Party, ...], tuple[Party, ...]]:
    """The parties told in every cell the rule wins, and those told in some of them."""
    always, sometimes = [], []
    budget = Budget(STEPS_PER_SLICE)
    for party in Party:
        telling = [c for o in part.obligations if party in o.inform for c in o.condition.cubes]
        if party is rule.assign or not telling:
            continue
        if all(gap(cube, [*before, *telling], budget) is None for cube in rule.cubes):
            always.append(party)
        elif any(gap(cube, before, budget) for cube in conjunction(rule.cubes, telling)):
            sometimes.append(party)
    return tuple(always), tuple(sometimes)
