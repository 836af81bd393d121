"""What a book may keep but its author should know: overlaps where the order decides without being declared,
conditions that change nothing, negations that let « je ne sais pas » in. Remarks block nothing."""

from collections.abc import Iterator, Mapping, Sequence

from router.model.faults import Fault, by_place
from router.rulebook.book import Rulebook, Slice
from router.rulebook.cubes import Budget, Cube, conjunction, gap
from router.rulebook.entries import EVERYTHING_AFTER, Rule
from router.rulebook.prove import STEPS_PER_SLICE
from router.rulebook.vocabulary import Vocabulary
from router.rulebook.wording import describe, quoted


def remarks(book: Rulebook) -> tuple[Fault, ...]:
    """Every remark on the book, by place; overlaps are looked for in each slice of the national base."""
    found: set[Fault] = set()
    local = [rule for convention in book.conventions.values() for rule in convention.rules]
    for rule in (*book.rules, *local):
        found.update(_open_negations(rule))
    for part in book.slices[None]:
        found.update(_overlaps(book, part))
        found.update(_useless_facts(book.vocabulary, part))
    return by_place(found)


def _open_negations(rule: Rule) -> Iterator[Fault]:
    for fact in rule.condition.open_negations:
        message = (
            f"[{rule.id}] la négation sur {fact} laisse aussi entrer « unknown » (je ne sais pas) : "
            "nommez les valeurs voulues, ou écrivez 'unknown' dans la liste exclue."
        )
        yield rule.place.fault("AIG901", message)


def _overlaps(book: Rulebook, part: Slice) -> Iterator[Fault]:
    """Rules of different parties that meet: the first wins, which `overrides` should say."""
    budget = Budget(STEPS_PER_SLICE)
    rules = [rule for rule in part.rules if rule is not book.incoherent]
    before = list(book.impossible_cubes)
    for index, rule in enumerate(rules):
        later = [other for other in rules[index + 1 :] if _undeclared(rule, other)]
        cells = {other.id: _first_gap(rule, other, before, budget) for other in later}
        met = {name: cell for name, cell in cells.items() if cell is not None}
        if met:
            yield _overlap(book.vocabulary, rule, met)
        before += rule.cubes


def _undeclared(rule: Rule, other: Rule) -> bool:
    return rule.assign is not other.assign and not {other.id, EVERYTHING_AFTER} & set(rule.overrides)


def _first_gap(rule: Rule, other: Rule, before: Sequence[Cube], budget: Budget) -> Cube | None:
    cells = (gap(common, before, budget) for common in conjunction(rule.cubes, other.cubes))
    return next((cell for cell in cells if cell is not None), None)


def _overlap(vocabulary: Vocabulary, rule: Rule, met: Mapping[str, Cube]) -> Fault:
    example = describe(vocabulary, next(iter(met.values())))
    declared = ", ".join(f'"{name}"' for name in met)
    message = (
        f"[{rule.id}] passe avant {quoted(met)}, d'un autre intervenant, par exemple pour « {example} » ; "
        f"si c'est voulu : overrides = [{declared}]."
    )
    return rule.place.fault("AIG902", message)


def _useless_facts(vocabulary: Vocabulary, part: Slice) -> Iterator[Fault]:
    """A fact a rule tests although earlier rules already took everything else: dropping it changes nothing."""
    budget = Budget(STEPS_PER_SLICE)
    before: list[Cube] = []
    for rule in part.rules:
        for fact in rule.condition.facts:
            wider = [
                vocabulary.domain.narrowed(cube, fact, vocabulary.domain.full[vocabulary.domain.position[fact]])
                for cube in rule.cubes
            ]
            if all(gap(cube, [*before, *rule.cubes], budget) is None for cube in wider):
                message = f"[{rule.id}] la condition sur {fact} ne change rien : les règles d'avant prennent le reste."
                yield rule.place.fault("AIG903", message)
        before += rule.cubes
