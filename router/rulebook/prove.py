"""The proof of a book, exact and for each slice of time: every incident has a winner, no rule is dead, local rules
stay within what the base lets them settle, every incident has a priority. An unfinished proof is a fault."""

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import chain

from router.documents.document import Place
from router.model.faults import Fault
from router.model.words import Category
from router.rulebook.book import Slice
from router.rulebook.cubes import Budget, Cube, Cubes, Domain, ProofUnfinished, conjunction, gap, meet, widened
from router.rulebook.entries import Convention, PriorityRule, Rule
from router.rulebook.slices import Draft
from router.rulebook.vocabulary import Vocabulary
from router.rulebook.wording import describe, quoted

STEPS_PER_SLICE = 100_000


def prove_base(draft: Draft, slices: Sequence[Slice], steps: int = STEPS_PER_SLICE) -> Iterator[Fault]:
    """Faults of the national base: holes and dead rules in each slice, the priority grid, the impossible list."""
    yield from _impossible_security(draft)
    for part in slices:
        try:
            budget = Budget(steps)
            yield from _holes(draft, part, budget)
            yield from _dead_rules(part.rules, part.since, budget)
        except ProofUnfinished:
            yield unfinished(part.rules[-1].place, part.since)
    try:
        yield from _priority_faults(draft, Budget(steps))
    except ProofUnfinished:
        yield unfinished(draft.priorities[0].place, slices[0].since)


def prove_convention(
    draft: Draft, convention: Convention, slices: Sequence[Slice], steps: int = STEPS_PER_SLICE
) -> Iterator[Fault]:
    """Faults of one convention's own rules: outside the grey zones the base opens, or dead among themselves."""
    for part in slices:
        local = [rule for rule in part.rules if rule.local]
        base = [rule for rule in part.rules if not rule.local]
        try:
            budget = Budget(steps)
            yield from chain.from_iterable(_outside(draft, rule, base, budget) for rule in local)
            yield from _dead_rules(local, part.since, budget)
        except ProofUnfinished:
            yield unfinished(convention.place, part.since)


def _holes(draft: Draft, part: Slice, budget: Budget) -> Iterator[Fault]:
    vocabulary = draft.vocabulary
    cover = [cube for rule in part.rules for cube in rule.cubes]
    hole = gap(vocabulary.domain.full, cover, budget)
    if hole is None:
        return
    hole = widened(vocabulary.domain, hole, cover)
    rules = [rule for rule in part.rules if rule is not draft.incoherent]
    nearest = min(rules, key=lambda rule: min(_distance(vocabulary.domain, hole, cube) for cube in rule.cubes))
    message = (
        f"trou au {part.since:%d/%m/%Y} : aucune règle ne dit qui est compétent pour « {describe(vocabulary, hole)} ». "
        f"Ajoutez une règle, ou élargissez la plus proche, « {nearest.id} »."
    )
    yield nearest.place.fault("AIG101", message)


def _distance(domain: Domain, hole: Cube, cube: Cube) -> tuple[int, int]:
    """How many facts keep the cube from the hole; then, fewer is better, the facts they don't both restrict."""
    apart = sum(1 for mask in meet(hole, cube) if not mask)
    pairs = zip(hole, cube, domain.full, strict=True)
    return apart, -sum(1 for one, other, full in pairs if full not in (one, other))


def _dead_rules(rules: Sequence[Rule], day: date, budget: Budget) -> Iterator[Fault]:
    prior: list[Rule] = []
    for rule in rules:
        if _covered(rule.cubes, _cubes(prior), budget):
            shadows = _shadows(rule, prior, budget)
            pass_first = "passe" if len(shadows) == 1 else "passent"
            message = (
                f"règle morte au {day:%d/%m/%Y} : « {rule.id} » ne peut jamais gagner, "
                f"{quoted(shadow.id for shadow in shadows)} {pass_first} toujours avant. "
                "Déplacez-la, précisez-la ou retirez-la."
            )
            yield rule.place.fault("AIG102", message)
        prior.append(rule)


def _shadows(rule: Rule, prior: Sequence[Rule], budget: Budget) -> list[Rule]:
    """A smallest set of earlier rules that hides this one wholly."""
    core = [other for other in prior if conjunction(rule.cubes, other.cubes)]
    for other in list(core):
        rest = [kept for kept in core if kept is not other]
        if _covered(rule.cubes, _cubes(rest), budget):
            core = rest
    return core


def _covered(cubes: Cubes, cover: Sequence[Cube], budget: Budget) -> bool:
    return all(gap(cube, cover, budget) is None for cube in cubes)


def _cubes(rules: Sequence[Rule]) -> list[Cube]:
    return [cube for rule in rules for cube in rule.cubes]


def _outside(draft: Draft, rule: Rule, base: Sequence[Rule], budget: Budget) -> Iterator[Fault]:
    """The smallest cell a local rule would take from a base rule that is not open to arbitration."""
    before: list[Cube] = []
    for other in base:
        if not other.arbitrage:
            for common in conjunction(rule.cubes, other.cubes):
                cell = gap(common, before, budget)
                if cell is not None:
                    yield _outside_fault(draft.vocabulary, rule, other, cell, before)
                    return
        before += other.cubes


def _outside_fault(
    vocabulary: Vocabulary, rule: Rule, other: Rule, cell: Cube, before: Sequence[Cube]
) -> Fault:
    domain = vocabulary.domain
    for index in reversed(range(len(cell))):
        common = [meet(one, two) for one in rule.cubes for two in other.cubes]
        wider = (*cell[:index], domain.full[index], *cell[index + 1 :])
        if any(meet(wider, cube) == wider for cube in common) and not any(
            all(meet(wider, cube)) for cube in before
        ):
            cell = wider
    message = (
        f"« {rule.id} » sort de ce qu'une convention peut régler : pour « {describe(vocabulary, cell)} », "
        f"la règle nationale « {other.id} » n'est pas ouverte à l'arbitrage local. Restreignez la condition."
    )
    return rule.place.fault("AIG103", message)


def _priority_faults(draft: Draft, budget: Budget) -> Iterator[Fault]:
    domain = draft.vocabulary.domain
    prior: list[Cube] = []
    for rule in draft.priorities:
        if _covered(rule.condition.cubes, prior, budget):
            yield _dead_priority(rule)
        prior += rule.condition.cubes
    hole = gap(domain.full, prior, budget)
    if hole is not None:
        cell = describe(draft.vocabulary, widened(domain, hole, prior))
        message = f"aucune priorité pour « {cell} ». Ajoutez une ligne à la grille."
        yield draft.priorities[-1].place.fault("AIG104", message)


def _dead_priority(rule: PriorityRule) -> Fault:
    return rule.place.fault(
        "AIG105", f"priorité morte : « {rule.id} » ne peut jamais servir, les lignes d'avant couvrent tout."
    )


def _impossible_security(draft: Draft) -> Iterator[Fault]:
    """A security incident is never set aside as impossible, whatever its facts."""
    domain = draft.vocabulary.domain
    security = domain.cube({"category": domain.bits["category"][Category.SECURITY]})
    for impossible in draft.impossibles:
        if conjunction(impossible.condition.cubes, (security,)):
            message = "une combinaison impossible ne touche jamais la sécurité : nommez les autres catégories."
            yield impossible.place.fault("AIG020", message)


def unfinished(place: Place, day: date) -> Fault:
    """The fault of a proof whose budget ran out."""
    message = f"preuve non terminée au {day:%d/%m/%Y} : le livre est trop ramifié. Simplifiez les conditions."
    return place.fault("AIG110", message)
