"""The check that nothing was lost between the text of the rules and what decides: cubes against rule-engine, on
every combination of values that a condition can tell apart; the index against the cubes, bit by bit. Exact."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import Any

import rule_engine.ast as tree

from router.documents.document import Place
from router.model.faults import Fault, by_place
from router.model.incident import FactValue
from router.rulebook.book import Rulebook, Slice
from router.rulebook.cubes import Budget, Cube, Domain, ProofUnfinished
from router.rulebook.entries import AlertDefinition, Impossible, Obligation, PriorityRule, Rule
from router.rulebook.expression import Condition, parse_rule
from router.rulebook.vocabulary import Vocabulary

Entry = Rule | Obligation | PriorityRule | AlertDefinition | Impossible
# Evaluations by rule-engine, some 60 microseconds each: the shipped book takes 3,000.
STEPS_PER_BOOK = 100_000


def disagreements(book: Rulebook, steps: int = STEPS_PER_BOOK) -> tuple[Fault, ...]:
    """Every place of a loaded book where what decides isn't what is written; none for a sound one."""
    budget, found = Budget(steps), set[Fault]()
    try:
        found.update(misread(book.vocabulary, _entries(book), budget))
    except ProofUnfinished:
        message = (
            "preuve non terminée : trop de cas à comparer aux conditions écrites. Simplifiez les conditions."
        )
        return (Place("routing").fault("AIG110", message),)
    for part in (part for parts in book.slices.values() for part in parts):
        laid: list[Entry] = [*part.rules, *book.priorities, *part.obligations, book.alert]
        found.update(misindexed(book.vocabulary.domain, part, laid))
    return by_place(found)


def _entries(book: Rulebook) -> list[Entry]:
    written: list[Entry] = [*book.rules, *book.obligations, *book.priorities, book.alert, *book.impossibles]
    for convention in book.conventions.values():
        written += [*convention.rules, *convention.obligations]
    return written


def misread(vocabulary: Vocabulary, entries: Sequence[Entry], budget: Budget) -> Iterator[Fault]:
    """The entries whose cubes don't hold exactly where rule-engine says the condition does, each with a point.

    A step is one evaluation by rule-engine. Raises ProofUnfinished."""
    for entry in entries:
        point = disagreement(vocabulary, entry.condition, budget)
        if point is not None:
            shown = ", ".join(f"{name} = {value}" for name, value in point.items())
            yield entry.place.fault(
                "AIG111", f"la condition et son calcul ne disent pas la même chose pour {shown} : livre refusé."
            )


def misindexed(domain: Domain, part: Slice, entries: Sequence[Entry]) -> Iterator[Fault]:
    """What the index of a slice holds in another order, or for another value, than the entries' cubes."""
    index = part.index
    laid = [(entry, cube) for entry in entries for cube in entry.condition.cubes]
    if [id(owner) for owner in index.owners] != [id(entry) for entry, _ in laid]:
        yield part.rules[0].place.fault("AIG111", "l'index n'a pas l'ordre du livre : livre refusé.")
        return
    masks = dict(index.masks)
    for number, (entry, cube) in enumerate(laid):
        if not _holds_exactly(domain, masks, number, cube):
            yield entry.place.fault(
                "AIG111", "l'index et la condition ne disent pas la même chose : livre refusé."
            )


def disagreement(vocabulary: Vocabulary, condition: Condition, budget: Budget) -> dict[str, FactValue] | None:
    """A point of the condition's own facts on which its cubes and rule-engine differ; None when there is none.

    Values that no comparison of the text tells apart are tried once in every combination, then each of them alone."""
    rule = parse_rule(condition.text, vocabulary)
    domain, atoms = vocabulary.domain, _atoms(rule.statement.expression)
    classes = {name: _alike(tuple(domain.bits[name]), atoms.get(name, ())) for name in condition.facts}
    for point in _points(classes):
        budget.spend()
        if bool(rule.matches(point)) != _covered(domain, condition, point):
            return point
    return None


def _points(classes: Mapping[str, Sequence[Sequence[FactValue]]]) -> Iterator[dict[str, FactValue]]:
    first = {name: groups[0][0] for name, groups in classes.items()}
    for values in product(*([group[0] for group in groups] for groups in classes.values())):
        yield dict(zip(classes, values, strict=True))
    for name, groups in classes.items():
        yield from ({**first, name: value} for group in groups for value in group[1:])


def _covered(domain: Domain, condition: Condition, point: Mapping[str, FactValue]) -> bool:
    bits = [(domain.position[name], domain.bits[name][value]) for name, value in point.items()]
    return any(all(cube[position] & bit for position, bit in bits) for cube in condition.cubes)


def _alike(values: Sequence[FactValue], atoms: Sequence[frozenset[FactValue]]) -> list[list[FactValue]]:
    """The values grouped by the comparisons they satisfy; a boolean fact has no comparison and two groups."""
    groups: dict[object, list[FactValue]] = {}
    for value in values:
        signature = tuple(value in atom for atom in atoms) if atoms else value
        groups.setdefault(signature, []).append(value)
    return list(groups.values())


def _atoms(node: Any) -> dict[str, list[frozenset[FactValue]]]:
    """For each fact the sets of values its comparisons name, read from rule-engine's own tree."""
    if isinstance(node, tree.LogicExpression):
        found = _atoms(node.left)
        for name, sets in _atoms(node.right).items():
            found.setdefault(name, []).extend(sets)
        return found
    if isinstance(node, tree.UnaryExpression):
        return _atoms(node.right)
    if isinstance(node, tree.ComparisonExpression):
        return {node.left.name: [frozenset([node.right.value])]}
    if isinstance(node, tree.ContainsExpression):
        return {node.member.name: [frozenset(literal.value for literal in node.container.value)]}
    return {}


def _holds_exactly(
    domain: Domain, masks: Mapping[str, Mapping[FactValue, int]], number: int, cube: Cube
) -> bool:
    for position, name in enumerate(domain.names):
        by_value = masks.get(name)
        if by_value is None:
            if cube[position] != domain.full[position]:
                return False
        elif any(
            bool(by_value[value] >> number & 1) != bool(cube[position] & bit)
            for value, bit in domain.bits[name].items()
        ):
            return False
    return True
