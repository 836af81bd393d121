"""Why this decision: the rule that won, the rules before it and what they lacked, and the single facts that would
have changed the party. Everything comes from the same cubes the decision uses."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from router.model.incident import UNKNOWN, Facts, FactValue
from router.model.words import Party, Source
from router.rulebook.book import Rulebook, Slice
from router.rulebook.cubes import Cube
from router.rulebook.entries import Rule
from router.rulebook.supposing import change_sentence
from router.rulebook.wording import cited, describe_fact


@dataclass(frozen=True, slots=True)
class TracedFact:
    """A fact the decision looked at, in words, and where it comes from."""

    fact: str
    label: str
    value: FactValue
    value_label: str
    source: str


@dataclass(frozen=True, slots=True)
class Lack:
    """A condition that failed: what the rule wanted of a fact."""

    fact: str
    wanted: str


@dataclass(frozen=True, slots=True)
class TriedRule:
    """A rule that came before the winner, with the conditions its nearest case lacked."""

    rule: str
    title: str
    responsible: Party
    lacks: tuple[Lack, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """One fact which, changed alone to any of `values`, gives another party."""

    fact: str
    values: tuple[FactValue, ...]
    responsible: Party
    rules: tuple[str, ...]
    sentence: str


@dataclass(frozen=True, slots=True)
class Trace:
    """The whole explanation. `also` are rules that match too, but come after the winner."""

    facts: tuple[TracedFact, ...]
    rule: Rule
    responsible: Party
    tried: tuple[TriedRule, ...]
    also: tuple[str, ...]
    changes: tuple[Change, ...]
    sentence: str

    def to_json(self) -> dict[str, Any]:
        """The trace as plain values, for programs."""
        return {
            "sentence": self.sentence,
            "rule": self.rule.id,
            "responsible": self.responsible,
            "local": self.rule.local.convention if self.rule.local else None,
            "facts": {f.fact: {"value": f.value, "source": f.source} for f in self.facts},
            "tried": [
                {"rule": t.rule, "lacks": {lack.fact: lack.wanted for lack in t.lacks}} for t in self.tried
            ],
            "also": list(self.also),
            "changes": [
                {"fact": c.fact, "values": list(c.values), "responsible": c.responsible, "sentence": c.sentence}
                for c in self.changes
            ],
        }


def trace(book: Rulebook, facts: Facts, at: datetime, *, convention: str | None = None) -> Trace:
    """Explain the decision on these facts. Raises as `decide` does."""
    part = book.slice_at(at, convention)
    winner, *hidden = part.index.rules(part.index.matches(facts.values()))
    before = part.rules[: part.rules.index(winner)]
    return Trace(
        facts=_traced(book, facts),
        rule=winner,
        responsible=winner.assign,
        tried=tuple(_tried(book, rule, facts) for rule in before),
        also=tuple(rule.id for rule in hidden),
        changes=_changes(book, part, facts, winner),
        sentence=sentence(book, winner),
    )


def sentence(book: Rulebook, rule: Rule) -> str:
    """One sentence for the RUPN: who, by which articles, why."""
    return f"{book.parties[rule.assign].name} : {rule.why.rstrip('.')} ({cited(rule.articles)})."


def _traced(book: Rulebook, facts: Facts) -> tuple[TracedFact, ...]:
    vocabulary = book.vocabulary
    return tuple(
        TracedFact(
            name, vocabulary.facts[name].label, fact.value, vocabulary.label(name, fact.value), fact.source
        )
        for name, fact in facts.items.items()
        if fact.value not in (UNKNOWN, False)
    )


def _tried(book: Rulebook, rule: Rule, facts: Facts) -> TriedRule:
    point = book.vocabulary.domain.point(facts.values())
    nearest = min(rule.cubes, key=lambda cube: len(_missing(point, cube)))
    names = book.vocabulary.domain.names
    lacks = tuple(_lack(book, names[index], nearest[index]) for index in _missing(point, nearest))
    return TriedRule(rule.id, rule.title, rule.assign, lacks)


def _missing(point: Cube, cube: Cube) -> list[int]:
    return [index for index, (one, other) in enumerate(zip(point, cube, strict=True)) if not one & other]


def _lack(book: Rulebook, name: str, mask: int) -> Lack:
    values = book.vocabulary.domain.values_in(name, mask)
    return Lack(name, describe_fact(book.vocabulary, name, values))


def _changes(book: Rulebook, part: Slice, facts: Facts, winner: Rule) -> tuple[Change, ...]:
    """One line per fact and other party. « Je ne sais pas » is no change, nor are contradictory facts an answer, nor a
    fact that nobody knows and whose question has no meaning here: nobody owns a blocked site."""
    found: list[Change] = []
    values = facts.values()
    for name in book.vocabulary.facts:
        if facts.items[name].source is Source.UNKNOWN and not book.vocabulary.makes_sense(name, values):
            continue
        gathered: dict[Party, dict[FactValue, Rule]] = {}
        for value, rule in part.index.alternatives(values, name).items():
            if value != UNKNOWN and rule.assign is not winner.assign and rule is not book.incoherent:
                gathered.setdefault(rule.assign, {})[value] = rule
        found += [_change(book, name, party, rules) for party, rules in gathered.items()]
    return tuple(found)


def _change(book: Rulebook, name: str, party: Party, rules: dict[FactValue, Rule]) -> Change:
    values = tuple(rules)
    ids = tuple(dict.fromkeys(rule.id for rule in rules.values()))
    sentence = change_sentence(book.vocabulary.facts[name], values, book.parties[party])
    return Change(name, values, party, ids, sentence)
