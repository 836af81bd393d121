"""What no single entry of a book can see, across files: names written twice, orders that contradict one another."""

from collections.abc import Iterator, Sequence

from router.documents.document import Place
from router.model.faults import Fault
from router.rulebook.entries import EVERYTHING_AFTER, Convention, Obligation, Rule
from router.rulebook.slices import Draft
from router.rulebook.vocabulary import unknown_word


def cross_checks(draft: Draft, written: frozenset[str] | None) -> Iterator[Fault]:
    """What no single entry can see: ids written twice, rules that override unknown ones, shared Départements.

    `written` are the ids of all rules, faulty ones too; None when a file of rules can't be read."""
    local_rules = [rule for convention in draft.conventions for rule in convention.rules]
    rules = [*draft.rules, *([draft.incoherent] if draft.incoherent else []), *local_rules]
    obligations = [*draft.obligations, *(o for convention in draft.conventions for o in convention.obligations)]
    yield from _repeated(rules, "la règle")
    yield from _repeated(obligations, "l'obligation")
    for rule in rules if written is not None else ():
        own = [other for other in local_rules if rule.local and _convention(other) == _convention(rule)]
        yield from _overridden(rule, [*own, *draft.rules], written or frozenset())
    yield from _shared_departements(draft.conventions)


def _overridden(rule: Rule, order: Sequence[Rule], written: frozenset[str]) -> Iterator[Fault]:
    """A rule says before which it comes on purpose: another, that does come after it."""
    read = {other.id for other in order}
    after = {other.id for other in order[order.index(rule) + 1 :]} if rule in order else written
    for name in rule.overrides:
        if name == EVERYTHING_AFTER:
            continue
        if name == rule.id:
            message = f"overrides : « {name} » ne passe pas devant elle-même ; retirez ce nom."
        elif name not in written:
            message = f"overrides : {unknown_word(f'la règle « {name} »', name, written)}"
        elif name in read and name not in after:
            message = f"overrides : « {name} » passe avant « {rule.id} » ; déplacez-la, ou retirez ce nom."
        else:
            continue
        yield rule.place.fault("AIG016", message)


def _convention(rule: Rule) -> str | None:
    return rule.local.convention if rule.local else None


def _repeated(entries: list[Rule] | list[Obligation], subject: str) -> Iterator[Fault]:
    """The same id twice is allowed only for versions that are never in force on the same day."""
    seen: dict[str, list[Rule | Obligation]] = {}
    for entry in entries:
        for other in seen.setdefault(entry.id, []):
            if other.period.overlaps(entry.period):
                where = f"{other.place.file}, ligne {other.place.line}"
                yield entry.place.fault(
                    "AIG005", f"{subject} « {entry.id} » est déjà écrite dans {where}, pour les mêmes jours."
                )
        seen[entry.id].append(entry)


def _shared_departements(conventions: tuple[Convention, ...]) -> Iterator[Fault]:
    owners: dict[str, str] = {}
    for convention in conventions:
        for departement in convention.departements:
            owner = owners.setdefault(departement, convention.id)
            if owner != convention.id:
                yield _shared(convention.place, departement, owner)


def _shared(place: Place, departement: str, owner: str) -> Fault:
    return place.fault("AIG005", f"le Département « {departement} » relève déjà de la convention « {owner} ».")
