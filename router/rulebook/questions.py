"""What to ask next: only the facts that can still change who is competent, then who is told and how urgent it is."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from router.model.incident import UNKNOWN, Facts, FactValue
from router.model.words import Source
from router.rulebook.book import Rulebook, Slice
from router.rulebook.cubes import Budget, Cube, Domain, ProofUnfinished
from router.rulebook.outcomes import Line, Outcomes, outcomes_of, reachable, sensitive
from router.rulebook.vocabulary import Vocabulary

STEPS_PER_QUESTION = 20_000


@dataclass(frozen=True, slots=True)
class Question:
    """A fact worth asking, with its values and labels in display order. `settles_party` is false when only who is
    told or the priority can still change."""

    fact: str
    label: str
    question: str
    values: Mapping[FactValue, str]
    settles_party: bool = True


def next_questions(
    book: Rulebook,
    declared: Mapping[str, FactValue],
    guessed: Facts | Mapping[str, FactValue],
    at: datetime,
    *,
    convention: str | None = None,
) -> tuple[Question, ...]:
    """The useful questions, best first; empty when nothing can change the decision any more.

    A declared fact is known, `unknown` (« je ne sais pas ») included; a guessed one is taken as it stands; one whose
    question has no meaning here stays at its default; any other fact may still take any of its values.
    Raises FactError, BeforeBook, UnknownConvention."""
    vocabulary = book.vocabulary
    known = {**_known_guesses(guessed), **_declared(vocabulary, declared)}
    part = book.slice_at(at, convention)
    outcomes = outcomes_of(book, part)
    free = _worth_asking(vocabulary, known)
    box = known_box(vocabulary, known, free)
    settling = [name for name in free if _may_change(vocabulary.domain, box, name, outcomes.parties)]
    lists = _other_lists(box, outcomes)
    others = [
        name
        for name in free
        if name not in settling and any(_may_change(vocabulary.domain, box, name, lines) for lines in lists)
    ]
    decisive = _decisive_alone(book, known, part)
    settling.sort(
        key=lambda name: (name not in decisive, _parties_left(vocabulary.domain, box, name, outcomes.parties))
    )
    return tuple(_question(vocabulary, name, name in settling) for name in (*settling, *others))


def _worth_asking(vocabulary: Vocabulary, known: Mapping[str, FactValue]) -> list[str]:
    """The facts still unknown whose question has a meaning beside the known ones, in display order."""
    values = vocabulary.resolve([(Source.DECLARED, known)]).values()
    return [
        name
        for name, fact in vocabulary.facts.items()
        if fact.askable and name not in known and vocabulary.makes_sense(name, values)
    ]


def known_box(vocabulary: Vocabulary, known: Mapping[str, FactValue], free: Collection[str]) -> Cube:
    """The region left open by the known facts. A fact that is neither known nor `free` stays at its default."""
    bits = vocabulary.domain.bits
    silent = {name: fact.default for name, fact in vocabulary.facts.items() if name not in free}
    return vocabulary.domain.cube({name: bits[name][value] for name, value in {**silent, **known}.items()})


def _declared(vocabulary: Vocabulary, declared: Mapping[str, FactValue]) -> dict[str, FactValue]:
    checked = {name: vocabulary.checked(name, value) for name, value in declared.items()}
    return {name: value for name, value in checked.items() if value is not None}


def _known_guesses(guessed: Facts | Mapping[str, FactValue]) -> dict[str, FactValue]:
    if isinstance(guessed, Facts):
        return {name: fact.value for name, fact in guessed.items.items() if fact.source is not Source.UNKNOWN}
    return {name: value for name, value in guessed.items() if value is not None and value != UNKNOWN}


def _other_lists(box: Cube, outcomes: Outcomes) -> list[Sequence[Line]]:
    """The lists that matter besides the party's: a party sure to hold the ticket needn't be told."""
    holders = reachable(box, outcomes.parties, Budget(STEPS_PER_QUESTION))
    told = [lines for party, lines in outcomes.informed if holders != {party}]
    return [outcomes.priorities, *told]


def _may_change(domain: Domain, box: Cube, name: str, lines: Sequence[Line]) -> bool:
    """Unsure counts as yes: an unneeded question costs less than a wrong party."""
    try:
        return sensitive(box, domain.position[name], lines, Budget(STEPS_PER_QUESTION))
    except ProofUnfinished:
        return True


def _decisive_alone(book: Rulebook, known: Mapping[str, FactValue], part: Slice) -> set[str]:
    """The facts that change the party even when nothing else is ever answered: those are asked first."""
    values = book.vocabulary.resolve([(Source.DECLARED, known)]).values()
    winner = part.index.winner(values)
    return {
        name
        for name in book.vocabulary.facts
        if any(rule.assign is not winner.assign for rule in part.index.alternatives(values, name).values())
    }


def _parties_left(domain: Domain, box: Cube, name: str, lines: Sequence[Line]) -> float:
    """How many parties remain possible after the answer, on average over its values."""
    values = domain.bits[name].values()
    try:
        left = [
            len(reachable(domain.narrowed(box, name, bit), lines, Budget(STEPS_PER_QUESTION))) for bit in values
        ]
    except ProofUnfinished:
        return float("inf")
    return sum(left) / len(left)


def _question(vocabulary: Vocabulary, name: str, settles_party: bool) -> Question:
    fact = vocabulary.facts[name]
    return Question(name, fact.label, fact.question, fact.values, settles_party)
