"""Facts and an instant in, a Decision out. Never fails on valid facts: the book was proved complete."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from router.model.incident import Decision, Facts, FactValue, Information
from router.model.words import Party, Priority
from router.rulebook.book import BeforeBook, Rulebook, UnknownConvention
from router.rulebook.entries import Obligation, Rule
from router.rulebook.index import Index

__all__ = ["BeforeBook", "Index", "UnknownConvention", "decide"]


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What follows from the cubes that match, whatever the incident they match for."""

    rule: Rule
    informations: tuple[Information, ...]
    inform: tuple[Party, ...]
    priority: Priority
    alert: bool


def decide(book: Rulebook, facts: Facts, at: datetime, *, convention: str | None = None) -> Decision:
    """Who is competent for these facts, at an aware instant, under a convention (None: the national base).

    Raises BeforeBook when no rule was in force yet, UnknownConvention, ValueError without offset."""
    index = book.slice_at(at, convention).index
    outcome = _outcome(book, index, index.matches_facts(facts), facts.items["reporter_role"].value)
    rule = outcome.rule
    return Decision(  # by position: by name, building it takes twice as long
        at,
        rule.assign,
        outcome.inform,
        outcome.informations,
        outcome.priority,
        rule.id,
        rule.title,
        rule.articles,
        rule.why,
        facts,
        book.fingerprint,
        outcome.alert,
        _guessed(index, facts, rule) if facts.guessed else (),
    )


@lru_cache(maxsize=65_536)
def _outcome(book: Rulebook, index: Index, found: int, reporter: FactValue) -> _Outcome:
    rule = index.first_rule(found)
    alert = index.is_alert(found)
    informations = _informations(book, index.obligations(found), rule, reporter)
    return _Outcome(
        rule=rule,
        informations=informations,
        inform=tuple(information.party for information in informations),
        priority=book.alert.priority if alert else index.first_priority(found).priority,
        alert=alert,
    )


def _informations(
    book: Rulebook, obligations: tuple[Obligation, ...], rule: Rule, reporter: FactValue
) -> tuple[Information, ...]:
    """One line per party told: the most pressing obligation. Neither the holder nor who reports is told again."""
    told: dict[Party, Information] = {}
    for obligation in obligations:
        for party in obligation.inform:
            if party is rule.assign or reporter in book.parties[party].reports_as:
                continue
            line = Information(party, obligation.id, obligation.articles, obligation.within_minutes)
            if party not in told or line.within_minutes < told[party].within_minutes:
                told[party] = line
    return tuple(told[party] for party in sorted(told))


def _guessed(index: Index, facts: Facts, rule: Rule) -> tuple[str, ...]:
    """The facts nobody declared whose other values would have given another party."""
    values = facts.values()
    return tuple(
        name
        for name, _ in index.masks  # only a fact that some cube restricts can change the winner
        if name in facts.guessed
        and any(other.assign is not rule.assign for other in index.alternatives(values, name).values())
    )
